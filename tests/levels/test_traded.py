"""Levels that rest on traded volume: anchored averages and profiles."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.levels.bars import QUARTER_MS, Bars, bars_of, merged, quarters_of
from bot.levels.cluster import find
from bot.levels.profile import geometric_edges, value_area, volume_profile
from bot.levels.sources import Source, collect
from bot.levels.swings import swings
from bot.levels.vwap import vwap
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS
from bot.market.view import Hours, Slots
from tests.levels.weeks import HOURS, MINUTES, QUARTERS, THURSDAY_MS, chosen, cut, hours_of, random_hours

EXTREMES = [(THURSDAY_MS - 5 * DAY_MS, 88_000.0, "long"), (THURSDAY_MS - 2 * DAY_MS, 91_000.0, "short")]


def by_key(sources: list[Source]) -> dict[str, float]:
    """Prices of the sources that stand once."""
    return {source.key: source.price for source in sources}


def found(bars: Bars = HOURS, now_ms: int = THURSDAY_MS, quarters: Bars | None = QUARTERS) -> list[Source]:
    """All sources of the random month."""
    return collect(bars, float(HOURS.close[-1]), now_ms, EXTREMES, 0.03, quarters=quarters, near=50.0)


def test_averages_are_anchored_at_the_last_flush_the_last_swing_high_and_the_month() -> None:
    """Each is the average of the quarters from the anchor's on."""
    levels = by_key(found())
    month_ms = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 1000
    high_ms = max(swing.at_ms for swing in swings(HOURS, THURSDAY_MS, 50.0) if swing.high)
    for name, at_ms in (("flush", EXTREMES[1][0]), ("high", high_ms), ("month", month_ms)):
        average = vwap(QUARTERS.between(at_ms, THURSDAY_MS))
        assert average is not None
        assert levels[f"level-vwap-since-{name}"] == pytest.approx(average.price)


def test_on_the_first_the_month_has_no_average_of_its_own() -> None:
    """On the first of a month the average since its open is that of the day, which counts once."""
    first_ms = int(datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp()) * 1000
    levels = by_key(found(now_ms=first_ms))
    assert "level-day-vwap" in levels
    assert "level-vwap-since-month" not in levels


@pytest.mark.parametrize(("name", "days", "fading"), [("week", 7, 2**-0.5), ("weeks", 30, 2 ** (-15 / 7))])
def test_profiles_of_a_week_and_of_a_month(name: str, days: int, fading: float) -> None:
    """Most traded price and value area are those of the profile of all quarters, and fade by half of its length."""
    quarters = QUARTERS.between(THURSDAY_MS - days * DAY_MS, THURSDAY_MS)
    edges = geometric_edges(float(quarters.low.min()), float(quarters.high.max()), 0.001)
    profile = volume_profile(quarters, edges)
    of_key = {source.key: source for source in found()}
    control = of_key[f"level-most-traded-{name}"]
    assert control.price == pytest.approx(profile.middle(profile.point_of_control), rel=1e-3)
    assert control.weight == pytest.approx(1.5 * fading)
    area = [of_key[f"level-value-{end}-{name}"].price for end in ("low", "high")]
    assert area == pytest.approx(value_area(profile), rel=1e-3)
    assert all(
        source.weight == pytest.approx(0.6 * fading)
        for source in found()
        if source.key.endswith(f"traded-{name}") and source is not control and "much" in source.key
    )


def test_two_weeks_are_a_longer_profile_and_ten_days_are_not() -> None:
    """As far as memory reaches, from two weeks on; below a week there is no profile at all."""
    for days, names in ((15, {"week", "weeks"}), (10, {"week"}), (6, set())):
        start_ms = THURSDAY_MS - days * DAY_MS
        sources = found(HOURS.between(start_ms, THURSDAY_MS), quarters=QUARTERS.between(start_ms, THURSDAY_MS))
        assert {key.rpartition("-")[2] for key in by_key(sources) if "most-traded" in key} == names


