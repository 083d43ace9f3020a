"""Binance: dollar-margined perpetuals; closures also of the coin-margined ones, which come in the same stream.

Sizes are coins (thousands of them for 1000PEPE). Open interest counts one side and is told contract by contract.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec

from bot.market.facts import Fact, Funding, Index, Mark, Milliseconds, NotNegative, OpenInterest, Turnover
from bot.market.venues.binance_bars import NAME, history, minutes
from bot.market.venues.binance_book import BOOKS
from bot.market.venues.binance_frames import CLOSURES
from bot.market.venues.binance_past import FUNDING_PAST, OPEN_INTEREST_PAST
from bot.market.venues.reading import (
    UNREADABLE,
    Table,
    Told,
    ToldRate,
    ToldTime,
    amount,
    gather,
    hours,
    moment,
    rate,
    refusal,
    unreadable,
)
from bot.market.venues.symbols import coin
from bot.market.venues.venue import Instrument, Known, Limits, Parsed, Poll, Request, Terms, Venue

KLINES = "/fapi/v1/klines"
USUAL_HOURS = 8.0
"""Hours between payments of contracts whose terms were never adjusted: only the adjusted ones are listed."""
OFTEN, MOST = 30, 300
"""Of how many contracts open interest is asked for every round, and at all (every fourth round)."""
RUNNING = False
"""`settled` of a rate that is not paid yet."""
Row = TypeVar("Row")


class _Contract(msgspec.Struct, rename="camel", gc=False):
    symbol: str
    contract_type: str
    status: str
    base_asset: str
    quote_asset: str
    underlying_type: str = "COIN"
    onboard_date: ToldTime = None


class _Contracts(msgspec.Struct, Generic[Row]):
    symbols: list[Row]


_CONTRACTS = Table("binance contracts", _Contract, _Contracts, lambda body: body.symbols)


def parse_instruments(body: bytes, _t_ms: int) -> dict[str, Instrument]:
    """Perpetuals of coins that trade; shares and metals (`TRADIFI_PERPETUAL`), indices and dated ones are left out.

    ```
    {"symbols":[{"symbol":"1000BONKUSDT","pair":"1000BONKUSDT",
      "contractType":"PERPETUAL","status":"TRADING",
      "baseAsset":"1000BONK","quoteAsset":"USDT",
      "underlyingType":"COIN",                  or INDEX, EQUITY, …
      "onboardDate":1700000000000}]}            UTC ms
    ```
    """
    rows, _ = _CONTRACTS.read(body)
    return {row.symbol: found for row in rows if (found := _instrument(row)) is not None}


def _instrument(row: _Contract) -> Instrument | None:
    found = coin(row.base_asset)
    trades = row.contract_type == "PERPETUAL" and row.status == "TRADING" and row.underlying_type == "COIN"
    if found is None or not trades:
        return None
    try:
        listed_ms = moment(row.onboard_date)
    except UNREADABLE:
        return None
    coins = found.multiplier
    return Instrument(
        row.symbol, found.base, row.quote_asset, coins_per_unit=coins, multiplier=coins, listed_ms=listed_ms
    )


class _Adjusted(msgspec.Struct, rename="camel", gc=False):
    symbol: str
    funding_interval_hours: Told = None
    adjusted_funding_rate_cap: Told = None
    adjusted_funding_rate_floor: Told = None


_ADJUSTED = Table("binance funding terms", _Adjusted)


def parse_terms(body: bytes, known: Known) -> dict[str, Instrument]:
    """Hours between payments, cap and floor, of the contracts for which they were adjusted; the others pay every 8 h.

    ```
    [{"symbol":"AVAXUSDT",
      "adjustedFundingRateCap":"0.02","adjustedFundingRateFloor":"-0.02",    decimal a payment
      "fundingIntervalHours":4,"disclaimer":false}]
    ```
    """
    rows, refused = _ADJUSTED.read(body)
    unsure = {row.place.partition(".")[0] for row in refused}
    found = {symbol: one._replace(funding_h=USUAL_HOURS) for symbol, one in known.items() if symbol not in unsure}
    for row in rows:
        if row.symbol in found:
            found[row.symbol] = _with_terms(found[row.symbol], row)
    return dict(known) | found


def _with_terms(instrument: Instrument, row: _Adjusted) -> Instrument:
    try:
        cap, floor = rate(row.adjusted_funding_rate_cap), rate(row.adjusted_funding_rate_floor)
        interval_h = hours(row.funding_interval_hours)
    except UNREADABLE:
        return instrument._replace(funding_h=None)
    return instrument._replace(funding_h=interval_h or USUAL_HOURS, funding_cap=cap, funding_floor=floor)


class _Premium(msgspec.Struct, rename="camel", gc=False):
    symbol: str
    mark_price: NotNegative
    index_price: NotNegative
    time: Milliseconds
    last_funding_rate: ToldRate = None
    interest_rate: ToldRate = None
    next_funding_time: ToldTime = None


_PREMIUMS = Table("binance marks", _Premium)


def parse_premium(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Mark, index and running funding rate of every contract.

    ```
    [{"symbol":"AVAXUSDT",
      "markPrice":"21.34410000","indexPrice":"21.35012045",     USDT a coin; 0 when there is none
      "estimatedSettlePrice":"21.33",
      "lastFundingRate":"0.00004312",           the running rate of the next payment, whatever its name; decimal
      "interestRate":"0.00010000",
      "nextFundingTime":1773014400000,          UTC ms; 0 when none is due
      "time":1773000000000}]                    UTC ms
    ```
    """
    return gather(_PREMIUMS, body, known, t_ms, _premium)


