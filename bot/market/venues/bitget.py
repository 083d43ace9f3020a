"""Bitget: perpetual swaps in USDT; those in USDC and coin-margined are told by other calls and left out.

Sizes are coins (the name tells a multiplier, as in 1000BONKUSDT). Open interest counts one side. Liquidations are the
largest of each second, side and contract, told with the side of the position and an amount in USDT.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot.market.facts import Fact, Funding, Index, Mark, OpenInterest, Turnover
from bot.market.venues.answer import Answer, rows_of
from bot.market.venues.bitget_frames import LIQUIDATIONS
from bot.market.venues.bitget_past import NAME, PAST, PRODUCT
from bot.market.venues.reading import (
    UNREADABLE,
    Table,
    Told,
    ToldAmount,
    ToldMoment,
    ToldPrice,
    ToldTime,
    amount,
    gather,
    hours,
    moment,
    open_interest,
    positive,
    rate,
)
from bot.market.venues.symbols import coin
from bot.market.venues.venue import Instrument, Known, Limits, Parse, Parsed, Poll, Request, Venue

_ROWS = rows_of(NAME, "00000")


class _Contract(msgspec.Struct, rename="camel"):
    symbol: str
    base_coin: str
    quote_coin: str
    symbol_type: str
    symbol_status: str
    is_rwa: str | None = None
    fund_interval: Told = None
    launch_time: ToldTime = None


_CONTRACTS = Table("bitget contracts", _Contract, Answer, _ROWS)


def parse_instruments(body: bytes, _t_ms: int) -> dict[str, Instrument]:
    """Perpetual contracts that trade, by symbol; shares, goods and metals (`isRwa`) are left out.

    ```
    {"code":"00000","msg":"success","requestTime":1773000000100,"data":[{
      "symbol":"ETHUSDT","baseCoin":"ETH","quoteCoin":"USDT",
      "symbolType":"perpetual","symbolStatus":"normal","isRwa":"NO",
      "fundInterval":"8",                   hours between two payments
      "sizeMultiplier":"0.01","minTradeNum":"0.01","pricePlace":"2","volumePlace":"2","maxLever":"125",
      "launchTime":"1632960000000","deliveryTime":"","offTime":"-1"}]}    UTC ms, "" for none
    ```
    """
    rows, _ = _CONTRACTS.read(body)
    return {row.symbol: found for row in rows if (found := _instrument(row)) is not None}


def _instrument(row: _Contract) -> Instrument | None:
    found = coin(row.base_coin)
    ours = row.symbol_type == "perpetual" and row.symbol_status == "normal" and row.is_rwa != "YES"
    if found is None or not ours:
        return None
    try:
        funding_h, listed_ms = hours(row.fund_interval), moment(row.launch_time)
    except UNREADABLE:
        return None
    return Instrument(
        row.symbol,
        found.base,
        row.quote_coin,
        coins_per_unit=found.multiplier,
        multiplier=found.multiplier,
        funding_h=funding_h,
        listed_ms=listed_ms,
    )


class _Ticker(msgspec.Struct, gc=False):
    symbol: str
    mark: ToldPrice = msgspec.field(name="markPrice", default=None)
    index: ToldPrice = msgspec.field(name="indexPrice", default=None)
    size: ToldAmount = msgspec.field(name="holdingAmount", default=None)
    turnover: ToldAmount = msgspec.field(name="usdtVolume", default=None)
    at: ToldMoment = msgspec.field(name="ts", default=None)


_TICKERS = Table("bitget tickers", _Ticker, Answer, _ROWS)


def parse_tickers(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Prices, open interest and turnover; the rate beside them has no interval and is read from its own call.

    ```
    {"code":"00000","msg":"success","requestTime":1773000000300,"data":[{
      "symbol":"ETHUSDT","lastPr":"3125.2","askPr":"3125.3","bidPr":"3125.2","bidSz":"41","askSz":"9",   USDT, coins
      "markPrice":"3125.4","indexPrice":"3126.2",         USDT a coin
      "holdingAmount":"288000.5",                         coins, one side counted
      "baseVolume":"910000","quoteVolume":"2844000000","usdtVolume":"2844000000",   24 h: coins, USDT, USDT
      "fundingRate":"0.000066","change24h":"0.0078","open24h":"3101","high24h":"3190","low24h":"3050",
      "openUtc":"3098","changeUtc24h":"0.0088","deliveryTime":null,"deliveryStatus":"","ts":"1773000000290"}]}   UTC ms
    ```
    """
    return gather(_TICKERS, body, known, t_ms, _ticker)


