"""Gate: perpetual swaps in USDT.

Sizes are contracts of `quanto_multiplier` coins. Since 2026-08-20 every closure is told, together for each contract and
second. The sign of a closure's size is that of the position that was closed. Coin-margined swaps are left out: they are
settled at another address and small.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import msgspec

from bot.market.facts import Fact, Funding, FundingRate, Index, Mark, NotNegative, OpenInterest, Positive, Turnover
from bot.market.venues.gate_frames import LIQUIDATIONS
from bot.market.venues.gate_past import NAME, PAST, SETTLE
from bot.market.venues.reading import (
    CACHED,
    UNREADABLE,
    Table,
    Told,
    ToldAmount,
    ToldPrice,
    amount,
    gather,
    hours,
    moment,
    number,
    open_interest,
    positive,
)
from bot.market.venues.symbols import coin
from bot.market.venues.venue import Instrument, Known, Limits, Parse, Parsed, Poll, Request, Venue

CRYPTO = ("", "crypto")
"""`contract_type` of coins; shares, metals and indices have others."""
HOUR_S = 3600
ToldRate = FundingRate | Literal[""] | None


class _Contract(msgspec.Struct):
    symbol: str = msgspec.field(name="name")
    size: Positive = msgspec.field(name="quanto_multiplier")
    kind: str = msgspec.field(name="type", default="direct")
    status: str = "trading"
    ends: bool = msgspec.field(name="in_delisting", default=False)
    before_trade: bool = msgspec.field(name="is_pre_market", default=False)
    category: str = msgspec.field(name="contract_type", default="")
    interval_s: Told = msgspec.field(name="funding_interval", default=None)
    listed_s: Told = msgspec.field(name="create_time", default=None)


_CONTRACTS = Table("gate contracts", _Contract)


def parse_instruments(body: bytes, _t_ms: int) -> dict[str, Instrument]:
    """Swaps that trade, by name; shares and goods, stablecoins and contracts before or after trade are left out.

    ```
    [{"name":"AVAX_USDT","type":"direct",   direct: in coins; inverse: in dollars
      "quanto_multiplier":"1",              coins of one contract
      "funding_interval":28800,             seconds between payments
      "create_time":1600300800,             UTC seconds
      "status":"trading","in_delisting":false,"is_pre_market":false,
      "contract_type":""}]                  "" for coins
    ```
    """
    rows, _ = _CONTRACTS.read(body)
    return {row.symbol: found for row in rows if (found := _instrument(row)) is not None}


def _instrument(row: _Contract) -> Instrument | None:
    ticker, _, quote = row.symbol.partition("_")
    found = coin(ticker)
    if found is None or quote != "USDT" or row.kind != "direct" or row.category not in CRYPTO:
        return None
    if row.status != "trading" or row.ends or row.before_trade:
        return None
    try:
        funding_h, listed_ms = hours(row.interval_s, HOUR_S), _milliseconds(row.listed_s)
        coins = positive(row.size * found.multiplier)
    except UNREADABLE:
        return None
    return Instrument(
        row.symbol,
        found.base,
        quote,
        coins_per_unit=coins,
        multiplier=found.multiplier,
        funding_h=funding_h,
        listed_ms=listed_ms,
    )


@lru_cache(CACHED)
def _milliseconds(told_s: Told) -> int | None:
    seconds = number(told_s, 0)
    return moment(round(seconds * 1000)) if seconds else None


class _Swap(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="name")
    mark: ToldPrice = msgspec.field(name="mark_price", default=None)
    index: ToldPrice = msgspec.field(name="index_price", default=None)
    contracts: ToldAmount = msgspec.field(name="position_size", default=None)
    running: ToldRate = msgspec.field(name="funding_rate_indicative", default=None)
    current: ToldRate = msgspec.field(name="funding_rate", default=None)
    interval_s: Told = msgspec.field(name="funding_interval", default=None)
    next_s: Told = msgspec.field(name="funding_next_apply", default=None)
    limit: ToldRate = msgspec.field(name="funding_rate_limit", default=None)


_SWAPS = Table("gate swaps", _Swap)


def parse_swaps(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Mark, index, open interest (one side) and running funding of all swaps.

    ```
    [{"name":"AVAX_USDT",
      "mark_price":"21.352","index_price":"21.349",   USDT a coin
      "position_size":1204110,                        contracts, one side
      "funding_rate":"0.000031","funding_rate_indicative":"0.000044",   decimal an interval: the older one, running
      "funding_rate_limit":"0.02",                    most and, negated, least of it
      "funding_interval":28800,                       seconds
      "funding_next_apply":1773014400}]               UTC seconds
    ```
    """
    return gather(_SWAPS, body, known, t_ms, _swap)


