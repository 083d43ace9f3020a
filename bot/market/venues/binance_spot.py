"""Binance's spot market: turnover and bars, to tell spot-led from leverage-driven.

Asked at the host for market data alone, which holds the same and answers where api.binance.com refuses a place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec

from bot.market.facts import Fact, Milliseconds, NotNegative, Turnover
from bot.market.venues.binance_bars import NAME, history, minutes
from bot.market.venues.reading import Table, gather
from bot.market.venues.symbols import coin
from bot.market.venues.venue import Instrument, Known, Limits, Parsed, Poll, Request, Venue

KLINES = "/api/v3/klines"
DOLLARS = ("USDT", "USDC")
Row = TypeVar("Row")


class _Pair(msgspec.Struct, rename="camel", gc=False):
    symbol: str
    status: str
    base_asset: str
    quote_asset: str


class _Pairs(msgspec.Struct, Generic[Row]):
    symbols: list[Row]


_PAIRS = Table("binance spot pairs", _Pair, _Pairs, lambda body: body.symbols)


def parse_instruments(body: bytes, _t_ms: int) -> dict[str, Instrument]:
    """Pairs that trade against USDT or USDC.

    ```
    {"symbols":[{"symbol":"AVAXUSDT","status":"TRADING","baseAsset":"AVAX","quoteAsset":"USDT"}]}
    ```
    """
    rows, _ = _PAIRS.read(body)
    return {row.symbol: found for row in rows if (found := _instrument(row)) is not None}


def _instrument(row: _Pair) -> Instrument | None:
    found = coin(row.base_asset)
    if found is None or row.status != "TRADING" or row.quote_asset not in DOLLARS:
        return None
    coins = found.multiplier
    return Instrument(row.symbol, found.base, row.quote_asset, coins_per_unit=coins, multiplier=coins)


class _Day(msgspec.Struct, rename="camel", gc=False):
    symbol: str
    quote_volume: NotNegative
    close_time: Milliseconds


_DAYS = Table("binance spot turnover", _Day)


def parse_turnover(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Traded in the last 24 hours.

    ```
    [{"symbol":"AVAXUSDT","volume":"1904110.2",
      "quoteVolume":"40310220.8",               USDT
      "openTime":1772913600000,"closeTime":1773000000000}]      UTC ms
    ```
    """
    return gather(_DAYS, body, known, t_ms, _turnover)


def _turnover(row: _Day, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    return (Turnover(t_ms, NAME, instrument.base, "spot", row.quote_volume, row.close_time),)


VENUE = Venue(
    name=NAME,
    market="spot",
    rest="https://data-api.binance.vision",
    limits=Limits(
        weight=6000, span_s=60, used_header="X-MBX-USED-WEIGHT-1M", source="rateLimits of /api/v3/exchangeInfo"
    ),
    instruments=(Request("/api/v3/exchangeInfo", {"symbolStatus": "TRADING"}, weight=20),),
    parse_instruments=parse_instruments,
    polls=(
        Poll(
            name="turnover",
            feeds=("turnover",),
            every_s=60,
            requests=lambda _known, _round: [Request("/api/v3/ticker/24hr", {"type": "MINI"}, weight=80)],
            parse=parse_turnover,
        ),
        minutes("spot", KLINES, weight=2),
    ),
    past=(history("spot", KLINES, "1h", weight=2), history("spot", KLINES, "5m", weight=2)),
)
