from __future__ import annotations

import pytest

from bot.market.board import Board
from bot.market.facts import Bar, Mark
from bot.market.seldom import bar_of

START_MS, MINUTE_MS = 1_767_225_600_000, 60_000


def mark(minute: float, price: float) -> Mark:
    """A mark of BTC."""
    return Mark(START_MS + round(minute * MINUTE_MS), "a", "BTC", price)


def heard(*minutes: float) -> Board:
    """A board that heard marks at these minutes, each one below the one before."""
    board = Board()
    for number, minute in enumerate(minutes):
        board.apply(mark(minute, 100.0 - number))
    return board


@pytest.mark.parametrize(("price", "high", "low"), [(97.0, 99.0, 97.0), (101.0, 101.0, 99.0)])
def test_a_mark_by_the_hour_is_the_end_of_a_bar(price: float, high: float, low: float) -> None:
    """It opens at the mark before, reaches from the lower of the two to the higher, and tells no volume."""
    bar = bar_of(mark(120, price), heard(0, 60).mark, (0, 0))
    assert bar == Bar(START_MS + 120 * MINUTE_MS, "a", "BTC", "perp", 3600, 99.0, high, low, price, 0.0)


@pytest.mark.parametrize(
    ("minutes", "next_minute", "is_bar"),
    [
        ((), 60, False),  # nothing before it
        ((0,), 60, False),  # how often marks come is not known yet
        ((0, 10), 24.9, False),
        ((0, 10), 25, True),
        ((0, 7), 25, False),  # a pause: not even two of the gaps before it explain it
        ((0, 14), 29, True),
        ((0, 60), 180, True),  # one of the hour is missing
        ((0, 60), 181, False),
        ((0, 0.1), 120, False),
    ],
)
def test_only_a_mark_in_the_rhythm_of_those_before_it_is(
    minutes: tuple[float, ...], next_minute: float, *, is_bar: bool
) -> None:
    """More often than every quarter of an hour a mark is a price; after a pause nobody knows the way to it."""
    assert (bar_of(mark(next_minute, 50.0), heard(*minutes).mark, (0, 0)) is not None) is is_bar


def test_a_price_by_the_hour_stands_for_two_hours() -> None:
    """As the close of a bar does, where a mark stands for ten minutes; then it is unknown."""
    board = heard(0, 60, 120)
    ages_min = (0, 11, 119, 120, 121)
    prices = [float(board.price(START_MS + (120 + age) * MINUTE_MS)[0]) for age in ages_min]
    assert prices == pytest.approx([98.0, 98.0, 98.0, 98.0, float("nan")], nan_ok=True)


def test_marks_that_come_often_again_are_prices_again() -> None:
    """The bars of before give way at once, and do not come back when the marks stop."""
    board = heard(0, 60, 120, 121, 122)
    assert float(board.price(START_MS + 122 * MINUTE_MS)[0]) == 96.0
    assert not board.priced_by_bars(START_MS + 122 * MINUTE_MS)[0]
    assert board.price(START_MS + 140 * MINUTE_MS)[0] != board.price(START_MS + 140 * MINUTE_MS)[0]


@pytest.mark.parametrize(
    "minutes", [(0, 60, 119.9, 180, 240.1, 299.9, 360), (0, 15, 31, 44, 60, 75), (0, 60, 120, 240, 300)]
)
def test_every_mark_is_the_price_at_once(minutes: tuple[float, ...]) -> None:
    """However little the time between marks varies, and where one of them is missing, none is passed over."""
    told = [
        float(heard(*minutes[:count]).price(START_MS + round(minutes[count - 1] * MINUTE_MS))[0]) for count in (3, 4, 5)
    ]
    assert told == [98.0, 97.0, 96.0]


def test_volume_stays_unknown() -> None:
    """Bars that are made of marks tell nothing of what was traded."""
    board = heard(0, 60, 120)
    assert not board.flow.bar_ms.any()
    assert not board.flow.traded_usd.any()
