"""The past of one coin at one venue, for tests of what is fetched: long enough that every history has several pages."""

from __future__ import annotations

from collections.abc import Iterator

from bot.market.facts import Bar, Fact, Funding, LiquidationTotal, Mark, OpenInterest
from bot.market.live.past import Asked
from bot.market.venues.venue import Venue
from tests.fakes.exchanges.world import joined
from tests.fakes.exchanges_selftest import told

BASE = "SOL"
HOUR_MS = told.HOUR_MS
DAY_MS = 24 * HOUR_MS
NOW_MS = told.START_MS
FUNDING_DAYS = 45
BAR_DAYS = {"deribit": 18, "hyperliquid": 18, "gate": 8}
"""Who has many bars on one page, or forgets them after 17 days; the others have 6 days of them."""
HOURLY = frozenset({"hyperliquid", "dydx", "deribit"})


def facts_of(venue: Venue) -> Iterator[Fact]:
    """Five-minute bars, open interest and totals of liquidations of some days, and payments of 45."""
    begin_ms = told.START_MS - BAR_DAYS.get(venue.name, 6) * DAY_MS
    if venue.market == "perp":
        yield from _payments(venue.name, told.START_MS - FUNDING_DAYS * DAY_MS, begin_ms)
    payments = {fact.t // HOUR_MS * HOUR_MS: fact for fact in _payments(venue.name, begin_ms, told.START_MS)}
    for number, t_ms in enumerate(range(begin_ms + 300_000, told.START_MS + 1, 300_000)):
        price = told.price(venue.name, BASE) * (1 + 0.0001 * (number % 50))
        bought = 40.0 + number % 3 if venue.name == "binance" else None
        if venue.market == "perp":
            yield Mark(t_ms, venue.name, BASE, price)
            yield OpenInterest(t_ms, venue.name, BASE, 1e6 + number, (1e6 + number) * price)
            yield from [payments[t_ms]] if t_ms in payments else []
        if venue.name == "gate":
            yield LiquidationTotal(t_ms, "gate", BASE, 300, float(number), 2.0 * number)
        prices = price, price * 1.002, price * 0.999, price * 1.001
        yield Bar(t_ms, venue.name, BASE, venue.market, 300, *prices, 100.0 + number, bought)


def _payments(venue: str, from_ms: int, to_ms: int) -> Iterator[Funding]:
    """Payments every hour, or every eight hours with stretches of hourly ones, stamped up to 400 ms late."""
    last_ms = from_ms - from_ms % (8 * HOUR_MS)
    for t_ms in range(from_ms - from_ms % HOUR_MS + HOUR_MS, to_ms + 1, HOUR_MS):
        in_flush = t_ms // (40 * HOUR_MS) % 5 == 0
        if venue in HOURLY or in_flush or t_ms % (8 * HOUR_MS) == 0:
            interval_h = 1.0 if venue in HOURLY else (t_ms - last_ms) / HOUR_MS
            # Gate tells seconds; the last one is stamped early enough to be known now.
            late_ms = 0 if venue == "gate" or t_ms == told.START_MS else t_ms // HOUR_MS * 37 % 400
            rate = 1e-6 * (t_ms // HOUR_MS % 90)
            yield Funding(t_ms + late_ms, venue, BASE, rate, interval_h, settled=True)
            last_ms = t_ms


def expected(one: Asked, world: list[Fact]) -> list[Fact]:
    """What the world knew of a history."""
    kinds: dict[str, type] = {"bar": Bar, "oi": OpenInterest, "funding": Funding, "liquidations": LiquidationTotal}
    rows = [fact for fact in world if isinstance(fact, kinds[one.past.feed])]
    if one.past.span_s == 3600:
        bars = [fact for fact in rows if isinstance(fact, Bar)]
        hours: list[Fact] = [joined(bars[first : first + 12]) for first in range(0, len(bars), 12)]
        return hours or [fact for fact in rows if fact.t % HOUR_MS == 0]
    return rows
