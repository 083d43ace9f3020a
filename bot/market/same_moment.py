"""Facts of the same moment in one order, whatever order a recording has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

import msgspec

from bot.market.facts import Fact, Liquidation

_encoder = msgspec.json.Encoder()


def in_one_order(facts: Iterable[Fact]) -> Iterator[Fact]:
    """What became known at one moment, from A to Z: bars and marks before open interest in dollars, parts before sums.

    Nothing of one moment came before the rest of it, whatever order a file has; what stands there twice is one fact.
    Single liquidations alone are as many as there are: venues cut one order into equal parts.
    """
    for _, moment in groupby(facts, key=attrgetter("t")):
        before = b""
        for line, fact in sorted(((_encoder.encode(fact), fact) for fact in moment), key=_rank):
            if line != before or isinstance(fact, Liquidation):
                yield fact
            before = line


def _rank(told: tuple[bytes, Fact]) -> tuple[str, int, int, bytes]:
    """By kind; of one kind single venues before sums over several, then short spans before long ones."""
    line, fact = told
    return str(fact.__struct_config__.tag), fact.venue.count("+"), getattr(fact, "span_s", 0), line