def _ticker(row: _Ticker, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    base, at, mark = instrument.base, row.at or None, row.mark
    facts: list[Fact] = []
    if isinstance(mark, float):
        facts.append(Mark(t_ms, NAME, base, positive(instrument.price(mark)), at))
    if isinstance(row.index, float):
        facts.append(Index(t_ms, NAME, base, positive(instrument.price(row.index)), at))
    if isinstance(row.size, float) and isinstance(mark, float):
        facts.append(open_interest(NAME, instrument, row.size, mark, t_ms, at))
    elif isinstance(row.size, float):
        facts.append(OpenInterest(t_ms, NAME, base, amount(row.size * instrument.coins_per_unit), at=at))
    if isinstance(row.turnover, float):
        facts.append(Turnover(t_ms, NAME, base, "perp", row.turnover, at))
    return facts


class _Rate(msgspec.Struct, rename="camel"):
    symbol: str
    funding_rate: Told
    funding_rate_interval: Told = None
    next_update: ToldTime = None
    min_funding_rate: Told = None
    max_funding_rate: Told = None


_RATES = Table("bitget funding", _Rate, Answer, _ROWS)


def parse_funding(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Running funding rates.

    ```
    {"code":"00000","msg":"success","requestTime":1773000000500,"data":[{
      "symbol":"ETHUSDT",
      "fundingRate":"0.000066","fundingRateInterval":"8",       decimal an interval, hours
      "nextUpdate":"1773014400000",                             UTC ms of the next payment
      "minFundingRate":"-0.003","maxFundingRate":"0.003"}]}     decimal an interval
    ```
    """
    return gather(_RATES, body, known, t_ms, _funding)


def _funding(row: _Rate, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    running, interval_h = rate(row.funding_rate), hours(row.funding_rate_interval) or instrument.funding_h
    if running is None:
        return ()
    if interval_h is None:
        raise ValueError("the interval is not told")
    return (
        Funding(
            t_ms,
            NAME,
            instrument.base,
            running,
            interval_h,
            settled=False,
            next_t=moment(row.next_update),
            cap=rate(row.max_funding_rate),
            floor=rate(row.min_funding_rate),
        ),
    )


def _poll(name: str, feeds: tuple[str, ...], every_s: float, path: str, parse: Parse) -> Poll:
    asked = Request(path, PRODUCT)
    return Poll(name=name, feeds=feeds, every_s=every_s, requests=lambda _known, _round: [asked], parse=parse)


VENUE = Venue(
    name=NAME,
    rest="https://api.bitget.com",
    # 20 calls a second of each address (API guide, head of each market call); kept for all addresses together. The
    # header x-mbx-used-remain-limit tells what is left, not what is used.
    limits=Limits(weight=20, span_s=1, source="Bitget API guide, rate limit of each market call"),
    instruments=(Request("/api/v2/mix/market/contracts", PRODUCT),),
    parse_instruments=parse_instruments,
    polls=(
        _poll("tickers", ("mark", "index", "oi", "turnover"), 15, "/api/v2/mix/market/tickers", parse_tickers),
        _poll("funding", ("funding",), 60, "/api/v2/mix/market/current-fund-rate", parse_funding),
    ),
    streams=(LIQUIDATIONS,),
    past=PAST,
)
