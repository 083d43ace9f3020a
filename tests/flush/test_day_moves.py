from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from bot.flush.day_moves import DayMoves
from bot.flush.features import Features, measure
from bot.market.board import Board
from bot.market.facts import Mark
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, History
from tests.flush.passes import START_MS

NAN = float("nan")
NOW_MS = START_MS + 2 * DAY_MS


def past(ranges: Mapping[int, tuple[float, float]], coins: tuple[str, ...] = ("BTC",)) -> History:
    """High and low of all these coins in the slots that end so long before now, in the order of time."""
    history = History()
    for before_ms, (high, low) in ranges.items():
        place = history.enter({coin: row for row, coin in enumerate(coins)}, {"a": 0}, NOW_MS - before_ms)
        column = np.array([[low], [high], [low], [NAN], [NAN]])
        history.write(place, np.repeat(column, len(coins), axis=1))
    return history


def features(prices: Mapping[str, float], now_ms: int = NOW_MS) -> Features:
    """A step at which these coins have marks."""
    board = Board()
    for coin, price in prices.items():
        board.apply(Mark(now_ms, "a", coin, price))
    return measure(board, History(), now_ms)


def test_a_fall_counts_from_the_highest_and_a_rise_from_the_lowest_of_24_hours() -> None:
    """As logarithms, so that a fall and the rise that makes up for it are alike; a day and five minutes ago is over."""
    history = past(
        {DAY_MS + SLOT_MS: (200.0, 10.0), DAY_MS - SLOT_MS: (110.0, 105.0), HOUR_MS: (100.0, 90.0), 0: (99, 95)}
    )
    moves = DayMoves().measure(features({"BTC": 99.0}), history)
    assert moves[:, 0] == pytest.approx([np.log(110 / 99), np.log(99 / 90)])


def test_a_new_extreme_is_no_negative_move() -> None:
    """Above the highest of the day there is no fall, whatever the price."""
    moves = DayMoves().measure(features({"BTC": 120.0}), past({HOUR_MS: (110.0, 90.0)}))
    assert moves[:, 0] == pytest.approx([0.0, np.log(120 / 90)])


def test_what_is_not_known_moved_by_nothing_known() -> None:
    """A coin without a past or without a price has no move, and reaches beyond nothing."""
    day = DayMoves()
    step = features({"BTC": 99.0, "NEW": 5.0})
    moves = day.measure(step, past({HOUR_MS: (110.0, 90.0)}))
    assert np.isnan(moves[:, 1]).all()
    assert not day.reached_beyond(step)[:, 1].any()
    untold = DayMoves().measure(features({"BTC": 99.0}), History())
    assert np.isnan(untold).all()


@pytest.mark.parametrize(("price", "beyond"), [(89.0, [True, False]), (100.0, [False, False]), (111.0, [False, True])])
def test_a_step_reaches_beyond_the_day_by_its_low_or_its_high(price: float, beyond: list[bool]) -> None:
    """That keeps a slow flush going: only a low below all of 24 hours, or a high above them."""
    day, step = DayMoves(), features({"BTC": price})
    day.measure(step, past({HOUR_MS: (110.0, 90.0)}))
    assert day.reached_beyond(step)[:, 0].tolist() == beyond


def test_the_range_is_that_of_the_closed_slots() -> None:
    """Within five minutes it is not looked up again; with the next slot it is."""
    history, day = past({HOUR_MS: (110.0, 90.0)}), DayMoves()
    first = day.measure(features({"BTC": 100.0}), history)
    history.write(history.enter({"BTC": 0}, {"a": 0}, NOW_MS), np.array([[130.0], [130.0], [130.0], [NAN], [NAN]]))
    assert day.measure(features({"BTC": 100.0}), history).tolist() == first.tolist()
    later = day.measure(features({"BTC": 100.0}, NOW_MS + SLOT_MS), history)
    assert later[0, 0] == pytest.approx(np.log(130 / 100))
