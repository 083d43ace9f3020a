"""How far price ran within 24 hours, for the unwind of which no single hour speaks."""

import numpy as np

from bot.flush.features import Features
from bot.market.history import DAY_MS, SLOT_MS, History
from bot.market.rings import Flags, Floats


class DayMoves:
    """The highest and lowest price of the last 24 hours by coin, looked up once in five minutes."""

    def __init__(self) -> None:
        self._slot = 0
        self._edges = np.full((2, 0), np.nan)
        """Logarithm of the high, and minus the logarithm of the low: what a fall and a rise count from."""

    def measure(self, features: Features, history: History) -> Floats:
        """Fall from the high and rise from the low as logarithms, shape (2, coins); NaN where no price is known."""
        slot = features.now_ms // SLOT_MS
        if slot != self._slot:
            self._slot = slot
            self._edges = np.log(history.range_of(slot * SLOT_MS - DAY_MS, slot * SLOT_MS))
            self._edges[1] *= -1
        moves = self._of(features.price.shape[0])
        price = np.log(features.price)
        moves[0] -= price
        moves[1] += price
        return np.maximum(moves, 0.0, out=moves)

    def reached_beyond(self, features: Features) -> Flags:
        """Whether the step's low is one of 24 hours (first row), and its high; NaN reaches nothing."""
        edges = self._of(features.price.shape[0])
        return np.array([-np.log(features.low) >= edges[1], np.log(features.high) >= edges[0]])

    def _of(self, count: int) -> Floats:
        """The edges of so many coins; those that are new have none yet."""
        edges = np.full((2, count), np.nan)
        known = min(count, self._edges.shape[1])
        edges[:, :known] = self._edges[:, :known]
        return edges
