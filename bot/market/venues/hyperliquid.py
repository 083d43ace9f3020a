"""Hyperliquid: perpetuals in USDC of its main exchange; those that others run on it (`xyz:TSLA`) are left out.

Sizes are coins, by the thousand where the name begins with a small k (kPEPE). It has no public feed of liquidations.
Funding is paid every full hour, on the index price, and its rate is bound to 4 % an hour (the venue's documentation
of funding).
"""

from __future__ import annotations

from collections.abc import Iterable, Sized

import msgspec

from bot.errors import VenueError
from bot.market.facts import Fact, Funding, FundingRate, Index, Mark, OpenInterest, Turnover
from bot.market.venues.hyperliquid_past import NAME, PAST, info
from bot.market.venues.past import HOUR_MS
from bot.market.venues.reading import (
    UNREADABLE,
    ToldAmount,
    ToldPrice,
    amount,
    open_interest,
    positive,
    refusal,
    unreadable,
)
from bot.market.venues.symbols import coin
from bot.market.venues.venue import Instrument, Known, Limits, Parsed, Poll, Refused, Venue

MOST_HOURLY = 0.04
"""Cap and floor of a rate, decimal an hour."""


class _Coin(msgspec.Struct):
    name: str = ""
    delisted: bool | None = msgspec.field(name="isDelisted", default=None)


class _Meta(msgspec.Struct):
    universe: list[_Coin]


class _LooseMeta(msgspec.Struct):
    universe: list[msgspec.Raw]


class _Context(msgspec.Struct, gc=False):
    mark: ToldPrice = msgspec.field(name="markPx", default=None)
    index: ToldPrice = msgspec.field(name="oraclePx", default=None)
    size: ToldAmount = msgspec.field(name="openInterest", default=None)
    rate: FundingRate | None = msgspec.field(name="funding", default=None)
    turnover: ToldAmount = msgspec.field(name="dayNtlVlm", default=None)


class _LooseContexts(msgspec.Struct, array_like=True):
    meta: _LooseMeta
    contexts: list[msgspec.Raw]


class _Contexts(msgspec.Struct, array_like=True):
    meta: _Meta
    contexts: list[_Context]


_meta = msgspec.json.Decoder(_LooseMeta)
_coin = msgspec.json.Decoder(_Coin, strict=False)
_contexts = msgspec.json.Decoder(_Contexts, strict=False)
_loose_contexts = msgspec.json.Decoder(_LooseContexts, strict=False)
_context = msgspec.json.Decoder(_Context, strict=False)


def parse_instruments(body: bytes, _t_ms: int) -> dict[str, Instrument]:
    """Contracts that trade, by name; the venue does not tell since when.

    ```
    {"universe":[
      {"name":"ETH","szDecimals":4,"maxLeverage":25,"marginTableId":55},
      {"name":"kBONK","szDecimals":0,"maxLeverage":10,"marginTableId":52},    priced and counted by the thousand
      {"name":"OLD","szDecimals":1,"maxLeverage":3,"isDelisted":true}],
     "marginTables":[],"collateralToken":0}
    ```
    """
    try:
        parts = _meta.decode(body).universe
    except UNREADABLE as error:
        raise unreadable("hyperliquid contracts", body, error) from error
    found = {}
    for part in parts:
        try:
            row = _coin.decode(part)
        except UNREADABLE:
            continue
        name = coin(row.name, small_k=True)
        if name is not None and not row.delisted:
            count = name.multiplier
            found[row.name] = Instrument(
                row.name, name.base, "USDC", coins_per_unit=count, multiplier=count, funding_h=1.0
            )
    return found


