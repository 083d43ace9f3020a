"""What a venue told of a coin: all of it, and what of it lies before a flush that begins now."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.occupancy import one_a_second, throttled
from bot.market.rings import MINUTE_MS
from bot.market.told import Told

START_MS = 1_768_780_800_000


def test_a_venue_that_tells_all_is_taken_at_its_word() -> None:
    """Its estimate is what it told, however many in a second."""
    told = Told("bybit")
    for number in range(600):
        assert not told.add(number % 2, START_MS + number * 100, 50.0)
    assert told.amounts == pytest.approx((30_000.0, 30_000.0, 30_000.0, 0))


def test_each_minute_has_its_own_factor() -> None:
    """A calm minute after a busy one does not dilute it: 30 of 60 seconds, then one."""
    told = Told("okx")
    for second in range(30):
        told.add(0, START_MS + second * 1000 + 1, 100.0)
    told.add(1, START_MS + MINUTE_MS + 1, 100.0)
    whole = 3000 * one_a_second(0.5) + 100 * one_a_second(1 / 60)
    assert told.amounts == pytest.approx((3100.0, whole, whole, 0))


def test_a_minute_ends_with_its_last_millisecond() -> None:
    """What became known at a full minute belongs to the minute before, as everywhere; its second too."""
    told = Told("binance")
    for second in range(1, 61):
        full = told.add(0, START_MS + second * 1000, 1.0)
    assert full
    assert told.amounts.full == 1


def test_details_of_one_message_are_one_message() -> None:
    """Two closures of the same millisecond came together: they do not count as two contracts."""
    together, apart = Told("okx"), Told("okx")
    for second in range(40):
        for number in range(2):
            together.add(0, START_MS + second * 1000 + 1, 10.0)
            apart.add(0, START_MS + second * 1000 + 1 + number, 10.0)
    assert together.amounts.low_usd == pytest.approx(800 * one_a_second(40 / 60))
    assert apart.amounts.low_usd == pytest.approx(800 * throttled(40, 80)[0])


def test_the_largest_of_a_second_are_counted_by_side() -> None:
    """Longs in 40 seconds of a minute and shorts in 10: each side has the factor of its own occupancy."""
    told = Told("bitget")
    for second in range(40):
        told.add(0, START_MS + second * 1000 + 1, 10.0)
    for second in range(10):
        told.add(1, START_MS + second * 1000 + 2, 10.0)
    assert told.amounts == pytest.approx((500.0, 400 * 1.05 + 100, 400 * 1.2 + 100 * 1.05, 0))


def test_the_hour_before_belongs_to_a_flush() -> None:
    """What is older than an hour lies before it; a total only where it is of an hour and came within a minute."""
    told = Told("gate")
    told.add(0, START_MS, 1.0)
    told.add_total(86_400, START_MS + 10 * MINUTE_MS, (2.0, 0.0))
    told.add_total(3600, START_MS + 30 * MINUTE_MS, (4.0, 0.0))
    told.add_total(300, START_MS + 40 * MINUTE_MS, (8.0, 0.0))
    told.add(1, START_MS + 50 * MINUTE_MS, 16.0)
    now_ms = START_MS + 61 * MINUTE_MS
    assert told.before(now_ms).usd == 5.0
    told.add_total(3600, now_ms, (32.0, 0.0))
    assert told.before(now_ms).usd == 5.0
    assert told.amounts.usd == 61.0
    assert told.total_ms == now_ms


def test_of_totals_that_came_just_now_only_those_of_an_hour_are_told() -> None:
    """Shorter ones are in the sums by minute already, and one of a day tells of other hours too."""
    told = Told("gate")
    for span_s, usd in ((900, 1.0), (901, 2.0), (3600, 4.0), (3601, 8.0), (86_400, 16.0)):
        told.add_total(span_s, START_MS, (usd, 10 * usd))
    assert told.just_told(START_MS + 59_999) == (6.0, 60.0)
    assert told.just_told(START_MS + 60_000) == (0, 0)
    assert told.before(START_MS).usd == 0.0


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 90_000), st.floats(1, 1e7)), max_size=80), st.data())
def test_never_below_what_was_seen(events: list[tuple[int, int, float]], data: st.DataObject) -> None:
    """Whatever comes in whatever order, the estimate is a range at or above the sum, and outlives a restart."""
    venue = data.draw(st.sampled_from(["binance", "bitget", "bybit"]))
    told = Told(venue)
    for side, wait_ms, usd in events:
        told.add(side, START_MS + wait_ms, usd)
    usd, low_usd, high_usd, full = told.amounts
    assert usd == pytest.approx(sum(event[2] for event in events))
    assert usd <= low_usd * (1 + 1e-9) <= high_usd * (1 + 2e-9)
    assert full >= 0
    assert pickle.loads(pickle.dumps(told)).before(START_MS + MINUTE_MS) == told.before(START_MS + MINUTE_MS)
