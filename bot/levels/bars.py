"""Bars as arrays, hourly where nothing else is said, and how far a price usually moves in one of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS
from bot.market.view import Hours, Slots

Floats = npt.NDArray[np.float64]

# A day counts with one hour missing and a week with eight: an hour of restart must not hide a week's high.
COVERED = 0.95
QUARTER_MS = 900_000


@dataclass(frozen=True)
class Bars:
    """Equally long columns, oldest first: begin in UTC ms, prices in quote per coin, volume in coins (NaN unknown).

    Each bar lasts `span_ms`.
    """

    start_ms: npt.NDArray[np.int64]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    span_ms: int = HOUR_MS

    def between(self, start_ms: int, end_ms: int) -> Bars:
        """The bars that begin in [start_ms, end_ms)."""
        kept = slice(*np.searchsorted(self.start_ms, (start_ms, end_ms)))
        return self._chosen(kept)

    def cover(self, start_ms: int, end_ms: int) -> bool:
        """Whether [start_ms, end_ms) has nearly all of its bars."""
        count = -(-(end_ms - start_ms) // self.span_ms)
        return count > 0 and self.between(start_ms, end_ms).start_ms.size >= COVERED * count

    def traded(self) -> Bars:
        """The bars of which the volume is known."""
        return self._chosen(~np.isnan(self.volume))

    def _chosen(self, kept: slice | npt.NDArray[np.bool_]) -> Bars:
        prices = (self.open[kept], self.high[kept], self.low[kept], self.close[kept])
        return Bars(self.start_ms[kept], *prices, self.volume[kept], self.span_ms)


def bars_of(hours: Hours) -> Bars:
    """The same bars as arrays, in order of time."""
    start_ms = np.array(hours.start_ms, dtype=np.int64)
    order = np.argsort(start_ms, kind="stable")
    volume = [np.nan if value is None else value for value in hours.volume]
    columns = (hours.open, hours.high, hours.low, hours.close, volume)
    opened, high, low, close, traded = (np.array(column, dtype=np.float64)[order] for column in columns)
    return Bars(start_ms[order], opened, high, low, close, traded)


def quarters_of(slots: Slots) -> Bars:
    """Five-minute slots as bars of 15 minutes; each opens at the first close that is known of it."""
    columns = (slots.start_ms, slots.close, slots.high, slots.low, slots.close, slots.volume)
    return merged(Bars(*columns, SLOT_MS), QUARTER_MS)


def finished(bars: Bars, now_ms: int) -> Bars:
    """The bars that have ended by `now_ms`: an unfinished one looks calmer than it is."""
    return bars.between(0, now_ms - bars.span_ms + 1)


def merged(bars: Bars, span_ms: int) -> Bars:
    """The same in longer bars that begin at multiples of `span_ms`; one of which a volume is unknown has none."""
    if not bars.start_ms.size:
        return Bars(bars.start_ms, bars.open, bars.high, bars.low, bars.close, bars.volume, span_ms)
    start_ms = bars.start_ms // span_ms * span_ms
    first = np.concatenate(([0], np.flatnonzero(np.diff(start_ms)) + 1))
    last = np.concatenate((first[1:], [start_ms.size])) - 1
    high, low = np.maximum.reduceat(bars.high, first), np.minimum.reduceat(bars.low, first)
    volume = np.add.reduceat(bars.volume, first)
    return Bars(start_ms[first], bars.open[first], high, low, bars.close[last], volume, span_ms)


def visits(bars: Bars, low: float, high: float) -> int:
    """How often the price came into [low, high]: runs of bars whose range reached it."""
    inside = np.concatenate(([False], (bars.low <= high) & (bars.high >= low)))
    return int(np.count_nonzero(inside[1:] & ~inside[:-1]))


def crossings(bars: Bars, price: float) -> int:
    """How often one bar closed on the other side of `price` than the one before."""
    above = bars.close > price
    return int(np.count_nonzero(above[1:] != above[:-1]))


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
