from __future__ import annotations

import math
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.levels.bars import atr_1d, atr_1h, bars_of
from bot.levels.cluster import Level, distance, find, grouped, level_of, nearest
from bot.levels.sources import Source, collect
from bot.market.history import DAY_MS, HOUR_MS
from bot.market.view import Hours
from tests.levels.weeks import THURSDAY_MS, cut, random_hours, scaled

EMPTY = Hours((), (), (), (), (), ())
SOURCES = st.lists(
    st.builds(
        Source,
        key=st.sampled_from(("level-a", "level-b")),
        family=st.sampled_from(("day", "week", "round")),
        price=st.floats(50, 150),
        weight=st.sampled_from((0.4, 0.7, 1.0, 1.5)),
    ),
    max_size=25,
)


def source(price: float, weight: float = 1.0, family: str = "day") -> Source:
    """A source that is not of interest but for its price and weight."""
    return Source(f"level-{family}", family, price, weight)


@given(SOURCES, st.randoms(), st.floats(0.1, 5))
def test_groups_do_not_depend_on_order(sources: list[Source], random: Random, gap: float) -> None:
    """Sources in any order give the same groups."""
    shuffled = list(sources)
    random.shuffle(shuffled)
    assert grouped(shuffled, gap) == grouped(sources, gap)


@given(SOURCES, st.floats(0.1, 5))
def test_groups_are_ordered_whole_and_apart(sources: list[Source], gap: float) -> None:
    """No source is lost, groups do not overlap, and the means of neighbours lie further apart than the gap."""
    groups = grouped(sources, gap)
    assert sorted(s.price for group in groups for s in group) == sorted(s.price for s in sources)
    means = [np.average([s.price for s in group], weights=[s.weight for s in group]) for group in groups]
    assert all(later - earlier > gap * (1 - 1e-9) for earlier, later in pairwise(means))


def test_evenly_spaced_numbers_do_not_run_together() -> None:
    """Ten prices one apart with a gap of one make pairs, not one level over all of them."""
    assert max(len(group) for group in grouped([source(float(price)) for price in range(100, 110)], 1.0)) == 2


def test_score_golden() -> None:
    """A day high of weight 1.0 and a day open of 0.7 without bars: raw 1.7 + 0.3 for one family, score 55.07."""
    level = level_of([source(100.0), source(100.5, 0.7)], bars_of(EMPTY), THURSDAY_MS, 0.1)
    assert level.score == pytest.approx(100 * (1 - math.exp(-2.0 / 2.5)))
    assert level.score == pytest.approx(55.07, abs=0.005)
    assert (level.price, level.low, level.high) == (100.0, 100.0, 100.5)


def test_families_visits_and_wear_count() -> None:
    """Two families add 0.6, each of two visits 0.2, and four closes across the level take 0.5 away."""
    closes = (99.0, 101.0, 99.0, 101.0, 99.0, 90.0, 99.5)
    starts = tuple(THURSDAY_MS - (7 - place) * HOUR_MS for place in range(7))
    highs = tuple(close + 1 for close in closes)
    lows = tuple(close - 1 for close in closes)
    bars = bars_of(Hours(starts, closes, highs, lows, closes, (None,) * 7))
    level = level_of([source(100.0), source(100.0, family="week")], bars, THURSDAY_MS, 0.1)
    raw = -2.5 * math.log(1 - level.score / 100)
    assert raw == pytest.approx(2.0 + 0.6 + 0.4 - 0.5)


def test_price_is_the_mean_without_a_heavy_member() -> None:
    """Three equal members have none with half of the weight, so that their mean is the price."""
    level = level_of([source(100.0), source(101.0), source(105.0)], bars_of(EMPTY), THURSDAY_MS, 0.1)
    assert level.price == pytest.approx(102.0)


def test_levels_keep_their_distances() -> None:
    """Every level is at least half an ATR(1h) from the price and from the next, and within eight ATR(1d)."""
    hours = random_hours()
    bars = bars_of(hours)
    hourly, daily = atr_1h(bars, THURSDAY_MS), atr_1d(bars, THURSDAY_MS)
    levels = find(hours, hours.close[-1], THURSDAY_MS)
    prices = sorted([level.price for level in levels])
    assert hourly is not None
    assert daily is not None
    assert len(levels) > 4
    assert min(abs(price - hours.close[-1]) for price in prices) >= 0.5 * hourly
    assert min(np.diff(prices)) >= 0.5 * hourly
    assert max(abs(price - hours.close[-1]) for price in prices) <= 8 * daily


