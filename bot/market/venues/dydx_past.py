"""History of dYdX's markets: bars, open interest (told with them) and settled funding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from operator import attrgetter
from typing import Generic, TypeVar

import msgspec

from bot.market.facts import Fact, Funding, FundingRate, NotNegative, OpenInterest, Positive
from bot.market.venues.dydx_frames import NAME, Dated, Moment
from bot.market.venues.past import HOUR_MS, bars, windows
from bot.market.venues.reading import UNREADABLE, Table, Told, amount, number, refusal
from bot.market.venues.venue import Instrument, Known, Parsed, Past, Request

PAGE = 100
"""Rows in one answer that every release of the indexer gives; newer ones give more."""
SPANS = {300: "5MINS", 3600: "1HOUR"}
R = TypeVar("R")


class _Candle(Dated, gc=False, kw_only=True):
    at: Moment = msgspec.field(name="startedAt")
    open: Positive
    high: Positive
    low: Positive
    close: Positive
    coins: NotNegative = msgspec.field(name="baseTokenVolume")
    open_interest: Told = msgspec.field(name="startingOpenInterest", default=None)


class _Candles(msgspec.Struct, Generic[R]):
    candles: list[R]


def _candles(answer: _Candles[R]) -> Sequence[R]:
    return answer.candles


_CANDLES = Table("dydx candles", _Candle, _Candles, _candles)


def parse_candles(body: bytes, known: Known, t_ms: int, symbol: str, *, span_s: int) -> Parsed:
    """Bars of one market, newest first; what takers bought is not told. A bar that goes on is left out.

    ```
    {"candles":[{"ticker":"AVAX-USD","resolution":"1HOUR",
      "startedAt":"2026-03-08T20:00:00.000Z",                      UTC
      "open":"21.30","high":"21.41","low":"21.22","close":"21.35", US dollars a coin
      "baseTokenVolume":"9120.4","usdVolume":"194710.2",           coins, US dollars
      "trades":310,
      "startingOpenInterest":"84120.5"}]}                          coins at the start, one side
    ```
    """
    rows, refused = _CANDLES.read(body)
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed((), refused)
    told = ((row.at_ms, (row.open, row.high, row.low, row.close), row.coins * instrument.multiplier) for row in rows)
    return bars((NAME, "perp", span_s), instrument, t_ms, told, refused)


def parse_open_interest_history(body: bytes, known: Known, t_ms: int, symbol: str) -> Parsed:
    """Open interest at the start of each bar, from the same answer as `parse_candles`."""
    rows, refused = _CANDLES.read(body)
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed((), refused)
    facts: list[Fact] = []
    for row in sorted(rows, key=attrgetter("at")):
        try:
            size = number(row.open_interest, 0)
            if size is not None and row.at_ms <= t_ms:
                facts.append(OpenInterest(row.at_ms, NAME, instrument.base, amount(size * instrument.multiplier)))
        except UNREADABLE as error:
            refused.append(refusal(f"{symbol} {row.at_ms}", error))
    return Parsed(facts, refused)


class _Payment(Dated, gc=False, kw_only=True):
    rate: FundingRate
    at: Moment = msgspec.field(name="effectiveAt")


class _Payments(msgspec.Struct, Generic[R]):
    payments: list[R] = msgspec.field(name="historicalFunding")


def _payments(answer: _Payments[R]) -> Sequence[R]:
    return answer.payments


_PAYMENTS = Table("dydx payments", _Payment, _Payments, _payments)


def parse_payments(body: bytes, known: Known, _t_ms: int, symbol: str) -> Parsed:
    """Settled funding of one market, newest first, paid every hour.

    ```
    {"historicalFunding":[{"ticker":"AVAX-USD",
      "rate":"0.0000031",                          decimal, of the hour
      "price":"21.351",                            oracle price, US dollars a coin
      "effectiveAt":"2026-03-08T20:00:00.412Z",    UTC, of the block that paid it
      "effectiveAtHeight":"71204110"}]}
    ```
    """
    rows, refused = _PAYMENTS.read(body)
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed((), refused)
    facts = [Funding(row.at_ms, NAME, instrument.base, row.rate, 1.0, settled=True) for row in rows]
    return Parsed(sorted(facts, key=attrgetter("t")), refused)


def _iso(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _candles_between(span_s: int, instrument: Instrument, from_ms: int, to_ms: int) -> list[Request]:
    path = f"/candles/perpetualMarkets/{instrument.symbol}"
    asked: dict[str, str | int] = {"resolution": SPANS[span_s], "limit": PAGE}
    return [
        Request(path, asked | {"fromISO": _iso(begin), "toISO": _iso(end)}, symbol=instrument.symbol)
        for begin, end in windows(from_ms, to_ms, PAGE * span_s * 1000)
    ]


def _payments_between(instrument: Instrument, from_ms: int, to_ms: int) -> list[Request]:
    # Told backwards from a moment; a payment is stamped some hundred ms after the hour.
    path = f"/historicalFunding/{instrument.symbol}"
    return [
        Request(
            path,
            {"limit": -(-(end - begin) // HOUR_MS), "effectiveBeforeOrAt": _iso(end)},
            symbol=instrument.symbol,
        )
        for begin, end in windows(from_ms, to_ms, PAGE * HOUR_MS)
    ]


def _bars(name: str, span_s: int) -> Past:
    requests = partial(_candles_between, span_s)
    return Past(name=name, feed="bar", requests=requests, parse=partial(parse_candles, span_s=span_s), span_s=span_s)


PAST = (
    _bars("1h bars", 3600),
    _bars("5m bars", 300),
    Past(
        name="open interest",
        feed="oi",
        requests=partial(_candles_between, 300),
        parse=parse_open_interest_history,
        span_s=300,
    ),
    Past(name="settled funding", feed="funding", requests=_payments_between, parse=parse_payments),
)