def _premium(row: _Premium, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    base, at_ms, multiplier, running = instrument.base, row.time, instrument.multiplier, row.last_funding_rate
    facts: list[Fact] = []
    if mark := row.mark_price / multiplier:
        facts.append(Mark(t_ms, NAME, base, mark, at_ms))
    if index := row.index_price / multiplier:
        facts.append(Index(t_ms, NAME, base, index, at_ms))
    interval_h = instrument.funding_h
    if isinstance(running, float) and interval_h is not None:
        cap, floor, next_t = instrument.funding_cap, instrument.funding_floor, moment(row.next_funding_time)
        interest = row.interest_rate if isinstance(row.interest_rate, float) else None
        facts.append(Funding(t_ms, NAME, base, running, interval_h, RUNNING, next_t, cap, floor, interest, at_ms))
    return facts


class _Interest(msgspec.Struct, rename="camel", gc=False):
    symbol: str
    open_interest: NotNegative
    time: Milliseconds


_INTEREST = msgspec.json.Decoder(_Interest, strict=False)


def parse_open_interest(body: bytes, known: Known, t_ms: int, symbol: str) -> Parsed:
    """Open interest of one contract, one side counted.

    ```
    {"symbol":"AVAXUSDT","openInterest":"7210456.000","time":1773000000000}     coins, UTC ms
    ```
    """
    try:
        row = _INTEREST.decode(body)
        instrument = known.get(row.symbol)
        if instrument is None:
            return Parsed()
        coins = amount(row.open_interest * instrument.multiplier)
    except msgspec.ValidationError as error:
        if b'"openInterest"' not in body:
            raise unreadable("binance open interest", body, error) from error
        return Parsed(refused=(refusal(symbol, error),))
    except UNREADABLE as error:
        raise unreadable("binance open interest", body, error) from error
    return Parsed((OpenInterest(t_ms, NAME, instrument.base, coins, None, row.time),))


def open_interest_requests(known: Known, round_number: int) -> list[Request]:
    """The most traded contracts every round, a quarter of the others each round."""
    symbols = list(known)[:MOST]
    asked = symbols[:OFTEN] + symbols[OFTEN:][round_number % 4 :: 4]
    return [Request("/fapi/v1/openInterest", {"symbol": symbol}, symbol=symbol) for symbol in asked]


class _Day(msgspec.Struct, rename="camel", gc=False):
    symbol: str
    quote_volume: NotNegative
    close_time: Milliseconds


_DAYS = Table("binance turnover", _Day)


def parse_turnover(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Traded in the last 24 hours.

    ```
    [{"symbol":"AVAXUSDT","volume":"19041100",
      "quoteVolume":"403102208.8",              USDT
      "openTime":1772913600000,"closeTime":1773000000000}]      UTC ms
    ```
    """
    return gather(_DAYS, body, known, t_ms, _turnover)


def _turnover(row: _Day, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    return (Turnover(t_ms, NAME, instrument.base, "perp", row.quote_volume, row.close_time),)


VENUE = Venue(
    name=NAME,
    rest="https://fapi.binance.com",
    limits=Limits(
        weight=2400, span_s=60, used_header="X-MBX-USED-WEIGHT-1M", source="rateLimits of /fapi/v1/exchangeInfo"
    ),
    instruments=(Request("/fapi/v1/exchangeInfo"),),
    parse_instruments=parse_instruments,
    # Every 15 minutes, because a payment at the cap shortens the interval to an hour.
    terms=(Terms(every_s=900, request=Request("/fapi/v1/fundingInfo"), parse=parse_terms),),
    polls=(
        Poll(
            name="marks",
            feeds=("mark", "index", "funding"),
            every_s=15,
            requests=lambda _known, _round: [Request("/fapi/v1/premiumIndex", weight=10)],
            parse=parse_premium,
        ),
        Poll(
            name="open interest",
            feeds=("oi",),
            every_s=15,
            requests=open_interest_requests,
            parse=parse_open_interest,
        ),
        Poll(
            name="turnover",
            feeds=("turnover",),
            every_s=60,
            requests=lambda _known, _round: [Request("/fapi/v1/ticker/24hr", weight=40)],
            parse=parse_turnover,
        ),
        minutes("perp", KLINES, weight=1),
        BOOKS,
    ),
    streams=(CLOSURES,),
    past=(
        OPEN_INTEREST_PAST,
        FUNDING_PAST,
        history("perp", KLINES, "1h", weight=5),
        history("perp", KLINES, "5m", weight=5),
    ),
)
