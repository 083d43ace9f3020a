"""History of Bitget's perpetual swaps: bars and settled funding of the last 90 days. It keeps no open interest."""

from __future__ import annotations

import math
from functools import partial

import msgspec

from bot.market.facts import Milliseconds, NotNegative, Positive
from bot.market.venues.answer import Answer, rows_of
from bot.market.venues.past import HOUR_MS, bars, settled, windows
from bot.market.venues.reading import Table, Told
from bot.market.venues.venue import Instrument, Known, Parsed, Past, Request

NAME = "bitget"
PRODUCT = {"productType": "USDT-FUTURES"}
_ROWS = rows_of(NAME, "00000")
SPANS = {300: "5m", 3600: "1H"}
BARS_A_CALL = 200
PAYMENTS_A_CALL = 100
LONGEST_MS = 90 * 24 * HOUR_MS


class _Candle(msgspec.Struct, array_like=True, gc=False):
    start: Milliseconds
    open: Positive
    high: Positive
    low: Positive
    close: Positive
    size: NotNegative


_CANDLES = Table("bitget candles", _Candle, Answer, _ROWS)


def parse_candles(body: bytes, known: Known, t_ms: int, symbol: str, *, span_s: int) -> Parsed:
    """Bars of one contract, oldest first; what takers bought is not told. A bar that goes on is left out.

    ```
    {"code":"00000","msg":"success","requestTime":1773000600100,"data":[
      ["1773000000000",                      UTC ms of the start
       "3125.4","3129","3120.5","3121.8",    open, high, low, close, USDT a coin
       "5120","15998000"]]}                  coins, USDT
    ```
    """
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed()
    rows, refused = _CANDLES.read(body)
    coins = instrument.coins_per_unit
    told = [(row.start, (row.open, row.high, row.low, row.close), row.size * coins) for row in rows]
    return bars((NAME, "perp", span_s), instrument, t_ms, told, refused)


class _Payment(msgspec.Struct):
    rate: Told = msgspec.field(name="fundingRate")
    at: Milliseconds = msgspec.field(name="fundingTime")


_PAYMENTS = Table("bitget funding history", _Payment, Answer, _ROWS)


def parse_settled_funding(body: bytes, known: Known, _t_ms: int, symbol: str) -> Parsed:
    """Payments of one contract, newest first; the interval is what lies between a payment and the one before.

    ```
    {"code":"00000","msg":"success","requestTime":1773000000100,"data":[{
      "symbol":"ETHUSDT",
      "fundingRate":"0.000064",              decimal an interval
      "fundingTime":"1772985600000"}]}       UTC ms of the payment
    ```
    """
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed()
    rows, refused = _PAYMENTS.read(body)
    return settled(NAME, instrument, [(row.at, row.rate) for row in rows], refused)


def _candles(span_s: int) -> Past:
    def requests(instrument: Instrument, begin_ms: int, end_ms: int) -> list[Request]:
        asked = PRODUCT | {"symbol": instrument.symbol, "granularity": SPANS[span_s]}
        return [
            Request(
                "/api/v2/mix/market/history-candles",
                asked | {"startTime": start, "endTime": end, "limit": BARS_A_CALL},
                symbol=instrument.symbol,
            )
            for start, end in windows(begin_ms, end_ms, BARS_A_CALL * span_s * 1000)
        ]

    parse = partial(parse_candles, span_s=span_s)
    return Past(
        name=f"bars of {span_s} s",
        feed="bar",
        requests=requests,
        parse=parse,
        longest_ms=LONGEST_MS,
        span_s=span_s,
    )


def _payments(instrument: Instrument, begin_ms: int, end_ms: int) -> list[Request]:
    """Pages from the newest payment back: the venue takes no times here, so the end counts as now."""
    # As many as hourly payments fill: an interval may have been shorter than it is now.
    pages = max(1, math.ceil((end_ms - begin_ms) / (PAYMENTS_A_CALL * HOUR_MS)))
    asked = PRODUCT | {"symbol": instrument.symbol, "pageSize": str(PAYMENTS_A_CALL)}
    return [
        Request("/api/v2/mix/market/history-fund-rate", asked | {"pageNo": str(page)}, symbol=instrument.symbol)
        for page in range(pages, 0, -1)
    ]


PAST = (
    _candles(300),
    _candles(3600),
    Past(
        name="settled funding",
        feed="funding",
        requests=_payments,
        parse=parse_settled_funding,
        longest_ms=LONGEST_MS,
        interval_by_gap=True,
        back_from_now=True,
    ),
)
