"""What each venue told over the last days: open interest by the hour, funding by eight hours, holes kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.board import Board
from bot.market.board_view import BoardView
from bot.market.facts import Funding
from bot.market.history import HOUR_MS, SLOT_MS, History
from bot.market.venue_past import WINDOW_MS, funding_of, venue_past_of
from bot.market.view import StoredView, snapshot
from tests.aftermath.slots import NAN, at, history_of, settled

ENDS = tuple(at(0) + place * WINDOW_MS for place in (-1, 0, 1))


def paid(hours: float, rate: float, interval_h: float, late_ms: int = 0) -> Funding:
    """A payment of dYdX that many hours after the middle window ends, told a little late."""
    return settled(at(hours) + late_ms, rate, "dydx", interval_h)


def test_a_payment_of_eight_hours_is_its_window() -> None:
    """A payment told seven seconds after its hour belongs to the window that ended with it; others are unknown."""
    assert funding_of([paid(0, 3e-4, 8, 7_000)], ENDS) == {"dydx": (None, 3e-4, None)}


def test_hourly_payments_add_up_and_a_missing_one_leaves_the_window_unknown() -> None:
    """Eight hourly rates are what eight hours cost; seven of eight are not told as if they were all."""
    hourly = [paid(hour - 7, 1e-5 * hour, 1) for hour in range(8)]
    assert funding_of(hourly, ENDS)["dydx"][1] == pytest.approx(28e-5)
    assert funding_of(hourly[1:], ENDS) == {}
    assert funding_of([paid(-4, 1e-4, 4), paid(0, -3e-4, 4)], ENDS)["dydx"][1] == pytest.approx(-2e-4)


@given(st.lists(st.floats(-0.01, 0.01), min_size=8, max_size=8))
def test_the_order_of_payments_does_not_matter(rates: list[float]) -> None:
    """The same payments in any order are the same window."""
    payments = [paid(hour - 7, rate, 1) for hour, rate in enumerate(rates)]
    assert funding_of(payments[::-1], ENDS)["dydx"][1] == pytest.approx(funding_of(payments, ENDS)["dydx"][1])


def past_of(hours: int = 30) -> History:
    """Binance tells every five minutes but for three hours, OKX once an hour, both from 30 hours before on."""
    slots = hours * HOUR_MS // SLOT_MS
    silent = range(10 * 12, 13 * 12)
    binance = [NAN if place in silent else 50_000.0 + place for place in range(slots)]
    okx = [20_000.0 if place % 12 == 3 else NAN for place in range(slots)]
    return history_of(at(-hours) + SLOT_MS, [100.0] * slots, interest={"binance": binance, "okx": okx})


def test_hours_without_a_word_stay_unknown() -> None:
    """The last value of each full hour, three unknown hours in the middle, none filled in; hourly venues have none."""
    told = venue_past_of(past_of().until(at(0)), "BTC")
    assert told is not None
    assert told.interest_end_ms == tuple(at(hour) for hour in range(-29, 1))
    binance = told.open_interest["binance"]
    assert [place for place, coins in enumerate(binance) if coins is None] == [10, 11, 12]
    assert (binance[0], binance[-1]) == (50_011.0, 50_359.0)
    assert told.open_interest["okx"] == (20_000.0,) * 30
    assert told.funding_8h == {}


def test_what_a_venue_counted_otherwise_is_left_out() -> None:
    """Before the moment from which a venue counts as it does now, its open interest is unknown."""
    told = venue_past_of(past_of().until(at(0)), "BTC", {"binance": at(-5)})
    assert told is not None
    assert [coins is None for coins in told.open_interest["binance"]] == [True] * 25 + [False] * 5


def test_nothing_told_is_none() -> None:
    """Where no venue told anything there is no past by venue."""
    assert venue_past_of(history_of(at(-2), [100.0] * 24).until(at(0)), "BTC") is None
    assert BoardView(Board(), History(), lambda _: ()).venue_past("BTC") is None
    assert StoredView(snapshot(BoardView(Board(), History(), lambda _: ()))).venue_past("BTC") is None
