from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.levels.bars import Bars, bars_of, merged, wilder
from bot.levels.peaks import prominence
from bot.levels.swings import Swing, pivots, swings
from bot.market.history import HOUR_MS
from tests.levels.weeks import THURSDAY_MS, cut, random_hours


def zigzag(turns: list[tuple[int, float]], end_ms: int = THURSDAY_MS) -> Bars:
    """Hourly bars of a straight walk between (hour, price), two wide, the last of which has just ended."""
    count = turns[-1][0] + 1
    close = np.interp(np.arange(count), [hour for hour, _ in turns], [price for _, price in turns])
    start_ms = end_ms - HOUR_MS * np.arange(count, 0, -1)
    return Bars(start_ms, close, close + 1, close - 1, close, np.ones(count))


@given(st.lists(st.integers(0, 6).map(float), max_size=40), st.integers(1, 6), st.integers(0, 4))
def test_pivots_equal_the_slow_way(row: list[float], sides: int, least: int) -> None:
    """Every place held against its neighbours one by one, of equal ones the first."""
    values = np.array(row)
    slow = [
        place
        for place in range(sides, len(row) - sides)
        if all(row[place] > row[place - step] and row[place] >= row[place + step] for step in range(1, sides + 1))
        and prominence(values, place) >= least
    ]
    assert pivots(values, sides, least).tolist() == slow


def test_turns_of_a_walk_are_found_with_their_visits() -> None:
    """Up to 140, down to 110, near 140 again after it was confirmed, and away: a high visited once, and a low."""
    bars = zigzag([(0, 100), (40, 140), (80, 110), (120, 139.5), (160, 90)])
    found = {(swing.price, swing.high): swing for swing in swings(bars, THURSDAY_MS, 1.0)}
    assert found[141.0, True] == Swing(int(bars.start_ms[40]) // (4 * HOUR_MS) * 4 * HOUR_MS, 141.0, True, 1)
    assert found[109.0, False].touches == 1  # the fall at the end came through it
    assert found[140.5, True].touches == 0


def test_a_turn_is_known_only_after_ten_hours() -> None:
    """The high of an hour is no swing while the tenth hour after it runs, and is one when that has ended."""
    bars = zigzag([(0, 100), (40, 140), (50, 130)])
    assert (141.0, True) not in {(swing.price, swing.high) for swing in swings(bars, THURSDAY_MS - 1, 1.0)}
    assert (141.0, True) in {(swing.price, swing.high) for swing in swings(bars, THURSDAY_MS, 1.0)}


@settings(max_examples=20)
@given(st.integers(60, 359))
def test_later_bars_change_no_swing(known: int) -> None:
    """As of a past hour the swings are those of the bars known then; what is found stays found."""
    hours = random_hours()
    now_ms = hours.start_ms[known]
    then = swings(bars_of(cut(hours, 0, known)), now_ms, 100.0)
    assert swings(bars_of(hours), now_ms, 100.0) == then


def test_a_swing_stands_out_by_an_average_range() -> None:
    """Every swing of a random walk is higher or lower than its surroundings by at least an ATR of its bars."""
    bars = bars_of(random_hours())
    found = swings(bars, THURSDAY_MS, 100.0)
    least = min(float(wilder(wide.high, wide.low, wide.close) or 0.0) for wide in (merged(bars, 4 * HOUR_MS), bars))
    for swing in found:
        values = bars.high if swing.high else -bars.low
        place = int(np.flatnonzero(np.isclose(np.abs(values), swing.price))[0])
        assert prominence(values, place) >= least * (1 - 1e-9)
    assert len(found) > 8


@pytest.mark.parametrize("count", [0, 1, 20])
def test_too_few_bars_have_no_swings(count: int) -> None:
    """Without bars, or with fewer than a range and two sides need, nothing is a swing."""
    assert swings(bars_of(cut(random_hours(), 0, count)), THURSDAY_MS, 1.0) == []