def test_hours_stand_in_where_quarters_are_not_known() -> None:
    """Without quarters, or with some of unknown volume, the profile is that of the hourly bars, near to the same."""
    holes = np.where(np.arange(QUARTERS.volume.size) % 4 == 3, QUARTERS.volume, np.nan)
    columns = (QUARTERS.start_ms, QUARTERS.open, QUARTERS.high, QUARTERS.low, QUARTERS.close)
    hourly, rough = by_key(found(quarters=None)), by_key(found(quarters=Bars(*columns, holes, QUARTER_MS)))
    assert rough == hourly
    assert hourly["level-most-traded-weeks"] == pytest.approx(by_key(found())["level-most-traded-weeks"], rel=0.02)


def test_no_volume_no_profile() -> None:
    """Where no volume is known, or none was traded, nothing rests on volume."""
    hours = random_hours()
    columns = (hours.start_ms, hours.open, hours.high, hours.low, hours.close)
    for volume in (None, 0.0):
        sources = collect(bars_of(Hours(*columns, (volume,) * 360)), 90_000.0, THURSDAY_MS, EXTREMES, 0.03)
        assert not [source for source in sources if source.family in ("vwap", "anchored", "profile")]


@settings(max_examples=20)
@given(st.integers(96, 30 * 96 - 1))
def test_no_level_knows_later_bars(known: int) -> None:
    """As of the end of a quarter, levels from all bars are those from the bars that had ended."""
    now_ms = int(QUARTERS.start_ms[known])
    minutes = MINUTES.between(0, now_ms)
    hours, quarters = hours_of(merged(minutes, HOUR_MS)), merged(minutes, QUARTER_MS)
    price = float(minutes.close[-1])
    then = find(hours, price, now_ms, EXTREMES, quarters=quarters)
    later = find(hours, price, now_ms, EXTREMES, quarters=QUARTERS)
    assert later == then


@settings(max_examples=10)
@given(st.permutations(range(360)))
def test_order_of_bars_does_not_matter(order: list[int]) -> None:
    """Bars in any order give the same levels."""
    hours = random_hours()
    assert find(chosen(hours, order), 90_000.0, THURSDAY_MS) == find(hours, 90_000.0, THURSDAY_MS)


def test_slots_become_quarters() -> None:
    """Three slots are one bar with their highest, lowest, last and sum; a slot of unknown volume leaves it unknown."""
    close = np.array([100.0, 104.0, 102.0, 103.0, 101.0])
    start_ms = THURSDAY_MS + SLOT_MS * np.arange(5)
    volume = np.array([1.0, 2.0, 4.0, 8.0, np.nan])
    bars = quarters_of(Slots(start_ms, close + 1, close - 1, close, volume, np.full(5, np.nan)))
    assert bars.start_ms.tolist() == [THURSDAY_MS, THURSDAY_MS + QUARTER_MS]
    assert (bars.open.tolist(), bars.high.tolist()) == ([100, 103], [105, 104])
    assert (bars.low.tolist(), bars.close.tolist()) == ([99, 100], [102, 101])
    np.testing.assert_array_equal(bars.volume, [7.0, np.nan])
    assert merged(bars_of(cut(random_hours(), 0, 0)), DAY_MS).start_ms.size == 0


@pytest.mark.slow
def test_levels_of_a_month_of_minutes_take_less_than_20_ms() -> None:
    """From 43,200 bars of a minute to levels, merging included: the best of ten, in time of the processor."""
    taken = []
    for _ in range(10):
        begun = time.process_time()
        hours, quarters = hours_of(merged(MINUTES, HOUR_MS)), merged(MINUTES, QUARTER_MS)
        find(hours, float(MINUTES.close[-1]), THURSDAY_MS, EXTREMES, quarters=quarters)
        taken.append(time.process_time() - begun)
    assert min(taken) < 0.02
