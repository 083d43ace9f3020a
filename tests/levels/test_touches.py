from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.levels.bars import QUARTER_MS, Bars, finished
from bot.levels.cluster import Level, find
from bot.levels.touches import Held, State, beyond, first_touch, hold_rates, state, walk
from bot.market.history import DAY_MS
from tests.levels.weeks import HOURS, QUARTERS, THURSDAY_MS, hours_of

Row = tuple[float, float, float]  # high, low, close
EXTREMES = [(THURSDAY_MS - 5 * DAY_MS, 88_000.0, "long")]


def quarters(rows: list[Row], end_ms: int = THURSDAY_MS) -> Bars:
    """Bars of 15 minutes, the last of which has just ended."""
    high, low, close = (np.array(column) for column in zip(*rows, strict=True))
    start_ms = end_ms - QUARTER_MS * np.arange(len(rows), 0, -1)
    return Bars(start_ms, close, high, low, close, np.ones(len(rows)), QUARTER_MS)


def mirrored(bars: Bars) -> Bars:
    """The same upside down around 100."""
    columns = (200 - bars.open, 200 - bars.low, 200 - bars.high, 200 - bars.close, bars.volume)
    return Bars(bars.start_ms, *columns, bars.span_ms)


def at(price: float, low: float | None = None, high: float | None = None) -> Level:
    """A level of one price, or of a band around it."""
    return Level(price, price if low is None else low, price if high is None else high, 60.0, ())


CALM: list[Row] = [(100.05, 99.95, 100.0)] * 110


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ((100.0, 99.6, 99.8), "untested"),
        ((100.0, 99.05, 99.5), "held"),
        ((100.0, 98.5, 99.2), "pierced"),
        ((100.0, 98.5, 98.8), "crossed"),
    ],
)
def test_states_of_a_day(last: Row, expected: State) -> None:
    """A level at 99 with δ 0.1: not reached, reached within δ, reached beyond with a close above, closed beyond."""
    bars = quarters([*CALM, last, *[(100.0, 99.9, 100.0)] * 3])
    assert beyond(bars, 100.0, THURSDAY_MS) == pytest.approx(0.1)
    assert state(at(99.0), 100.0, bars, THURSDAY_MS) == expected
    assert state(at(101.0), 100.0, mirrored(bars), THURSDAY_MS) == expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ((100.0, 99.65, 99.8), "untested"),
        ((100.0, 99.55, 99.8), "held"),
        ((100.0, 98.45, 98.7), "held"),
        ((100.0, 98.35, 98.7), "pierced"),
        ((100.0, 98.35, 98.35), "crossed"),
    ],
)
def test_a_level_of_several_sources_is_the_band_from_the_lowest_to_the_highest(last: Row, expected: State) -> None:
    """With sources from 98.5 to 99.5 and δ 0.1: reached where the band begins, pierced and crossed where it ends."""
    bars = quarters([*CALM, last, *[(100.0, 99.9, 100.0)] * 3])
    assert state(at(99.0, 98.5, 99.5), 100.0, bars, THURSDAY_MS) == expected
    assert state(at(101.0, 100.5, 101.5), 100.0, mirrored(bars), THURSDAY_MS) == expected


def test_a_state_looks_back_a_day_and_no_bar_ahead() -> None:
    """What happened more than 24 h ago, or in a bar that has not ended, has no part in it; half a day is too little."""
    fall: Row = (100.0, 98.0, 98.0)
    assert state(at(99.0), 100.0, quarters([fall, *CALM]), THURSDAY_MS) == "untested"
    assert state(at(99.0), 100.0, quarters([*CALM, fall]), THURSDAY_MS - 1) == "untested"
    assert state(at(99.0), 100.0, quarters(CALM[:48]), THURSDAY_MS) is None