def test_levels_come_nearest_first() -> None:
    """`find` sorts by distance, `nearest` takes the best two of the nearest five on each side."""
    hours = random_hours()
    price = hours.close[-1]
    levels = find(hours, price, THURSDAY_MS)
    gaps = [abs(level.price - price) for level in levels]
    assert gaps == sorted(gaps)
    for side, shown in zip((1, -1), nearest(levels, price, 2), strict=True):
        near = [level for level in levels if side * (level.price - price) > 0][:5]
        best = sorted(near, key=lambda level: -level.score)[:2]
        assert shown == [level for level in near if level in best]


def test_distance_is_signed_in_percent_and_ranges() -> None:
    """A level at 102 seen from 100 with a range of 4 is 2 % and half a range above."""
    level = Level(102.0, 102.0, 102.0, 50.0, (source(102.0),))
    assert distance(level, 100.0, 4.0).fraction == pytest.approx(0.02)
    assert distance(level, 100.0, 4.0).in_atr == 0.5
    assert distance(level, 100.0, None).in_atr is None


@settings(max_examples=30)
@given(st.integers(30, 359), st.integers(0, HOUR_MS - 1))
def test_nothing_later_than_now_is_seen(known: int, into_ms: int) -> None:
    """Bars that begin after the moment asked about change no level of it."""
    hours = random_hours()
    now_ms = hours.start_ms[known - 1] + into_ms + 1
    price = hours.close[known - 1]
    assert find(hours, price, now_ms) == find(cut(hours, 0, known), price, now_ms)


@given(st.sampled_from((0.25, 2.0, 1024.0)))
def test_prices_scale_with_the_market(factor: float) -> None:
    """Another unit of account scales every level; round numbers alone belong to the unit and are left aside."""
    near, far = (
        plain_levels(random_hours(), [(THURSDAY_MS - DAY_MS, 89_000.0, "long")]),
        plain_levels(scaled(random_hours(), factor), [(THURSDAY_MS - DAY_MS, 89_000.0 * factor, "long")]),
    )
    assert len(near) > 10
    assert [level.price * factor for level in near] == pytest.approx([level.price for level in far])
    assert [level.score for level in near] == pytest.approx([level.score for level in far])
    assert [[s.key for s in level.sources] for level in near] == [[s.key for s in level.sources] for level in far]


def plain_levels(hours: Hours, extremes: list[tuple[int, float, str]]) -> list[Level]:
    """Levels of everything but round numbers, by price."""
    bars = bars_of(hours)
    gap = 0.35 * (atr_1h(bars, THURSDAY_MS) or 0.0)
    sources = collect(bars, hours.close[-1], THURSDAY_MS, extremes, 0.01, near=gap)
    groups = grouped([source for source in sources if source.family != "round"], gap)
    return [level_of(group, bars, THURSDAY_MS, gap) for group in groups]


@settings(max_examples=20)
@given(st.permutations([(THURSDAY_MS - age * DAY_MS, 80_000.0 + 997 * age, "long") for age in range(5)]))
def test_order_of_flush_extremes_does_not_matter(extremes: list[tuple[int, float, str]]) -> None:
    """Extremes in any order give the same levels."""
    hours = random_hours()
    assert find(hours, 90_000.0, THURSDAY_MS, extremes) == find(hours, 90_000.0, THURSDAY_MS, sorted(extremes))


def test_there_are_two_levels_even_far_away() -> None:
    """Without a daily range next to nothing is in reach, but the nearest two levels are always named."""
    hours = cut(random_hours(), 360 - 16, 360)
    levels = find(hours, hours.close[-1], THURSDAY_MS, least_reach=0.0001)
    assert len(levels) == 2
    assert min(abs(level.price / hours.close[-1] - 1) for level in levels) > 0.0001


def test_without_bars_round_numbers_remain() -> None:
    """A coin of which only the price is known still has its round numbers."""
    levels = find(EMPTY, 72_226.0, THURSDAY_MS, least_reach=0.05)
    assert [level.price for level in levels] == [70_000.0, 75_000.0]
