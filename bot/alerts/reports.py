"""What was found at a step, as it is kept: the same JSON that a backtest writes."""

from __future__ import annotations

from typing import NamedTuple, get_args

import msgspec

from bot.aftermath.findings import Findings
from bot.aftermath.invalidation import Box, Invalidation
from bot.aftermath.verdict import Verdict
from bot.alerts.followup_details import detail_rows
from bot.flush.episode import Episode
from bot.message import Row
from bot.store.database import Database
from bot.store.reports import load_reports
from bot.store.rows import ReportRow


class Report(msgspec.Struct, frozen=True):
    """The body of a kept report. `checks` is the JSON of `bot.aftermath.checks.Checks`; null where none was due."""

    checks: msgspec.Raw = msgspec.Raw(b"null")
    invalidation: Invalidation | None = None
    verdict: Verdict | None = None
    confidence: float | None = None
    details: tuple[Row, ...] = ()
    """Every check with its numbers and its rule, as it was told at that step."""


class Tripped(NamedTuple):
    """A box that tripped between two checkpoints, with all three as of the look that found it, at `at_ms` (UTC)."""

    box: Box
    boxes: Invalidation
    at_ms: int


def report_of(episode: Episode, found: Findings, due_ms: int, posted_ms: int) -> ReportRow:
    """The row of a checkpoint."""
    confidence = None if found.verdict is None else found.verdict.confidence
    details = tuple(detail_rows(found.checks, episode, due_ms))
    checks = msgspec.Raw(msgspec.json.encode(found.checks))
    body = Report(checks, found.invalidation, found.verdict, confidence, details)
    return ReportRow(episode.id, found.step, due_ms, posted_ms, msgspec.json.encode(body).decode())


def report_of_box(episode: Episode, box: Box, boxes: Invalidation, due_ms: int, posted_ms: int) -> ReportRow:
    """The row of a box that tripped."""
    body = msgspec.json.encode(Report(invalidation=boxes)).decode()
    return ReportRow(episode.id, box, due_ms, posted_ms, body)


def read_report(row: ReportRow) -> Report:
    """The inverse of `report_of`."""
    return msgspec.json.decode(row.body, type=Report)


def newest_verdict(db: Database, episode_id: str) -> tuple[ReportRow, Report] | None:
    """The newest report of a flush that has a verdict; None before there is one."""
    reports = ((row, read_report(row)) for row in reversed(load_reports(db, episode_id)))
    return next((entry for entry in reports if entry[1].verdict is not None), None)


def tripped_since(db: Database, episode_id: str, after_ms: int) -> list[Tripped]:
    """What tripped after a moment, oldest first, which no report of that moment can say."""
    rows = {row.step: row for row in load_reports(db, episode_id) if row.due_ms > after_ms}
    looks: list[tuple[Box, ReportRow]] = [(box, rows[box]) for box in get_args(Box) if box in rows]
    found = ((box, read_report(row).invalidation, row.due_ms) for box, row in looks)
    return sorted(
        (Tripped(box, boxes, at) for box, boxes, at in found if boxes is not None), key=lambda trip: trip.at_ms
    )
