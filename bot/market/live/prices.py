"""Whether a venue's coin is the coin that the others mean: its price is compared with theirs before anything is merged.

Another coin of the same name, or a multiplier read wrong, is off from the first price on and stays off. A pair that
agreed before may be off for some minutes, because venues do part in a flush: leaving it out then would hide the flush.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

log = logging.getLogger(__name__)

APART = 0.05
"""Prices that lie further apart are not of the same coin."""
FAR_APART = 2.0
"""Nor of the same moment of it: no venue was ever off by this factor in a flush."""
OFF_MS = 10 * 60_000
AGREED_MS = 60_000
FRESH_MS = 3 * 60_000


class Pair(NamedTuple):
    """A coin at one market of a venue."""

    venue: str
    market: str
    base: str


@dataclass
class _Price:
    price: float
    at_ms: int
    proven: bool = False
    off_ms: int | None = None
    agreed_ms: int | None = None
    out: bool = False


class Prices:
    """The last price of every pair; `order` are the venues, of which the first is believed where only two tell one."""

    def __init__(self, order: Sequence[str]) -> None:
        self._order = {venue: place for place, venue in reversed(list(enumerate(order)))}
        self._told: dict[str, dict[Pair, _Price]] = defaultdict(dict)

    def tell(self, pair: Pair, price: float, at_ms: int) -> bool:
        """Note a price; whether the pair may be merged."""
        pairs = self._told[pair.base]
        known = pairs.get(pair)
        if known is None:
            known = pairs[pair] = _Price(price, at_ms)
        known.price, known.at_ms = price, at_ms
        others = self._others(pair, at_ms)
        if others is not None:
            self._judge(pair, known, others, at_ms)
        return not known.out

    def is_out(self, pair: Pair) -> bool:
        """Whether the pair is left out for now."""
        known = self._told[pair.base].get(pair) if pair.base in self._told else None
        return known is not None and known.out

    def coins(self) -> list[str]:
        """Coins of which a price was ever told."""
        return list(self._told)

    def left_out(self) -> list[Pair]:
        """All pairs that are left out, by name."""
        return sorted(pair for pairs in self._told.values() for pair, known in pairs.items() if known.out)

    def of(self, base: str, now_ms: int) -> float | None:
        """Median of the fresh prices of a coin, those left out aside; None when there is none."""
        told = self._told.get(base)
        fresh = [one.price for one in told.values() if not one.out and now_ms - one.at_ms <= FRESH_MS] if told else []
        return median(fresh) if fresh else None

    def _others(self, pair: Pair, now_ms: int) -> float | None:
        """The price to compare with: the median of three and more, of two that of the venue that comes first."""
        fresh = {p: one.price for p, one in self._told[pair.base].items() if now_ms - one.at_ms <= FRESH_MS}
        if len(fresh) >= 3:
            return median(fresh.values())
        first = min(fresh, key=lambda p: self._order.get(p.venue, len(self._order)))
        return None if first == pair else fresh[first]

    def _judge(self, pair: Pair, known: _Price, others: float, at_ms: int) -> None:
        ratio = known.price / others
        if abs(ratio - 1) < APART:
            known.off_ms = None
            known.agreed_ms = known.agreed_ms or at_ms
            if known.out and at_ms - known.agreed_ms >= AGREED_MS:
                known.out = False
                log.info("%s %s %s agrees with the other venues again", *pair)
            known.proven = known.proven or not known.out
            return
        known.agreed_ms = None
        known.off_ms = known.off_ms or at_ms
        far = not 1 / FAR_APART < ratio < FAR_APART
        if not known.out and (far or not known.proven or at_ms - known.off_ms >= OFF_MS):
            known.out = True
            log.warning("%s %s %s is left out: its price is %g, that of others %g", *pair, known.price, others)
