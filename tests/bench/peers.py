"""Ours beside ccxt and cryptofeed on the same frames and bodies: reading them, importing, memory.

Each side gets what its own connection hands it (text or bytes) and ends where its caller takes over: ours with facts,
ccxt with its cache of closures or its list of tickers, cryptofeed with its callback. Both take turns, so that a slow
minute of the machine is one of both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from bot.market.venues import binance, bitget, bybit, okx
from bot.market.venues.binance_frames import parse_closure
from bot.market.venues.bybit_frames import parse_closures
from bot.market.venues.okx_frames import parse_liquidations
from bot.market.venues.venue import Parse
from tests.bench import cryptofeed_side, wire
from tests.bench.footprint import CCXT, COINS, footprint
from tests.bench.measuring import Measured, beside, compared
from tests.bench.wire import NAMING, T_MS
from tests.market.venues.ccxt_side import Contract, exchange, socket

IMPORTS = 5
CCXT_NAMES = {"binance": "binanceusdm"}


def with_ccxt(venue: str) -> Any:  # noqa: ANN401 -- ccxt has no types where types are checked
    """ccxt's exchange with the 500 contracts."""
    naming = NAMING[venue]
    contracts = [Contract(naming.symbol(coin), coin, "USDT", naming.contract) for coin in wire.COINS]
    return exchange(CCXT_NAMES.get(venue, venue), contracts)


def heard(venue: str, parse: Parse, frames: Sequence[str]) -> Callable[[], object]:
    """What reads all of these frames with our parser; each is known to hold closures."""
    known, told = NAMING[venue].known(), [frame.encode() for frame in frames]
    for frame in told:
        parsed = parse(frame, known, T_MS, "")
        if parsed.refused or not parsed.facts:
            raise RuntimeError(f"{venue}: {frame!r} was not read")

    def hear() -> None:
        for frame in told:
            parse(frame, known, T_MS, "")

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


def of_frames() -> list[Measured]:
    """Closures, each in a frame of its own."""
    micro = 1e6 / wire.FRAMES
    told = {"binance": wire.binance_frames(), "okx": wire.okx_frames(), "bybit": wire.bybit_frames()}
    parsers: dict[str, Parse] = {"binance": parse_closure, "okx": parse_liquidations, "bybit": parse_closures}
    rows = [
        beside(
            f"a closure of {venue} from its frame, µs",
            heard(venue, parsers[venue], frames),
            heard_by_ccxt(venue, frames),
            "ccxt",
            micro,
        )
        for venue, frames in told.items()
    ]
    return rows


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
        beside(name, heard(name.split()[3], parse, frames), peer, "cryptofeed", 1e6 / wire.FRAMES)
        for name, parse, frames, peer in kinds
    ]


class Body(NamedTuple):
    """One kind of body: where it comes from, what varies from row to row, and what reads it."""

    name: str
    fixture: str
    symbol: str
    fields: tuple[str, ...]
    times: str
    ours: Parse
    ccxt: tuple[str, ...]
    """The calls of ccxt that read the rows."""

    @property
    def venue(self) -> str:
        """Whose it is."""
        return self.fixture.partition("/")[0]


PRICES = ("markPrice", "indexPrice")
BODIES = (
    Body(
        "tickers of bybit",
        "bybit/tickers_linear",
        "symbol",
        (*PRICES, "lastPrice", "openInterest", "singleOpenInterest", "turnover24h", "volume24h", "fundingRate"),
        "",
        bybit.parse_tickers,
        ("parse_tickers",),
    ),
    Body(
        "tickers of bitget",
        "bitget/tickers_all",
        "symbol",
        (*PRICES, "lastPr", "holdingAmount", "usdtVolume", "fundingRate"),
        "ts",
        bitget.parse_tickers,
        ("parse_tickers",),
    ),
    Body(
        "tickers of okx",
        "okx/tickers_all",
        "instId",
        ("last", "vol24h", "volCcy24h"),
        "ts",
        okx.parse_turnover,
        ("parse_tickers",),
    ),
    Body(
        "tickers of binance",
        "binance/day_all",
        "symbol",
        ("lastPrice", "volume", "quoteVolume"),
        "closeTime",
        binance.parse_turnover,
        ("parse_tickers",),
    ),
    Body(
        "marks and funding of binance",
        "binance/premium_all",
        "symbol",
        (*PRICES, "estimatedSettlePrice", "lastFundingRate"),
        "",
        binance.parse_premium,
        ("parse_funding_rates",),
    ),
    Body(
        "funding of okx",
        "okx/funding_all",
        "instId",
        ("fundingRate", "premium"),
        "ts",
        okx.parse_funding,
        ("parse_funding_rates",),
    ),
    Body(
        "tickers of bybit, funding too",
        "bybit/tickers_linear",
        "symbol",
        (*PRICES, "lastPrice", "openInterest", "singleOpenInterest", "turnover24h", "volume24h", "fundingRate"),
        "",
        bybit.parse_tickers,
        ("parse_tickers", "parse_funding_rates"),
    ),
)


def rows_in(body: Any) -> wire.Rows:  # noqa: ANN401 -- parsed JSON
    """The rows of a parsed body, whatever its venue puts around them."""
    if isinstance(body, list):
        return body
    found: wire.Rows = body["data"] if "data" in body else body["result"]["list"]
    return found


def of_body(kind: Body) -> Measured:
    """A body of 500 rows; the peer's time is that of all its calls on the rows that were decoded once."""
    told = wire.bodies(kind.fixture, rows_in, kind.symbol, kind.fields, kind.times)
    other, texts = with_ccxt(kind.venue), [body.decode() for body in told]
    calls = [getattr(other, call) for call in kind.ccxt]

    def read() -> None:
        for text in texts:
            rows = rows_in(other.parse_json(text))
            for call in calls:
                call(rows)

    name = f"{kind.name}, a body of {len(wire.COINS)}, ms"
    return beside(name, heard(kind.venue, kind.ours, texts), read, "ccxt", 1000 / len(told))


def of_processes() -> list[Measured]:
    """Import time and memory, each in new processes."""
    pairs = [(footprint("ours"), footprint("ccxt")) for _ in range(IMPORTS)]
    own, other = zip(*pairs, strict=True)
    place = f"with {COINS} coins on {len(CCXT)} venues"
    rows = [
        compared(
            f"{name}", [scale * getattr(one, field) for one in own], [scale * getattr(one, field) for one in other], "ccxt"
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
