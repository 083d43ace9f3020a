"""Funding over all venues: a mean weighted by their open interest."""

import numpy as np

from bot.market.latest import Latest, median_of_known
from bot.market.rings import Floats

FUNDING_MOST_MS = 10 * 3_600_000  # a settled rate stands for its eight hours
FUNDING_WEIGHT_MOST_MS = 3 * 3_600_000


def weights(rates_8h: Latest, coins: Latest, now_ms: int) -> Floats:
    """Open interest in coins that weighs in `weighted`, by coin and venue; 0 where a venue does not."""
    told = rates_8h.at_ms >= now_ms - FUNDING_MOST_MS
    return np.where(told & (coins.at_ms >= now_ms - FUNDING_WEIGHT_MOST_MS), coins.value, 0.0)


def weighted(rates_8h: Latest, coins: Latest, now_ms: int) -> Floats:
    """Funding per 8 h and coin, weighted by open interest over the venues that have both, else their median."""
    told, shares = rates_8h.at_ms >= now_ms - FUNDING_MOST_MS, weights(rates_8h, coins, now_ms)
    total = np.add.reduce(shares, axis=1)
    paid = np.add.reduce(np.where(told, rates_8h.value, 0.0) * shares, axis=1)
    with np.errstate(invalid="ignore"):
        mean = paid / total  # NaN where nothing weighs
    unweighted = np.logical_or.reduce(told, axis=1) & (total <= 0)
    if not np.count_nonzero(unweighted):
        return np.asarray(mean)
    return np.where(unweighted, median_of_known(np.where(told, rates_8h.value, np.nan)), mean)
