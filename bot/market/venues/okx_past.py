"""History of OKX's swaps: open interest, bars and settled funding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import msgspec

from bot.market.facts import Market, Milliseconds, NotNegative, OpenInterest, Positive
from bot.market.venues.answer import Answer, rows_of
from bot.market.venues.past import HOUR_MS, bars, settled, windows
from bot.market.venues.reading import MOST, Table, Told
from bot.market.venues.venue import Instrument, Known, Parsed, Past, Poll, Request

NAME = "okx"
_ROWS = rows_of(NAME, "0")
DAY_MS = 24 * HOUR_MS
PAGE = 100
"""Rows of one answer, the most that all histories allow."""
KEPT = 1440
"""Rows of open interest that the venue keeps, whatever their span."""
MOST_TRADED = 20
"""Of how many coins every minute's bar is asked for."""
SPANS = {300: "5m", 3600: "1H"}


class _Interest(msgspec.Struct, array_like=True, gc=False):
    at: Milliseconds
    contracts: NotNegative
    coins: NotNegative
    usd: NotNegative


_INTEREST = Table("okx open interest history", _Interest, Answer, _ROWS)


def parse_open_interest_history(body: bytes, known: Known, t_ms: int, symbol: str) -> Parsed:
    """Open interest of one contract, newest first, one side counted; `t` is the venue's time.

    ```
    {"code":"0","msg":"","data":[
      ["1773000000000","4410000","441000","1378301400"]]}   UTC ms, contracts, coins, US dollars
    ```
    """
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed()
    rows, refused = _INTEREST.read(body)
    facts = []
    for row in reversed(rows):
        coins = row.coins * instrument.multiplier
        if row.at <= t_ms and coins <= MOST:
            facts.append(OpenInterest(row.at, NAME, instrument.base, coins, row.usd))
    return Parsed(facts, refused)


class _Candle(msgspec.Struct, array_like=True, gc=False):
    start: Milliseconds
    open: Positive
    high: Positive
    low: Positive
    close: Positive
    size: NotNegative
    in_currency: NotNegative
    in_quote: NotNegative
    confirmed: str = "1"


_CANDLES = Table("okx candles", _Candle, Answer, _ROWS)


def parse_candles(body: bytes, known: Known, t_ms: int, symbol: str, *, span_s: int, market: Market = "perp") -> Parsed:
    """Bars of one contract or pair, newest first; what takers bought is not told. A bar that goes on is left out.

    ```
    {"code":"0","msg":"","data":[
      ["1773000000000",                        UTC ms of the start
       "3125.4","3129","3120.5","3121.8",      open, high, low, close, USDT a coin
       "51200","5120","15998000",              swap: contracts, coins, USDT; spot: coins, USDT, USDT
       "1"]]}                                  1 when the bar has ended
    ```
    """
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed()
    rows, refused = _CANDLES.read(body)
    coins = instrument.multiplier
    spot = market == "spot"
    told = [
        (row.start, (row.open, row.high, row.low, row.close), (row.size if spot else row.in_currency) * coins)
        for row in rows
        if row.confirmed == "1"
    ]
    return bars((NAME, market, span_s), instrument, t_ms, told, refused)


class _Payment(msgspec.Struct):
    at: Milliseconds = msgspec.field(name="fundingTime")
    predicted: Told = msgspec.field(name="fundingRate", default=None)
    paid: Told = msgspec.field(name="realizedRate", default=None)


_PAYMENTS = Table("okx funding history", _Payment, Answer, _ROWS)


def parse_settled_funding(body: bytes, known: Known, _t_ms: int, symbol: str) -> Parsed:
    """Payments of one contract, newest first; the interval is what lies between a payment and the one before.

    ```
    {"code":"0","msg":"","data":[{
      "instType":"SWAP","instId":"ETH-USDT-SWAP","method":"current_period","formulaType":"withRate",
      "fundingRate":"0.000064","realizedRate":"0.000064",   decimal an interval: expected, paid
      "fundingTime":"1772985600000"}]}                      UTC ms of the payment
    ```
    """
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed()
    rows, refused = _PAYMENTS.read(body)
    told = [(row.at, row.predicted if row.paid in (None, "") else row.paid) for row in rows]
    return settled(NAME, instrument, told, refused)


def _calls(
    path: str, bounds: tuple[str, str], span_s: int, asked: Mapping[str, str]
) -> Callable[[Instrument, int, int], list[Request]]:
    """The calls of one history; `bounds` are the words for the first and the last moment, both exclusive."""

    def requests(instrument: Instrument, begin_ms: int, end_ms: int) -> list[Request]:
        always: dict[str, str | int] = {"instId": instrument.symbol, **asked, "limit": PAGE}
        return [
            Request(path, always | {bounds[0]: start - 1, bounds[1]: end}, symbol=instrument.symbol)
            for start, end in windows(begin_ms, end_ms, PAGE * span_s * 1000)
        ]

    return requests


def candles(span_s: int, market: Market) -> Past:
    """History of bars of a span, of swaps ("perp") or pairs ("spot")."""
    path, bar_word = "/api/v5/market/history-candles", {"bar": SPANS[span_s]}
    return Past(
        name=f"bars of {span_s} s",
        feed="bar",
        requests=_calls(path, ("before", "after"), span_s, bar_word),
        parse=partial(parse_candles, span_s=span_s, market=market),
        span_s=span_s,
    )


def minutes(market: Market) -> Poll:
    """The bars of the last minutes of the most traded coins: the first of the contracts or pairs that are known."""

    def requests(known: Known, _round: int) -> list[Request]:
        asked: dict[str, str | int] = {"bar": "1m", "limit": 3}
        return [
            Request("/api/v5/market/candles", {"instId": symbol, **asked}, symbol=symbol)
            for symbol in list(known)[:MOST_TRADED]
        ]

    parse = partial(parse_candles, span_s=60, market=market)
    return Poll(name="bars", feeds=("bar",), every_s=60, requests=requests, parse=parse)


def _interest(span_s: int) -> Past:
    path, period = "/api/v5/rubik/stat/contracts/open-interest-history", {"period": SPANS[span_s]}
    return Past(
        name=f"open interest each {span_s} s",
        feed="oi",
        requests=_calls(path, ("begin", "end"), span_s, period),
        parse=parse_open_interest_history,
        longest_ms=KEPT * span_s * 1000,
        span_s=span_s,
    )


PAST = (
    _interest(300),
    _interest(3600),
    candles(300, "perp"),
    candles(3600, "perp"),
    Past(
        name="settled funding",
        feed="funding",
        # No contract pays more often than hourly, so that a page cannot run over.
        requests=_calls("/api/v5/public/funding-rate-history", ("before", "after"), 3600, {}),
        parse=parse_settled_funding,
        longest_ms=90 * DAY_MS,  # "data of the last three months", API guide
        interval_by_gap=True,
    ),
)
