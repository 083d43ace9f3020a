"""Closures that a venue tells twice: while two connections overlap, after a subscription, by mistake."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable

from bot.market.facts import Fact, Liquidation

WINDOW = 16_384
"""How many closures are remembered; at 10,000 a second still longer than two connections lie apart."""


class Repeats:
    """The last closures of one stream; the same one in another frame is a repeat.

    Two alike within one frame are two: venues cut one order into equal parts, and tell them together.
    """

    def __init__(self) -> None:
        self._told: OrderedDict[int, int] = OrderedDict()

    def new(self, facts: Iterable[Fact]) -> list[Fact]:
        """The facts of one frame that were not told before; a closure without the venue's time is always new."""
        seen: Counter[int] = Counter()
        return [fact for fact in facts if not (isinstance(fact, Liquidation) and self._is_repeat(fact, seen))]

    def _is_repeat(self, fact: Liquidation, seen: Counter[int]) -> bool:
        if fact.at is None:
            return False
        key = hash((fact.at, fact.base, fact.side, fact.price, fact.coins))
        seen[key] += 1
        if seen[key] <= self._told.get(key, 0):
            return True
        self._told[key] = seen[key]
        if len(self._told) > WINDOW:
            self._told.popitem(last=False)
        return False
