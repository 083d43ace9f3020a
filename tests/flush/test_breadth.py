from __future__ import annotations

import numpy as np
import pytest

from bot.flush.breadth import Breadth, breadth_of
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, SLOTS, History

START_MS = 1_768_780_800_000  # 19 January 2026, 00:00 UTC
DAYS = 4


def market(*moves: float, hourly: float = 0.001) -> History:
    """Coins that swing by `hourly` from hour to hour for three days and make their move in the fourth."""
    history = History()
    coins = {f"C{number}": number for number in range(len(moves))}
    for end_ms in range(START_MS + SLOT_MS, START_MS + DAYS * DAY_MS + 1, SLOT_MS):
        hour = (end_ms - START_MS - 1) // 3_600_000
        done = min(1.0, max(0.0, (end_ms - START_MS - (DAYS - 1) * DAY_MS) / (DAY_MS - SLOT_MS)))
        close = 100 * (1 + np.array(moves) * done) * (1 + hourly * (hour % 2))
        place = history.enter(coins, {"okx": 0}, end_ms)
        history.write(place, np.stack([close, close, close, close * np.nan, close * np.nan]))
    return history


END_MS = START_MS + DAYS * DAY_MS


def test_coins_that_went_far_are_counted_by_side() -> None:
    """Two fell and one rose of twelve; a move of one percent is none."""
    history = market(-0.05, -0.03, 0.06, *[-0.01] * 9)
    assert breadth_of(history, END_MS, -1) == Breadth(2, 12)
    assert breadth_of(history, END_MS, 1) == Breadth(1, 12)


def test_a_move_is_held_against_the_coins_own_days() -> None:
    """What swings by one percent an hour has usual days of seven, so that four percent are nothing to it."""
    assert breadth_of(market(*[-0.04] * 10, hourly=0.01), END_MS, -1) == Breadth(0, 10)
    assert breadth_of(market(*[-0.12] * 10, hourly=0.01), END_MS, -1) == Breadth(10, 10)


def test_a_coin_that_is_traded_no_more_is_not_counted() -> None:
    """Ten coins fell, all that are left: what ten others, silent for three days, cost last is no price of today."""
    history = market(*[-0.05] * 20)
    ends, last = np.arange(START_MS + SLOT_MS, END_MS + 1, SLOT_MS), END_MS - 3 * DAY_MS
    history.columns[:3, 10:20, (ends[ends > last] // SLOT_MS - 1) % SLOTS] = np.nan
    assert breadth_of(history, END_MS, -1) == Breadth(10, 10)


def test_a_coin_of_which_no_hours_are_known_is_held_against_two_percent() -> None:
    """Told once a day, three percent down is far, one percent is not; nothing says what is usual for it."""
    history = market(*[-0.03] * 5, *[-0.01] * 5)
    ends = np.arange(START_MS + SLOT_MS, END_MS + 1, SLOT_MS)
    history.columns[:3, :10, (ends[(END_MS - ends) % DAY_MS > 0] // SLOT_MS - 1) % SLOTS] = np.nan
    assert breadth_of(history, END_MS, -1) == Breadth(5, 10)


def test_a_price_anywhere_within_the_hour_is_that_of_the_hour() -> None:
    """Hours are counted back from now, wherever the clock stands: what is told once in each of them is enough."""
    history = market(*[-0.05] * 10)
    at_ms = END_MS - 6 * SLOT_MS
    ends = np.arange(START_MS + SLOT_MS, END_MS + 1, SLOT_MS)
    history.columns[:3, :10, (ends[(at_ms - ends) % HOUR_MS != 11 * SLOT_MS] // SLOT_MS - 1) % SLOTS] = np.nan
    assert breadth_of(history, at_ms, -1) == Breadth(10, 10)


def test_less_than_a_day_is_no_board() -> None:
    """Before a whole day is known nothing is counted."""
    assert breadth_of(market(-0.05), START_MS + DAY_MS // 2, -1) == Breadth(0, 0)


@pytest.mark.parametrize(
    ("moved", "coins", "reading"),
    [(0, 10, "targeted"), (2, 10, "targeted"), (3, 10, "mixed"), (7, 10, "broad"), (9, 9, None), (0, 0, None)],
)
def test_shares_have_words(moved: int, coins: int, reading: str | None) -> None:
    """Below three in ten targeted, from seven in ten broad, and no word for fewer than ten coins."""
    assert Breadth(moved, coins).reading == reading
