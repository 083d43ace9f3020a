"""Which exchanges the open interest of a card's chart is of."""

from __future__ import annotations

import numpy as np
import pytest

from bot.alerts.chart_columns import chart_columns
from bot.market.history import AMOUNTS, HOUR_MS, SLOT_MS, History, Past

NAN = float("nan")
NOON_MS = 1_768_824_000_000
VENUES = {"binance": 0, "bybit": 1, "hyperliquid": 2}


def past(silent_h: float) -> Past:
    """Twelve hours of a coin on three exchanges, of which Bybit tells nothing in the last hours."""
    history = History()
    for end_ms in range(NOON_MS - 12 * HOUR_MS, NOON_MS + 1, SLOT_MS):
        place = history.enter({"BTC": 0}, VENUES, end_ms)
        history.write(place, np.array([90_000.0, *[NAN] * 4])[:, None])
        history.add(place, np.full(len(AMOUNTS), NAN)[:, None])
        bybit = NAN if end_ms > NOON_MS - silent_h * HOUR_MS else 4_000.0
        history.write_open_interest(place, np.array([[80_000.0, bybit, 22_000.0]]))
    return history.until(NOON_MS)


@pytest.mark.parametrize(
    ("counted", "coins"),
    [
        (("binance",), 80_000.0),
        (("binance", "hyperliquid"), 102_000.0),
        (("binance", "bybit"), 80_000.0),
        (("bybit",), 102_000.0),
        ((), 102_000.0),
    ],
)
def test_open_interest_is_that_of_the_exchanges_counted(counted: tuple[str, ...], coins: float) -> None:
    """The figure beside the line is that in the words; an exchange with a hole is left out, and all others stand in."""
    columns = chart_columns(past(3), "BTC", NOON_MS - 6 * HOUR_MS, counted)
    assert columns is not None
    assert set(columns.open_interest) == {coins}
