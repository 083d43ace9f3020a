"""History of Deribit's perpetuals: bars and hourly funding. Open interest of the past is not told."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import Any, Generic, TypeVar

import msgspec

from bot.errors import VenueError
from bot.market.facts import Funding, FundingRate, Milliseconds, NotNegative, Positive
from bot.market.venues.deribit_frames import NAME
from bot.market.venues.past import HOUR_MS, bars, windows
from bot.market.venues.reading import UNREADABLE, Table, refusal, unreadable
from bot.market.venues.venue import Instrument, Known, Parsed, Past, Refused, Request

BARS_PAGE = 5000
"""Bars in one answer, the most that the venue gives."""
PAYMENTS_PAGE = 744
"""Hours in one answer: a month of them."""
R = TypeVar("R")


class Answer(msgspec.Struct, Generic[R]):
    """What is around the rows of every answer; the report of an error has no `result`."""

    result: list[R]


def rows_of(answer: Answer[R]) -> list[R]:
    """The rows of an answer."""
    return answer.result


class _Columns(msgspec.Struct):
    ticks: list[Any] = []
    open: list[Any] = []
    high: list[Any] = []
    low: list[Any] = []
    close: list[Any] = []
    volume: list[Any] = []


class _Chart(msgspec.Struct):
    result: _Columns


class _Candle(msgspec.Struct, array_like=True, gc=False):
    start_ms: Milliseconds
    open: Positive
    high: Positive
    low: Positive
    close: Positive
    volume: NotNegative


_CHART = msgspec.json.Decoder(_Chart, strict=False)


def parse_candles(body: bytes, known: Known, t_ms: int, symbol: str, *, span_s: int) -> Parsed:
    """Bars of one contract, oldest first, in columns; what takers bought is not told. A bar that goes on is left out.

    ```
    {"jsonrpc":"2.0","result":{"status":"ok",    "no_data" where nothing was traded
      "ticks":[1773000000000],                   UTC ms of the start
      "open":[3050.0],"high":[3061.5],"low":[3044.0],"close":[3058.5],   US dollars a coin
      "volume":[410.25],                         coins, thousands of them for 1000PEPE
      "cost":[1252310.0]}}                       US dollars
    ```
    """
    columns = _columns(body)
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed()
    told, refused = [], list[Refused]()
    for place, values in enumerate(zip(*columns, strict=True)):
        try:
            row = msgspec.convert(values, _Candle, strict=False)
        except UNREADABLE as error:
            refused.append(refusal(f"{symbol} row {place}", error))
            continue
        told.append((row.start_ms, (row.open, row.high, row.low, row.close), row.volume * instrument.multiplier))
    return bars((NAME, "perp", span_s), instrument, t_ms, told, refused)


def _columns(body: bytes) -> tuple[list[Any], ...]:
    try:
        chart = _CHART.decode(body).result
    except UNREADABLE as error:
        raise unreadable("deribit candles", body, error) from error
    columns = (chart.ticks, chart.open, chart.high, chart.low, chart.close, chart.volume)
    if len({len(column) for column in columns}) > 1:
        raise VenueError("deribit candles: the columns are not of one length")
    return columns


class _Payment(msgspec.Struct, gc=False):
    at: Milliseconds = msgspec.field(name="timestamp")
    rate: FundingRate = msgspec.field(name="interest_1h")


_PAYMENTS = Table("deribit payments", _Payment, Answer, rows_of)


def parse_payments(body: bytes, known: Known, _t_ms: int, symbol: str) -> Parsed:
    """Funding of one contract, which is paid all the time; each row is what an hour came to.

    ```
    {"jsonrpc":"2.0","result":[{
      "timestamp":1773000000000,              UTC ms of the end of the hour
      "interest_1h":0.0000031,                decimal, of that hour
      "interest_8h":0.000027,                 decimal, of the eight hours before
      "index_price":3050.9,"prev_index_price":3048.2}]}   US dollars
    ```
    """
    rows, refused = _PAYMENTS.read(body)
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed((), refused)
    facts = [Funding(row.at, NAME, instrument.base, row.rate, 1.0, settled=True) for row in rows]
    return Parsed(sorted(facts, key=attrgetter("t")), refused)


def _between(
    path: str, most_ms: int, asked: dict[str, str | int], instrument: Instrument, from_ms: int, to_ms: int
) -> list[Request]:
    asked = asked | {"instrument_name": instrument.symbol}
    return [
        Request(path, asked | {"start_timestamp": begin, "end_timestamp": end - 1}, symbol=instrument.symbol)
        for begin, end in windows(from_ms, to_ms, most_ms)
    ]


def _bars(name: str, span_s: int) -> Past:
    asked: dict[str, str | int] = {"resolution": str(span_s // 60)}
    requests = partial(_between, "/public/get_tradingview_chart_data", BARS_PAGE * span_s * 1000, asked)
    return Past(name=name, feed="bar", requests=requests, parse=partial(parse_candles, span_s=span_s), span_s=span_s)


PAST = (
    _bars("1h bars", 3600),
    _bars("5m bars", 300),
    Past(
        name="settled funding",
        feed="funding",
        requests=partial(_between, "/public/get_funding_rate_history", PAYMENTS_PAGE * HOUR_MS, {}),
        parse=parse_payments,
    ),
)
