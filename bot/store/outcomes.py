"""Rows about what came after each call of ours: written once, never changed."""

from __future__ import annotations

from sqlite_utils import Database

from bot.store.rows import OutcomeRow
from bot.store.statements import as_row, columns, load, load_one, save


def keep_outcome(db: Database, row: OutcomeRow) -> bool:
    """Keep an outcome, unless there is one of this call and horizon already; whether it was kept."""
    values = (row.episode_id, row.call, row.hours)
    if load_one(db, OutcomeRow, "WHERE episode_id = ? AND call = ? AND hours = ?", values) is not None:
        return False
    save(db, row)
    return True


def load_outcomes(db: Database, episode_id: str | None = None, since_ms: int = 0) -> list[OutcomeRow]:
    """Outcomes of calls made at a moment or later, of an episode or of all with None, in the order of the calls."""
    return load(
        db,
        OutcomeRow,
        "WHERE episode_id = coalesce(?, episode_id) AND made_ms >= ? ORDER BY made_ms, episode_id, hours",
        (episode_id, since_ms),
    )


def load_alike(db: Database, kind: str, call: tuple[str, int], since_ms: int) -> list[tuple[str, OutcomeRow]]:
    """(coin, outcome) of one (call, hours) made at a moment or later, of flushes of a kind, not retracted."""
    found = db.execute(
        f"""SELECT episodes.coin, {columns(OutcomeRow)} FROM outcomes JOIN episodes ON episodes.id = episode_id
        WHERE call = ? AND hours = ? AND made_ms >= ? AND json_extract(episodes.body, '$.kind') = ?
            AND json_extract(episodes.body, '$.end_reason') IS NOT 'retracted'
        ORDER BY made_ms, episode_id""",  # noqa: S608 -- columns of our own type only
        (*call, since_ms, kind),
    )
    return [(row[0], as_row(OutcomeRow, row[1:])) for row in found.fetchall()]
