"""/flush why tells what each exchange showed and what it may have been in all."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.flush.episode import Episode, Forced, VenueTold
from bot.flush.forced import PUBLIC
from bot.store.episodes import save_episode
from tests.commands.chat_room import Room
from tests.commands.flushes import MINUTE_MS, ONSET_MS, episode, member, row_of

TOLD = (
    VenueTold("binance", "throttled", 355e6, 1.02e9, 1.11e9, saturated=True),
    VenueTold("bitget", "largest", None, None, None, lost=True),
    VenueTold("bybit", "complete", 564e6, 564e6, 564e6),
    VenueTold("gate", "complete", 20e6, 30e6, 60e6, lost=True),
    VenueTold("hyperliquid", "silent", None, 133e6, 463e6),
    VenueTold("okx", "throttled", 249e6, 450e6, 450e6),
)


async def keep(room: Room, flush: Episode) -> None:
    """Put a flush into the store."""
    await room.desk.store.run(lambda db: save_episode(db, row_of(flush)))


async def test_every_exchange_has_its_part(room: Room) -> None:
    """The largest first: seen, in all, how it tells; what was not heard is said, and what the estimate rests on."""
    await keep(room, episode(told=TOLD, forced=PUBLIC))
    lines = await room.text("/flush why")
    (told,) = (line for line in lines if line.startswith("Liquidations by exchange"))
    assert told.removeprefix("Liquidations by exchange: ").split(" · ") == [
        "Binance ≥ $355M, about $1B to $1.1B in all (one a second, at its limit)",
        "Bybit $564M (tells all)",
        "Hyperliquid about $130M to $460M by the fall of its open interest (tells none)",
        "OKX ≥ $249M, about $450M in all (one a second)",
        "Gate ≥ $20M, about $30M to $60M in all (tells all, not always heard)",
        "Bitget unknown (the largest of a second, not always heard)",
    ]
    shares = (
        "Of a fall of open interest 17 % to 59 % is taken for forced, the shares in two flushes with public figures"
    )
    assert lines[lines.index(told) + 1] == shares


async def test_an_exchange_that_showed_none_has_no_figure(room: Room) -> None:
    """Nothing seen is zero where an exchange tells all, and no floor where it shows only some."""
    rows = (VenueTold("bybit", "complete", 0.0, 0.0, 0.0), VenueTold("okx", "throttled", 0.0, 0.0, 0.0))
    none = {"L": replace(episode().lead.components["L"], value=0.0, share=0.0)}
    await keep(room, episode(member(components=none), told=rows))
    lines = await room.text("/flush why")
    assert "Liquidations by exchange: Bybit $0 (tells all) · OKX none seen (one a second)" in lines
    assert "L 0.45×0.000 · no longs seen liquidated in 1 h, level $19.4M, full at 8×" in lines


async def test_sums_by_exchange_and_by_coin_reach_to_different_ends(room: Room) -> None:
    """Where the part of one coin ended before the flush it is said until when each of the two sums counts it."""
    ended_ms = ONSET_MS + 60 * MINUTE_MS
    parts = (member(ended_ms=ended_ms - MINUTE_MS), member("ETH", ended_ms=ended_ms))
    await keep(room, episode(*parts, told=TOLD, ended_ms=ended_ms))
    said = "By exchange every coin is counted to the end of the flush, in sums by coin each to the end of its part."
    assert said in await room.text("/flush why")
    await keep(room, episode(told=TOLD))
    assert said not in await room.text("/flush why")


@pytest.mark.parametrize("language", ["en", "es"])
async def test_what_was_learnt_is_said(room: Room, language: str) -> None:
    """With enough flushes their middle half and their number take the place of the public figures."""
    await keep(room, episode(told=TOLD[:1], forced=Forced(0.2, 0.3, 0.4, 14)))
    assert any(
        "14" in line and "20" in line and "40" in line for line in await room.text("/flush why", language=language)
    )


async def test_sums_of_several_exchanges(room: Room) -> None:
    """Of a recording only hourly sums are known; where the least is what was seen only the most is said."""
    await keep(room, episode(told=(VenueTold("binance+bybit", "totals", 53.6e6, 53.6e6, 242e6),)))
    assert (
        "Liquidations by exchange: Binance + Bybit ≥ $53.6M, up to about $240M in all "
        "(only sums, with feeds that show only some)"
    ) in await room.text("/flush why")


async def test_an_older_flush_has_no_such_line(room: Room) -> None:
    """One that was kept before exchanges were told apart says nothing of them."""
    await keep(room, episode())
    assert not any("by exchange" in line for line in await room.text("/flush why"))


async def test_an_exchange_in_two_rows_says_of_which_coins(room: Room) -> None:
    """Told within a sum of one coin and by itself of others, each row names its coins; the other exchanges do not."""
    told = (
        VenueTold("binance", "silent", None, 1e6, 3e6, coins=("ADA", "DOGE", "SOL", "XRP")),
        VenueTold("binance+bybit", "totals", 53.6e6, 53.6e6, 242e6, coins=("BTC",)),
        VenueTold("okx", "complete", 2e6, 2e6, 2e6, coins=("BTC",)),
    )
    await keep(room, episode(told=told))
    (line,) = (line for line in await room.text("/flush why") if line.startswith("Liquidations by exchange"))
    assert line.removeprefix("Liquidations by exchange: ").split(" · ") == [
        "Binance + Bybit ≥ $53.6M, up to about $240M in all (of BTC: only sums, with feeds that show only some)",
        "Binance about $1M to $3M by the fall of its open interest (of ADA, DOGE and 2 others: tells none)",
        "OKX $2M (tells all)",
    ]
