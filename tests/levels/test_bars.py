from __future__ import annotations

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.levels.bars import atr, atr_1d, atr_1h, bars_of, finished, wilder
from bot.market.history import DAY_MS, HOUR_MS
from tests.levels.weeks import THURSDAY_MS, chosen, cut, random_hours


def test_atr_is_wilders_recursion() -> None:
    """ATR equals an exponential mean of the true ranges with alpha 1/14, seeded by the mean of the first fourteen."""
    hours = random_hours()
    frame = pd.DataFrame({"high": hours.high, "low": hours.low, "before": pd.Series(hours.close).shift()}).iloc[1:]
    ranges = frame[["high", "before"]].max(axis=1) - frame[["low", "before"]].min(axis=1)
    seeded = pd.concat([pd.Series([ranges.iloc[:14].mean()]), ranges.iloc[14:]])
    assert atr(hours) == pytest.approx(seeded.ewm(alpha=1 / 14, adjust=False).mean().iloc[-1])


@given(st.lists(st.tuples(*[st.floats(1, 100)] * 3), min_size=3, max_size=40), st.integers(2, 14))
def test_atr_equals_the_slow_way(rows: list[tuple[float, ...]], n: int) -> None:
    """Bar by bar as Wilder wrote it down: the largest of three differences, then (n - 1) parts old and one new."""
    bars = [sorted(row) for row in rows]  # low, close, high
    ranges = [
        max(high - low, abs(high - before), abs(low - before))
        for (low, _, high), (_, before, _) in zip(bars[1:], bars, strict=False)
    ]
    average = sum(ranges[:n]) / n if len(ranges) >= n else None
    for true_range in ranges[n:]:
        average = ((average or 0.0) * (n - 1) + true_range) / n
    low, close, high = (np.array(column) for column in zip(*bars, strict=True))
    assert wilder(high, low, close, n) == (average and pytest.approx(average))


def test_atr_golden() -> None:
    """Two bars after the first, with ranges 3 and 2, the gap to the close before included, average 2.5."""
    high, low, close = np.array([10.0, 13.0, 12.0]), np.array([9.0, 11.0, 11.0]), np.array([10.0, 13.0, 11.5])
    assert wilder(high, low, close, 2) == 2.5


@pytest.mark.parametrize(("count", "known"), [(0, False), (14, False), (15, True)])
def test_atr_needs_one_bar_more_than_its_length(count: int, known: bool) -> None:
    """With fewer than fifteen hours the range of fourteen is unknown, not small."""
    assert (atr(cut(random_hours(), 0, count)) is not None) is known


def test_an_unfinished_hour_does_not_calm_the_range() -> None:
    """The hour that runs at `now_ms` has no part in ATR(1h)."""
    hours = random_hours()
    bars = bars_of(hours)
    in_the_last = THURSDAY_MS - HOUR_MS // 2
    assert finished(bars, in_the_last).start_ms[-1] == THURSDAY_MS - 2 * HOUR_MS
    assert atr_1h(bars, in_the_last) == atr(cut(hours, 0, 359))


def test_daily_range_uses_whole_days_only() -> None:
    """ATR(1d) equals that of pandas' daily bars without the begun first and last day."""
    hours = random_hours()
    frame = pd.DataFrame(
        {"high": hours.high, "low": hours.low, "close": hours.close}, index=pd.to_datetime(hours.start_ms, unit="ms")
    )
    days = frame.resample("D").agg({"high": "max", "low": "min", "close": "last"}).iloc[1:-1]
    high, low, close = (days[name].to_numpy() for name in ("high", "low", "close"))
    assert atr_1d(bars_of(hours), THURSDAY_MS) == pytest.approx(wilder(high, low, close, len(days) - 1))


@given(st.permutations(range(48)))
def test_order_of_bars_does_not_matter(order: list[int]) -> None:
    """Bars are put in order of time before anything is computed."""
    hours = cut(random_hours(), 0, 48)
    assert atr(chosen(hours, order)) == atr(hours)


def test_a_day_is_covered_with_one_hour_missing_and_not_with_two() -> None:
    """23 of 24 hours still make a day; 22 might hide its high."""
    bars = bars_of(random_hours())
    day = THURSDAY_MS // DAY_MS * DAY_MS - DAY_MS
    assert bars.between(day + HOUR_MS, day + DAY_MS).cover(day, day + DAY_MS)
    assert not bars.between(day + 2 * HOUR_MS, day + DAY_MS).cover(day, day + DAY_MS)