def parse_contexts(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Everything of all contracts: a list of names, and in the same order what is so of them.

    ```
    [{"universe":[{"name":"ETH","szDecimals":4,"maxLeverage":25,"marginTableId":55}],
      "marginTables":[],"collateralToken":0},
     [{"funding":"0.0000113",                 decimal an hour, of the next payment
       "openInterest":"512000.25",            coins, one side counted
       "prevDayPx":"3101.2","dayNtlVlm":"1480200300.5","dayBaseVlm":"474800.1",   USDC a coin, USDC, coins
       "premium":"-0.0002","oraclePx":"3126.0","markPx":"3125.3",                 decimal, USDC a coin
       "midPx":"3125.35","impactPxs":["3125.2","3125.6"]}]]                       USDC a coin; null in an empty book
    ```
    """
    rows, refused = _named(body)
    facts: list[Fact] = []
    next_t = (t_ms // HOUR_MS + 1) * HOUR_MS
    for symbol, row in rows:
        instrument = known.get(symbol)
        if instrument is not None:
            try:
                facts += _facts(row, instrument, t_ms, next_t)
            except UNREADABLE as error:
                refused.append(refusal(symbol, error))
    return Parsed(facts, refused)


def _named(body: bytes) -> tuple[Iterable[tuple[str, _Context]], list[Refused]]:
    try:
        whole = _contexts.decode(body)
    except msgspec.ValidationError:
        return _one_by_one(body)
    except UNREADABLE as error:
        raise unreadable("hyperliquid contexts", body, error) from error
    names = [row.name for row in whole.meta.universe]
    _same_length(names, whole.contexts)
    return zip(names, whole.contexts, strict=True), []


def _one_by_one(body: bytes) -> tuple[list[tuple[str, _Context]], list[Refused]]:
    try:
        whole = _loose_contexts.decode(body)
    except UNREADABLE as error:
        raise unreadable("hyperliquid contexts", body, error) from error
    _same_length(whole.meta.universe, whole.contexts)
    rows: list[tuple[str, _Context]] = []
    refused: list[Refused] = []
    for place, (named, part) in enumerate(zip(whole.meta.universe, whole.contexts, strict=True)):
        name = f"row {place}"
        try:
            name = _coin.decode(named).name or name
            rows.append((name, _context.decode(part)))
        except UNREADABLE as error:
            refused.append(refusal(name[:64], error))
    return rows, refused


def _same_length(names: Sized, contexts: Sized) -> None:
    # A name that is missing would give every coin after it the numbers of another.
    if len(names) != len(contexts):
        raise VenueError(f"hyperliquid told {len(names)} names and {len(contexts)} contexts")


def _facts(row: _Context, instrument: Instrument, t_ms: int, next_t: int) -> list[Fact]:
    base, mark = instrument.base, row.mark
    facts: list[Fact] = []
    if isinstance(mark, float):
        facts.append(Mark(t_ms, NAME, base, positive(instrument.price(mark))))
    if isinstance(row.index, float):
        facts.append(Index(t_ms, NAME, base, positive(instrument.price(row.index))))
    if isinstance(row.size, float) and isinstance(mark, float):
        facts.append(open_interest(NAME, instrument, row.size, mark, t_ms, None))
    elif isinstance(row.size, float):
        facts.append(OpenInterest(t_ms, NAME, base, amount(row.size * instrument.coins_per_unit)))
    if row.rate is not None:
        limits = MOST_HOURLY, -MOST_HOURLY
        facts.append(Funding(t_ms, NAME, base, row.rate, 1.0, False, next_t, *limits))  # noqa: FBT003 -- by place
    if isinstance(row.turnover, float):
        facts.append(Turnover(t_ms, NAME, base, "perp", row.turnover))
    return facts


VENUE = Venue(
    name=NAME,
    rest="https://api.hyperliquid.xyz",
    # 1,200 a minute and address; a list of contracts costs 20, history 20 and more by its rows (API guide, "Rate
    # limits and user limits").
    limits=Limits(weight=1200, span_s=60, source="Hyperliquid API guide, rate limits and user limits"),
    instruments=(info(20, type="meta"),),
    parse_instruments=parse_instruments,
    polls=(
        Poll(
            name="contexts",
            feeds=("mark", "index", "oi", "funding", "turnover"),
            every_s=15,
            requests=lambda _known, _round: [info(20, type="metaAndAssetCtxs")],
            parse=parse_contexts,
        ),
    ),
    past=PAST,
)
