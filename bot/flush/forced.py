"""Which share of a fall of open interest was forced: public anchors at first, then what venues that tell all show.

Each ended flush gives one share: what was liquidated at the venues that tell every liquidation over the fall of their
own open interest in dollars. Domain notes, section 2.4.
"""

from __future__ import annotations

import msgspec
import numpy as np

from bot.flush.episode import Forced

PUBLIC = Forced(0.17, 0.35, 0.59, 0)
"""ETH on 22 September 2025, a middle that was chosen, BTC on 10 October 2025."""
LIMITS = (0.1, 0.8)
ENOUGH_FLUSHES = 10
"""From so many on their median and quartiles take the place of the public figures."""
KEPT_FLUSHES = 200


class ForcedShares(msgspec.Struct):
    """Shares by the id of the flush, oldest first; a flush that goes on after its end is counted once."""

    known: dict[str, float] = {}

    def learn(self, id_: str, share: float) -> None:
        """Take in the share of an ended flush."""
        self.forget(id_)
        self.known[id_] = share
        for oldest in list(self.known)[:-KEPT_FLUSHES]:
            del self.known[oldest]

    def forget(self, id_: str) -> None:
        """An episode was none."""
        self.known.pop(id_, None)

    def range(self) -> Forced:
        """What to take for forced: quartiles and median of what was learnt, each within LIMITS."""
        if len(self.known) < ENOUGH_FLUSHES:
            return PUBLIC
        quartiles = np.quantile(np.clip(list(self.known.values()), *LIMITS), (0.25, 0.5, 0.75))
        low, middle, high = (float(share) for share in quartiles)
        return Forced(low, middle, high, len(self.known))
