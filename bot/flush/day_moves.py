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

    def measure(self, features: Features, history: History) -> tuple[Floats, Flags]:
        """(fall from the high and rise from the low as logarithms, whether the step reached beyond the other end).

        Shapes (2, coins); NaN where no price is known.
        """
        slot = features.now_ms // SLOT_MS
        if slot != self._slot:
            self._slot = slot
            high, low = (history.block(name, slot * SLOT_MS - DAY_MS, slot * SLOT_MS) for name in ("high", "low"))
            with np.errstate(invalid="ignore"):
                self._edges = np.log(
                    [np.fmax.reduce(high, axis=1, initial=np.nan), np.fmin.reduce(low, axis=1, initial=np.nan)]
                )
                self._edges[1] *= -1
        count = features.price.shape[0]
        edges = np.full((2, count), np.nan)
        known = min(count, self._edges.shape[1])
        edges[:, :known] = self._edges[:, :known]
        price = np.log(features.price)
        reached = np.array([-np.log(features.low), np.log(features.high)])
        return np.maximum(edges + np.array([-price, price]), 0.0), reached >= edges[::-1]
