"""Bybit's bars and its histories of open interest and of funding paid; there is none of closures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import msgspec

from bot.market.facts import Fact, FundingRate, Market, Milliseconds, NotNegative, OpenInterest, Positive
from bot.market.venues.bybit_answer import NAME, Answer, rows_of
from bot.market.venues.past import bars, settled, windows
from bot.market.venues.reading import UNREADABLE, Table, amount, refusal
from bot.market.venues.venue import Instrument, Known, Parsed, Past, Poll, Request

MOST_TRADED = 20
"""Of how many coins every minute's bar is asked for."""
KLINES = "/v5/market/kline"
BAR_ROWS, ROWS = 1000, 200
HOUR_S, FIVE_MINUTES_S = 3600, 300


def category(instrument: Instrument, market: Market = "perp") -> str:
    """The venue's word for the kind of contract."""
    if market == "spot":
        return "spot"
    return "inverse" if instrument.usd_per_unit else "linear"


class _Kline(msgspec.Struct, array_like=True, gc=False):
    begin: Milliseconds
    open: Positive
    high: Positive
    low: Positive
    close: Positive
    volume: NotNegative
    turnover: NotNegative


_KLINES = Table("bybit bars", _Kline, Answer, rows_of)


def parse_bars(body: bytes, known: Known, t_ms: int, symbol: str, *, span_s: int, market: Market) -> Parsed:
    """Bars of one contract or pair, newest first; what takers bought is not told. A bar that goes on is left out.

    ```
    {"retCode":0,"retMsg":"OK","result":{"category":"linear","symbol":"AVAXUSDT","list":[
      ["1773000000000",                         begin, UTC ms
       "21.31","21.44","21.29","21.40",         open, high, low, close, USDT a coin
       "190410.2",                              coins; US dollars where coin-margined
       "4069060.1"]]},                          USDT; coins where coin-margined
     "retExtInfo":{},"time":1773003600100}
    ```
    """
    rows, refused = _KLINES.read(body)
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed(refused=refused)
    told = ((row.begin, (row.open, row.high, row.low, row.close), _coins(row, instrument)) for row in rows)
    return bars((NAME, market, span_s), instrument, t_ms, told, refused)


def _coins(row: _Kline, instrument: Instrument) -> float:
    return row.turnover if instrument.usd_per_unit else row.volume * instrument.coins_per_unit


def one_sided(single: float | None, both: float | None) -> float:
    """Open interest with one side counted, from a row that tells that, or only the sum of both sides.

    Raises `ValueError` when neither is told.
    """
    if single is not None:
        return single
    if both is None:
        raise ValueError("no open interest is told")
    return both / 2


class _Interest(msgspec.Struct, rename="camel", gc=False):
    timestamp: Milliseconds
    open_interest: NotNegative | None = None
    single_open_interest: NotNegative | None = None


_INTEREST = Table("bybit open interest", _Interest, Answer, rows_of)


def parse_open_interest_past(body: bytes, known: Known, _t_ms: int, symbol: str) -> Parsed:
    """Open interest of one contract every 5 minutes, newest first, known at its own time.

    In coins where dollar-margined; nothing tells the price of then, so coin-margined ones are in US dollars alone.

    ```
    {"retCode":0,"retMsg":"OK","result":{"symbol":"AVAXUSDT","category":"linear","list":[
      {"openInterest":"1802310.4",              coins, both sides counted; US dollars where coin-margined
       "singleOpenInterest":"901155.2",         the same, one side counted; absent in older answers
       "timestamp":"1773000000000"}],           UTC ms
      "nextPageCursor":""},"retExtInfo":{},"time":1773000000100}
    ```
    """
    rows, refused = _INTEREST.read(body)
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed(refused=refused)
    facts: list[Fact] = []
    for row in reversed(rows):
        try:
            size = one_sided(row.single_open_interest, row.open_interest)
            facts.append(_interest(row.timestamp, instrument, size))
        except UNREADABLE as error:
            refused.append(refusal(symbol, error))
    return Parsed(facts, refused)


