from __future__ import annotations

from bot.market.view import FeedRow
from bot.store.episodes import save_due, save_episode
from bot.store.progress import CursorRow, save_cursor
from bot.store.rows import DueRow
from tests.commands.chat_room import Room
from tests.commands.flushes import episode, row_of
from tests.commands.market import HOUR_MS, NOW_MS, LiveView, market


async def test_feeds_and_store_are_told(room: Room) -> None:
    """Live feeds are counted per venue, others named with since when, then comes what is open and due."""
    flush = episode()
    await room.desk.store.run(lambda db: save_episode(db, row_of(flush)))
    await room.desk.store.run(lambda db: save_due(db, DueRow(flush.id, "+4h", NOW_MS + HOUR_MS, None, None)))
    await room.desk.store.run(lambda db: save_cursor(db, CursorRow(NOW_MS, 12_345, "live", finished=False)))
    assert (await room.text("/status"))[:-1] == [
        "13 coins watched · as of 00:40 UTC · running for 2 h",
        "Feeds live: Binance 2 of 2 · Bybit 1 of 1 · Hyperliquid 0 of 1",
        "Hyperliquid open interest: silent since 23:00 UTC (1 h 40 min)",
        "Binance liquidations: partial since 18 January 2026, 00:40 UTC (1 d)",
        "1 flush open: 2026-01-19-BTC-1",
        "Next follow-up at 01:40 UTC, in 1 h",
        "Kept: 1 flush, 0 messages, 0 channels · 12,345 facts from live",
    ]


async def test_before_the_first_fact(room: Room) -> None:
    """A run that has heard nothing says so instead of naming a time."""
    lines = await room.seeing(LiveView(as_of_ms=0)).text("/status")
    assert lines[:2] == ["No market data yet · running for 2 h", "No feed has spoken yet"]


async def test_work_that_is_late_is_said(room: Room) -> None:
    """Work whose time has come is told as due, not as coming."""
    await room.desk.store.run(lambda db: save_due(db, DueRow("e", "+4h", NOW_MS - HOUR_MS, None, None)))
    assert "A follow-up has been due since 23:40 UTC" in await room.text("/status")


async def test_many_troubles_stay_few_lines(room: Room) -> None:
    """However many feeds are silent, the worst five are named, the rest is counted, and twelve rows are the most."""
    view = market()
    view.feed_rows = [FeedRow(f"venue{n}", "oi", "blocked", NOW_MS - n, NOW_MS) for n in range(8)]
    message = await room.seeing(view).say("/status")
    assert len(message.rows) <= 12
    assert any("3 more feeds are not whole" in line for line in await room.seeing(view).text("/status"))


async def test_an_unknown_feed_is_called_as_it_calls_itself(room: Room) -> None:
    """A feed and a state that have no words yet are shown by name, not by key."""
    view = market()
    view.feed_rows = [FeedRow("newvenue", "positioning", "odd", NOW_MS, NOW_MS)]
    assert any("newvenue positioning: odd since" in line for line in await room.seeing(view).text("/status"))
