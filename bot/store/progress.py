"""Where the stream stands, and the market as last known: one row each."""

from __future__ import annotations

from typing import NamedTuple

from sqlite_utils import Database

from bot.errors import StoreError


class CursorRow(NamedTuple):
    """How far the facts were taken in: the moment, their number, where they came from, and whether that ended."""

    t_ms: int
    facts: int
    source: str
    finished: bool


def save_cursor(db: Database, row: CursorRow) -> None:
    """Keep how far the stream was taken in."""
    db.execute("INSERT OR REPLACE INTO cursor (only, t_ms, facts, source, finished) VALUES (1, ?, ?, ?, ?)", row)


def load_cursor(db: Database) -> CursorRow | None:
    """How far the stream was taken in, None before the first fact."""
    found = db.execute("SELECT t_ms, facts, source, finished FROM cursor").fetchone()
    return CursorRow(found[0], found[1], found[2], bool(found[3])) if found else None


def load_cursor_of(db: Database, source: str) -> CursorRow | None:
    """How far the stream of this source was taken in; raises `StoreError` when the database holds another one."""
    row = load_cursor(db)
    if row is not None and row.source != source:
        raise StoreError(f"This database holds the run of {row.source}; name another one with --database.")
    return row


def save_snapshot(db: Database, body: str) -> None:
    """Keep the market as last known, as JSON of `bot.market.view.Snapshot`."""
    db.execute("INSERT OR REPLACE INTO snapshots (only, body) VALUES (1, ?)", (body,))


def load_snapshot(db: Database) -> str | None:
    """The market as last known, None before the first snapshot."""
    found = db.execute("SELECT body FROM snapshots").fetchone()
    return str(found[0]) if found else None
