"""Bybit's spot market: turnover and bars, to tell spot-led from leverage-driven."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot.market.facts import Fact, NotNegative, Turnover
from bot.market.venues.bybit import LIMITS
from bot.market.venues.bybit_answer import NAME, Answer, rows_of
from bot.market.venues.bybit_past import FIVE_MINUTES_S, HOUR_S, bars_past, minutes
from bot.market.venues.reading import Table, gather
from bot.market.venues.symbols import coin
from bot.market.venues.venue import Instrument, Known, Parsed, Poll, Request, Venue

DOLLARS = ("USDT", "USDC")


class _Pair(msgspec.Struct, rename="camel", gc=False):
    symbol: str
    status: str
    base_coin: str
    quote_coin: str


_PAIRS = Table("bybit pairs", _Pair, Answer, rows_of)


def parse_instruments(body: bytes, _t_ms: int) -> dict[str, Instrument]:
    """Pairs that trade against USDT or USDC.

    ```
    {"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[
      {"symbol":"AVAXUSDT","status":"Trading","baseCoin":"AVAX","quoteCoin":"USDT"}]},
     "retExtInfo":{},"time":1773000000100}
    ```
    """
    rows, _ = _PAIRS.read(body)
    return {row.symbol: found for row in rows if (found := _instrument(row)) is not None}


def _instrument(row: _Pair) -> Instrument | None:
    found = coin(row.base_coin)
    if found is None or row.status != "Trading" or row.quote_coin not in DOLLARS:
        return None
    coins = found.multiplier
    return Instrument(row.symbol, found.base, row.quote_coin, coins_per_unit=coins, multiplier=coins)


class _Ticker(msgspec.Struct, gc=False):
    symbol: str
    turnover: NotNegative = msgspec.field(name="turnover24h")


_TICKERS = Table("bybit spot tickers", _Ticker, Answer, rows_of)


def parse_turnover(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Traded in the last 24 hours.

    ```
    {"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[
      {"symbol":"AVAXUSDT","lastPrice":"21.343",
       "turnover24h":"9310220.8","volume24h":"440110.2"}]},         USDT, coins
     "retExtInfo":{},"time":1773000000100}
    ```
    """
    return gather(_TICKERS, body, known, t_ms, _turnover)


def _turnover(row: _Ticker, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    return (Turnover(t_ms, NAME, instrument.base, "spot", row.turnover),)


VENUE = Venue(
    name=NAME,
    market="spot",
    rest="https://api.bybit.com",
    limits=LIMITS,
    instruments=(Request("/v5/market/instruments-info", {"category": "spot"}),),
    parse_instruments=parse_instruments,
    polls=(
        Poll(
            name="turnover",
            feeds=("turnover",),
            every_s=60,
            requests=lambda _known, _round: [Request("/v5/market/tickers", {"category": "spot"})],
            parse=parse_turnover,
        ),
        minutes("spot"),
    ),
    past=(bars_past(HOUR_S, "spot"), bars_past(FIVE_MINUTES_S, "spot")),
)
