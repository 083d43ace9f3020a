"""Facts on their way from the venues to whoever works on them: no closure is ever dropped."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import suppress

from bot.market.facts import Bar, Fact, Feed, Liquidation, LiquidationTotal

MOST_WAITING = 50_000
"""From here on only the newest value of a kind is kept: about ten rounds of all venues."""
KEPT = (Liquidation, LiquidationTotal, Bar, Feed)
"""Each of these says something of its own; all others are values, of which the newest replaces the one before."""


class Waiting:
    """A queue. Nothing is lost while it is short; when its reader falls far behind, older values give way to newer."""

    def __init__(self) -> None:
        self._facts: deque[Fact] = deque()
        self._thin_at = MOST_WAITING
        self._some = asyncio.Event()
        self.closed = False
        self.replaced = 0
        """Values that gave way to newer ones before anybody read them."""

    def __len__(self) -> int:
        return len(self._facts)

    def put(self, facts: Iterable[Fact]) -> None:
        """Add facts, oldest first."""
        self._facts.extend(facts)
        if len(self._facts) > self._thin_at:
            self._thin()
        if self._facts:
            self._some.set()

    async def get(self) -> Fact | None:
        """The oldest fact, waited for; None once the queue is closed and empty."""
        while not self._facts:
            if self.closed:
                return None
            self._some.clear()
            await self._some.wait()
        return self._facts.popleft()

    async def take(self, wait_s: float) -> list[Fact]:
        """Everything there is, oldest first, waited for at most so long; empty when nothing came."""
        if not self._facts and not self.closed:
            self._some.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._some.wait()
        taken = list(self._facts)
        self._facts.clear()
        return taken

    def close(self) -> None:
        """Nothing more will come."""
        self.closed = True
        self._some.set()

    def _thin(self) -> None:
        newest: set[tuple[object, ...]] = set()
        kept: list[Fact] = []
        for fact in reversed(self._facts):
            key = (type(fact), fact.venue, fact.base, getattr(fact, "market", None), getattr(fact, "settled", None))
            if isinstance(fact, KEPT) or key not in newest:
                newest.add(key)
                kept.append(fact)
        self.replaced += len(self._facts) - len(kept)
        self._facts = deque(reversed(kept))
        self._thin_at = max(MOST_WAITING, 2 * len(kept))
