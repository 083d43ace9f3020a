from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.market.gaps import Gap
from bot.market.view import FeedRow, LiquidationSums
from tests.commands.chat_room import Room
from tests.commands.market import BTC, DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS, LiveView, market, stored

HOUR = LiquidationSums(HOUR_MS, 52.5e6, 1.1e6, HOUR_MS, 840, 2.1e6, 68e6, 93e6)
DAY = LiquidationSums(DAY_MS, 79e6, 4e6, 7 * HOUR_MS)
FEEDS = [
    *(FeedRow(venue, "oi", "live", NOW_MS - DAY_MS, NOW_MS) for venue in ("binance", "hyperliquid", "dydx")),
    *(FeedRow(venue, "liquidation", "partial", NOW_MS - DAY_MS, NOW_MS) for venue in ("binance", "bybit", "dydx")),
]


def seeing(room: Room, *sums: LiquidationSums, feeds: list[FeedRow] = FEEDS, gaps: list[Gap] | None = None) -> Room:
    """The room over BTC with these sums, of feeds without a gap."""
    view = LiveView({"BTC": replace(BTC, liquidations=sums)}, feeds, gaps or [])
    return room.seeing(view)


async def test_an_hour_of_one_coin(room: Room) -> None:
    """Both sides as a floor, the largest and how many, the estimate beside them, and why it is a floor."""
    assert await seeing(room, HOUR, DAY).text("/liqs btc") == [
        "BTC liquidated in 1 h: longs ≥ $52.5M, shorts ≥ $1.1M · as of 00:40 UTC",
        "Largest single print $2.1M · 840 prints",
        "Estimate: about $68M to $93M in all",
        (
            "Totals are below those of aggregators: Binance shows only some liquidations, none are known of "
            "Hyperliquid, no other exchanges are heard"
        ),
    ]


async def test_a_day_that_is_not_whole_says_so(room: Room) -> None:
    """Seven hours of 24 are named, and of sums alone neither largest nor count are."""
    lines = await seeing(room, HOUR, DAY).text("/liqs BTC 24h")
    assert await seeing(room, HOUR, DAY).text("/liqs BTC 24") == lines
    assert lines[0].startswith("BTC liquidated in 24 h: longs ≥ $79M, shorts ≥ $4M")
    assert lines[1:3] == [
        "Largest print and count: not known, as only sums were told",
        "Collected 7 h of 24 h",
    ]
    assert not any("Estimate" in line for line in lines)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (55e6, 57e6, None),
        (61e6, 61.4e6, "Estimate: at least about $61M in all"),
        (240e6, None, "Estimate: at least about $240M in all"),
        (54.3e6, 70e6, "Estimate: up to about $70M in all"),
    ],
)
async def test_an_estimate_says_no_more_than_it_knows(
    room: Room, low: float, high: float | None, said: str | None
) -> None:
    """Less than a tenth more is not told, one figure and a feed at its limit are a least."""
    lines = await seeing(room, replace(HOUR, long_usd=53.2e6, low_usd=low, high_usd=high)).text("/liqs")
    assert [line for line in lines if line.startswith("Estimate")] == ([said] if said else [])


async def test_whole_feeds_need_no_floor(room: Room) -> None:
    """Where every exchange that lists the coin tells all, the sum has no "≥"; others' gaps are none of the coin's."""
    feeds = [FeedRow("okx", "oi", "live", 0, NOW_MS), FeedRow("bybit", "liquidation", "live", 0, NOW_MS)]
    elsewhere = [FeedRow("dydx", "oi", "live", 0, NOW_MS), FeedRow("dydx", "liquidation", "live", 0, NOW_MS)]
    gap = Gap("dydx", "liquidation", NOW_MS - 30 * MINUTE_MS)
    coin = replace(BTC, liquidations=(HOUR,), funding=(), open_interest=())
    view = LiveView({"BTC": coin}, [*feeds[1:], *elsewhere], [gap])
    lines = await room.seeing(view).text("/liqs")
    assert lines[0] == "BTC liquidated in 1 h: longs $52.5M, shorts $1.1M · as of 00:40 UTC"


async def test_what_was_not_heard_is_said(room: Room) -> None:
    """A gap within the hours looked back, one that lasts, and totals that stay away are named; an older gap is not."""
    gaps = [
        Gap("bybit", "liquidation", NOW_MS - 3 * HOUR_MS, NOW_MS - 3 * HOUR_MS + 7 * MINUTE_MS),
        Gap("binance", "liquidation", NOW_MS - 20 * MINUTE_MS),
    ]
    feeds = [*FEEDS, FeedRow("gate+htx", "liquidations", "stale", NOW_MS - HOUR_MS, NOW_MS - 2 * HOUR_MS)]
    lines = await seeing(room, HOUR, feeds=feeds, gaps=gaps).text("/liqs")
    assert "Blind to liquidations on Binance since 00:20 UTC: totals for that time are too low" in lines
    assert "Gate + HTX liquidation totals missing since 18 Jan, 22:40 UTC" in lines
    four = replace(HOUR, span_ms=4 * HOUR_MS, known_ms=4 * HOUR_MS)
    lines = await seeing(room, four, feeds=feeds, gaps=gaps).text("/liqs BTC 4h")
    assert any("Bybit 18 Jan, 21:40–21:47" in line for line in lines)


async def test_nothing_liquidated_is_another_thing_than_nothing_known(room: Room) -> None:
    """A heard hour without any says so without a figure; without a feed there is a refusal, never a zero."""
    lines = await seeing(room, LiquidationSums(HOUR_MS, 0.0, 0.0, HOUR_MS)).text("/liqs")
    assert lines[0] == "BTC: no liquidation was told in 1 h · as of 00:40 UTC"
    [line] = await room.text("/liqs HYPE 4h")
    assert line == ("I have no liquidations of HYPE in the last 4 h: no feed told any. Which feeds are heard: /status")
    assert "$0" not in " ".join(lines)


async def test_one_side_alone_is_a_floor_of_that_side(room: Room) -> None:
    """Where the sum is a floor and no short was told, that is said in place of at least nothing."""
    there = seeing(room, replace(HOUR, short_usd=0.0))
    assert (await there.text("/liqs"))[0] == "BTC liquidated in 1 h: longs ≥ $52.5M, shorts none seen · as of 00:40 UTC"


async def test_the_stored_market_says_the_same(room: Room) -> None:
    """Sums with all that is known of single liquidations go through the database."""
    view = LiveView({"BTC": replace(BTC, liquidations=(HOUR, DAY))}, FEEDS, market().gaps())
    for line in ("/liqs", "/liqs BTC 24h"):
        assert await room.seeing(stored(view)).text(line) == await room.seeing(view).text(line)


async def test_other_hours_are_one_press_away(room: Room) -> None:
    """The answer offers the other two spans, and open interest."""
    message = await seeing(room, HOUR).say("/liqs")
    assert [button.command for button in message.buttons] == ["/liqs BTC 4h", "/liqs BTC 24h", "/oi BTC"]
