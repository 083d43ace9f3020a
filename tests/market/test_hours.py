"""Hourly bars from five-minute slots: what an hour opens at, and what it holds of slots that were told in part."""

from __future__ import annotations

import numpy as np

from bot.market.facts import Bar
from bot.market.hours import HOUR_MS, hours_of

SLOT_MS = 300_000
START_MS = 1_768_780_800_000  # 19 January 2026, 00:00 UTC
ENDS = START_MS + SLOT_MS * np.arange(1, 25)  # two hours
CLOSES = np.arange(100.0, 124.0)
COLUMNS = (CLOSES, CLOSES + 2, CLOSES - 3, np.full(24, 240.0))


def test_an_hour_opens_at_the_price_of_its_first_moment() -> None:
    """That is the close of the slot that ends with the hour before; the first of all opens at the first price told."""
    hours = hours_of(ENDS, COLUMNS, ())
    assert hours is not None
    assert hours.start_ms == (START_MS, START_MS + HOUR_MS)
    assert hours.open == (100.0, 111.0)
    assert hours.high == (113.0, 125.0)
    assert hours.low == (97.0, 109.0)
    assert hours.close == (111.0, 123.0)
    assert hours.volume == (12 * 240.0 / 111.0, 12 * 240.0 / 123.0)


def test_an_hour_after_a_silence_opens_at_the_first_price_heard() -> None:
    """Where the slot before was not told, its last price of long ago is no open; unknown slots change nothing else."""
    closes = CLOSES.copy()
    closes[8:15] = np.nan
    hours = hours_of(ENDS, (closes, *COLUMNS[1:]), ())
    assert hours is not None
    assert hours.open == (100.0, 115.0)
    assert (hours.close, hours.high) == ((107.0, 123.0), (109.0, 125.0))


def test_the_venue_s_own_bar_stands_for_what_was_built() -> None:
    """An hourly bar replaces the built one of its hour; without any price there are no hours."""
    bar = Bar(START_MS + HOUR_MS, "okx", "BTC", "perp", 3600, 1.0, 4.0, 0.5, 2.0, 7.0)
    hours = hours_of(ENDS, COLUMNS, [bar])
    assert hours is not None
    assert (hours.open[0], hours.high[0], hours.low[0], hours.close[0], hours.volume[0]) == (1.0, 4.0, 0.5, 2.0, 7.0)
    assert hours_of(ENDS, (np.full(24, np.nan), *COLUMNS[1:]), ()) is None
