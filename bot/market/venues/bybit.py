"""Bybit: dollar-margined and coin-margined perpetuals, everything about them in one call for each of the two.

Sizes are coins (thousands of them for 1000PEPE), US dollars for coin-margined contracts. Open interest was told with
both sides counted until 2026-06-11; since then the single side stands beside it.
"""

from __future__ import annotations

import msgspec

from bot.market.facts import Fact, Funding, Index, Mark, NotNegative, Turnover
from bot.market.venues.bybit_answer import NAME, Answer, next_page, rows_of
from bot.market.venues.bybit_book import BOOKS
from bot.market.venues.bybit_frames import CLOSURES
from bot.market.venues.bybit_past import PAST, minutes, one_sided
from bot.market.venues.reading import (
    UNREADABLE,
    Table,
    Told,
    ToldHours,
    ToldRate,
    ToldTime,
    hours,
    moment,
    open_interest,
    rate,
    refusal,
    unreadable,
)
from bot.market.venues.symbols import coin
from bot.market.venues.venue import Instrument, Known, Limits, Parsed, Poll, Request, Venue

PERPETUALS = ("LinearPerpetual", "InversePerpetual")
RUNNING = False
"""`settled` of a rate that is not paid yet."""
NOT_CRYPTO = ("stock", "commodity", "forex", "index")
"""Parts of `symbolType` of contracts on shares, goods, currencies and indices."""


class _Contract(msgspec.Struct, rename="camel", gc=False):
    symbol: str
    contract_type: str
    status: str
    base_coin: str
    quote_coin: str
    symbol_type: str = ""
    is_pre_listing: bool = False
    launch_time: ToldTime = None
    funding_interval: Told = None
    upper_funding_rate: Told = None
    lower_funding_rate: Told = None


_CONTRACTS = Table("bybit contracts", _Contract, Answer, rows_of)


def parse_instruments(body: bytes, _t_ms: int) -> dict[str, Instrument]:
    """Perpetuals of coins that trade; dated ones, those before their listing, shares and goods are left out.

    ```
    {"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{
      "symbol":"1000BONKUSDT","contractType":"LinearPerpetual","status":"Trading",
      "baseCoin":"1000BONK","quoteCoin":"USDT","settleCoin":"USDT","symbolType":"innovation",
      "launchTime":"1700000000000",             UTC ms
      "isPreListing":false,
      "fundingInterval":480,                    minutes
      "upperFundingRate":"0.02","lowerFundingRate":"-0.02"}],       decimal a payment
      "nextPageCursor":""},"retExtInfo":{},"time":1773000000100}
    ```
    """
    rows, _ = _CONTRACTS.read(body)
    return {row.symbol: found for row in rows if (found := _instrument(row)) is not None}


def _instrument(row: _Contract) -> Instrument | None:
    found = coin(row.base_coin)
    trades = row.contract_type in PERPETUALS and row.status == "Trading" and not row.is_pre_listing
    if found is None or not trades or any(word in row.symbol_type.lower() for word in NOT_CRYPTO):
        return None
    inverse = row.contract_type == "InversePerpetual"
    try:
        return Instrument(
            row.symbol,
            found.base,
            row.quote_coin,
            coins_per_unit=0.0 if inverse else found.multiplier,
            usd_per_unit=1.0 if inverse else 0.0,
            multiplier=found.multiplier,
            funding_h=hours(row.funding_interval, part_of_hour=60),
            listed_ms=moment(row.launch_time),
            funding_cap=rate(row.upper_funding_rate),
            funding_floor=rate(row.lower_funding_rate),
        )
    except UNREADABLE:
        return None


class _Ticker(msgspec.Struct, gc=False):
    """In the order of the wire, in which fields are found sooner."""

    symbol: str
    index: NotNegative = msgspec.field(name="indexPrice")
    mark: NotNegative = msgspec.field(name="markPrice")
    turnover: NotNegative = msgspec.field(name="turnover24h")
    volume: NotNegative = msgspec.field(name="volume24h")
    both: NotNegative | None = msgspec.field(name="openInterest", default=None)
    running: ToldRate = msgspec.field(name="fundingRate", default=None)
    next_t: ToldTime = msgspec.field(name="nextFundingTime", default=None)
    interval_h: ToldHours = msgspec.field(name="fundingIntervalHour", default=None)
    cap: ToldRate = msgspec.field(name="fundingCap", default=None)
    single: NotNegative | None = msgspec.field(name="singleOpenInterest", default=None)


