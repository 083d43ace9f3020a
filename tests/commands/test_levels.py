from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.market.view import CoinView
from tests.commands.chat_room import Room
from tests.commands.market import BTC, NOW_MS, LiveView, hours


async def test_levels_stand_as_a_ladder_around_the_price(room: Room) -> None:
    """Levels above fall towards the price and levels below fall away from it, each with its distance and reasons."""
    message = await room.say("/levels BTC")
    prices = [row.phrase.values["price"].value for row in message.rows[:-1]]  # type: ignore[union-attr]  # prices by contract
    assert prices == sorted(prices, reverse=True)
    lines = await room.text("/levels BTC")
    assert lines[0].startswith("BTC 92,438 · ATR(1h) ")
    assert sum(line.startswith("▲") for line in lines) <= 3
    assert any(line.startswith("▼ 92,000 (−0.5 %, ") and "flush low" in line for line in lines)


async def test_bitcoin_is_the_default(room: Room) -> None:
    """Without a coin the levels are those of BTC."""
    assert await room.say("/levels") == await room.say("/levels btc")


async def test_the_chart_draws_every_level_that_is_named(room: Room) -> None:
    """The chart has three days of closes that end now, and one line for each level in the text."""
    message = await room.say("/levels BTC")
    assert message.chart is not None
    assert len(message.chart.times_ms) == len(message.chart.price) == 72
    assert message.chart.times_ms[-1] == NOW_MS
    named = {row.phrase.values["price"].value for row in message.rows[:-1]}  # type: ignore[union-attr]  # as above
    assert {line.price for line in message.chart.lines} == named


async def test_without_a_range_distance_is_in_percent_alone(room: Room) -> None:
    """With too few hours for an average range, none is named."""
    short = replace(BTC, hours=hours(count=5))
    lines = await room.seeing(LiveView({"BTC": short})).text("/levels BTC")
    assert "ATR" not in " ".join(lines)


@pytest.mark.parametrize("coin", [replace(BTC, hours=None), replace(BTC, price=None)])
async def test_too_little_known_is_refused(room: Room, coin: CoinView) -> None:
    """Without a price or without hourly bars there are no levels, and a sentence says so."""
    message = await room.seeing(LiveView({"BTC": coin})).say("/levels BTC")
    assert message.headline.key == "error-no-levels"
