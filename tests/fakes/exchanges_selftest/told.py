"""A small world: three coins, told by all venues, each with figures of its own."""

from __future__ import annotations

from collections.abc import Iterator

from bot.market.facts import Bar, Depth, Fact, Funding, Index, Liquidation, Mark, Market, OpenInterest, Side, Turnover

START_MS = 1_772_409_600_000
HOUR_MS = 3_600_000
BASES = ("BTC", "SOL", "PEPE")
PRICES = {"BTC": 72_226.5, "SOL": 90.04, "PEPE": 3.8612e-6}
VENUES = ("binance", "bybit", "okx", "hyperliquid", "bitget", "gate", "deribit", "dydx")
BOOKS = ("binance", "bybit", "okx", "deribit")
SPOT = ("binance", "bybit", "okx", "coinbase")
HOURS = {"hyperliquid": 1.0, "dydx": 1.0, "gate": 4.0}


def price(venue: str, base: str) -> float:
    """A price that no other venue has."""
    return PRICES[base] * (1 + 0.0001 * ([*VENUES, *SPOT].index(venue) + 1))


def present(t_ms: int) -> Iterator[Fact]:
    """Everything that a venue can say of now."""
    for number, venue in enumerate(VENUES):
        for base in BASES:
            mark, interval_h = price(venue, base), HOURS.get(venue, 8.0)
            coins = (1e8 + 1e6 * number) / mark
            yield Mark(t_ms, venue, base, mark)
            yield Index(t_ms, venue, base, mark * 1.0005)
            yield OpenInterest(t_ms, venue, base, coins, coins * mark)
            next_t = (t_ms // HOUR_MS // int(interval_h) + 1) * int(interval_h) * HOUR_MS
            yield Funding(t_ms, venue, base, 0.00013 + number * 1e-6, interval_h, settled=False, next_t=next_t)
            yield Turnover(t_ms, venue, base, "perp", 3e8 + number)
    yield from depths(t_ms)
    for venue in SPOT:
        for base in BASES:
            yield Turnover(t_ms, venue, base, "spot", 7e7)


def depths(t_ms: int) -> Iterator[Depth]:
    """The order books of venues that show them far enough."""
    for number, venue in enumerate(BOOKS):
        for base in BASES:
            yield Depth(t_ms, venue, base, 2e7 + number, 3e7 + number, 1.5)


def past(end_ms: int, hours: int) -> Iterator[Fact]:
    """Hours of open interest and bars each five minutes, with funding paid each hour or eight."""
    for t_ms in range(end_ms - hours * HOUR_MS + 300_000, end_ms + 1, 300_000):
        step = t_ms // 300_000 % 7
        for venue in VENUES:
            yield from _of_slot(t_ms, venue, "perp", step)
        for venue in SPOT:
            yield from _of_slot(t_ms, venue, "spot", step)


def _of_slot(t_ms: int, venue: str, market: Market, step: int) -> Iterator[Fact]:
    for base in BASES:
        first, last = price(venue, base) * (1 + 0.001 * step), price(venue, base) * (1 + 0.001 * (step - 1))
        high, low, volume = max(first, last) * 1.002, min(first, last) * 0.998, 1e6 / last * (1 + step)
        bought = volume / 3 if venue == "binance" else None
        if market == "perp":
            yield Mark(t_ms, venue, base, last)
            yield OpenInterest(t_ms, venue, base, 1e8 / last, 1e8)
            interval_h = HOURS.get(venue, 8.0) if venue != "deribit" else 1.0
            if t_ms % int(interval_h * HOUR_MS) == 0:
                yield Funding(t_ms, venue, base, 1e-5 * (1 + step), interval_h, settled=True)
        yield Bar(t_ms, venue, base, market, 300, first, high, low, last, volume, bought)


def closure(t_ms: int, venue: str, base: str, side: Side, usd: float) -> Liquidation:
    """A closure of so many dollars."""
    paid = price(venue, base)
    return Liquidation(t_ms, venue, base, side, paid, usd / paid, usd)