_TICKERS = Table("bybit tickers", _Ticker, Answer, rows_of)


def parse_tickers(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Mark, index, open interest, running funding rate and turnover of every contract of a category.

    ```
    {"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{
      "symbol":"AVAXUSDT","lastPrice":"21.343",
      "markPrice":"21.344","indexPrice":"21.350",           USDT (USD) a coin
      "openInterest":"1802310.4",               coins, both sides counted; US dollars where coin-margined
      "singleOpenInterest":"901155.2",          the same, one side counted; absent in older answers
      "turnover24h":"40310220.8",               USDT; coins where coin-margined
      "volume24h":"1904110.2",                  coins; US dollars where coin-margined
      "fundingRate":"0.00004312",               running rate of the next payment, decimal; "" where there is none
      "nextFundingTime":"1773014400000",        UTC ms
      "fundingIntervalHour":"8","fundingCap":"0.02"}]},     hours; decimal a payment, the floor is its negative
     "retExtInfo":{},"time":1773000000100}      UTC ms
    ```
    """
    answer, rows, refused = _TICKERS.open(body)
    facts: list[Fact] = []
    try:
        at_ms = moment(answer.time)
    except ValueError as error:
        raise unreadable("bybit tickers", body, error) from error
    for row in rows:
        instrument = known.get(row.symbol)
        if instrument is not None:
            try:
                facts += _ticker(row, instrument, t_ms, at_ms)
            except UNREADABLE as error:
                refused.append(refusal(row.symbol, error))
    return Parsed(facts, refused)


def _ticker(row: _Ticker, instrument: Instrument, t_ms: int, at_ms: int | None) -> list[Fact]:
    base, multiplier, running = instrument.base, instrument.multiplier, row.running
    usd = row.volume if instrument.usd_per_unit else row.turnover
    facts: list[Fact] = [Turnover(t_ms, NAME, base, "perp", usd, at_ms)]
    if index := row.index / multiplier:
        facts.append(Index(t_ms, NAME, base, index, at_ms))
    if mark := row.mark / multiplier:
        size = row.single if row.single is not None else one_sided(None, row.both)
        facts.append(Mark(t_ms, NAME, base, mark, at_ms))
        facts.append(open_interest(NAME, instrument, size, row.mark, t_ms, at_ms))
    interval_h = row.interval_h or instrument.funding_h
    if isinstance(running, float) and interval_h is not None:
        cap, floor = instrument.funding_cap, instrument.funding_floor
        if isinstance(row.cap, float):
            cap, floor = row.cap, -row.cap
        next_t = moment(row.next_t)
        facts.append(Funding(t_ms, NAME, base, running, interval_h, RUNNING, next_t, cap, floor, None, at_ms))
    return facts


def _tickers(category: str) -> Poll:
    request = Request("/v5/market/tickers", {"category": category})
    return Poll(
        name=f"{category} tickers",
        feeds=("mark", "index", "oi", "funding", "turnover"),
        every_s=15,
        requests=lambda _known, _round: [request],
        parse=parse_tickers,
    )


def _contracts(category: str) -> Request:
    return Request("/v5/market/instruments-info", {"category": category, "limit": 1000})


# "IP limit": 600 calls in 5 s; who exceeds it is answered 403 and has to stay away for 10 minutes.
LIMITS = Limits(weight=600, span_s=5, source="Bybit v5, Rate Limit Rules, IP limit")

VENUE = Venue(
    name=NAME,
    rest="https://api.bybit.com",
    limits=LIMITS,
    instruments=(_contracts("linear"), _contracts("inverse")),
    parse_instruments=parse_instruments,
    next_page=next_page,
    polls=(_tickers("linear"), _tickers("inverse"), minutes("perp"), BOOKS),
    streams=CLOSURES,
    past=PAST,
)
