"""How much may be asked of one venue: so much weight in any span of time, as its limits say."""

from __future__ import annotations

import asyncio
from collections import deque

from bot.market.venues.venue import Limits

KEPT_BACK = 0.1
"""Part of the budget that is never used: the venue counts from another moment than we do."""
SHORTEST_WAIT_S = 0.01


class Budget:
    """Weight spent in the last `span_s` seconds, by our own count and as the venue's answers correct it."""

    def __init__(self, limits: Limits) -> None:
        self._most = limits.weight * (1 - KEPT_BACK)
        self._span_s = limits.span_s
        self._spent: deque[tuple[float, float]] = deque()
        self._used = 0.0

    @property
    def used(self) -> float:
        """Weight spent within the span, as a part of what may be spent; 1 is all of it."""
        self._forget(asyncio.get_running_loop().time())
        return self._used / self._most

    async def take(self, weight: float, share: float = 1.0) -> None:
        """Wait until `weight` more may be spent, and spend it; `share` is the part of the budget this caller may use.

        Work that can wait asks for a small share, so that the rest stays free for what cannot.
        """
        clock = asyncio.get_running_loop().time
        while (wait_s := self._wait_s(weight, share, clock())) > 0:  # noqa: ASYNC110 -- room comes by time alone
            await asyncio.sleep(max(wait_s, SHORTEST_WAIT_S))
        self._spend(weight, clock())

    def correct(self, used: float) -> None:
        """The venue says how much is used; where that is more than we counted, somebody else asks from this address."""
        now_s = asyncio.get_running_loop().time()
        self._forget(now_s)
        if used > self._used:
            self._spend(used - self._used, now_s)

    def _wait_s(self, weight: float, share: float, now_s: float) -> float:
        """Seconds until there is room; a weight above the whole budget goes when nothing else is spent."""
        self._forget(now_s)
        excess = self._used + weight - self._most * share
        wait_s = 0.0
        for at_s, spent in self._spent:
            if excess <= 0:
                break
            excess -= spent
            wait_s = at_s + self._span_s - now_s
        return wait_s

    def _spend(self, weight: float, now_s: float) -> None:
        self._spent.append((now_s, weight))
        self._used += weight

    def _forget(self, now_s: float) -> None:
        while self._spent and self._spent[0][0] + self._span_s <= now_s:
            self._used -= self._spent.popleft()[1]
        if not self._spent:
            self._used = 0.0  # sums of floats leave crumbs
