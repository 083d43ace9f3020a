"""Binance's bars, alike on its futures and its spot host: they tell how much of the volume takers bought."""

from __future__ import annotations

from functools import partial

import msgspec

from bot.market.facts import Fact, Market, Milliseconds, NotNegative, Positive
from bot.market.venues.past import bar, windows
from bot.market.venues.reading import UNREADABLE, Table, amount, refusal
from bot.market.venues.venue import Instrument, Known, Parsed, Past, Poll, Request

NAME = "binance"
MINUTE_MS = 60_000
SPANS_MS = {"1m": MINUTE_MS, "5m": 5 * MINUTE_MS, "1h": 60 * MINUTE_MS}
MOST_ROWS = 1000
TRADED_MOST = 20
"""Of how many coins every minute's bar is asked for."""


class _Kline(msgspec.Struct, array_like=True, gc=False):
    begin: Milliseconds
    open: Positive
    high: Positive
    low: Positive
    close: Positive
    volume: NotNegative
    end: Milliseconds
    turnover: NotNegative
    trades: int
    taker_buy: NotNegative


_KLINES = Table("binance bars", _Kline)


def parse_bars(market: Market, body: bytes, known: Known, t_ms: int, symbol: str) -> Parsed:
    """Closed bars, oldest first; the one still running is passed over.

    ```
    [[1773000000000,                            begin, UTC ms
      "3120.1","3131","3118.4","3127.9",        open, high, low, close, USDT a coin
      "5210.4",                                 volume, coins
      1773003599999,                            last ms of the bar
      "16290011.3","40211",                     USDT, trades
      "2744.8","8581770.2","0"]]                bought by takers: coins, USDT; unused
    ```
    """
    rows, refused = _KLINES.read(body)
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed(refused=refused)
    facts: list[Fact] = []
    for row in rows:
        if row.end >= t_ms:
            continue
        try:
            facts.append(_bar(instrument, market, row))
        except UNREADABLE as error:
            refused.append(refusal(symbol, error))
    return Parsed(facts, refused)


def _bar(instrument: Instrument, market: Market, row: _Kline) -> Fact:
    span_ms = row.end + 1 - row.begin
    if span_ms not in SPANS_MS.values():
        raise ValueError(f"a bar of {span_ms} ms")
    place = NAME, market, row.begin, span_ms // 1000
    prices = row.open, row.high, row.low, row.close
    coins = instrument.coins_per_unit
    return bar(instrument, place, prices, amount(row.volume * coins), amount(row.taker_buy * coins))


def minutes(market: Market, path: str, weight: int) -> Poll:
    """The bars of the last minutes of the most traded coins."""

    def requests(known: Known, _round: int) -> list[Request]:
        symbols = list(known)[:TRADED_MOST]
        return [
            Request(path, {"symbol": symbol, "interval": "1m", "limit": 3}, weight=weight, symbol=symbol)
            for symbol in symbols
        ]

    return Poll(name="bars", feeds=("bar",), every_s=60, requests=requests, parse=partial(parse_bars, market))


def history(market: Market, path: str, interval: str, weight: int) -> Past:
    """Bars of one interval, 1000 a call."""
    span_ms = SPANS_MS[interval]

    def requests(instrument: Instrument, from_ms: int, to_ms: int) -> list[Request]:
        asked: dict[str, str | int] = {"symbol": instrument.symbol, "interval": interval, "limit": MOST_ROWS}
        return [
            Request(path, asked | {"startTime": begin, "endTime": end - 1}, weight=weight, symbol=instrument.symbol)
            for begin, end in windows(from_ms, to_ms, MOST_ROWS * span_ms)
        ]

    parse = partial(parse_bars, market)
    return Past(name=f"{interval} bars", feed="bar", requests=requests, parse=parse, span_s=span_ms // 1000)
