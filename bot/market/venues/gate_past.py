"""History of Gate's swaps: statistics of five minutes (liquidation totals, open interest), bars, settled funding."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

import msgspec

from bot.market.facts import Fact, LiquidationTotal, NotNegative, OpenInterest, Positive
from bot.market.venues.past import bars, settled, windows
from bot.market.venues.reading import FIRST_MS, LAST_MS, UNREADABLE, Table, Told, amount, number, refusal
from bot.market.venues.venue import Instrument, Known, Parsed, Past, Request

NAME = "gate"
SETTLE = "usdt"
STATS_S = 300
STATS_PAGE = 100
"""Rows of statistics in one answer that are known to be given; the documentation names no bound."""
BARS_PAGE = 1999
"""Bars in one answer; 2000 is refused (API guide, list_futures_candlesticks)."""
BARS_KEPT = 10_000
"""Bars of a span that are told at all; a call that begins sooner is refused ("Candlestick too long ago", 2026)."""
PAYMENTS_SPAN_MS = 100 * 3_600_000
"""Time in which even hourly payments fit one answer of 100 (API guide, list_futures_funding_rate_history)."""
SPANS = {300: "5m", 3600: "1h"}
Seconds = Annotated[int, msgspec.Meta(ge=FIRST_MS // 1000, le=LAST_MS // 1000)]


class _Stats(msgspec.Struct, gc=False):
    start_s: Seconds = msgspec.field(name="time")
    long_usd: NotNegative = msgspec.field(name="long_liq_usd")
    short_usd: NotNegative = msgspec.field(name="short_liq_usd")
    contracts: Told = msgspec.field(name="open_interest", default=None)
    open_usd: Told = msgspec.field(name="open_interest_usd", default=None)


_STATS = Table("gate statistics", _Stats)


def parse_totals(body: bytes, known: Known, t_ms: int, symbol: str) -> Parsed:
    """Liquidation totals of one contract, every closure counted; a span that goes on is left out.

    ```
    [{"time":1773000000,                      UTC seconds of the start
      "long_liq_usd":10410.5,"short_liq_usd":"0",         USDT
      "long_liq_size":"490","short_liq_size":"0",         contracts
      "long_liq_amount":490,"short_liq_amount":0,         coins
      "open_interest":"1204110","open_interest_usd":"25710200.5",   contracts of one side, USDT
      "lsr_taker":0.91,"lsr_account":1.74,"mark_price":21.352}]     ratios of longs to shorts; USDT a coin
    ```
    """

    def total(row: _Stats, instrument: Instrument, end_ms: int) -> Fact:
        return LiquidationTotal(end_ms, NAME, instrument.base, STATS_S, row.long_usd, row.short_usd)

    return _of_stats(body, known.get(symbol), t_ms, total)


def parse_open_interest_history(body: bytes, known: Known, t_ms: int, symbol: str) -> Parsed:
    """Open interest of one contract, from the same answer as `parse_totals`, known at the end of each span."""

    def interest(row: _Stats, instrument: Instrument, end_ms: int) -> Fact | None:
        contracts = number(row.contracts, 0)
        if contracts is None:
            return None
        coins = amount(contracts * instrument.coins_per_unit)
        return OpenInterest(end_ms, NAME, instrument.base, coins, number(row.open_usd, 0))

    return _of_stats(body, known.get(symbol), t_ms, interest)


def _of_stats(
    body: bytes,
    instrument: Instrument | None,
    t_ms: int,
    fact_of: Callable[[_Stats, Instrument, int], Fact | None],
) -> Parsed:
    rows, refused = _STATS.read(body)
    if instrument is None:
        return Parsed((), refused)
    facts: list[Fact] = []
    for row in sorted(rows, key=lambda row: row.start_s):
        # The guide does not say whether the time is the start or the end: taken as the start, nothing is known early.
        end_ms = (row.start_s + STATS_S) * 1000
        try:
            fact = fact_of(row, instrument, end_ms)
        except UNREADABLE as error:
            refused.append(refusal(f"{instrument.symbol} {row.start_s}", error))
            continue
        if fact is not None and end_ms <= t_ms:
            facts.append(fact)
    return Parsed(facts, refused)


class _Candle(msgspec.Struct, gc=False):
    start_s: Seconds = msgspec.field(name="t")
    open: Positive = msgspec.field(name="o")
    high: Positive = msgspec.field(name="h")
    low: Positive = msgspec.field(name="l")
    close: Positive = msgspec.field(name="c")
    contracts: NotNegative = msgspec.field(name="v")


_CANDLES = Table("gate candles", _Candle)


def parse_candles(body: bytes, known: Known, t_ms: int, symbol: str, *, span_s: int) -> Parsed:
    """Bars of one contract, oldest first; what takers bought is not told. A bar that goes on is left out.

    ```
    [{"t":1773000000,                                    UTC seconds of the start
      "o":"21.30","h":"21.41","l":"21.22","c":"21.35",   USDT a coin
      "v":91204,                                         contracts
      "sum":"1947102.2"}]                                USDT
    ```
    """
    rows, refused = _CANDLES.read(body)
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed((), refused)
    coins = instrument.coins_per_unit
    told = ((row.start_s * 1000, (row.open, row.high, row.low, row.close), row.contracts * coins) for row in rows)
    return bars((NAME, "perp", span_s), instrument, t_ms, told, refused)


class _Payment(msgspec.Struct, gc=False):
    at_s: Seconds = msgspec.field(name="t")
    rate: Told = msgspec.field(name="r")


_PAYMENTS = Table("gate payments", _Payment)


def parse_payments(body: bytes, known: Known, _t_ms: int, symbol: str) -> Parsed:
    """Settled funding of one contract, newest first.

    ```
    [{"t":1772985600,        UTC seconds of the payment
      "r":"0.000031"}]       decimal an interval
    ```
    """
    rows, refused = _PAYMENTS.read(body)
    instrument = known.get(symbol)
    if instrument is None:
        return Parsed((), refused)
    return settled(NAME, instrument, [(row.at_s * 1000, row.rate) for row in rows], refused)


def _stats(instrument: Instrument, from_ms: int, to_ms: int) -> list[Request]:
    asked = {"contract": instrument.symbol, "interval": SPANS[STATS_S]}
    span_ms = STATS_S * 1000
    return [
        Request(
            f"/futures/{SETTLE}/contract_stats",
            asked | {"from": begin // 1000, "limit": -(-(end - begin) // span_ms)},
            symbol=instrument.symbol,
        )
        for begin, end in windows(from_ms, to_ms, STATS_PAGE * span_ms)
    ]


def _between(
    path: str, asked: dict[str, str | int], most_ms: int, instrument: Instrument, from_ms: int, to_ms: int
) -> list[Request]:
    asked = asked | {"contract": instrument.symbol}
    return [
        Request(
            f"/futures/{SETTLE}/{path}",
            asked | {"from": begin // 1000, "to": end // 1000 - 1},
            symbol=instrument.symbol,
        )
        for begin, end in windows(from_ms, to_ms, most_ms)
    ]


def _bars(span_s: int) -> Past:
    word = SPANS[span_s]
    requests = partial(_between, "candlesticks", {"interval": word}, BARS_PAGE * span_s * 1000)
    return Past(
        name=f"{word} bars",
        feed="bar",
        requests=requests,
        parse=partial(parse_candles, span_s=span_s),
        longest_ms=BARS_KEPT * span_s * 1000,
        span_s=span_s,
    )


PAST = (
    Past(name="totals", feed="liquidations", requests=_stats, parse=parse_totals, span_s=STATS_S),
    Past(name="open interest", feed="oi", requests=_stats, parse=parse_open_interest_history, span_s=STATS_S),
    _bars(3600),
    _bars(300),
    Past(
        name="settled funding",
        feed="funding",
        requests=partial(_between, "funding_rate", {"limit": 100}, PAYMENTS_SPAN_MS),
        parse=parse_payments,
        interval_by_gap=True,
    ),
)
