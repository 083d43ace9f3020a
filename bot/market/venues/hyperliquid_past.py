"""History of Hyperliquid's perpetuals: bars and settled funding. Of bars only the last 5,000 of a span are told."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot.market.facts import Fact, Funding, FundingRate, Milliseconds, NotNegative, Positive
from bot.market.venues.past import HOUR_MS, bar, windows
from bot.market.venues.reading import Table, amount, gather
from bot.market.venues.venue import Instrument, Known, Parsed, Past, Request

NAME = "hyperliquid"
SPANS = {300: "5m", 3600: "1h"}
BARS_KEPT = 5_000
BARS_A_CALL = 600
PAYMENTS_A_CALL = 500


def info(weight: int, symbol: str = "", **asked: object) -> Request:
    """One call: the venue has one address and is told in the body what is asked."""
    return Request("/info", method="POST", json=asked, weight=weight, symbol=symbol)


class _Candle(msgspec.Struct, gc=False):
    start: Milliseconds = msgspec.field(name="t")
    last: Milliseconds = msgspec.field(name="T")
    symbol: str = msgspec.field(name="s")
    open: Positive = msgspec.field(name="o")
    high: Positive = msgspec.field(name="h")
    low: Positive = msgspec.field(name="l")
    close: Positive = msgspec.field(name="c")
    size: NotNegative = msgspec.field(name="v")


_CANDLES = Table("hyperliquid candles", _Candle)


def parse_candles(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Bars, oldest first; what takers bought is not told. A bar that goes on is left out.

    ```
    [{"t":1773000000000,"T":1773000299999,                            UTC ms: start, last moment
      "s":"ETH","i":"5m","o":"3125.4","c":"3121.8","h":"3129","l":"3120.5",   USDC a coin
      "v":"812.4","n":1930}]                                          coins, trades
    ```
    """
    return gather(_CANDLES, body, known, t_ms, _bar)


def _bar(row: _Candle, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    if row.last >= t_ms:
        return ()
    span_s = (row.last + 1 - row.start) // 1000
    if span_s not in SPANS:
        raise ValueError(f"a bar of {span_s} s was not asked for")
    prices = row.open, row.high, row.low, row.close
    volume = amount(instrument.coins(row.size, row.close))
    return (bar(instrument, (NAME, "perp", row.start, span_s), prices, volume),)


class _Payment(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="coin")
    rate: FundingRate = msgspec.field(name="fundingRate")
    at: Milliseconds = msgspec.field(name="time")


_PAYMENTS = Table("hyperliquid funding history", _Payment)


def parse_settled_funding(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Payments, oldest first, each of an hour.

    ```
    [{"coin":"ETH",
      "fundingRate":"0.0000113","premium":"-0.0002",    decimal an hour
      "time":1773000000021}]                            UTC ms of the payment
    ```
    """
    return gather(_PAYMENTS, body, known, t_ms, _payment)


def _payment(row: _Payment, instrument: Instrument, _t_ms: int) -> Iterable[Fact]:
    return (Funding(row.at, NAME, instrument.base, row.rate, 1.0, settled=True),)


def _candles(span_s: int) -> Past:
    def requests(instrument: Instrument, begin_ms: int, end_ms: int) -> list[Request]:
        asked = {"coin": instrument.symbol, "interval": SPANS[span_s]}
        return [
            info(
                20 + BARS_A_CALL // 60,
                instrument.symbol,
                type="candleSnapshot",
                req=asked | {"startTime": start, "endTime": end - 1},
            )
            for start, end in windows(begin_ms, end_ms, BARS_A_CALL * span_s * 1000)
        ]

    return Past(
        name=f"bars of {span_s} s",
        feed="bar",
        requests=requests,
        parse=parse_candles,
        longest_ms=BARS_KEPT * span_s * 1000,
        span_s=span_s,
    )


def _payments(instrument: Instrument, begin_ms: int, end_ms: int) -> list[Request]:
    symbol = instrument.symbol
    return [
        info(20 + PAYMENTS_A_CALL // 20, symbol, type="fundingHistory", coin=symbol, startTime=start, endTime=end - 1)
        for start, end in windows(begin_ms, end_ms, PAYMENTS_A_CALL * HOUR_MS)
    ]


PAST = (
    _candles(300),
    _candles(3600),
    Past(name="settled funding", feed="funding", requests=_payments, parse=parse_settled_funding),
)
