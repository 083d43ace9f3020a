"""Binance's histories of open interest and of funding paid; there is none of closures."""

from __future__ import annotations

import msgspec

from bot.market.facts import Fact, FundingRate, Milliseconds, NotNegative, OpenInterest
from bot.market.venues.past import settled, windows
from bot.market.venues.reading import UNREADABLE, Table, amount, refusal
from bot.market.venues.venue import Instrument, Known, Parsed, Past, Request

NAME = "binance"
DAY_MS = 86_400_000
FIVE_MINUTES_MS = 300_000
INTEREST_ROWS, FUNDING_ROWS = 500, 1000
# /futures/data/* costs no weight but allows 1000 calls in 5 minutes: 200 a minute, a twelfth of the budget each.
STATISTICS_WEIGHT = 12
# 500 calls in 5 minutes, shared with /fapi/v1/fundingInfo: 100 a minute.
FUNDING_WEIGHT = 24


class _Interest(msgspec.Struct, rename="camel", gc=False):
    symbol: str
    sum_open_interest: NotNegative
    sum_open_interest_value: NotNegative
    timestamp: Milliseconds


_INTEREST = Table("binance open interest history", _Interest)


def parse_open_interest_past(body: bytes, known: Known, _t_ms: int, _symbol: str) -> Parsed:
    """Open interest every 5 minutes, one side counted, known at its own time; oldest first.

    ```
    [{"symbol":"AVAXUSDT",
      "sumOpenInterest":"7210456.00",           coins
      "sumOpenInterestValue":"153904172.6",     USDT
      "CMCCirculatingSupply":"431000000",
      "timestamp":1773000000000}]               UTC ms; a string in the venue's own documents
    ```
    """
    rows, refused = _INTEREST.read(body)
    facts: list[Fact] = []
    for row in rows:
        instrument = known.get(row.symbol)
        if instrument is None:
            continue
        try:
            coins = amount(row.sum_open_interest * instrument.multiplier)
        except UNREADABLE as error:
            refused.append(refusal(row.symbol, error))
        else:
            facts.append(OpenInterest(row.timestamp, NAME, instrument.base, coins, row.sum_open_interest_value))
    return Parsed(facts, refused)


class _Paid(msgspec.Struct, rename="camel", gc=False):
    symbol: str
    funding_rate: FundingRate
    funding_time: Milliseconds


_PAID = Table("binance funding history", _Paid)


def parse_funding_past(body: bytes, known: Known, _t_ms: int, symbol: str) -> Parsed:
    """Funding that was paid, known when it was; oldest first.

    ```
    [{"symbol":"AVAXUSDT",
      "fundingTime":1773000000003,              UTC ms, some milliseconds late
      "fundingRate":"0.00008125",               decimal of the interval since the payment before
      "markPrice":"21.34"}]
    ```
    """
    rows, refused = _PAID.read(body)
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed(refused=refused)
    return settled(NAME, instrument, [(row.funding_time, row.funding_rate) for row in rows], refused)


def _open_interest_requests(instrument: Instrument, from_ms: int, to_ms: int) -> list[Request]:
    asked: dict[str, str | int] = {"symbol": instrument.symbol, "period": "5m", "limit": INTEREST_ROWS}
    return [
        Request(
            "/futures/data/openInterestHist",
            asked | {"startTime": begin, "endTime": end - 1},
            weight=STATISTICS_WEIGHT,
            symbol=instrument.symbol,
        )
        for begin, end in windows(from_ms, to_ms, INTEREST_ROWS * FIVE_MINUTES_MS)
    ]


def _funding_requests(instrument: Instrument, from_ms: int, to_ms: int) -> list[Request]:
    asked: dict[str, str | int] = {"symbol": instrument.symbol, "limit": FUNDING_ROWS}
    return [
        Request(
            "/fapi/v1/fundingRate",
            asked | {"startTime": begin, "endTime": end - 1},
            weight=FUNDING_WEIGHT,
            symbol=instrument.symbol,
        )
        for begin, end in windows(from_ms, to_ms, FUNDING_ROWS * 3_600_000)
    ]


OPEN_INTEREST_PAST = Past(
    name="open interest",
    feed="oi",
    requests=_open_interest_requests,
    parse=parse_open_interest_past,
    longest_ms=30 * DAY_MS,
    span_s=300,
)
FUNDING_PAST = Past(
    name="funding", feed="funding", requests=_funding_requests, parse=parse_funding_past, interval_by_gap=True
)
