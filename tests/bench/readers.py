"""The two sides of a comparison: our parser, and ccxt with the same contracts, over the same frames or bodies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.market.venues.venue import Parse
from tests.bench.wire import COINS, NAMING, T_MS
from tests.market.venues.ccxt_side import Contract, exchange, socket

CCXT_NAMES = {"binance": "binanceusdm"}


def with_ccxt(venue: str) -> Any:
    """Ccxt's exchange with the 500 contracts."""
    naming = NAMING[venue]
    contracts = [Contract(naming.symbol(coin), coin, "USDT", naming.contract) for coin in COINS]
    return exchange(CCXT_NAMES.get(venue, venue), contracts)


def read_by_us(venue: str, parse: Parse, bodies: Sequence[bytes]) -> Callable[[], object]:
    """What reads all of these with our parser; each is known to hold facts."""
    known = NAMING[venue].known()
    for body in bodies:
        parsed = parse(body, known, T_MS, "")
        if parsed.refused or not parsed.facts:
            raise RuntimeError(f"{venue}: {body[:200]!r} was not read")

    def read() -> None:
        for body in bodies:
            parse(body, known, T_MS, "")

    return read


def heard_by_us(venue: str, parse: Parse, frames: Sequence[str]) -> Callable[[], object]:
    """The same of frames, which a socket gives as text."""
    read_by_us(venue, parse, [frame.encode() for frame in frames])
    known = NAMING[venue].known()

    def hear() -> None:
        for frame in frames:
            parse(frame.encode(), known, T_MS, "")

    return hear


def heard_by_ccxt(venue: str, frames: Sequence[str]) -> Callable[[], object]:
    """The same with ccxt's client and exchange."""
    other = with_ccxt(venue)
    hear = socket(other).handle_text_or_binary_message

    def all_of_them() -> None:
        for frame in frames:
            hear(frame)

    all_of_them()
    if len(other.liquidations) != len(frames):
        raise RuntimeError("ccxt did not hear every closure")
    return all_of_them