@pytest.mark.parametrize(
    ("rows", "held"),
    [
        ([(100.0, 99.05, 99.2), (100.1, 99.1, 99.5)], True),
        ([(100.0, 99.05, 100.0)], True),
        ([(100.1, 99.05, 99.2)], None),
        ([(100.0, 98.0, 99.5), (100.2, 99.5, 99.9)], True),
        ([(100.0, 98.0, 98.8), (100.2, 99.5, 99.9)], False),
        ([(100.0, 99.05, 99.2), (100.2, 99.3, 100.0), (99.9, 98.0, 98.5)], True),
        ([(100.0, 99.2, 99.3), (103.0, 99.3, 102.0)], None),
        ([(99.9, 99.3, 99.3)] * 96 + [(100.0, 98.0, 98.0)], None),
    ],
)
def test_first_touches(rows: list[Row], held: bool | None) -> None:
    """A level at 99, δ 0.1, a bounce of 1: what came first, of one bar only the close, and only within a day."""
    bars = quarters(rows)
    assert first_touch(99.0, 100.0, bars, 0.1, 1.0) is held
    assert first_touch(101.0, 100.0, mirrored(bars), 0.1, 1.0) is held


def test_a_bounce_and_a_close_through_in_one_bar_is_no_hold() -> None:
    """When a bar both bounced and closed through, the close decides, because it is certain to be the later one."""
    bars = quarters([(99.5, 99.05, 99.2), (100.5, 98.0, 98.2)])
    assert first_touch(99.0, 100.0, bars, 0.1, 1.0) is False


def test_hold_rates_are_counted_by_family() -> None:
    """Two of three for one family, none of one for another, the most touched first."""
    touches = [("day", True), ("week", False), ("day", False), ("day", True)]
    assert list(hold_rates(touches).items()) == [("day", Held(2, 3)), ("week", Held(0, 1))]


def test_every_midnight_is_held_against_what_came_after() -> None:
    """The walk over a month finds what going through its midnights by hand finds."""
    counted: Counter[tuple[str, bool]] = Counter()
    ended = finished(QUARTERS, THURSDAY_MS)
    for age in range(22, 0, -1):
        at_ms = THURSDAY_MS // DAY_MS * DAY_MS - age * DAY_MS
        price = float(ended.between(0, at_ms).close[-1])
        day = ended.between(at_ms - DAY_MS - QUARTER_MS, at_ms)
        ranges = np.maximum(day.high[1:], day.close[:-1]) - np.minimum(day.low[1:], day.close[:-1])
        usual = ranges[:14].mean()
        for true_range in ranges[14:]:
            usual = (13 * usual + true_range) / 14
        for level in find(hours_of(HOURS), price, at_ms, EXTREMES, quarters=QUARTERS):
            since = ended.between(at_ms, at_ms + 2 * DAY_MS)
            families = {"all"} | {source.family for source in level.sources}
            for place, names in ((level.price, families), (price - (level.price - price), {"mirrored"})):
                held = first_touch(place, price, since, max(0.25 * usual, 0.001 * price), usual)
                if held is not None:
                    counted.update((name, held) for name in names)
    assert Counter(walk(hours_of(HOURS), QUARTERS, THURSDAY_MS, EXTREMES)) == counted
    assert hold_rates(counted.elements())["all"].touched > 30


@settings(max_examples=5)
@given(st.integers(12, 29))
def test_the_walk_to_a_past_day_sees_nothing_later(days: int) -> None:
    """As of an earlier midnight it is the same from all bars as from those known then."""
    now_ms = THURSDAY_MS // DAY_MS * DAY_MS - (30 - days) * DAY_MS
    known = list(walk(hours_of(HOURS.between(0, now_ms)), QUARTERS.between(0, now_ms), now_ms))
    assert list(walk(hours_of(HOURS), QUARTERS, now_ms)) == known


def test_without_bars_there_is_nothing_to_count() -> None:
    """No bars, no touches."""
    nothing = QUARTERS.between(0, 0)
    assert list(walk(hours_of(nothing), nothing, THURSDAY_MS)) == []
