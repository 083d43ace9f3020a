"""How earlier flushes of a kind went on, beside random moments: what a card may say of them, and when."""

from __future__ import annotations

import msgspec

LEAST_CASES = 10


class BaseRate(msgspec.Struct, frozen=True):
    """After `x` of `n` alerts the price went more than 0.5 % beyond its extreme within 24 h, at random `y` of `m`.

    `all_coins` says that they are not those of the coin alone.
    """

    x: int
    n: int
    y: int
    m: int
    all_coins: bool

    @property
    def enough(self) -> bool:
        """Below ten cases, or with nothing to compare with, it is not said."""
        return self.n >= LEAST_CASES and self.m > 0
