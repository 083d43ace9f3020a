from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aftermath.interest import interest_over
from bot.aftermath.missing import Hole
from tests.aftermath.slots import NAN, at, history_of

SLOTS = 12 * 12  # from -6 h to +6 h


def interest(*gaps: tuple[float, float], every: int = 1) -> list[float]:
    """An open interest of 100 told every `every` slots from -6 h on, but in the gaps (hours since onset)."""
    told = [NAN if number % every else 100.0 for number in range(SLOTS + 1)]
    for start, end in gaps:
        for number in range(SLOTS + 1):
            if start < -6 + number / 12 < end:
                told[number] = NAN
    return told


def holes(values: list[float]) -> tuple[Hole, ...]:
    """The holes of one venue from onset to +6 h."""
    history = history_of(at(-6), [100.0] * len(values), interest={"okx": values})
    return interest_over(history.until(at(6)), "BTC", at(0), at(6)).holes


def test_three_missed_polls_are_carried_over() -> None:
    """Twenty minutes between two values are bridged with the older one."""
    history = history_of(at(-6), [100.0] * (SLOTS + 1), interest={"okx": interest((1, 1.33))})
    found = interest_over(history.until(at(6)), "BTC", at(0), at(6))
    assert found.whole == ("okx",)
    assert not np.isnan(found.total(["okx"])).any()


def test_a_longer_silence_is_a_hole_with_its_times() -> None:
    """Half an hour of silence keeps the venue out, and is named from the last value to the next."""
    assert holes(interest((1, 1.5))) == (Hole("okx", at(1), at(1.5)),)


def test_silence_up_to_the_end_has_no_end() -> None:
    """A venue that has not spoken since +2 h is missing since then."""
    assert holes(interest((2, 7))) == (Hole("okx", at(2), None),)


def test_silence_before_the_span_does_not_matter() -> None:
    """A hole that was over two hours before onset touches nothing."""
    assert holes(interest((-5, -2))) == ()


def test_an_hourly_venue_is_no_hole_but_may_miss_no_hour() -> None:
    """Known every hour is enough, while one missed hour leaves two without a word across a flush."""
    assert holes(interest(every=12)) == ()
    assert holes(interest((1.5, 2.5), every=12)) == (Hole("okx", at(1), at(3)),)


def test_unknown_in_one_venue_is_unknown_in_the_sum() -> None:
    """A venue that begins at +1 h makes the sum unknown before, not smaller."""
    history = history_of(at(-6), [100.0] * (SLOTS + 1), interest={"okx": interest(), "gate": interest((-7, 1))})
    found = interest_over(history.until(at(6)), "BTC", at(0), at(6))
    total = found.total(["okx", "gate"])
    assert np.isnan(total[found.times < at(1)]).all()
    assert total[-1] == 200.0


@given(st.lists(st.one_of(st.just(NAN), st.floats(1, 1e6)), min_size=SLOTS + 1, max_size=SLOTS + 1))
def test_what_is_carried_was_told_before(values: list[float]) -> None:
    """At every moment the value is the last one told up to it."""
    history = history_of(at(-6), [100.0] * (SLOTS + 1), interest={"okx": values})
    found = interest_over(history.until(at(6)), "BTC", at(0), at(6)).coins.get("okx", np.array([]))
    for number, value in enumerate(found):
        told = [v for v in values[: SLOTS + 1 - found.size + number + 1] if not np.isnan(v)]
        assert np.isnan(value) if not told else value == pytest.approx(told[-1], rel=1e-6)
