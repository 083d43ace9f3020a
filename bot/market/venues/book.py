"""Order books as venues tell them, level by level: how much stands within 1 % of mid.

A book is told as a whole or not at all. Where the last level that a venue shows of a side lies nearer than 1 %, more
may stand behind it, and the sum would be too small: then there is no fact.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from bot.market.facts import Depth, Positive
from bot.market.venues.reading import UNREADABLE, amount, refusal
from bot.market.venues.venue import Instrument, Known, Parse, Parsed, Poll, Request

NEAR = 0.01
"""How far from mid a level counts, as a part of it (domain notes, depth1)."""
MOST_TRADED = 10
"""Of how many coins books are asked for (domain notes §1.7)."""


class Level(msgspec.Struct, array_like=True, gc=False):
    """Quoted price, and how much stands there in the venue's units; what a venue adds behind them is passed over."""

    price: Positive
    size: Positive


class Sides(NamedTuple):
    """Both sides of a book, not read yet, and the venue's time of it."""

    bids: msgspec.Raw
    asks: msgspec.Raw
    at_ms: int | None


_LEVELS = msgspec.json.Decoder(list[Level], strict=False)


def depth(
    venue: str, instrument: Instrument, bids: list[Level], asks: list[Level], t_ms: int, at_ms: int | None
) -> Depth | None:
    """What stands within 1 % of mid, None where a side ends before; levels may come in any order.

    Raises `ValueError` where a side is empty, where the book is crossed, and for amounts out of bounds.
    """
    if not bids or not asks:
        raise ValueError("a side of the book is empty")
    bid, ask = max(level.price for level in bids), min(level.price for level in asks)
    if bid >= ask:
        raise ValueError(f"the book is crossed: {bid} bid, {ask} asked")
    mid = (bid + ask) / 2
    lowest, highest = mid * (1 - NEAR), mid * (1 + NEAR)
    if min(level.price for level in bids) > lowest or max(level.price for level in asks) < highest:
        return None
    bid_usd = sum(instrument.usd(level.size, level.price) for level in bids if level.price >= lowest)
    ask_usd = sum(instrument.usd(level.size, level.price) for level in asks if level.price <= highest)
    spread_bps = (ask - bid) / mid * 10_000
    return Depth(t_ms, venue, instrument.base, amount(bid_usd), amount(ask_usd), spread_bps, at_ms)


def read(venue: str, sides: Sides, known: Known, t_ms: int, symbol: str) -> Parsed:
    """The depth of one contract's book; one level that cannot be read refuses the book, which would lack it."""
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed()
    levels: dict[str, list[Level]] = {}
    for name, side in (("bids", sides.bids), ("asks", sides.asks)):
        try:
            levels[name] = _LEVELS.decode(side)
        except UNREADABLE as error:
            return Parsed(refused=(refusal(f"{symbol}.{name}", error),))
    try:
        found = depth(venue, instrument, levels["bids"], levels["asks"], t_ms, sides.at_ms)
    except UNREADABLE as error:
        return Parsed(refused=(refusal(symbol, error),))
    return Parsed() if found is None else Parsed((found,))


def books(request: Callable[[Instrument], Request], parse: Parse) -> Poll:
    """The poll of the most traded coins' books, once a minute."""
    return Poll(
        name="order books",
        feeds=("depth",),
        every_s=60,
        requests=lambda known, _round: [request(one) for one in list(known.values())[:MOST_TRADED]],
        parse=parse,
    )
