"""Facts as the tests of the live market need them."""

from __future__ import annotations

from bot.market.facts import Bar, Liquidation, Mark, Side

T_MS = 1_773_000_000_000
MINUTE_MS = 60_000


def mark(price: float, at_ms: int | None = None, *, venue: str = "toy", base: str = "AVAX", t_ms: int = T_MS) -> Mark:
    """A mark price."""
    return Mark(t_ms, venue, base, price, at_ms)


def closure(
    coins: float = 1.0,
    at_ms: int | None = T_MS,
    *,
    venue: str = "toy",
    base: str = "AVAX",
    side: Side = "long",
    price: float = 10.0,
    t_ms: int = T_MS,
) -> Liquidation:
    """A forced closure."""
    return Liquidation(t_ms, venue, base, side, price, coins, coins * price, at_ms)


def bar(t_ms: int, close: float = 10.0, *, venue: str = "toy", base: str = "AVAX") -> Bar:
    """A minute of the spot market."""
    return Bar(t_ms, venue, base, "spot", 60, close, close, close, close, 5.0)
