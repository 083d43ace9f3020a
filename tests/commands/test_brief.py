from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.market.gaps import Gap
from bot.market.view import CoinView, LiquidationSums, PriceMove
from bot.store.episodes import save_episode
from tests.commands.chat_room import Room
from tests.commands.flushes import ONSET_MS, episode, member, row_of
from tests.commands.market import BTC, DAY_MS, FEEDS, HOUR_MS, MINUTE_MS, NOW_MS, LiveView, stored

MOST_LINES = 9
WHOLE = replace(
    BTC,
    price_venues=3,
    price_moves=(PriceMove(HOUR_MS, -0.028), PriceMove(DAY_MS, -0.031)),
    basis_bps=-9.0,
    basis_usual_bps=-5.0,
    liquidations=(LiquidationSums(DAY_MS, 79e6, 4e6, 7 * HOUR_MS, 840, 2.1e6, 90e6, None),),
)


def seeing(room: Room, coin: CoinView = WHOLE, gaps: tuple[Gap, ...] = ()) -> Room:
    """The room over this coin alone."""
    return room.seeing(LiveView({coin.coin: coin}, list(FEEDS), list(gaps)))


async def test_a_coin_on_one_card(room: Room) -> None:
    """Every line in the words of the command that has more of it, and no more lines than a phone shows."""
    await room.desk.store.run(lambda db: save_episode(db, row_of(episode())))
    gaps = tuple(
        Gap("bybit", "liquidation", NOW_MS - hour * HOUR_MS, NOW_MS - hour * HOUR_MS + 7 * MINUTE_MS)
        for hour in (2, 5, 9)
    )
    lines = await seeing(room, gaps=gaps).text("/brief")
    assert lines == [
        "BTC 92,438 · 24 h −3.1 % · as of 00:40 UTC",
        (
            "Funding: OI-weighted +0.0038 %/8h on Binance and Hyperliquid, lower than in 70 % of the last 30 days · "
            "basis −9 bp (7-day median −5 bp)"
        ),
        (
            "Open interest $6.47B · 1 h −4.3 % on Binance · "
            "1 d −2.9 % in coins (in dollars −7.3 %: the rest is price) on Binance · "
            "Hyperliquid missing since 18 Jan, 23:00 UTC"
        ),
        ("Liquidated in 24 h: longs ≥ $79M, shorts ≥ $4M · largest single print $2.1M · Collected 7 h of 24 h"),
        (
            "Blind to liquidations on Bybit 18 Jan, 22:40–22:47, Bybit 18 Jan, 19:40–19:47, "
            "1 more UTC: totals for those times are too low"
        ),
        *lines[5:7],
        "Last flush: BTC long flush · 58/100 now, peak 61/100 (FLUSH) · since 19 January 2026, 00:00 UTC",
    ]
    assert lines[5].startswith("▲ ")
    assert lines[6].startswith("▼ ")
    assert len(lines) < MOST_LINES


async def test_its_lines_are_those_of_the_other_commands(room: Room) -> None:
    """Levels, funding and changes read as they do in their own answers, and the levels are the nearest."""
    there = seeing(room)
    lines = await there.text("/brief BTC")
    levels = await there.text("/levels BTC")
    assert {line for line in lines if line[0] in "▲▼"} <= set(levels)
    assert (await there.text("/funding BTC"))[-1] in lines[1]
    assert (await there.text("/oi BTC"))[1] in lines[2]


async def test_the_last_flush_says_how_it_stands(room: Room) -> None:
    """Ended, joined or none: the line says which; what was retracted was none."""
    there = seeing(room)
    assert (await there.text("/brief"))[-1] == "No flush of it is kept"
    ended = episode(member("SOL"), member("BTC"), id="2026-01-18-SOL-1", state="ended", ended_ms=ONSET_MS + HOUR_MS)
    await room.desk.store.run(lambda db: save_episode(db, row_of(ended)))
    assert (await there.text("/brief"))[-1].startswith("Last flush: SOL long flush · ended 01:00 after 1 h")
    wrong = replace(ended, end_reason="retracted")
    await room.desk.store.run(lambda db: save_episode(db, row_of(wrong)))
    assert (await there.text("/brief"))[-1] == "No flush of it is kept"


async def test_what_is_unknown_is_named_and_has_no_figure(room: Room) -> None:
    """Of a coin of which nothing is known each part is named, in one line."""
    bare = CoinView(coin="NEW", as_of_ms=NOW_MS)
    assert await seeing(room, bare).text("/brief new") == [
        "NEW · as of 00:40 UTC",
        "No flush of it is kept",
        (
            "Not known: price, price 24 h ago, funding, basis, open interest, change of open interest, "
            "liquidations, key levels"
        ),
    ]


async def test_a_quiet_day_is_told_as_heard(room: Room) -> None:
    """Heard for a day without a liquidation is a sentence, not a zero and not unknown."""
    coin = replace(WHOLE, liquidations=(LiquidationSums(DAY_MS, 0.0, 0.0, DAY_MS),))
    lines = await seeing(room, coin).text("/brief")
    assert "No liquidation was told in 24 h" in lines
    assert not any("$0" in line for line in lines)


@pytest.mark.parametrize("coin", [WHOLE, BTC, CoinView(coin="BTC", as_of_ms=NOW_MS, price=1.0)])
async def test_the_stored_market_says_the_same(room: Room, coin: CoinView) -> None:
    """All of it goes through the database, and stays within nine lines."""
    view = LiveView({"BTC": coin}, list(FEEDS))
    lines = await room.seeing(view).text("/brief")
    assert await room.seeing(stored(view)).text("/brief") == lines
    assert len(lines) <= MOST_LINES
