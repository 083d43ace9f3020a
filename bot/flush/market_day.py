"""How hard the whole market was flushed in 24 hours, 0 to 100: the market card of domain notes, section 2.5.

score = 100 · Σ weight · share / Σ weight of what is known; confidence is the latter sum. Unlike the score of a coin
(`bot.flush.severity`) it is held against fixed figures, so that days of different years compare.
"""

from __future__ import annotations

from math import log10
from typing import Literal

import msgspec

from bot.flush.episode import band_of
from bot.market.view import LastDay

WEIGHTS = {"U": 0.25, "I": 0.15, "O": 0.25, "P": 0.20, "D": 0.05, "F": 0.10}
RANGES = {
    "U": (3e8, 1e10),
    "I": (0.003, 0.06),
    "O": (0.02, 0.20),
    "P": (0.02, 0.12),
    "D": (0.60, 0.95),
    "F": (5e-5, 5e-4),
}
"""From nothing to the whole; U by its logarithm."""
RANK_RANGE, RANK_MOST = (0.80, 0.99), 0.8
"""Of the share of days with less liquidated, and how much of U that alone may give."""
LEAST_HOURS = 20.0
"""Liquidations of fewer hours than this say nothing about 24."""
RANKED_DAYS = 14
"""With fewer days known a rank among them says little."""

Word = Literal["quiet", "moderate", "large", "severe", "extreme"]
WORDS: dict[str, Word] = {"flush": "large", "severe": "severe", "extreme": "extreme"}


class DayInputs(msgspec.Struct, frozen=True):
    """What is judged, over 24 hours and all coins; None is unknown.

    `usd` liquidated, `intensity` is that over open interest, `open_interest_fall` from the highest of the day,
    `price_return` of BTC, `dominance` the share of the side that was liquidated more, `funding_shift` of BTC as
    decimal per 8 h, `rank` the share of the days known with less liquidated.
    """

    usd: float | None = None
    intensity: float | None = None
    open_interest_fall: float | None = None
    price_return: float | None = None
    dominance: float | None = None
    funding_shift: float | None = None
    rank: float | None = None


class DayInput(msgspec.Struct, frozen=True):
    """One input: its value, and what it gave (0 to 1)."""

    value: float
    share: float


class DayScore(msgspec.Struct, frozen=True):
    """The score with its known inputs by letter, in the order of WEIGHTS; `confidence` is the sum of their weights."""

    score: float
    confidence: float
    inputs: dict[str, DayInput]

    @property
    def word(self) -> Word | None:
        """From 45, 65 and 80 as the bands of a flush; below it depends on whether much was liquidated for a day.

        None where liquidations are unknown: the largest crash looks moderate by its price alone.
        """
        if "U" not in self.inputs:
            return None
        band = band_of(self.score)
        return WORDS.get(band or "", "moderate" if band or self.inputs["U"].share > 0 else "quiet")


def score_day(inputs: DayInputs) -> DayScore | None:
    """The score of a day; None where nothing is known of it."""
    told = {
        "U": inputs.usd,
        "I": inputs.intensity,
        "O": inputs.open_interest_fall,
        "P": None if inputs.price_return is None else abs(inputs.price_return),
        "D": inputs.dominance,
        "F": None if inputs.funding_shift is None else abs(inputs.funding_shift),
    }
    known = {name: DayInput(value, _share(name, value)) for name, value in told.items() if value is not None}
    if "U" in known and inputs.rank is not None:
        by_rank = RANK_MOST * _ramp(inputs.rank, *RANK_RANGE)
        known["U"] = DayInput(known["U"].value, max(known["U"].share, by_rank))
    confidence = sum(WEIGHTS[name] for name in known)
    if not known:
        return None
    score = 100 * sum(WEIGHTS[name] * part.share for name, part in known.items()) / confidence
    return DayScore(score, confidence, known)


def inputs_of(day: LastDay) -> DayInputs:
    """What a day's figures say; liquidations only where most of the 24 hours were heard."""
    usd = day.usd if day.hours_heard >= LEAST_HOURS else None
    interest = day.open_interest_usd
    return DayInputs(
        usd=usd,
        intensity=usd / interest if usd is not None and interest else None,
        open_interest_fall=day.open_interest_fall,
        price_return=day.btc_return,
        dominance=max(day.long_usd, day.short_usd) / usd if usd else None,
        funding_shift=day.funding_shift,
        rank=day.rank if day.days_known >= RANKED_DAYS else None,
    )


def _share(name: str, value: float) -> float:
    low, high = RANGES[name]
    if name == "U":
        return _ramp(log10(value), log10(low), log10(high)) if value > 0 else 0.0
    return _ramp(value, low, high)


def _ramp(value: float, low: float, high: float) -> float:
    return min(max((value - low) / (high - low), 0.0), 1.0)
