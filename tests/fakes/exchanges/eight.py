"""Facts of a few venues, told by all of them: for a simulation, which knows four venues and bars of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from bot.market.facts import Bar, Depth, Fact, Feed, Funding, Liquidation, OpenInterest, Turnover

SHARES: dict[str, dict[str, float]] = {
    "bybit": {"bitget": 0.5, "gate": 0.4, "deribit": 0.1},
    "hyperliquid": {"dydx": 0.05},
}
"""Who tells what another venue tells, and how much of it in size."""
BARS: dict[str, dict[str, float]] = {
    "perp": {"bybit": 0.6, "okx": 0.4, "bitget": 0.3, "gate": 0.2, "hyperliquid": 0.4, "deribit": 0.1, "dydx": 0.02},
    "spot": {"bybit": 0.4, "okx": 0.3, "coinbase": 0.3},
}
HOURLY = frozenset({"deribit", "dydx"})


def eight(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Every fact, and after it the same of the venues that do not tell it themselves, at the same moment."""
    for fact in facts:
        yield fact
        if isinstance(fact, Feed):
            continue
        others = BARS[fact.market] if isinstance(fact, Bar) and fact.venue == "binance" else SHARES.get(fact.venue, {})
        for venue, share in others.items():
            yield _scaled(fact, venue, share)
        # dYdX tells its closures; Hyperliquid, whose likeness it is, does not.
        if isinstance(fact, Liquidation) and fact.venue == "bybit":
            yield _scaled(fact, "dydx", 0.05)


def minutes(facts: Iterable[Fact], longest_s: int = 300) -> Iterator[Fact]:
    """The same with every longer bar as minutes that end with it; no bar may be longer than `longest_s`.

    Prices go from open to close by way of low and high, so that they make the same bar again. The minutes come when
    they are over, hence before the bar was known: facts are held back for the longest bar and put in order.
    """
    longest_ms = longest_s * 1000
    held: list[Fact] = []
    for fact in facts:
        if isinstance(fact, Bar) and fact.span_s > longest_s:
            raise ValueError(f"a bar of {fact.span_s} s does not fit into {longest_s} s")
        held += _minutes_of(fact) if isinstance(fact, Bar) and fact.span_s > 60 else [fact]
        if fact.t - held[0].t > 2 * longest_ms:
            held.sort(key=lambda one: one.t)
            ready = [one for one in held if one.t <= fact.t - longest_ms]
            yield from ready
            held = held[len(ready) :]
    yield from sorted(held, key=lambda one: one.t)


def _scaled(fact: Fact, venue: str, share: float) -> Fact:
    changed: dict[str, float | None] = {}
    match fact:
        case Liquidation():
            coins = fact.coins * share
            changed = {"coins": coins, "usd": coins * fact.price}
        case OpenInterest():
            changed = {name: _part(getattr(fact, name), share) for name in ("coins", "usd")}
        case Bar():
            changed = {name: _part(getattr(fact, name), share) for name in ("volume", "taker_buy")}
        case Depth():
            changed = {"bid_usd": fact.bid_usd * share, "ask_usd": fact.ask_usd * share}
        case Turnover():
            changed = {"usd": fact.usd * share}
        case Funding() if venue in HOURLY and fact.settled:
            changed = {"rate": fact.rate / fact.interval_h, "interval_h": 1.0}
    return msgspec.structs.replace(fact, venue=venue, **changed)


def _part(amount: float | None, share: float) -> float | None:
    return None if amount is None else amount * share


def _minutes_of(bar: Bar) -> Iterator[Bar]:
    count = bar.span_s // 60
    # Open, low, high, close: the inner minutes stand at the extremes.
    prices = [bar.open, bar.low, bar.high, *[bar.close] * (count - 2)]
    for place in range(count):
        first, last = prices[place], prices[place + 1]
        yield msgspec.structs.replace(
            bar,
            t=bar.t - (count - 1 - place) * 60_000,
            span_s=60,
            open=first,
            high=max(first, last),
            low=min(first, last),
            close=last,
            volume=bar.volume / count,
            taker_buy=None if bar.taker_buy is None else bar.taker_buy / count,
        )
