"""The forced share of a fall of open interest: public figures first, then what flushes taught."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flush.episode import Forced
from bot.flush.forced import ENOUGH_FLUSHES, KEPT_FLUSHES, LIMITS, PUBLIC, ForcedShares


def taught(*shares: float) -> ForcedShares:
    """What so many flushes taught, in their order."""
    told = ForcedShares()
    for number, share in enumerate(shares):
        told.learn(f"2026-01-19-BTC-{number}", share)
    return told


def test_few_flushes_change_nothing() -> None:
    """Up to nine the two public figures are the range, with 35 % between them."""
    assert taught(*[0.7] * (ENOUGH_FLUSHES - 1)).range() == PUBLIC == Forced(0.17, 0.35, 0.59, 0)


def test_ten_flushes_give_their_median_and_quartiles() -> None:
    """Shares of 0.1 to 1.0 in steps of a tenth: those above 0.8 count as 0.8."""
    learnt = taught(*(number / 10 for number in range(10, 0, -1))).range()
    assert (learnt.low, learnt.middle, learnt.high) == pytest.approx((0.325, 0.55, 0.775))
    assert learnt.flushes == 10


def test_a_flush_that_goes_on_counts_once() -> None:
    """Its last end is what it taught."""
    told = taught(0.2, 0.3)
    told.learn("2026-01-19-BTC-0", 0.4)
    assert list(told.known.values()) == [0.3, 0.4]


def test_the_oldest_are_forgotten() -> None:
    """Two hundred are kept, so that a market that changed is followed."""
    told = taught(*[0.2] * KEPT_FLUSHES, 0.9)
    assert len(told.known) == KEPT_FLUSHES
    assert list(told.known.values())[-1] == 0.9


@given(st.lists(st.floats(0, 1e6), max_size=30))
def test_a_range_stays_within_its_limits(shares: list[float]) -> None:
    """Whatever was seen, low, middle and high are in order and within a tenth and eight tenths."""
    told = taught(*shares).range()
    assert LIMITS[0] <= told.low <= told.middle <= told.high <= LIMITS[1]
