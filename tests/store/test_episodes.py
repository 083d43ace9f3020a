from __future__ import annotations

import json

import pytest
from sqlite_utils import Database

from bot.store.episodes import (
    load_decision,
    load_decisions,
    load_due,
    load_due_of,
    load_episode,
    load_episodes,
    load_open_episodes,
    next_due,
    save_decision,
    save_due,
    save_episode,
)
from bot.store.rows import DecisionRow, DueRow
from tests.store.filled import EPISODE


def test_episodes_are_found_by_coin_newest_first(db: Database) -> None:
    """`load_episodes` gives newest onsets first, of one coin or all, and no more than asked for."""
    for number, coin in enumerate(("BTC", "ETH", "BTC"), 1):
        save_episode(db, EPISODE._replace(id=f"e{number}", coin=coin, onset_ms=number))
    assert [row.id for row in load_episodes(db, None, 2)] == ["e3", "e2"]
    assert [row.id for row in load_episodes(db, "BTC", 9)] == ["e3", "e1"]
    assert load_episode(db, "e4") is None


@pytest.mark.parametrize("coin", ["DOGE", 'A"B', "a.b", "'; DROP TABLE episodes;--"])
def test_episodes_are_found_by_every_member(db: Database, coin: str) -> None:
    """A flush that another coin opened is found by each coin that joined it, however the coin is called."""
    save_episode(db, EPISODE._replace(id="e1", body=json.dumps({"members": {"BTC": {}, coin: {}}})))
    save_episode(db, EPISODE._replace(id="e2", body=json.dumps({"members": {"BTC": {}, "DOGECOIN": {}}})))
    assert [row.id for row in load_episodes(db, coin, 9)] == ["e1"]


def test_an_episode_is_open_until_it_has_an_end(db: Database) -> None:
    """Saving an episode again with its end takes it out of the open ones and keeps one row."""
    save_episode(db, EPISODE)
    assert load_open_episodes(db) == [EPISODE]
    ended = EPISODE._replace(ended_ms=9, band="severe")
    save_episode(db, ended)
    assert load_open_episodes(db) == []
    assert load_episode(db, EPISODE.id) == ended


def test_decisions_are_found_by_episode_and_channel(db: Database) -> None:
    """One decision stands per episode and channel, the newest one, and either side finds its own."""
    first = DecisionRow("e1", "web:1", "below_band", False, 1)
    save_decision(db, first)
    save_decision(db, DecisionRow("e1", "web:2", "first", True, 2))
    save_decision(db, DecisionRow("e2", "web:1", "muted", False, 3))
    escalated = first._replace(reason="escalated", posted=True, at_ms=4)
    save_decision(db, escalated)
    assert load_decision(db, "e1", "web:1") == escalated
    assert load_decision(db, "e2", "web:2") is None
    assert [row.reason for row in load_decisions(db, episode_id="e1")] == ["first", "escalated"]
    assert [row.reason for row in load_decisions(db, channel_id="web:1")] == ["muted", "escalated"]


def test_due_work_comes_in_time_order_and_once(db: Database) -> None:
    """Open work up to a moment comes by time, then episode, then step; done work does not come again."""
    for episode_id, step, due_ms in (("e2", "+1h", 5), ("e1", "+4h", 5), ("e1", "+1h", 5), ("e1", "+24h", 9)):
        save_due(db, DueRow(episode_id, step, due_ms, None, None))
    assert [(row.episode_id, row.step) for row in load_due(db, 8)] == [("e1", "+1h"), ("e1", "+4h"), ("e2", "+1h")]
    assert next_due(db) == 5
    for row in load_due(db, 8):
        save_due(db, row._replace(done_ms=6, outcome="posted"))
    assert load_due(db, 8) == []
    assert next_due(db) == 9
    assert [row.outcome for row in load_due_of(db, "e1")] == ["posted", "posted", None]


def test_nothing_due_is_none(db: Database) -> None:
    """An empty table of work has no next moment."""
    assert next_due(db) is None
