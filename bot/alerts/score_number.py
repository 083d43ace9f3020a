"""The score of a flush or a day as it is told: never with a number that belongs to a higher band than the one named."""

from __future__ import annotations

from math import floor

from bot.flush.episode import band_of
from bot.message import Number


def score_number(score: float, digits: int = 0) -> Number:
    """Rounded, but down where rounding up would reach the next band: 79.8 is SEVERE 79, not 80."""
    scale = 10**digits
    if band_of(score + 0.5 / scale) != band_of(score):
        return Number(floor(score * scale) / scale, digits)
    return Number(score, digits)
