"""Whether a venue's closures are on the side that it says: longs are closed while prices fall, shorts while they rise.

Documents of venues contradict each other here, and a venue may change its mind. A venue whose sides are the wrong way
round in clear minutes is not counted until they are right again.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict, deque
from math import log as ln
from statistics import median

from bot.market.facts import Liquidation, Side
from bot.market.live.prices import Prices

log = logging.getLogger(__name__)

MINUTE_MS = 60_000
CLEAR = 2.0
"""How many of its usual minutes a coin has to move for its closures to count."""
TO_SIGMA = 1.4826
LEAST_SIGMA = 0.0002
LEAST_RETURNS, MOST_RETURNS = 30, 240
LEAST_CLOSURES, MOST_CLOSURES = 50, 200
MOST_A_MINUTE = 10
"""Closures of one coin and minute that count: one crash alone convicts nobody."""
WRONG, RIGHT = 0.2, 0.8


class Signs:
    """Sides of every venue's closures against the prices of all."""

    def __init__(self, known: Prices) -> None:
        self.unverified: set[str] = set()
        """Venues whose sides contradict prices."""
        self._known = known
        self._minute = 0
        self._prices: dict[str, float] = {}
        self._returns: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=MOST_RETURNS))
        self._heard: dict[str, Counter[tuple[str, Side]]] = defaultdict(Counter)
        self._agreed: dict[str, deque[bool]] = defaultdict(lambda: deque(maxlen=MOST_CLOSURES))

    def hear(self, fact: Liquidation) -> None:
        """A closure of this minute."""
        self._heard[fact.base][fact.venue, fact.side] += 1

    def pass_time(self, now_ms: int) -> None:
        """Judge the minute that is over, if one is."""
        minute = now_ms // MINUTE_MS
        if minute == self._minute:
            return
        follows = minute == self._minute + 1
        self._minute = minute
        for base in self._known.coins():
            self._close(base, now_ms, follows=follows)
        self._heard.clear()

    def _close(self, base: str, now_ms: int, *, follows: bool) -> None:
        before, price = self._prices.pop(base, None), self._known.of(base, now_ms)
        if price is None:
            return
        self._prices[base] = price
        if before is None or not follows:
            return
        moved = ln(price / before)
        usual = self._returns[base]
        if len(usual) >= LEAST_RETURNS and abs(moved) > CLEAR * max(TO_SIGMA * median(map(abs, usual)), LEAST_SIGMA):
            self._score(base, "long" if moved < 0 else "short")
        usual.append(moved)

    def _score(self, base: str, expected: Side) -> None:
        for (venue, side), count in self._heard.get(base, Counter()).items():
            self._agreed[venue].extend([side == expected] * min(count, MOST_A_MINUTE))
            self._judge(venue)

    def _judge(self, venue: str) -> None:
        agreed = self._agreed[venue]
        if len(agreed) < LEAST_CLOSURES:
            return
        share = sum(agreed) / len(agreed)
        if share < WRONG and venue not in self.unverified:
            self.unverified.add(venue)
            log.warning("%s: sides of closures contradict prices (%d %% agree)", venue, round(100 * share))
        elif share > RIGHT and venue in self.unverified:
            self.unverified.discard(venue)
            log.info("%s: sides of closures agree with prices again", venue)
