from __future__ import annotations

import math
from datetime import UTC, datetime

import pandas as pd  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.levels.bars import bars_of
from bot.levels.sources import ROUND, Source, coarse_step, collect, reasons, round_step
from bot.market.history import DAY_MS, HOUR_MS
from bot.market.view import Hours
from tests.levels.weeks import THURSDAY_MS, cut, random_hours


def found(hours: Hours, now_ms: int = THURSDAY_MS, **values: object) -> dict[str, float]:
    """Price by key, of everything but round numbers."""
    sources = collect(bars_of(hours), 90_000.0, now_ms, values.get("extremes", ()), 0.03)  # type: ignore[arg-type]  # tuples
    return {source.key: source.price for source in sources if source.family != "round"}


@pytest.mark.parametrize(
    ("price", "step"), [(72226, 1000), (2106, 20), (654, 5), (90, 1), (1.42, 0.02), (3.86e-6, 5e-8)]
)
def test_round_step_golden(price: float, step: float) -> None:
    """The steps of the domain notes, section 4.1."""
    assert round_step(price) == step


@pytest.mark.parametrize(("price", "step"), [(72226, 5000), (95475, 5000), (2106, 100), (90, 5), (3.86e-6, 1e-7)])
def test_coarse_step_golden(price: float, step: float) -> None:
    """Steps of one or five times a power of ten nearest to 5 %: 60,000 and 65,000 for BTC."""
    assert coarse_step(price) == step


@given(st.floats(1e-8, 1e7))
def test_no_step_is_nearer_to_one_percent(price: float) -> None:
    """Brute force over neighbouring powers of ten finds no step that is nearer by ratio."""
    power = math.floor(math.log10(price / 100))
    steps = [mantissa * 10.0**exponent for mantissa in (1, 2, 2.5, 5) for exponent in range(power - 1, power + 3)]
    best = min(abs(math.log(step / (price / 100))) for step in steps)
    assert abs(math.log(round_step(price) / (price / 100))) == pytest.approx(best, abs=1e-9)


def test_calendar_levels_match_pandas() -> None:
    """Highs, lows, opens and closes of the day and ISO week before, and the current opens, as pandas cuts them."""
    hours = random_hours()
    frame = pd.DataFrame(
        {"open": hours.open, "high": hours.high, "low": hours.low, "close": hours.close},
        index=pd.to_datetime(hours.start_ms, unit="ms"),
    )
    rules = {"open": "first", "high": "max", "low": "min", "close": "last"}
    days, weeks = frame.resample("D").agg(rules), frame.resample("W-SUN").agg(rules)
    levels = found(hours)
    assert {name: levels[f"level-previous-day-{name}"] for name in rules} == days.iloc[-2].to_dict()
    for name in ("open", "high", "low"):
        assert levels[f"level-previous-week-{name}"] == weeks.iloc[-2][name]
    assert levels["level-day-open"] == days.iloc[-1]["open"]
    assert levels["level-week-open"] == weeks.iloc[-1]["open"]
    assert levels["level-month-open"] == frame.loc["2026-01-01 00:00", "open"]


def test_periods_that_are_not_covered_are_absent() -> None:
    """With three days of bars there is no previous week, no week open and no month, rather than a part of one."""
    levels = found(cut(random_hours(), 360 - 72, 360))
    assert "level-previous-day-high" in levels
    assert not [key for key in levels if "week" in key or "month" in key]


def test_previous_month_needs_its_whole_month() -> None:
    """With bars since 1 December the high of December is a level in January; from 20 December on it is not."""
    now = int(datetime(2026, 1, 2, tzinfo=UTC).timestamp()) * 1000
    whole = random_hours(now, 33 * 24)
    assert found(whole, now)["level-previous-month-high"] == max(whole.high[24 : 32 * 24])
    assert "level-previous-month-high" not in found(cut(whole, 20 * 24, 33 * 24), now)


