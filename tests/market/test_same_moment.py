"""Facts of the same moment: their order in a file says nothing, and what is told twice is one fact."""

from __future__ import annotations

import random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from bot.market.facts import Bar, Liquidation, Mark, OpenInterest
from bot.market.same_moment import in_one_order
from tests.market.test_recording import FACTS, START


@given(st.randoms(use_true_random=False))
def test_the_order_of_one_moment_says_nothing(order: random.Random) -> None:
    """However the lines of a moment are shuffled, and some of them told twice, the same facts come in one order."""
    moment = [msgspec.structs.replace(fact, t=START) for fact in FACTS]
    told = [*moment, *order.sample([fact for fact in moment if not isinstance(fact, Liquidation)], 3)]
    order.shuffle(told)
    assert list(in_one_order(told)) == list(in_one_order(moment))
    later = Mark(t=START + 1, venue="a", base="A", price=1.0)
    assert list(in_one_order([*told, later]))[-1] == later


def test_two_liquidations_alike_are_two() -> None:
    """An exchange that cuts one order into equal parts tells each of them."""
    part = Liquidation(START, "bybit", "BTC", "long", price=92_000, coins=0.5, usd=46_000)
    assert list(in_one_order([part, part])) == [part, part]


def test_prices_come_before_open_interest_of_their_moment() -> None:
    """Open interest in dollars is divided by the price of its own moment, whatever stands first in the file."""
    bar = Bar(START, "okx", "BTC", "perp", 3600, open=2, high=3, low=1, close=2.5, volume=0)
    mark, interest = Mark(START, "okx", "BTC", 2.5), OpenInterest(START, "binance", "BTC", usd=1e6)
    assert list(in_one_order([interest, mark, bar])) == [bar, mark, interest]
