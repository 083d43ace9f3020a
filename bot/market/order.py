"""Facts that come late, held until they can be written in the order of `t`.

A live bar or total carries its own end, and comes up to a minute after it; a recording takes nothing that is more than
five seconds late.
"""

from __future__ import annotations

from heapq import heappop, heappush

from bot.market.facts import Fact

HELD_MS = 75_000
"""A minute for what comes late, and a quarter for venues that answer slowly."""


class Order:
    """Takes facts as they come and gives them in the order of `t`, those of one moment as they came.

    Nothing up to `floor_ms` is taken: all of that has been given. What is refused is counted in `refused`: it came too
    late, or says that it is known only after a time that no clock is wrong by.
    """

    def __init__(self, floor_ms: int) -> None:
        self.floor_ms = floor_ms
        self.refused = 0
        self._waiting: list[tuple[int, int, Fact]] = []
        self._number = 0

    def add(self, fact: Fact, now_ms: int) -> bool:
        """Hold a fact; false where it is refused."""
        if not self.floor_ms < fact.t <= now_ms + HELD_MS:
            self.refused += 1
            return False
        self._number += 1  # also keeps the heap from comparing facts
        heappush(self._waiting, (fact.t, self._number, fact))
        return True

    def ready(self, now_ms: int) -> list[Fact]:
        """Whatever has been waited for long enough."""
        self.floor_ms = max(self.floor_ms, now_ms - HELD_MS)
        found = []
        while self._waiting and self._waiting[0][0] <= self.floor_ms:
            found.append(heappop(self._waiting)[2])
        return found

    def rest(self) -> list[Fact]:
        """Everything that is held, because nothing more will come."""
        found = self.held()
        self._waiting.clear()
        self.floor_ms = max(self.floor_ms, found[-1].t) if found else self.floor_ms
        return found

    def held(self) -> list[Fact]:
        """What is held, in its order; it stays held."""
        self._waiting.sort()  # a sorted list is a heap
        return [fact for _, _, fact in self._waiting]
