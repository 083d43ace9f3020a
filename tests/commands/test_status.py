from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from bot.market.gaps import Gap
from bot.market.view import CoinView, FeedRow, LiquidationSums
from bot.store.episodes import save_due, save_episode
from bot.store.progress import CursorRow, save_cursor
from bot.store.rows import DueRow
from commands.status import warming
from tests.commands.chat_room import Room
from tests.commands.flushes import episode, row_of
from tests.commands.market import DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS, LiveView, market, stored


async def test_feeds_and_store_are_told(room: Room) -> None:
    """Live feeds are counted per venue, others named with since when, then comes what is open and due.

    A venue that shows only some liquidations is partial by nature: the last line says so, and no trouble is made of it.
    """
    flush = episode()
    await room.desk.store.run(lambda db: save_episode(db, row_of(flush)))
    await room.desk.store.run(lambda db: save_due(db, DueRow(flush.id, "+4h", NOW_MS + HOUR_MS, None, None)))
    await room.desk.store.run(lambda db: save_cursor(db, CursorRow(NOW_MS, 12_345, "live", finished=False)))
    assert await room.text("/status") == [
        "13 coins watched · as of 00:40 UTC · running for 2 h",
        "Feeds live: Binance 2 of 2 · Bybit 1 of 1 · Hyperliquid 0 of 1",
        "I was blind to liquidations on Bybit 18 Jan, 14:40–14:47 UTC. Totals for that time are too low.",
        "Hyperliquid open interest: silent since 18 Jan, 23:00 UTC (1 h 40 min)",
        "1 flush open: 2026-01-19-BTC-1 · Next follow-up at 01:40 UTC, in 1 h",
        "Kept: 1 flush, 0 messages, 0 channels · 12,345 facts from live",
        "Live of all feeds ever heard, per venue. A partial feed sends less than happens, a silent one nothing.",
        (
            "Totals are below those of aggregators: Binance shows only some liquidations, "
            "none are known of Bybit and Hyperliquid, no other exchanges are heard"
        ),
    ]


async def test_before_the_first_fact(room: Room) -> None:
    """A run that has heard nothing says so instead of naming a time."""
    lines = await room.seeing(LiveView(as_of_ms=0)).text("/status")
    assert lines[:2] == ["No market data yet · running for 2 h", "No feed has spoken yet"]


@pytest.mark.parametrize(
    ("known_ms", "said"),
    [
        (0, "Liquidations of 24 h: collecting, 0 h of 24"),
        (7 * HOUR_MS + 59 * MINUTE_MS, "Liquidations of 24 h: collecting, 7 h of 24"),
        (DAY_MS - 11 * MINUTE_MS, "Liquidations of 24 h: collecting, 23 h of 24"),
        (DAY_MS - 5 * MINUTE_MS, None),
    ],
)
async def test_the_first_day_says_how_much_was_collected(room: Room, known_ms: int, said: str | None) -> None:
    """Until sums of a day reach back a day the whole hours are told; the running five minutes are no matter."""
    view = market()
    hour = LiquidationSums(HOUR_MS, 1.0, 1.0, HOUR_MS)
    sums = (hour, LiquidationSums(DAY_MS, 1.0, 1.0, known_ms))
    view.by_name["BTC"] = msgspec.structs.replace(view.by_name["BTC"], liquidations=sums)
    told = [line for line in await room.seeing(view).text("/status") if "collecting" in line]
    assert told == ([said] if said else [])


async def test_what_was_collected_without_bitcoin(room: Room) -> None:
    """Where BTC is not watched the first coin speaks for all."""
    coin = CoinView("ETH", NOW_MS, liquidations=(LiquidationSums(DAY_MS, 1.0, 1.0, 3 * HOUR_MS),))
    assert "Liquidations of 24 h: collecting, 3 h of 24" in await room.seeing(LiveView({"ETH": coin})).text("/status")


async def test_work_that_is_late_is_said(room: Room) -> None:
    """Work whose time has come is told as due, not as coming."""
    await room.desk.store.run(lambda db: save_due(db, DueRow("e", "+4h", NOW_MS - HOUR_MS, None, None)))
    assert "No flush is open · A follow-up has been due since 18 Jan, 23:40 UTC" in await room.text("/status")


async def test_many_troubles_stay_few_lines(room: Room) -> None:
    """Feeds of a venue in one state are one line, three lines are the most, the rest is counted."""
    view = market()
    names = ("mark", "oi", "funding")
    view.feed_rows = [FeedRow(f"venue{n}", name, "stale", NOW_MS - n, NOW_MS) for n in range(5) for name in names]
    lines = await room.seeing(view).text("/status")
    assert lines[3:7] == [
        "venue4 funding, mark price, open interest: silent since 00:39 UTC (0 s)",
        "venue3 funding, mark price, open interest: silent since 00:39 UTC (0 s)",
        "venue2 funding, mark price, open interest: silent since 00:39 UTC (0 s)",
        "6 more feeds are not whole",
    ]


