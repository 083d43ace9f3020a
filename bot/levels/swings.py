"""Swing highs and lows: where the price turned, known only after it has moved away for some bars."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bot.levels.bars import Bars, Floats, finished, merged, visits, wilder
from bot.levels.peaks import Places, prominence
from bot.market.history import HOUR_MS

# Span of the bars, and how many on each side have to be lower (domain notes, section 4.1).
SCALES = ((4 * HOUR_MS, 5), (HOUR_MS, 10))


class Swing(NamedTuple):
    """A turn of the price: when its bar began, the price in quote per coin, and how often it was visited since."""

    at_ms: int
    price: float
    high: bool
    touches: int


def swings(hours: Bars, now_ms: int, near: float) -> list[Swing]:
    """Every turn confirmed by `now_ms`, oldest first; a visit comes within `near` of it after it was confirmed.

    A turn stands out by at least one average range of its bars. One that both scales see counts once.
    """
    found: dict[tuple[float, bool], Swing] = {}
    ended = finished(hours, now_ms)
    for span_ms, sides in SCALES:
        bars = finished(merged(ended, span_ms), now_ms)
        usual = wilder(bars.high, bars.low, bars.close)
        if usual is None:
            continue
        for high, values in ((True, bars.high), (False, -bars.low)):
            for place in pivots(values, sides, usual):
                price, at_ms = abs(float(values[place])), int(bars.start_ms[place])
                later = ended.between(at_ms + (sides + 1) * span_ms, now_ms)
                swing = Swing(at_ms, price, high, visits(later, price - near, price + near))
                found.setdefault((price, high), swing)
    return sorted(found.values())


def pivots(values: Floats, sides: int, least_prominence: float) -> Places:
    """Places whose value is the highest of `sides` places on either hand (of equal ones the first) and stands out."""
    if values.size <= 2 * sides:
        return np.empty(0, dtype=np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(values, 2 * sides + 1)
    here = values[sides : values.size - sides]
    top = (here > windows[:, :sides].max(axis=1)) & (here >= windows[:, sides + 1 :].max(axis=1))
    places = np.flatnonzero(top) + sides
    return np.array([p for p in places.tolist() if prominence(values, p) >= least_prominence], dtype=np.int64)
