from __future__ import annotations

from sqlite_utils import Database

from bot.store.progress import CursorRow, load_cursor, load_snapshot, save_cursor, save_snapshot
from tests.store.filled import NOW_MS


def test_cursor_and_snapshot_are_one_row_each(db: Database) -> None:
    """The newest cursor and snapshot replace the older ones; before the first there is none."""
    assert load_cursor(db) is None
    assert load_snapshot(db) is None
    for facts in (1, 2):
        save_cursor(db, CursorRow(NOW_MS, facts, "replay 2026-01", facts == 2))
        save_snapshot(db, f'{{"facts":{facts}}}')
    assert repr(load_cursor(db)) == repr(CursorRow(NOW_MS, 2, "replay 2026-01", finished=True))
    assert load_snapshot(db) == '{"facts":2}'
