"""Order books within 1 % of mid, both sides, by coin and venue, and which of them go into the sum over venues.

What a venue shows of a book may end before 1 %, and reach it only while the book is thin: its depth would come in the
middle of a flush and go again. So the venues that tell a coin's book from the beginning are summed, and one that comes
later once it was told for a day without a pause.
"""

from __future__ import annotations

import numpy as np

from bot.market.latest import FRESH_MOST_MS, Latest
from bot.market.rings import Flags, Floats

REMEMBERED_MS = 15 * 86_400_000
BEGINNING_MS = 3_600_000
PROVEN_MS = 86_400_000


class Books:
    """The last depth of each coin and venue in US dollars, and since when it counts."""

    def __init__(self, coins: int, venues: int) -> None:
        self.latest = Latest(coins, venues)
        self._since_ms = np.zeros((coins, venues), dtype=np.int64)
        """Since when it has been told without a pause of more than ten minutes."""
        self._counts_ms = np.zeros((coins, venues), dtype=np.int64)
        """Since when it goes into the sum, 0 where it does not."""

    def put(self, coin: int, venue: int, usd: float, at_ms: int) -> None:
        """Replace the last depth."""
        place = coin, venue
        silent_ms = at_ms - int(self.latest.at_ms[place])
        if silent_ms > REMEMBERED_MS:
            self._counts_ms[place] = 0
        if silent_ms > FRESH_MOST_MS:
            self._since_ms[place] = at_ms
        self.latest.put(coin, venue, usd, at_ms)
        if not self._counts_ms[place] and self._may_count(coin, venue, at_ms):
            self._counts_ms[place] = at_ms

    def whole(self, now_ms: int) -> Floats | None:
        """All venues together per coin, in dollars; None where no venue ever told any.

        NaN while one that counts and told a coin's in the last 15 days is silent: a book that is not heard is not an
        empty one.
        """
        if not np.count_nonzero(self.latest.heard):
            return None
        counting, fresh = self._counting(now_ms), self.latest.until_ms >= now_ms
        whole = (fresh | ~counting).all(axis=1) & counting.any(axis=1)
        return np.where(whole, np.where(counting, self.latest.value, 0.0).sum(axis=1), np.nan)

    def grow(self, coins: int, venues: int) -> None:
        """Make room, keeping what is there."""
        self.latest.grow(coins, venues)
        for name in ("_since_ms", "_counts_ms"):
            old = vars(self)[name]
            wider = np.zeros(self.latest.value.shape, dtype=np.int64)
            wider[: old.shape[0], : old.shape[1]] = old
            setattr(self, name, wider)

    def _counting(self, now_ms: int) -> Flags:
        remembered = self.latest.at_ms > max(now_ms - REMEMBERED_MS, 0)
        return (self._counts_ms > 0) & remembered

    def _may_count(self, coin: int, venue: int, at_ms: int) -> bool:
        """Whether the coin's books were first told just now, or this one was for long enough."""
        begun_ms = int(self._counts_ms[coin][self._counting(at_ms)[coin]].min(initial=at_ms))
        return at_ms - begun_ms <= BEGINNING_MS or at_ms - int(self._since_ms[coin, venue]) >= PROVEN_MS
