from __future__ import annotations

import numpy as np
import pytest

from bot.market.history import HOUR_MS, SLOT_MS, History
from bot.market.slots import slots_of
from tests.aftermath.slots import NAN, at, history_of

CLOSES = [100.0, 101.0, NAN, 103.0, 104.0, 105.0]


def written(interest: dict[str, list[float]]) -> History:
    """Half an hour of BTC with a slot in which nothing was told."""
    history = history_of(at(0), CLOSES, interest=interest)
    history.add(history.slot % history.columns.shape[2], np.array([[NAN], [NAN], [NAN], [2100.0], [NAN]]))
    return history


def test_slots_are_those_with_a_price() -> None:
    """Begin, prices and volume in coins of five slots; where no volume was told it is unknown."""
    slots = slots_of(written({}).until(at(1)), "BTC")
    assert slots is not None
    assert slots.start_ms.tolist() == [at(0) + (number - 1) * SLOT_MS for number in (0, 1, 3, 4, 5)]
    assert slots.close.tolist() == slots.high.tolist() == slots.low.tolist() == [100, 101, 103, 104, 105]
    np.testing.assert_array_equal(slots.volume, [NAN, NAN, NAN, NAN, 20.0])
    assert np.isnan(slots.added).all()


def test_open_interest_is_compared_over_the_same_venues() -> None:
    """A venue that speaks for the first time adds nothing by that; each one's changes count where it spoke."""
    interest = {"a": [10.0, 12.0, 11.0, 11.0, NAN, 15.0], "b": [NAN, NAN, NAN, 500.0, 501.0, 503.0]}
    slots = slots_of(written(interest).until(at(1)), "BTC")
    assert slots is not None
    assert slots.added.tolist() == pytest.approx([NAN, 2.0, 0.0, 1.0, 6.0], nan_ok=True)


def test_what_was_counted_otherwise_is_not_compared() -> None:
    """Open interest told before a venue began to count anew is left out."""
    interest = {"a": [10.0, 12.0, 6.0, 7.0, 8.0, 8.5]}
    slots = slots_of(written(interest).until(at(1)), "BTC", {"a": at(0) + SLOT_MS})
    assert slots is not None
    assert slots.added.tolist() == pytest.approx([NAN, NAN, 1.0, 1.0, 0.5], nan_ok=True)


def test_a_long_silence_hides_when_positions_were_opened() -> None:
    """Over five missed polls a change is unknown, while a venue that speaks hourly is heard hour by hour."""
    closes = [100.0] * 37
    silent = [float(number) if number < 10 or number > 15 else NAN for number in range(37)]
    hourly = [float(number) if number % 12 == 0 else NAN for number in range(37)]
    for told, expected in ((silent, 37 - 6 - 2), (hourly, 3)):
        slots = slots_of(history_of(at(0), closes, interest={"a": told}).until(at(3) + HOUR_MS), "BTC")
        assert slots is not None
        assert np.count_nonzero(~np.isnan(slots.added)) == expected


def test_nothing_later_than_asked_and_nothing_of_unknown_coins() -> None:
    """As of 15 minutes later only three slots are there; of a coin never heard of, or without a price, none."""
    history = written({})
    slots = slots_of(history.until(at(0) + 3 * SLOT_MS), "BTC")
    assert slots is not None
    assert slots.close[-1] == 103.0
    assert slots_of(history.until(at(1)), "DOGE") is None
    assert slots_of(history_of(at(0), [NAN, NAN]).until(at(1)), "BTC") is None
