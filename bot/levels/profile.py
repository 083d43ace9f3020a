"""How much was traded at which price: the volume profile of bars (domain notes, section 4.1)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.levels.bars import Bars
from bot.levels.peaks import Places, peaks, prominence

Floats = npt.NDArray[np.float64]

VALUE_SHARE = 0.7
LEAST_PROMINENCE = 0.1
SMOOTHING = np.array([0.25, 0.5, 0.25])


@dataclass(frozen=True)
class Profile:
    """Coins traded in each bin; bin i is the prices [edges[i], edges[i + 1]), so there is one edge more than bins."""

    edges: Floats
    volume: Floats

    @property
    def point_of_control(self) -> int:
        """The bin in which most was traded, of equal ones the highest."""
        return self.volume.size - 1 - int(self.volume[::-1].argmax())

    def middle(self, place: int) -> float:
        """The price in the middle of a bin."""
        return float(self.edges[place] + self.edges[place + 1]) / 2


def geometric_edges(low: float, high: float, width: float) -> Floats:
    """Edges from `low` to at least `high`, each `width` (a fraction) above the one before."""
    count = max(1, math.ceil(math.log(high / low) / math.log1p(width)))
    edges = low * np.exp(np.arange(count + 1) * math.log1p(width))
    edges[-1] = max(edges[-1], high)  # rounding must not leave the highest price outside
    return np.asarray(edges)


def volume_profile(bars: Bars, edges: Floats) -> Profile:
    """Each bar's volume spread evenly over [low, high], as far as it lies in each bin; `edges` span all bars.

    A bar without a range counts whole in the bin of its price. An unknown volume (NaN) makes its bins unknown.
    """
    last = edges.size - 2
    first_bin = np.clip(np.searchsorted(edges, bars.low, "right") - 1, 0, last)
    last_bin = np.clip(np.searchsorted(edges, bars.high, "left") - 1, first_bin, last)
    counts = last_bin - first_bin + 1
    bar = np.repeat(np.arange(counts.size), counts)
    places = first_bin[bar] + np.arange(bar.size) - np.repeat(np.cumsum(counts) - counts, counts)
    inside = np.minimum(bars.high[bar], edges[places + 1]) - np.maximum(bars.low[bar], edges[places])
    span = (bars.high - bars.low)[bar]
    share = np.divide(inside, span, out=np.ones_like(span), where=span > 0)
    traded = np.bincount(places, weights=bars.volume[bar] * share, minlength=last + 1)
    return Profile(edges, traded.astype(np.float64, copy=False))


def value_area(profile: Profile, share: float = VALUE_SHARE) -> tuple[float, float]:
    """(low, high): from the point of control outwards, the larger neighbour first, until `share` of all was traded.

    Of equal neighbours the upper one.
    """
    volume = profile.volume
    low = high = profile.point_of_control
    inside, wanted = float(volume[low]), share * float(volume.sum())
    while inside < wanted and (low > 0 or high < volume.size - 1):
        below = float(volume[low - 1]) if low > 0 else -1.0
        above = float(volume[high + 1]) if high < volume.size - 1 else -1.0
        if above >= below:
            high += 1
        else:
            low -= 1
        inside += max(above, below)
    return float(profile.edges[low]), float(profile.edges[high + 1])


def nodes(profile: Profile) -> tuple[Places, Places]:
    """Bins of high volume and of low volume: extremes of the smoothed profile that stand out by 10 % of its highest.

    Nothing was traded beyond the ends, so the outermost bin can be high, but not low.
    """
    smooth = np.convolve(profile.volume, SMOOTHING)  # one bin longer on each side
    padded = np.concatenate(([0.0], smooth, [0.0]))
    least = LEAST_PROMINENCE * float(smooth.max())
    high = _outstanding(padded, least) - 2
    low = _outstanding(-padded[high[0] + 2 : high[-1] + 3], least) + high[0] if high.size else high
    return np.clip(high, 0, profile.volume.size - 1), low


def _outstanding(values: Floats, least: float) -> Places:
    return np.array([place for place in peaks(values) if prominence(values, place) >= least], dtype=np.int64)
