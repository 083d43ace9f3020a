from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.rings import CELLS, MINUTE_MS, Highest, MinuteRing

START_MS = 1_768_780_800_000
# Milliseconds to go on, milliseconds before now at which the amount came, and the amount.
Steps = list[tuple[int, int, float]]
STEPS = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 3 * MINUTE_MS), st.integers(0, 200 * MINUTE_MS)),
        st.integers(0, 70 * MINUTE_MS),
        st.floats(0, 1e9),
    ),
    min_size=1,
    max_size=40,
)


def minute(at_ms: int) -> int:
    """The minute that a moment belongs to; it ends with its last millisecond."""
    return (at_ms - 1) // MINUTE_MS


@given(steps=STEPS, window=st.integers(1, CELLS))
def test_a_window_is_what_a_plain_table_of_minutes_says(steps: Steps, window: int) -> None:
    """After any advances, sums and highest values of each minute equal those kept in a dict."""
    sums, highest = MinuteRing((2,), 0.0), MinuteRing((2,), -np.inf)
    added: defaultdict[int, float] = defaultdict(float)
    raised: defaultdict[int, float] = defaultdict(lambda: -np.inf)
    now_ms = START_MS
    for passed_ms, back_ms, amount in steps:
        now_ms += passed_ms
        sums.advance(now_ms)
        highest.advance(now_ms)
        at_ms = now_ms - back_ms
        assert sums.holds(at_ms) == (minute(now_ms) - CELLS < minute(at_ms))
        if sums.holds(at_ms):
            sums.add((1,), at_ms, amount)
            highest.raise_to(at_ms, np.asarray(amount), (1,))
            added[minute(at_ms)] += amount
            raised[minute(at_ms)] = max(raised[minute(at_ms)], amount)
    last = minute(now_ms)
    minutes = range(last - window + 1, last + 1)
    assert sums.window(window)[1].tolist() == [added[number] for number in minutes]
    assert highest.window(window)[1].tolist() == [raised[number] for number in minutes]
    assert not sums.window(window)[0].any()


@given(
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from([np.nan, -2.0, 0.5, 3.0, 7.0])), max_size=80),
    st.integers(1, 20),
)
def test_the_highest_of_a_window_is_what_its_minutes_say(steps: list[tuple[int, float]], window: int) -> None:
    """Whatever comes in which minute, the highest is that of the last minutes, of those that are known."""
    highest, known, now = Highest(window, (1, 2)), [(0, -np.inf)], minute(START_MS)
    for passed, value in steps:
        now += passed
        highest.advance((now + 1) * MINUTE_MS)
        highest.raise_to(np.array([[value]]))
        known += [] if np.isnan(value) else [(now, value)]
        expected = max((told for at, told in known if at > now - window), default=-np.inf)
        assert highest.now.tolist() == [[expected, -np.inf]]


def test_the_highest_of_more_coins() -> None:
    """More coins begin with nothing, and those of before keep their minutes."""
    highest = Highest(3, (2, 1))
    for number, value in enumerate((5.0, 2.0, 1.0)):
        highest.advance(START_MS + number * MINUTE_MS)
        highest.raise_to(np.array([[value], [-value]]))
        highest.grow(2)
    assert highest.now.tolist() == [[5.0, -np.inf], [-1.0, -np.inf]]
    highest.advance(START_MS + 3 * MINUTE_MS)
    highest.raise_to(np.array([[np.nan, 4.0], [np.nan, np.nan]]))
    assert highest.now.tolist() == [[2.0, 4.0], [-1.0, -np.inf]]
    highest.forget(0, slice(1))
    assert highest.now.tolist() == [[-np.inf, 4.0], [-1.0, -np.inf]]


def test_time_never_goes_back() -> None:
    """An advance to an earlier moment changes nothing."""
    ring = MinuteRing((1,), 0.0)
    ring.advance(START_MS)
    ring.add((0,), START_MS, 5.0)
    ring.advance(START_MS - 10 * MINUTE_MS)
    assert ring.window(1)[0, 0] == 5.0


def test_unknown_raises_nothing() -> None:
    """NaN leaves the highest value of a minute as it was, and fewer coins than the ring has leave the rest alone."""
    ring = MinuteRing((2, 3), -np.inf)
    ring.advance(START_MS)
    ring.raise_to(START_MS, np.array([[1.0, 2.0], [3.0, 4.0]]))
    ring.raise_to(START_MS, np.array([[np.nan, 5.0], [2.0, np.nan]]))
    assert ring.window(1)[..., 0].tolist() == [[1.0, 5.0, -np.inf], [3.0, 4.0, -np.inf]]


@pytest.mark.parametrize("axis", [0, 1])
def test_growing_keeps_what_is_there(axis: int) -> None:
    """More venues or coins begin empty, and those of before keep their minutes."""
    ring = MinuteRing((2, 2), 0.0)
    ring.advance(START_MS)
    ring.put(START_MS, np.array([[1.0, 2.0], [3.0, 4.0]]))
    ring.grow(axis, 5)
    last = ring.window(1)[..., 0]
    assert last[:2, :2].tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert last.sum() == 10.0
    assert last.shape[axis] == 5