async def test_feeds_that_fell_silent_apart_are_told_apart(room: Room) -> None:
    """One line says one since when, so that feeds of a venue stand together only within a quarter of an hour."""
    view = market()
    silent = {"funding": 120, "mark": 110, "oi": 5}
    view.feed_rows = [FeedRow("okx", feed, "stale", NOW_MS - n * MINUTE_MS, NOW_MS) for feed, n in silent.items()]
    assert (await room.seeing(view).text("/status"))[3:5] == [
        "OKX funding, mark price: silent since 18 Jan, 22:40 UTC (2 h)",
        "OKX open interest: silent since 00:35 UTC (5 min)",
    ]


async def test_venues_that_refuse_come_first(room: Room) -> None:
    """Blocked venues are named before all other troubles with what is missing of them, at most five of them."""
    view = market()
    names = ("liquidation", "oi")
    since_ms = NOW_MS - HOUR_MS
    view.feed_rows = [FeedRow(f"venue{n}", name, "blocked", since_ms, NOW_MS) for n in range(7) for name in names]
    view.feed_rows.append(FeedRow("bybit", "oi", "stale", NOW_MS - DAY_MS // 2, NOW_MS))
    view.gap_rows = [Gap(f"venue{n}", "liquidation", since_ms) for n in range(7)]
    lines = await room.seeing(view).text("/status")
    assert lines[2] == (
        "Blocked, as they do not serve the place I run in: "
        + "".join(f"venue{n} since 18 Jan, 23:40 UTC (liquidations, open interest), " for n in range(5))
        + "2 more. All totals lack them; I ask again once an hour."
    )
    assert lines[3] == "Bybit open interest: silent since 18 Jan, 12:40 UTC (12 h)"


def gaps(*begins: int, lasting: bool = False) -> list[Gap]:
    """A gap of three minutes, or one that lasts, at each so many minutes ago."""
    spans = ((NOW_MS - begin * MINUTE_MS, None if lasting else NOW_MS - (begin - 3) * MINUTE_MS) for begin in begins)
    return [Gap("bybit", "liquidation", *span) for span in spans]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (gaps(20), "I was blind to liquidations on Bybit 00:20–00:23 UTC. Totals for that time are too low."),
        (
            gaps(20, 40),
            (
                "I was blind to liquidations on Bybit 00:20–00:23, Bybit 00:00–00:03 UTC. "
                "Totals for those times are too low."
            ),
        ),
        (
            gaps(5, lasting=True),
            "I am blind to liquidations on Bybit since 00:35 UTC. Totals since then are too low.",
        ),
        (
            [*gaps(5, lasting=True), *gaps(20)],
            (
                "I am blind to liquidations on Bybit since 00:35, and was on Bybit 00:20–00:23 UTC. "
                "Totals for those times are too low."
            ),
        ),
        (
            [Gap(f"venue{n}", "liquidation", NOW_MS - 9_000, NOW_MS - 2_000) for n in range(8)],
            "I was blind to liquidations on 8 exchanges 00:39–00:40 UTC. Totals for that time are too low.",
        ),
        (
            gaps(*range(10, 80, 10)),
            "I was blind to liquidations on "
            + "".join(f"Bybit 00:{m:02}–00:{m + 3:02}, " for m in range(30, -1, -10))
            + "Bybit 18 Jan, 23:50–23:53, 2 more UTC. Totals for those times are too low.",
        ),
    ],
    ids=["one", "two", "lasting", "both", "all at once", "many"],
)
async def test_gaps_of_liquidations_are_said(room: Room, told: list[Gap], said: str) -> None:
    """Each time in which liquidations were not heard is named in whole minutes, at most five, live and as stored."""
    view = market()
    view.gap_rows = told
    assert (await room.seeing(view).text("/status"))[2] == said
    assert (await room.seeing(stored(view)).text("/status"))[2] == said


async def test_a_gap_that_lasts_is_told_once(room: Room) -> None:
    """A silent feed of liquidations stands as a gap and not among the other troubles."""
    view = market()
    view.feed_rows = [FeedRow("bybit", "liquidation", "stale", NOW_MS - 5 * MINUTE_MS, NOW_MS)]
    view.gap_rows = gaps(5, lasting=True)
    assert "".join(await room.seeing(view).text("/status")).count("Bybit") == 2  # its count of live feeds, and the gap


async def test_everything_wrong_at_once_stays_within_twelve_rows(room: Room) -> None:
    """Blocked and silent venues, gaps past and present, work in the background: nothing is cut from the answer."""
    view = market()
    view.feed_rows = [FeedRow("binance", "oi", "blocked", NOW_MS - HOUR_MS, NOW_MS)]
    view.feed_rows += [FeedRow(f"venue{n}", "oi", "stale", NOW_MS - n, NOW_MS) for n in range(9)]
    view.gap_rows = [*gaps(5, lasting=True), *gaps(20, 40)]
    busy = Room(replace(room.desk, view=lambda: view, progress=lambda: warming(40, 300)), room.tests)
    message = await busy.say("/status")
    assert len(message.rows) == 12
    assert "Learning what is usual: 40 of 300 coins" in await busy.text("/status")


async def test_an_unknown_feed_is_called_as_it_calls_itself(room: Room) -> None:
    """A feed and a state that have no words yet are shown by name, not by key."""
    view = market()
    view.feed_rows = [FeedRow("newvenue", "positioning", "odd", NOW_MS, NOW_MS)]
    assert any("newvenue positioning: odd since" in line for line in await room.seeing(view).text("/status"))
