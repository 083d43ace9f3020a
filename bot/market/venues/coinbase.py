"""Coinbase Exchange: spot pairs in US dollars. Only what is traded is taken, to tell spot-led from leverage-driven."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import Annotated

import msgspec

from bot.market.facts import Fact, NotNegative, Positive, Turnover
from bot.market.venues.past import bars, windows
from bot.market.venues.reading import FIRST_MS, LAST_MS, UNREADABLE, Table, amount, refusal, unreadable
from bot.market.venues.symbols import coin
from bot.market.venues.venue import Instrument, Known, Limits, Parsed, Past, Poll, Refused, Request, Venue

NAME = "coinbase"
TRADED_MOST = 20
"""Of how many coins every minute's bar is asked for."""
PAGE = 300
"""Bars in one answer (API guide, "Get product candles")."""
NEWEST = 3
"""How many bars are kept of an answer about the last minutes, which always holds 300."""
Seconds = Annotated[int, msgspec.Meta(ge=FIRST_MS // 1000, le=LAST_MS // 1000)]


class _Product(msgspec.Struct):
    symbol: str = msgspec.field(name="id")
    base: str = msgspec.field(name="base_currency")
    quote: str = msgspec.field(name="quote_currency")
    status: str = "online"
    disabled: bool = msgspec.field(name="trading_disabled", default=False)
    stable: bool = msgspec.field(name="fx_stablecoin", default=False)


_PRODUCTS = Table("coinbase products", _Product)


def parse_instruments(body: bytes, _t_ms: int) -> dict[str, Instrument]:
    """Pairs against the US dollar that trade, by id; sizes are coins. Pairs in USDC trade in the same book.

    ```
    [{"id":"AVAX-USD","base_currency":"AVAX","quote_currency":"USD",
      "status":"online","trading_disabled":false,
      "fx_stablecoin":false}]              two dollars against another
    ```
    """
    rows, _ = _PRODUCTS.read(body)
    return {row.symbol: found for row in rows if (found := _instrument(row)) is not None}


def _instrument(row: _Product) -> Instrument | None:
    found = coin(row.base)
    if found is None or row.quote != "USD" or row.status != "online" or row.disabled or row.stable:
        return None
    return Instrument(row.symbol, found.base, row.quote, coins_per_unit=found.multiplier, multiplier=found.multiplier)


class _Day(msgspec.Struct, gc=False):
    volume: NotNegative
    last: Positive


class _Stats(msgspec.Struct):
    day: _Day = msgspec.field(name="stats_24hour")


_BY_SYMBOL = msgspec.json.Decoder(dict[str, msgspec.Raw])
_STATS = msgspec.json.Decoder(_Stats, strict=False)


def parse_turnover(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Traded in the last 24 hours: coins at the last price, since the venue tells no dollars.

    ```
    {"AVAX-USD":{
      "stats_24hour":{"open":"21.10","high":"21.60","low":"20.95",   US dollars a coin
                      "last":"21.35",
                      "volume":"410220.5"},                          coins
      "stats_30day":{"volume":"12400310.2"}}}
    ```
    """
    try:
        told = _BY_SYMBOL.decode(body)
    except UNREADABLE as error:
        raise unreadable("coinbase statistics", body, error) from error
    facts: list[Fact] = []
    refused: list[Refused] = []
    for symbol, part in told.items():
        instrument = known.get(symbol)
        if instrument is not None:
            try:
                day = _STATS.decode(part).day
                facts.append(Turnover(t_ms, NAME, instrument.base, "spot", amount(day.volume * day.last)))
            except UNREADABLE as error:
                refused.append(refusal(symbol, error))
    return Parsed(facts, refused)


class _Candle(msgspec.Struct, array_like=True, gc=False):
    start_s: Seconds
    low: Positive
    high: Positive
    open: Positive
    close: Positive
    volume: NotNegative


_CANDLES = Table("coinbase candles", _Candle)


def parse_candles(
    body: bytes, known: Known, t_ms: int, symbol: str, *, span_s: int, newest: int | None = None
) -> Parsed:
    """Bars of one pair, newest first; what takers bought is not told. A bar that goes on is left out.

    With `newest` only so many are taken, the one that goes on among them.

    ```
    [[1773000000,       UTC seconds of the start
      21.22,21.41,      low, high, US dollars a coin
      21.30,21.35,      open, close
      9120.4]]          coins
    ```
    """
    rows, refused = _CANDLES.read(body)
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed((), refused)
    told = (
        (row.start_s * 1000, (row.open, row.high, row.low, row.close), row.volume * instrument.multiplier)
        for row in sorted(rows, key=attrgetter("start_s"), reverse=True)[:newest]
    )
    return bars((NAME, "spot", span_s), instrument, t_ms, told, refused)


def _minutes(known: Known, _round: int) -> list[Request]:
    return [
        Request(f"/products/{symbol}/candles", {"granularity": 60}, symbol=symbol)
        for symbol in list(known)[:TRADED_MOST]
    ]


def _between(span_s: int, instrument: Instrument, from_ms: int, to_ms: int) -> list[Request]:
    path = f"/products/{instrument.symbol}/candles"
    return [
        Request(
            path,
            {"granularity": span_s, "start": begin // 1000, "end": end // 1000 - 1},
            symbol=instrument.symbol,
        )
        for begin, end in windows(from_ms, to_ms, PAGE * span_s * 1000)
    ]


def _past(name: str, span_s: int) -> Past:
    parse = partial(parse_candles, span_s=span_s)
    return Past(name=name, feed="bar", requests=partial(_between, span_s), parse=parse, span_s=span_s)


VENUE = Venue(
    name=NAME,
    market="spot",
    rest="https://api.exchange.coinbase.com",
    limits=Limits(weight=10, span_s=1, source="Coinbase Exchange guide, public endpoints: 10 calls a second"),
    instruments=(Request("/products"),),
    parse_instruments=parse_instruments,
    polls=(
        # Not documented, and in use by many for years: the only call for all pairs that tells prices.
        Poll(
            name="turnover",
            feeds=("turnover",),
            every_s=60,
            requests=lambda _known, _round: [Request("/products/stats")],
            parse=parse_turnover,
        ),
        Poll(
            name="bars",
            feeds=("bar",),
            every_s=60,
            requests=_minutes,
            parse=partial(parse_candles, span_s=60, newest=NEWEST),
        ),
    ),
    past=(_past("1h bars", 3600), _past("5m bars", 300)),
)
