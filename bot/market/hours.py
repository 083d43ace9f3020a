"""Hourly bars of a coin: the venue's own where it sends them, else built from five-minute slots."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from bot.market.facts import Bar
from bot.market.view import Hours

HOUR_MS = 3_600_000

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Row = tuple[float, float, float, float, float | None]
"""Open, high, low, close in quote per coin, and volume in coins."""


def hours_of(ends: Times, columns: tuple[Floats, Floats, Floats, Floats], bars: Iterable[Bar]) -> Hours | None:
    """Bars by the begin of their hour, None where no price is known.

    `columns` are close, high, low and traded dollars of the slots that end at `ends`; `bars` are hourly ones.
    """
    rows = _built(ends, *columns)
    for bar in bars:
        rows[bar.t - HOUR_MS] = (bar.open, bar.high, bar.low, bar.close, bar.volume)
    if not rows:
        return None
    order = sorted(rows)
    opened, high, low, closed, volumes = zip(*(rows[start] for start in order), strict=True)
    return Hours(tuple(order), opened, high, low, closed, volumes)


def _built(ends: Times, closes: Floats, highs: Floats, lows: Floats, dollars: Floats) -> dict[int, Row]:
    known = ~np.isnan(closes)
    if not known.any():
        return {}
    ends, closes, highs, lows = ends[known], closes[known], highs[known], lows[known]
    starts = (ends - 1) // HOUR_MS * HOUR_MS
    first = np.concatenate([[0], np.flatnonzero(np.diff(starts)) + 1])
    last = np.concatenate([first[1:], [starts.size]]) - 1
    traded = np.add.reduceat(np.nan_to_num(dollars[known]), first) / closes[last]
    # A slot's close is the price at its end, so an hour opens at that of the slot before it, where that was told.
    before = np.maximum(first - 1, 0)
    opens = np.where(ends[before] == starts[first], closes[before], closes[first])
    columns = (
        starts[first],
        opens,
        np.maximum.reduceat(highs, first),
        np.minimum.reduceat(lows, first),
        closes[last],
        traded,
    )
    return {
        start: (*prices, volume or None)
        for start, *prices, volume in zip(*(column.tolist() for column in columns), strict=True)
    }
