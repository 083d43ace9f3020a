"""Hourly bars as arrays, and how far a price usually moves in one of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.market.history import DAY_MS, HOUR_MS
from bot.market.view import Hours

Floats = npt.NDArray[np.float64]

# A day counts with one hour missing and a week with eight: an hour of restart must not hide a week's high.
COVERED = 0.95


@dataclass(frozen=True)
class Bars:
    """Equally long columns, oldest first: begin in UTC ms, prices in quote per coin, volume in coins (NaN unknown)."""

    start_ms: npt.NDArray[np.int64]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats

    def between(self, start_ms: int, end_ms: int) -> Bars:
        """The bars that begin in [start_ms, end_ms)."""
        kept = (self.start_ms >= start_ms) & (self.start_ms < end_ms)
        prices = (self.open[kept], self.high[kept], self.low[kept], self.close[kept])
        return Bars(self.start_ms[kept], *prices, self.volume[kept])

    def cover(self, start_ms: int, end_ms: int) -> bool:
        """Whether nearly every hour of [start_ms, end_ms) has its bar."""
        hours = -(-(end_ms - start_ms) // HOUR_MS)
        return hours > 0 and self.between(start_ms, end_ms).start_ms.size >= COVERED * hours


def bars_of(hours: Hours) -> Bars:
    """The same bars as arrays, in order of time."""
    start_ms = np.array(hours.start_ms, dtype=np.int64)
    order = np.argsort(start_ms, kind="stable")
    volume = [np.nan if value is None else value for value in hours.volume]
    columns = (hours.open, hours.high, hours.low, hours.close, volume)
    opened, high, low, close, traded = (np.array(column, dtype=np.float64)[order] for column in columns)
    return Bars(start_ms[order], opened, high, low, close, traded)


def finished(bars: Bars, now_ms: int) -> Bars:
    """The bars that have ended by `now_ms`: an unfinished one looks calmer than it is."""
    return bars.between(0, now_ms - HOUR_MS + 1)


def wilder(high: Floats, low: Floats, close: Floats, n: int = 14) -> float | None:
    """Average true range, ATR_t = (ATR_{t-1}·(n-1) + TR_t) / n after the mean of the first n (Wilder 1978).

    The first bar only lends its close, so n + 1 bars are needed; None with fewer.
    """
    if close.size < n + 1:
        return None
    ranges = np.maximum(high[1:], close[:-1]) - np.minimum(low[1:], close[:-1])
    average = float(ranges[:n].mean())
    for true_range in ranges[n:]:
        average += (float(true_range) - average) / n
    return average


def atr(hours: Hours, n: int = 14) -> float | None:
    """Average true range of the bars given, in quote per coin; None with fewer than n + 1 of them."""
    bars = bars_of(hours)
    return wilder(bars.high, bars.low, bars.close, n)


def atr_1h(bars: Bars, now_ms: int) -> float | None:
    """Wilder's range (14) of the hours that have ended by `now_ms`."""
    ended = finished(bars, now_ms)
    return wilder(ended.high, ended.low, ended.close)


def atr_1d(bars: Bars, now_ms: int) -> float | None:
    """Wilder's range of whole UTC days; over 14 of them or, with a shorter memory, over those there are."""
    today = now_ms // DAY_MS * DAY_MS
    days = [bars.between(start, start + DAY_MS) for start in _whole_days(bars, today)]
    high = np.array([day.high.max() for day in days])
    low = np.array([day.low.min() for day in days])
    close = np.array([day.close[-1] for day in days])
    return wilder(high, low, close, min(14, len(days) - 1)) if len(days) > 1 else None


def _whole_days(bars: Bars, today: int) -> list[int]:
    starts = np.unique(bars.start_ms // DAY_MS * DAY_MS)
    return [int(start) for start in starts if start < today and bars.cover(int(start), int(start) + DAY_MS)]
