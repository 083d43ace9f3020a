from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from bot.chat.wording import Wording
from bot.levels.bars import merged, quarters_of
from bot.levels.cluster import find, nearest
from bot.levels.touches import hold_rates, walk
from bot.market.history import SLOT_MS
from bot.market.view import CoinView, Slots
from tests.commands.chat_room import Room
from tests.commands.market import BTC, NOW_MS, LiveView, hours
from tests.levels.weeks import HOURS, MINUTES, QUARTERS, THURSDAY_MS, hours_of


async def test_levels_stand_as_a_ladder_around_the_price(room: Room) -> None:
    """Levels above fall towards the price and levels below fall away from it, each with its distance and reasons."""
    message = await room.say("/levels BTC")
    prices = [row.phrase.values["price"].value for row in message.rows[:-1]]  # type: ignore[union-attr]  # prices by contract
    assert prices == sorted(prices, reverse=True)
    lines = await room.text("/levels BTC")
    assert lines[0].startswith("BTC 92,438 · ATR(1h) ")
    assert sum(line.startswith("▲") for line in lines) <= 3
    assert any(line.startswith("▼ 92,000 (−0.5 %, ") and "flush low" in line for line in lines)


def slots_of_weeks(added: float = 100.0) -> Slots:
    """Fifteen days of slots that swing around the hourly closes of BTC, with volume and growing open interest."""
    count = 15 * 288
    start_ms = NOW_MS // SLOT_MS * SLOT_MS - SLOT_MS * np.arange(count, 0, -1)
    known = hours()
    close = np.interp(start_ms, known.start_ms, known.close) * (1 + 0.004 * np.sin(np.arange(count) / 25))
    columns = (close * 1.001, close * 0.999, close, np.full(count, 50.0), np.full(count, added))
    return Slots(start_ms, *columns)


async def test_each_level_says_what_the_last_day_did_to_it(room: Room) -> None:
    """A low of 91,700 went through 92,000 and closed above, 90,000 was not reached; of five hours nothing is said."""
    known = hours()
    low = (*known.low[:-5], 91_700.0, *known.low[-4:])
    lines = await room.seeing(LiveView({"BTC": replace(BTC, hours=replace(known, low=low))})).text("/levels BTC")
    states = {line[2:8]: line.split(" · ")[-2] for line in lines if line.startswith("▼")}
    assert states == {"92,000": "pierced, closed back", "91,700": "reached, held", "90,000": "not reached"}
    [*rows, _] = await room.seeing(LiveView({"BTC": replace(BTC, hours=hours(count=5))})).text("/levels BTC")
    assert not any("reached" in row for row in rows)


async def test_levels_rest_on_volume_where_slots_are_known(room: Room) -> None:
    """With the slots of two weeks, levels are those found from bars of 15 minutes."""
    slots = slots_of_weeks()
    message = await room.seeing(LiveView({"BTC": BTC}, slot_columns={"BTC": slots})).say("/levels BTC")
    assert BTC.hours is not None
    assert BTC.price is not None
    found = find(BTC.hours, BTC.price, NOW_MS, BTC.flush_extremes, quarters=quarters_of(slots))
    above, below = nearest(found, BTC.price)
    named = [row.phrase.values["price"].value for row in message.rows[:-1]]  # type: ignore[union-attr]  # as below
    assert named == [level.price for level in (*reversed(above), *below)]
    assert found != find(BTC.hours, BTC.price, NOW_MS, BTC.flush_extremes)


async def test_a_model_is_shown_only_when_asked_for_and_called_one(room: Room) -> None:
    """Bands of shorts above and longs below the price, the strongest first, after the word model, with a note."""
    seeing = room.seeing(LiveView({"BTC": BTC}, slot_columns={"BTC": slots_of_weeks()}))
    assert "odel" not in " ".join(await seeing.text("/levels BTC"))
    lines = await seeing.text("/levels BTC model")
    [shorts] = [line for line in lines if line.startswith("Model, shorts liquidated near: ")]
    [longs] = [line for line in lines if line.startswith("Model, longs liquidated near: ")]
    assert shorts.count("(+") == longs.count("(−") == 3
    assert shorts.count("(−") == longs.count("(+") == 0
    assert ", 1.00)" in shorts + longs
    assert any(line.startswith("A model estimate, not data") for line in lines)


@pytest.mark.parametrize("slots", [{}, {"BTC": slots_of_weeks(added=float("nan"))}])
async def test_without_open_interest_there_is_no_model(room: Room, slots: dict[str, Slots]) -> None:
    """Where no slots are kept, or none tells how open interest changed, that is said and no band named."""
    lines = await room.seeing(LiveView({"BTC": BTC}, slot_columns=slots)).text("/levels BTC model")
    assert "Model: the open interest that it needs is not known." in lines


async def test_touches_are_told_from_thirty_on(room: Room) -> None:
    """With a month of slots the shares of first touches that held stand there by family, without any how many lack."""
    bars = merged(MINUTES, SLOT_MS)
    slots = Slots(bars.start_ms, bars.high, bars.low, bars.close, bars.volume, np.full(bars.close.size, np.nan))
    view = CoinView("BTC", THURSDAY_MS, price=float(bars.close[-1]), hours=hours_of(HOURS))
    lines = await room.seeing(LiveView({"BTC": view}, slot_columns={"BTC": slots})).text("/levels BTC touches")
    rates = hold_rates(walk(hours_of(HOURS), QUARTERS, THURSDAY_MS))
    [told] = [line for line in lines if line.startswith("First touches that held: ")]
    assert f" all {rates['all'].held} of {rates['all'].touched}," in told
    assert told.count(" of ") == sum(rate.touched >= 30 for rate in rates.values()) + ("VWAP of" in told)
    other = rates["mirrored"]
    assert told.endswith(f" · beside places as far on the other side {other.held} of {other.touched}")
    few = [
        line for line in await room.text("/levels BTC touches") if line.startswith("First touches: 0 decided so far")
    ]
    assert len(few) == 1


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
    assert message.chart.form == "ladder"
    assert message.chart.price[-1] == BTC.price
    assert all(0 < line.strength <= 1 for line in message.chart.lines)


@pytest.mark.parametrize("language", ["en", "es"])
async def test_the_chart_says_in_words_how_far_each_level_is(room: Room, language: str) -> None:
    """The alt text names the price and every level with its distance, highest first."""
    message = await room.say("/levels BTC")
    assert message.chart is not None
    alt = Wording(language, strict=True).text(message.chart.alt)
    assert alt.count("%") == len(message.chart.lines)
    assert alt.index("+") < alt.index("−")
    assert ("92,438" if language == "en" else "92.438") in alt


async def test_the_chart_shades_the_model_only_when_asked(room: Room) -> None:
    """Bands of the model are in the chart of /levels BTC model and said there, in no other."""
    seeing = room.seeing(LiveView({"BTC": BTC}, slot_columns={"BTC": slots_of_weeks()}))
    asked, plain = (await seeing.say("/levels BTC model")).chart, (await seeing.say("/levels BTC")).chart
    assert asked is not None
    assert plain is not None
    assert {shade.side for shade in asked.shades} == {"long", "short"}
    assert max(shade.strength for shade in asked.shades) == 1.0
    assert plain.shades == ()
    words = [Wording("en", strict=True).text(chart.alt) for chart in (asked, plain)]
    assert ["model" in text for text in words] == [True, False]


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
