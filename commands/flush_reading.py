"""Why the newest reading of a flush is what it is: rules, inputs and boxes, from the report, and what tripped since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.aftermath.verdict import WEIGHTS, Input
from bot.alerts.followup_boxes import boxes_phrase, tripped_phrase
from bot.alerts.followup_rows import rule_phrases, verdict_phrase
from bot.alerts.moments import moment
from bot.alerts.reports import Report, Tripped, newest_verdict, tripped_since
from bot.flush.episode import Episode
from bot.message import Number, Phrase, Phrases, Row
from bot.store.database import Database
from bot.store.rows import ReportRow
from commands.phrases import muted, say


class Reading(NamedTuple):
    """The newest report with a reading, and the boxes that tripped after it."""

    row: ReportRow
    report: Report
    tripped: list[Tripped]


def load_reading(db: Database, episode: Episode) -> Reading | None:
    """The newest reading of a flush; None before there is one."""
    kept = newest_verdict(db, episode.id)
    return None if kept is None else Reading(*kept, tripped_since(db, episode.id, kept[0].due_ms))


def reading_rows(episode: Episode, kept: Reading | None, now_ms: int) -> Iterator[Row]:
    """Nothing before there is a reading."""
    if kept is None or kept.report.verdict is None:
        return
    row, report = kept.row, kept.report
    verdict = kept.report.verdict
    rules = rule_phrases(verdict, episode.side)
    step = Phrase(f"followup-step-{row.step}")
    yield Row(say("flush-why-reading", step=step, reading=verdict_phrase(verdict), rules=rules))
    yield from _inputs("flush-why-assessed", verdict.assessed)
    yield from _inputs("flush-why-lacking", verdict.missing)
    if report.invalidation is not None:
        yield Row(boxes_phrase(report.invalidation, episode.side, now_ms))
    yield from tripped_rows(episode, kept.tripped, now_ms)
    yield muted("flush-why-reading-as-of", at=moment(row.due_ms, now_ms))


def tripped_rows(episode: Episode, tripped: Iterable[Tripped], now_ms: int) -> Iterator[Row]:
    """What a report of a checkpoint cannot say yet: each box that tripped after it, with when that was found."""
    for box, boxes, at_ms in tripped:
        what = tripped_phrase(box, boxes, episode.side, at_ms)
        yield Row(say("followup-tripped-since", what=what, at=moment(at_ms, now_ms)))


def _inputs(key: str, names: tuple[Input, ...]) -> Iterator[Row]:
    """Each with what it is worth."""
    told = tuple(
        say("flush-input", name=say(f"flush-input-{name.replace('_', '-')}"), weight=Number(WEIGHTS[name], 2))
        for name in names
    )
    if told:
        yield muted(key, inputs=Phrases(told, "list"))
