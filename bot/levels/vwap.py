"""The average price paid since some moment, weighted by volume (domain notes, section 4.1)."""

from __future__ import annotations

import math
from typing import NamedTuple

from bot.levels.bars import Bars


class Average(NamedTuple):
    """Σ(tp·v)/Σv with tp = (high + low + close)/3, and the weighted standard deviation of tp, in quote per coin."""

    price: float
    sigma: float


def vwap(bars: Bars) -> Average | None:
    """The average over all bars given; None where nothing was traded or one volume is unknown."""
    total = float(bars.volume.sum())
    if not total > 0:  # an unknown volume makes the sum NaN
        return None
    typical = (bars.high + bars.low + bars.close) / 3
    price = float((typical * bars.volume).sum()) / total
    # From the deviations and not as a difference of squares, which loses all digits of a quiet hour at a high price.
    return Average(price, math.sqrt(float(((typical - price) ** 2 * bars.volume).sum()) / total))
