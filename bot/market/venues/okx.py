"""OKX: perpetual swaps in USDT, USDC and coin-margined.

Sizes are contracts of `ctVal` coins (linear) or dollars (inverse). Open interest counts one side. Of liquidations the
venue tells at most one per contract and second; the price it tells is the bankruptcy price.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot.market.facts import Fact, Funding, Index, Mark, OpenInterest, Turnover
from bot.market.venues.answer import Answer, rows_of
from bot.market.venues.okx_book import BOOKS
from bot.market.venues.okx_contracts import NAME, parse_instruments
from bot.market.venues.okx_frames import LIQUIDATIONS
from bot.market.venues.okx_past import PAST, minutes
from bot.market.venues.past import HOUR_MS
from bot.market.venues.reading import (
    Table,
    ToldAmount,
    ToldMoment,
    ToldPrice,
    ToldRate,
    ToldTime,
    amount,
    gather,
    moment,
    positive,
)
from bot.market.venues.venue import Instrument, Known, Limits, Parse, Parsed, Poll, Request, Venue

_ROWS = rows_of(NAME, "0")


class _Mark(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="instId")
    price: ToldPrice = msgspec.field(name="markPx", default=None)
    at: ToldMoment = msgspec.field(name="ts", default=None)


_MARKS = Table("okx marks", _Mark, Answer, _ROWS)


def parse_marks(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Mark prices.

    ```
    {"code":"0","msg":"","data":[{
      "instType":"SWAP","instId":"ETH-USDT-SWAP",
      "markPx":"3125.4",          USDT a coin
      "ts":"1773000000120"}]}     UTC ms
    ```
    """
    return gather(_MARKS, body, known, t_ms, _mark)


