"""dYdX v4: perpetuals in USD, sizes in coins, as its indexer tells them.

Positions are marked at the oracle price, which is the spot price: it is told as the mark, and no index beside it, since
a basis of exactly zero would say nothing. Funding is paid every hour. Closures stand among the trades of each market.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

import msgspec

from bot.market.facts import Fact, Funding, Mark, Positive, Turnover
from bot.market.venues.dydx_frames import LIQUIDATIONS, NAME
from bot.market.venues.dydx_past import PAST
from bot.market.venues.past import HOUR_MS
from bot.market.venues.reading import Table, Told, gather, number, open_interest, positive, rate
from bot.market.venues.symbols import coin
from bot.market.venues.venue import Instrument, Known, Limits, Parsed, Poll, Request, Venue

R = TypeVar("R")


class _Answer(msgspec.Struct, Generic[R]):
    markets: dict[str, R]


def _rows(answer: _Answer[R]) -> Sequence[R]:
    return list(answer.markets.values())


class _Market(msgspec.Struct):
    symbol: str = msgspec.field(name="ticker")
    status: str = "ACTIVE"


_MARKETS = Table("dydx markets", _Market, _Answer, _rows)


def parse_instruments(body: bytes, _t_ms: int) -> dict[str, Instrument]:
    """Markets that trade, by ticker; closed ones, stablecoins and tokens named by an address are left out.

    ```
    {"markets":{"AVAX-USD":{
      "ticker":"AVAX-USD","clobPairId":"7",
      "status":"ACTIVE",                  FINAL_SETTLEMENT, PAUSED, … do not trade
      "marketType":"CROSS"}}}             margin: CROSS or ISOLATED
    ```
    """
    rows, _ = _MARKETS.read(body)
    return {row.symbol: found for row in rows if (found := _instrument(row)) is not None}


def _instrument(row: _Market) -> Instrument | None:
    ticker, _, quote = row.symbol.rpartition("-")
    found = coin(ticker)
    if found is None or quote != "USD" or row.status != "ACTIVE":
        return None
    coins = found.multiplier
    return Instrument(row.symbol, found.base, quote, coins_per_unit=coins, multiplier=coins, funding_h=1.0)


class _State(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="ticker")
    oracle: Positive = msgspec.field(name="oraclePrice")
    size: Told = msgspec.field(name="openInterest", default=None)
    running: Told = msgspec.field(name="nextFundingRate", default=None)
    traded_usd: Told = msgspec.field(name="volume24H", default=None)


_STATES = Table("dydx markets", _State, _Answer, _rows)


def parse_markets(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Mark, open interest (one side), running funding and turnover of all markets.

    ```
    {"markets":{"AVAX-USD":{
      "ticker":"AVAX-USD","status":"ACTIVE",
      "oraclePrice":"21.351",             US dollars a coin
      "openInterest":"84120.5",           coins, one side
      "nextFundingRate":"0.0000031",      decimal for the hour, of the next payment
      "volume24H":"1240311.4",            US dollars
      "trades24H":4102,"priceChange24H":"-0.41","baseOpenInterest":"85010","defaultFundingRate1H":"0"}}}
    ```
    """
    return gather(_STATES, body, known, t_ms, _state)


def _state(row: _State, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    base = instrument.base
    facts: list[Fact] = [Mark(t_ms, NAME, base, positive(instrument.price(row.oracle)))]
    size, running, traded_usd = number(row.size, 0), rate(row.running), number(row.traded_usd, 0)
    if size is not None:
        facts.append(open_interest(NAME, instrument, size, row.oracle, t_ms, None))
    if running is not None:
        next_t = (t_ms // HOUR_MS + 1) * HOUR_MS  # paid on the hour, by the rules of the chain
        facts.append(Funding(t_ms, NAME, base, running, 1.0, settled=False, next_t=next_t))
    if traded_usd is not None:
        facts.append(Turnover(t_ms, NAME, base, "perp", traded_usd))
    return facts


_MARKETS_REQUEST = Request("/perpetualMarkets")

VENUE = Venue(
    name=NAME,
    rest="https://indexer.dydx.trade/v4",
    limits=Limits(weight=100, span_s=10, source="dYdX indexer guide, 100 calls in 10 s of one address"),
    instruments=(_MARKETS_REQUEST,),
    parse_instruments=parse_instruments,
    polls=(
        Poll(
            name="markets",
            feeds=("mark", "oi", "funding", "turnover"),
            every_s=30,
            requests=lambda _known, _round: [_MARKETS_REQUEST],
            parse=parse_markets,
        ),
    ),
    streams=(LIQUIDATIONS,),
    past=PAST,
)
