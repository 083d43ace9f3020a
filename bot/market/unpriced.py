"""Open interest told in dollars alone, while no price of its moment is known."""

from __future__ import annotations

from msgspec.structs import replace

from bot.market.facts import Bar, Fact, Mark, OpenInterest

APART_MS = 300_000
"""Divided by a price of longer ago, what the price did since would look like positions that were closed."""


class Unpriced:
    """The last word of each venue, by coin, until a price comes."""

    def __init__(self) -> None:
        self.waiting: dict[str, dict[str, OpenInterest]] = {}

    def hold(self, fact: OpenInterest) -> None:
        """Keep it until the next price of its coin."""
        self.waiting.setdefault(fact.base, {})[fact.venue] = fact

    def take(self, price: Fact) -> list[OpenInterest]:
        """What waited for this price, if it is one, and is not too old for it, as known now."""
        if not isinstance(price, Mark | Bar) or price.base not in self.waiting:
            return []
        held = self.waiting.pop(price.base).values()
        return [replace(fact, t=max(fact.t, price.t)) for fact in held if price.t - fact.t <= APART_MS]