def _swap(row: _Swap, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    base, facts = instrument.base, list[Fact]()
    if row.mark:
        facts.append(Mark(t_ms, NAME, base, positive(row.mark / instrument.multiplier)))
    if row.index:
        facts.append(Index(t_ms, NAME, base, positive(row.index / instrument.multiplier)))
    if isinstance(row.contracts, float):
        facts.append(_open_interest(row.contracts, row.mark or None, instrument, t_ms))
    running = row.current if row.running in (None, "") else row.running
    interval_h = hours(row.interval_s, HOUR_S) or instrument.funding_h
    if isinstance(running, float) and interval_h is not None:
        cap = row.limit if isinstance(row.limit, float) else None
        floor = None if cap is None else -cap
        next_t = _milliseconds(row.next_s)
        facts.append(Funding(t_ms, NAME, base, running, interval_h, False, next_t, cap, floor))  # noqa: FBT003 -- by place, as it is built 500 times a body
    return facts


def _open_interest(contracts: float, mark: float | None, instrument: Instrument, t_ms: int) -> OpenInterest:
    if mark is None:
        return OpenInterest(t_ms, NAME, instrument.base, amount(contracts * instrument.coins_per_unit))
    return open_interest(NAME, instrument, contracts, mark, t_ms, None)


class _Day(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="contract")
    usd: NotNegative = msgspec.field(name="volume_24h_quote")


_DAYS = Table("gate turnover", _Day)


def parse_turnover(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Traded in the last 24 hours.

    ```
    [{"contract":"AVAX_USDT","last":"21.36","total_size":"1204110",
      "volume_24h":"9120400","volume_24h_base":"9120400",   contracts, coins
      "volume_24h_quote":"194710220"}]                      USDT
    ```
    """
    return gather(_DAYS, body, known, t_ms, _turnover)


def _turnover(row: _Day, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    return (Turnover(t_ms, NAME, instrument.base, "perp", row.usd),)


def _poll(name: str, feeds: tuple[str, ...], every_s: float, path: str, parse: Parse) -> Poll:
    return Poll(name=name, feeds=feeds, every_s=every_s, requests=lambda _known, _round: [Request(path)], parse=parse)


CONTRACTS = f"/futures/{SETTLE}/contracts"
VENUE = Venue(
    name=NAME,
    rest="https://api.gateio.ws/api/v4",
    # 200 calls of each address in 10 s, as the header x-gate-ratelimit-limit says (the API guide says 300 a second);
    # kept for all addresses together. No header tells what is used.
    limits=Limits(weight=200, span_s=10, source="header x-gate-ratelimit-limit"),
    instruments=(Request(CONTRACTS),),
    parse_instruments=parse_instruments,
    polls=(
        _poll("swaps", ("mark", "index", "oi", "funding"), 15, CONTRACTS, parse_swaps),
        _poll("turnover", ("turnover",), 60, f"/futures/{SETTLE}/tickers", parse_turnover),
    ),
    streams=(LIQUIDATIONS,),
    past=PAST,
)
