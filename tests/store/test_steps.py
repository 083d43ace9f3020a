from __future__ import annotations

from sqlite_utils import Database

from bot.store.rows import StepRow
from bot.store.steps import begin_steps, load_reached, load_steps, save_step, steps_since
from bot.store.upkeep import clear

STEP = StepRow("e1", "opened", 10, "coin", "flush", 51.25, None, 10, ended=False, reached='{"BTC":"flush"}')


def keep(db: Database) -> list[StepRow]:
    """Changes of two flushes, two of them at one moment."""
    rows = [
        STEP,
        STEP._replace(episode_id="e2", observed_usd=5e6),
        STEP._replace(event="joined", at_ms=20, reached='{"ETH":"flush"}'),
        STEP._replace(event="grew", at_ms=20, reached=""),
        STEP._replace(event="ended", at_ms=30, ended=True, reached=""),
    ]
    for row in rows:
        save_step(db, row)
    return rows


def test_changes_come_back_in_the_order_in_which_they_happened(db: Database) -> None:
    """Also those of one moment, each as it was, of the same types."""
    rows = keep(db)
    assert [repr(row) for row in load_steps(db, 0)] == [repr(row) for row in rows]


def test_a_flush_that_changed_lately_is_loaded_from_its_first_change_on(db: Database) -> None:
    """What its coins reached before belongs to it; a flush that has not changed since is left out."""
    rows = keep(db)
    assert load_steps(db, 30) == [row for row in rows if row.episode_id == "e1"]
    assert load_steps(db, 31) == []
    assert load_reached(db, "e1") == ['{"BTC":"flush"}', '{"ETH":"flush"}']


def test_since_when_changes_are_kept_is_noted_once(db: Database) -> None:
    """The first moment stays; a new showing of the stream begins anew, with nothing of the one before."""
    assert steps_since(db) is None
    keep(db)
    begin_steps(db, 7)
    begin_steps(db, 9)
    assert steps_since(db) == 7
    clear(db)
    assert (steps_since(db), load_steps(db, 0)) == (None, [])