def test_vwap_and_its_bands_match_pandas() -> None:
    """VWAP since 00:00 UTC is the volume-weighted mean of (h + l + c)/3, the bands one and two deviations off."""
    hours = random_hours()
    today = pd.DataFrame({"h": hours.high, "l": hours.low, "c": hours.close, "v": hours.volume}).iloc[-6:]
    typical = today[["h", "l", "c"]].mean(axis=1)
    average = (typical * today["v"]).sum() / today["v"].sum()
    sigma = math.sqrt((typical**2 * today["v"]).sum() / today["v"].sum() - average**2)
    levels = found(hours)
    assert levels["level-day-vwap"] == pytest.approx(average)
    assert levels["level-day-vwap-above"] == pytest.approx(average + sigma)
    assert levels["level-day-vwap-below"] == pytest.approx(average - sigma)
    assert levels["level-day-vwap-above-2"] == pytest.approx(average + 2 * sigma)
    assert levels["level-day-vwap-below-2"] == pytest.approx(average - 2 * sigma)


@pytest.mark.parametrize("volume", [(None,), (0.0,)])
def test_no_vwap_without_volume(volume: tuple[float | None, ...]) -> None:
    """One hour of the day without a known volume, or no trade at all, leaves the VWAP out."""
    hours = random_hours()
    known = (*hours.volume[:-1], *volume) if volume == (None,) else volume * 360
    columns = (hours.start_ms, hours.open, hours.high, hours.low, hours.close)
    assert not [key for key in found(Hours(*columns, known)) if "day-vwap" in key]


def test_round_numbers_and_their_weights() -> None:
    """Around 72,226: every 1,000 weighs 0.6, every 2,000 0.9, and 70,000 and 75,000 stand alone with 1.5 more."""
    bars = bars_of(cut(random_hours(), 0, 0))
    sources = {source.price: source for source in collect(bars, 72_226.0, THURSDAY_MS, (), 0.05)}
    assert sorted(sources) == [69_000, 70_000, 71_000, 72_000, 73_000, 74_000, 75_000]
    assert sources[71_000] == Source("level-round-number", "round", 71_000, 0.6, alone=False)
    assert sources[72_000].weight == 0.9
    assert sources[70_000] == Source("level-round-number", "round", 70_000, 2.4)
    assert sources[75_000].weight == pytest.approx(2.1)


@pytest.mark.parametrize(
    ("price", "first"), [(90_000.0, ROUND), (90_065.0, "level-swing-low"), (0.24035, "level-swing-low")]
)
def test_a_level_that_is_no_round_number_is_not_called_one_first(price: float, first: str) -> None:
    """The heaviest reason names a level, but 90,065 is named by the next one, and each reason is told once."""
    keys = (ROUND, "level-swing-low", ROUND, "level-day-open", "level-swing-low")
    told = reasons(price, keys)
    assert told[0] == first
    assert sorted(told) == sorted(set(keys))


@given(st.floats(1e-6, 1e6))
def test_every_round_number_near_a_price_may_be_called_one(price: float) -> None:
    """What is laid out as round numbers keeps that name first where its own step is that of the price."""
    bars = bars_of(cut(random_hours(), 0, 0))
    for source in collect(bars, price, THURSDAY_MS, (), 0.05):
        if source.key == ROUND and round_step(source.price) == round_step(price):
            assert reasons(source.price, (ROUND, "level-swing-low"))[0] == ROUND


def test_flush_extremes_fade_and_end() -> None:
    """An extreme weighs 1.5, half of it after 30 days, nothing later, and one of the future is not known yet."""
    extremes = [(THURSDAY_MS - age * DAY_MS, 80_000.0 + age, "long") for age in (0, 30, 31, -1)]
    sources = collect(bars_of(random_hours()), 90_000.0, THURSDAY_MS, [*extremes, (THURSDAY_MS, 99.0, "short")], 0.03)
    weights = {(source.key, source.price): source.weight for source in sources if source.family == "flush"}
    assert weights == {
        ("level-flush-low", 80_000.0): 1.5,
        ("level-flush-low", 80_030.0): 0.75,
        ("level-flush-high", 99.0): 1.5,
    }


def test_the_first_minute_of_a_day_has_no_open_yet() -> None:
    """At midnight the day open is not known: its bar begins now."""
    midnight = THURSDAY_MS // DAY_MS * DAY_MS
    hours = random_hours(midnight + HOUR_MS)
    assert "level-day-open" not in found(hours, midnight)
    assert "level-day-open" in found(hours, midnight + 1)
