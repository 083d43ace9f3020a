from __future__ import annotations

import pytest
from sqlite_utils import Database

from bot.store.channels import save_settings_change
from bot.store.deliveries import save_delivery, save_message
from bot.store.episodes import save_decision, save_due, save_episode
from bot.store.outcomes import keep_outcome
from bot.store.reports import keep_report
from bot.store.rows import DecisionRow, DueRow, OutcomeRow, ReportRow, SettingsChangeRow, StepRow
from bot.store.steps import save_step
from bot.store.upkeep import RETENTION_DAYS, count_rows, prune
from tests.store.filled import DAY_MS, DELIVERY, EPISODE, MESSAGE, NOW_MS, put

OLD_MS = NOW_MS - 500 * DAY_MS


def fill(db: Database, at_ms: int, *, ended: bool) -> None:
    """One row of everything, all of it last touched at `at_ms`."""
    save_episode(db, EPISODE._replace(ended_ms=at_ms if ended else None))
    save_message(db, MESSAGE._replace(episode_id=EPISODE.id, created_ms=at_ms, revised_ms=at_ms))
    save_delivery(db, DELIVERY._replace(state="sent", sent_revision=1, due_ms=at_ms, sent_ms=at_ms))
    save_decision(db, DecisionRow(EPISODE.id, "web:1", "first", True, at_ms))
    save_due(db, DueRow(EPISODE.id, "+1h", at_ms, at_ms, "posted"))
    keep_report(db, ReportRow(EPISODE.id, "1h", at_ms, at_ms, "{}"))
    keep_outcome(db, OutcomeRow(EPISODE.id, "alert", 4, at_ms - 4 * 3_600_000, at_ms, at_ms, "{}"))
    save_step(db, StepRow(EPISODE.id, "opened", at_ms, "coin", "flush", 58.5, None, at_ms, ended=ended, reached=""))
    save_settings_change(db, SettingsChangeRow("web:1", at_ms, "ana", "coins", "", "x"))


@pytest.mark.parametrize("table", RETENTION_DAYS)
def test_a_row_goes_the_day_after_its_time(db: Database, table: str) -> None:
    """At its last moment a row of each table is kept, one millisecond later it is gone."""
    fill(db, NOW_MS, ended=True)
    last_ms = NOW_MS + RETENTION_DAYS[table] * DAY_MS
    prune(db, last_ms)
    assert count_rows(db)[table] == 1
    prune(db, last_ms + 1)
    assert count_rows(db)[table] == 0


def test_an_open_episode_keeps_all_that_belongs_to_it(db: Database) -> None:
    """However old, an episode without an end keeps its messages, deliveries, decisions and work."""
    fill(db, OLD_MS, ended=False)
    prune(db, NOW_MS)
    counts = count_rows(db)
    assert {table for table, count in counts.items() if count} == {
        "episodes",
        "messages",
        "deliveries",
        "decisions",
        "due_work",
        "reports",
        "outcomes",
        "steps",
    }


def test_open_work_is_kept_however_old(db: Database) -> None:
    """A delivery that is still wanted and work that is not done outlive every retention."""
    put(
        db,
        DELIVERY._replace(due_ms=OLD_MS),
        DELIVERY._replace(message_id="m2", state="sent", wanted_revision=2, sent_revision=1, due_ms=OLD_MS),
    )
    save_due(db, DueRow("e9", "+1h", OLD_MS, None, None))
    assert prune(db, NOW_MS) == 0


def test_prune_tells_how_many_rows_went(db: Database) -> None:
    """The number of deleted rows is told; a second time nothing is left to delete."""
    fill(db, OLD_MS, ended=True)
    assert prune(db, NOW_MS) == 9
    assert prune(db, NOW_MS) == 0
