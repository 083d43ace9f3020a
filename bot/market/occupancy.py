"""How much a feed that shows only some liquidations leaves out, told by how many seconds of a minute it spoke in.

A feed that shows one liquidation a second and contract is full in every second once there are a few a second; how
often it is silent tells how many there were: with λ a second, a second is silent with the probability exp(−λ).
"""

from __future__ import annotations

from math import log1p
from typing import Literal

Limit = Literal["throttled", "largest"]

LIMITS: dict[str, Limit] = {"aster": "throttled", "binance": "throttled", "bitget": "largest", "okx": "throttled"}
""""throttled": at most one a second and contract; "largest": of each second and side the largest alone."""
SECONDS = 60
"""A block, over which seconds are counted."""
FULL = 1 - 1 / 120
"""Occupancy of a minute without a silent second: as if half of one were silent."""
FULL_MOST = 1 - 1e-4
"""The same at its highest: from some nine a second on, captured shares differ by nothing that a minute shows."""

LARGEST: tuple[tuple[float, float, float], ...] = ((0.5, 1.0, 1.05), (0.9, 1.05, 1.2), (1.0, 1.2, 1.5))
"""Below this occupancy the whole is so many times, at least and at most, the sum of the largest (lognormal sizes)."""
LARGEST_FULL = (1.2, 2.5)

Factors = tuple[float, float]


def is_full(seconds: int) -> bool:
    """Whether every second of a minute holds a message: then nothing tells how many more there were."""
    return seconds >= SECONDS


def per_second(occupancy: float, full: float = FULL) -> float:
    """Liquidations a second, λ = −ln(1 − q), from the share q of seconds that hold one; q counts up to `full`."""
    return -log1p(-min(occupancy, full))


def one_a_second(occupancy: float, full: float = FULL) -> float:
    """What was liquidated over what was shown, λ/q: 1 where seconds with a message are rare, 4.8 where all hold one.

    A lower bound where liquidations come in clusters; with sizes that do not depend on how many come.
    """
    shown = min(occupancy, full)
    return per_second(occupancy, full) / shown if shown > 0 else 1.0


def throttled(seconds: int, messages: int) -> Factors:
    """Factors, at least and at most, of a minute with so many seconds that hold a message, and so many messages.

    Several contracts of one coin each have their own message a second; so more messages than seconds are a larger
    part of the whole, and what they leave out is less.
    """
    crowding = max(1.0, messages / max(1, seconds))
    least = one_a_second(seconds / SECONDS)
    most = one_a_second(seconds / SECONDS, FULL_MOST) if is_full(seconds) else least
    return max(1.0, least / crowding), max(1.0, most / crowding)


def largest(seconds: int) -> Factors:
    """Factors, at least and at most, of one side's minute of which each second shows the largest alone."""
    if is_full(seconds):
        return LARGEST_FULL
    return next((least, most) for below, least, most in LARGEST if seconds / SECONDS < below)
