"""Ours beside ccxt and cryptofeed on the same frames and bodies: reading them, importing, memory.

Each side gets what its own connection hands it (text or bytes) and ends where its caller takes over: ours with facts,
ccxt with its cache of closures or its list of tickers, cryptofeed with its callback. Both take turns, so that a slow
minute of the machine is one of both.
"""

from __future__ import annotations

import asyncio

from bot.market.venues.binance_frames import parse_closure
from bot.market.venues.bybit_frames import parse_closures
from bot.market.venues.okx_frames import parse_liquidations
from bot.market.venues.venue import Parse
from tests.bench import cryptofeed_side, wire
from tests.bench.footprint import CCXT, COINS, footprint
from tests.bench.measuring import Measured, beside, compared
from tests.bench.peer_bodies import BODIES, of_body
from tests.bench.readers import heard_by_ccxt, heard_by_us

IMPORTS = 5


def of_frames() -> list[Measured]:
    """Closures, each in a frame of its own."""
    micro = 1e6 / wire.FRAMES
    told = {"binance": wire.binance_frames(), "okx": wire.okx_frames(), "bybit": wire.bybit_frames()}
    parsers: dict[str, Parse] = {"binance": parse_closure, "okx": parse_liquidations, "bybit": parse_closures}
    return [
        beside(
            f"a closure of {venue} from its frame, µs",
            heard_by_us(venue, parsers[venue], frames),
            heard_by_ccxt(venue, frames),
            "ccxt",
            micro,
        )
        for venue, frames in told.items()
    ]


def of_cryptofeed_frames() -> list[Measured]:
    """What cryptofeed reads: Binance's combined stream, and OKX's closures in the answers of a call."""
    combined, pages = list(wire.combined(wire.binance_frames())), list(wire.okx_pages(wire.okx_frames()))
    kinds = [
        ("a closure of binance from a combined frame, µs", parse_closure, combined, cryptofeed_side.binance(combined)),
        (
            "a closure of okx from a body of 100, µs",
            parse_liquidations,
            pages,
            cryptofeed_side.okx(pages, wire.FRAMES),
        ),
    ]
    return [
        beside(name, heard_by_us(name.split()[3], parse, frames), peer, "cryptofeed", 1e6 / wire.FRAMES)
        for name, parse, frames, peer in kinds
    ]


def of_processes() -> list[Measured]:
    """Import time and memory, each in new processes."""
    pairs = [(footprint("ours"), footprint("ccxt")) for _ in range(IMPORTS)]
    own, other = zip(*pairs, strict=True)
    place = f"with {COINS} coins on {len(CCXT)} venues"
    rows = [
        compared(
            name,
            [scale * getattr(one, field) for one in own],
            [scale * getattr(one, field) for one in other],
            "ccxt",
        )
        for name, field, scale in [
            ("import, ms", "import_s", 1000.0),
            ("resident after import, MB", "imported_mb", 1.0),
            (f"resident {place}, MB", "market_mb", 1.0),
        ]
    ]
    return [*rows, Measured(f"resident {place} and fifteen days of history, MB", own[0].history_mb)]


async def beside_ccxt() -> list[Measured]:
    """Frames and bodies; ccxt wants a loop to run."""
    return [*of_frames(), *map(of_body, BODIES)]


def measure() -> list[Measured]:
    """Reading, importing, memory."""
    return [*asyncio.run(beside_ccxt()), *of_cryptofeed_frames(), *of_processes()]