def _interest(t_ms: int, instrument: Instrument, size: float) -> OpenInterest:
    if instrument.usd_per_unit:
        return OpenInterest(t_ms, NAME, instrument.base, None, amount(size * instrument.usd_per_unit))
    return OpenInterest(t_ms, NAME, instrument.base, amount(size * instrument.coins_per_unit))


class _Paid(msgspec.Struct, rename="camel", gc=False):
    funding_rate: FundingRate
    funding_rate_timestamp: Milliseconds


_PAID = Table("bybit funding history", _Paid, Answer, rows_of)


def parse_funding_past(body: bytes, known: Known, _t_ms: int, symbol: str) -> Parsed:
    """Funding that one contract paid, newest first, known when it was.

    ```
    {"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[
      {"symbol":"AVAXUSDT","fundingRate":"0.00004312",      decimal of the interval since the payment before
       "fundingRateTimestamp":"1773000000000"}]},           UTC ms
     "time":1773000000100}
    ```
    """
    rows, refused = _PAID.read(body)
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed(refused=refused)
    paid = [(row.funding_rate_timestamp, row.funding_rate) for row in rows]
    return settled(NAME, instrument, paid, refused)


Requests = Callable[[Instrument, int, int], list[Request]]


def _calls(
    path: str, bounds: tuple[str, str], span_ms: int, asked: Mapping[str, str | int], market: Market
) -> Requests:
    """The calls of one history; `bounds` are the venue's words for the first and the last moment, both included."""

    def requests(instrument: Instrument, from_ms: int, to_ms: int) -> list[Request]:
        always = {"category": category(instrument, market), "symbol": instrument.symbol, **asked}
        return [
            Request(path, always | {bounds[0]: begin, bounds[1]: end - 1}, symbol=instrument.symbol)
            for begin, end in windows(from_ms, to_ms, span_ms)
        ]

    return requests


def bars_past(span_s: int, market: Market) -> Past:
    """History of bars of a span."""
    asked = {"interval": span_s // 60, "limit": BAR_ROWS}
    return Past(
        name=f"bars of {span_s} s",
        feed="bar",
        requests=_calls(KLINES, ("start", "end"), BAR_ROWS * span_s * 1000, asked, market),
        parse=partial(parse_bars, span_s=span_s, market=market),
        span_s=span_s,
    )


def minutes(market: Market) -> Poll:
    """The bars of the last minutes of the most traded coins."""

    def requests(known: Known, _round: int) -> list[Request]:
        return [
            Request(
                KLINES,
                {"category": category(one, market), "symbol": one.symbol, "interval": 1, "limit": 3},
                symbol=one.symbol,
            )
            for one in list(known.values())[:MOST_TRADED]
        ]

    parse = partial(parse_bars, span_s=60, market=market)
    return Poll(name="bars", feeds=("bar",), every_s=60, requests=requests, parse=parse)


_STARTS = ("startTime", "endTime")
PAST = (
    Past(
        name="open interest",
        feed="oi",
        requests=_calls(
            "/v5/market/open-interest",
            _STARTS,
            ROWS * FIVE_MINUTES_S * 1000,
            {"intervalTime": "5min", "limit": ROWS},
            "perp",
        ),
        parse=parse_open_interest_past,
        span_s=FIVE_MINUTES_S,
    ),
    Past(
        name="funding",
        feed="funding",
        # An hour is the shortest interval between payments.
        requests=_calls("/v5/market/funding/history", _STARTS, ROWS * HOUR_S * 1000, {"limit": ROWS}, "perp"),
        parse=parse_funding_past,
        interval_by_gap=True,
    ),
    bars_past(HOUR_S, "perp"),
    bars_past(FIVE_MINUTES_S, "perp"),
)
