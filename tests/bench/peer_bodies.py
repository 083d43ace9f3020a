"""Bodies of 500 rows: ours beside the calls of ccxt that read them."""

from __future__ import annotations

from typing import Any, NamedTuple

from bot.market.venues import binance, bitget, bybit, okx
from bot.market.venues.venue import Parse
from tests.bench import wire
from tests.bench.measuring import Measured, beside
from tests.bench.readers import read_by_us, with_ccxt


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


def rows_in(body: Any) -> wire.Rows:
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
    return beside(name, read_by_us(kind.venue, kind.ours, told), read, "ccxt", 1000 / len(told))
