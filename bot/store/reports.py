"""Rows about what was found at each step of a flush: written once, never changed."""

from __future__ import annotations

from sqlite_utils import Database

from bot.store.rows import ReportRow
from bot.store.statements import load, save


def keep_report(db: Database, row: ReportRow) -> bool:
    """Keep a report, unless there is one of this step already; whether it was kept."""
    if any(known.step == row.step for known in load_reports(db, row.episode_id)):
        return False
    save(db, row)
    return True


def load_reports(db: Database, episode_id: str | None = None) -> list[ReportRow]:
    """Reports of an episode, or all with None, in the order in which they were due."""
    return load(
        db,
        ReportRow,
        "WHERE episode_id = coalesce(?, episode_id) ORDER BY due_ms, episode_id, posted_ms, step",
        (episode_id,),
    )
