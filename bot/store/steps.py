"""Rows about what happened to flushes, one a change, so that it can be decided again who would have heard of them."""

from __future__ import annotations

from sqlite_utils import Database

from bot.store.channels import load_mark
from bot.store.rows import StepRow
from bot.store.statements import load, save

KEPT_SINCE = "steps-since"
"""The mark that says since when changes are kept."""


def save_step(db: Database, row: StepRow) -> None:
    """Add a change."""
    save(db, row)


def load_steps(db: Database, since_ms: int) -> list[StepRow]:
    """Every change, in the order in which they happened, of what changed at `since_ms` or later: from its first on."""
    changed = "SELECT episode_id FROM steps WHERE at_ms >= ?"
    return load(db, StepRow, f"WHERE episode_id IN ({changed}) ORDER BY number", (since_ms,))


def load_events(db: Database, event: str, since_ms: int) -> list[StepRow]:
    """Changes of one event after a moment, in the order in which they happened."""
    return load(db, StepRow, "WHERE event = ? AND at_ms > ? ORDER BY number", (event, since_ms))


def load_reached(db: Database, episode_id: str) -> list[str]:
    """What each change of a flush says in `reached`, oldest first; those that say nothing are left out."""
    found = db.execute(
        "SELECT reached FROM steps WHERE episode_id = ? AND reached <> '' ORDER BY number", (episode_id,)
    )
    return [str(reached) for (reached,) in found.fetchall()]


def load_changed_ms(db: Database, episode_id: str) -> int | None:
    """When a flush changed last, in UTC ms: what is kept of it is as of then; None where no change is kept."""
    [(at_ms,)] = db.execute("SELECT max(at_ms) FROM steps WHERE episode_id = ?", (episode_id,)).fetchall()
    return None if at_ms is None else int(at_ms)


def begin_steps(db: Database, at_ms: int) -> None:
    """Note that changes are kept from a moment on, unless they are already."""
    db.execute("INSERT OR IGNORE INTO marks (key, value) VALUES (?, ?)", (KEPT_SINCE, str(at_ms)))


def steps_since(db: Database) -> int | None:
    """Since when changes are kept, in UTC ms; None before the first moment."""
    value = load_mark(db, KEPT_SINCE)
    return int(value) if value is not None else None