def _mark(row: _Mark, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    if not isinstance(row.price, float):
        return ()
    return (Mark(t_ms, NAME, instrument.base, positive(instrument.price(row.price)), row.at or None),)


class _Index(msgspec.Struct, gc=False):
    pair: str = msgspec.field(name="instId")
    price: ToldPrice = msgspec.field(name="idxPx", default=None)
    at: ToldMoment = msgspec.field(name="ts", default=None)

    @property
    def symbol(self) -> str:
        """The swap whose index this is: an index is named as a pair."""
        return f"{self.pair}-SWAP"


_INDICES = Table("okx indices", _Index, Answer, _ROWS)


def parse_indices(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Index prices, by pair.

    ```
    {"code":"0","msg":"","data":[{
      "instId":"ETH-USDT",
      "idxPx":"3126.1",           USDT a coin
      "high24h":"3190","low24h":"3050","open24h":"3101","sodUtc0":"3098","sodUtc8":"3110",
      "ts":"1773000000095"}]}     UTC ms
    ```
    """
    return gather(_INDICES, body, known, t_ms, _index)


def _index(row: _Index, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    if not isinstance(row.price, float):
        return ()
    return (Index(t_ms, NAME, instrument.base, positive(instrument.price(row.price)), row.at or None),)


class _Interest(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="instId")
    coins: ToldAmount = msgspec.field(name="oiCcy", default=None)
    usd: ToldAmount = msgspec.field(name="oiUsd", default=None)
    at: ToldMoment = msgspec.field(name="ts", default=None)


_INTEREST = Table("okx open interest", _Interest, Answer, _ROWS)


def parse_open_interest(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Open interest, one side counted.

    ```
    {"code":"0","msg":"","data":[{
      "instType":"SWAP","instId":"ETH-USDT-SWAP",
      "oi":"4410000","oiCcy":"441000","oiUsd":"1378301400",   contracts, coins, US dollars
      "ts":"1773000000410"}]}                                 UTC ms
    ```
    """
    return gather(_INTEREST, body, known, t_ms, _interest)


def _interest(row: _Interest, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    coins = amount(row.coins * instrument.multiplier) if isinstance(row.coins, float) else None
    usd = row.usd if isinstance(row.usd, float) else None
    if coins is None and usd is None:
        return ()
    return (OpenInterest(t_ms, NAME, instrument.base, coins, usd, row.at or None),)


class _Rate(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="instId")
    rate: ToldRate = msgspec.field(name="fundingRate")
    next_t: ToldTime = msgspec.field(name="fundingTime")
    after_next_t: ToldTime = msgspec.field(name="nextFundingTime", default=None)
    cap: ToldRate = msgspec.field(name="maxFundingRate", default=None)
    floor: ToldRate = msgspec.field(name="minFundingRate", default=None)
    interest: ToldRate = msgspec.field(name="interestRate", default=None)
    at: ToldMoment = msgspec.field(name="ts", default=None)


_RATES = Table("okx funding", _Rate, Answer, _ROWS)


def parse_funding(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Running funding rates; the interval is what lies between the next two payments.

    ```
    {"code":"0","msg":"","data":[{
      "instType":"SWAP","instId":"ETH-USDT-SWAP","method":"current_period","formulaType":"withRate",
      "fundingRate":"0.000071","nextFundingRate":"",             decimal an interval, of the next payment
      "fundingTime":"1773014400000","nextFundingTime":"1773043200000",   UTC ms of the next payment and of that after it
      "maxFundingRate":"0.00375","minFundingRate":"-0.00375","interestRate":"0.0001",   decimal an interval
      "settFundingRate":"0.000064","settState":"settled","premium":"0.00002","impactValue":"20000",
      "ts":"1773000000800"}]}                                    UTC ms
    ```
    """
    return gather(_RATES, body, known, t_ms, _funding)


def _funding(row: _Rate, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    running = row.rate
    if not isinstance(running, float):
        return ()
    next_t, after = moment(row.next_t), moment(row.after_next_t)
    interval_h = (after - next_t) / HOUR_MS if next_t is not None and after is not None else instrument.funding_h
    if interval_h is None or not 0 < interval_h <= 24:
        raise ValueError("the interval is not told")
    return (
        Funding(
            t_ms,
            NAME,
            instrument.base,
            running,
            interval_h,
            settled=False,
            next_t=next_t,
            cap=row.cap if isinstance(row.cap, float) else None,
            floor=row.floor if isinstance(row.floor, float) else None,
            interest=row.interest if isinstance(row.interest, float) else None,
            at=row.at or None,
        ),
    )


class _Ticker(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="instId")
    last: ToldPrice = None
    size: ToldAmount = msgspec.field(name="vol24h", default=None)
    at: ToldMoment = msgspec.field(name="ts", default=None)


_TICKERS = Table("okx tickers", _Ticker, Answer, _ROWS)


def parse_turnover(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Notional of 24 hours: contracts at the last price, since the venue tells no dollars here.

    ```
    {"code":"0","msg":"","data":[{
      "instType":"SWAP","instId":"ETH-USDT-SWAP",
      "last":"3125.9","lastSz":"4","askPx":"3126","askSz":"210","bidPx":"3125.9","bidSz":"95",   USDT a coin, contracts
      "open24h":"3101","high24h":"3190","low24h":"3050","sodUtc0":"3098","sodUtc8":"3110",
      "vol24h":"18200000","volCcy24h":"1820000",    contracts, coins
      "ts":"1773000000330"}]}                       UTC ms
    ```
    """
    return gather(_TICKERS, body, known, t_ms, _turnover)


def _turnover(row: _Ticker, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    if not isinstance(row.size, float) or not isinstance(row.last, float):
        return ()
    usd = amount(instrument.usd(row.size, row.last))
    return (Turnover(t_ms, NAME, instrument.base, "perp", usd, row.at or None),)


def _poll(name: str, feed: str, every_s: float, parse: Parse, request: Request) -> Poll:
    return Poll(name=name, feeds=(feed,), every_s=every_s, requests=lambda _known, _round: [request], parse=parse)


_SWAPS = {"instType": "SWAP"}

VENUE = Venue(
    name=NAME,
    rest="https://www.okx.com",
    # Each address has a limit of its own: 20 in 2 s for most, 10 in 2 s for marks, rates and statistics (API guide of
    # the venue, "Rate limits"). The smaller one is kept for all together.
    limits=Limits(weight=10, span_s=2, source="OKX API guide, rate limit of each address"),
    instruments=(Request("/api/v5/public/instruments", _SWAPS),),
    parse_instruments=parse_instruments,
    polls=(
        _poll("marks", "mark", 15, parse_marks, Request("/api/v5/public/mark-price", _SWAPS)),
        _poll("indices", "index", 15, parse_indices, Request("/api/v5/market/index-tickers", {"quoteCcy": "USDT"})),
        _poll("open interest", "oi", 15, parse_open_interest, Request("/api/v5/public/open-interest", _SWAPS)),
        _poll("funding", "funding", 60, parse_funding, Request("/api/v5/public/funding-rate", {"instId": "ANY"})),
        _poll("turnover", "turnover", 60, parse_turnover, Request("/api/v5/market/tickers", _SWAPS)),
        minutes("perp"),
        BOOKS,
    ),
    streams=(LIQUIDATIONS,),
    past=PAST,
)
