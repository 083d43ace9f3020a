"""When a venue began to count its open interest differently: that is no flush, and its past is shifted to fit."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from bot.market.latest import FRESH_MOST_MS

# A step in open interest this large in one poll, on an unmoved price, is a venue's new way of counting.
RECOUNT_SHARE = 0.2
RECOUNT_PRICE = 0.01


class Step(NamedTuple):
    """A figure of open interest: how many times the one before it is, how much later it came, the price then."""

    ratio: float
    passed_ms: int
    price: float | None
    """By fresh marks, None where none is."""


class Recounts:
    """Moments of recounts by venue, and the price at the last figure of each coin and venue."""

    def __init__(self) -> None:
        self.moments: dict[str, list[int]] = defaultdict(list)
        self._prices: dict[tuple[int, int], float | None] = {}

    def last_ms(self, venue: str) -> int:
        """When a venue last began to count differently, 0 when it never did."""
        return max(self.moments.get(venue, ()), default=0)

    def is_one(self, place: tuple[int, int], step: Step) -> bool:
        """Whether a coin's newest figure at a venue, by its place on the Board, is counted differently.

        Where no mark is fresh nobody knows whether the price moved: a bar comes after the move that it tells of.
        """
        before, self._prices[place] = self._prices.get(place), step.price
        if step.price is None or before is None:
            return False
        stepped = abs(step.ratio - 1) >= RECOUNT_SHARE and step.passed_ms <= FRESH_MOST_MS
        return stepped and abs(step.price / before - 1) < RECOUNT_PRICE

    def note(self, venue: str, at_ms: int) -> None:
        """A recount was found."""
        self.moments[venue].append(at_ms)
