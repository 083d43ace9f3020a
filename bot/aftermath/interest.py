"""Open interest in coins over the same venues at both ends, and the holes that keep a venue out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.aftermath.missing import Hole
from bot.market.history import HOUR_MS, SLOT_MS, Past

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]

# A venue's own cadence is learnt from the hours before the span: some tell it every five minutes, some every hour.
LEARNING_MS = 6 * HOUR_MS
# Carried over at most three missed polls of the slots (domain notes, section 1.8). A venue that speaks hourly may miss
# none: its last word would be hours old, and a flush lies between.
CARRIED_MS = 4 * SLOT_MS
CARRIED_OF_USUAL = 1.5


@dataclass(frozen=True)
class Interest:
    """Open interest in coins per venue at `times` (slot ends, UTC ms), carried over missed polls; NaN is unknown.

    `period_ms` is the usual time between two words of each venue.
    """

    times: Times
    coins: dict[str, Floats]
    period_ms: dict[str, int]
    holes: tuple[Hole, ...]

    @property
    def whole(self) -> tuple[str, ...]:
        """The venues without a hole, in alphabetical order."""
        broken = {hole.venue for hole in self.holes}
        return tuple(sorted(venue for venue in self.coins if venue not in broken))

    def total(self, venues: Iterable[str]) -> Floats:
        """Sum over `venues`, NaN where one of them is unknown."""
        chosen = [self.coins[venue] for venue in venues]
        return np.sum(chosen, axis=0) if chosen else np.full(self.times.size, np.nan)


def interest_over(past: Past, coin: str, start_ms: int, end_ms: int) -> Interest:
    """Open interest in (start_ms, end_ms] and every hole that touches that span."""
    times, told = past.open_interest(coin, start_ms - LEARNING_MS, end_ms)
    inside = times > start_ms
    period_ms, holes = _told(times, told, start_ms)
    coins = {venue: _carried(values)[inside] for venue, values in told.items()}
    return Interest(times[inside], coins, period_ms, holes)


def holes_over(past: Past, coin: str, start_ms: int, end_ms: int) -> tuple[Hole, ...]:
    """The holes of `interest_over` alone."""
    times, told = past.open_interest(coin, start_ms - LEARNING_MS, end_ms)
    return _told(times, told, start_ms)[1]


def _told(times: Times, told: dict[str, Floats], start_ms: int) -> tuple[dict[str, int], tuple[Hole, ...]]:
    """How often each venue tells it, and its holes that reach beyond a moment."""
    period_ms: dict[str, int] = {}
    holes: list[Hole] = []
    for venue, values in sorted(told.items()):
        known = times[~np.isnan(values)]
        period_ms[venue] = _period(known)
        holes += _holes(venue, times, known, start_ms, period_ms[venue])
    return period_ms, tuple(holes)


def _period(known: Times) -> int:
    return int(np.median(np.diff(known))) if known.size > 1 else SLOT_MS


def _holes(venue: str, times: Times, known: Times, start_ms: int, period_ms: int) -> list[Hole]:
    longest = max(CARRIED_MS, CARRIED_OF_USUAL * period_ms)
    edges = np.concatenate((times[:1], known, times[-1:]))
    last = known.size
    return [
        Hole(venue, int(edges[place]), int(edges[place + 1]) if place < last else None)
        for place in np.flatnonzero(np.diff(edges) > longest)
        if edges[place + 1] > start_ms
    ]


def _carried(values: Floats) -> Floats:
    known = ~np.isnan(values)
    places = np.maximum.accumulate(np.where(known, np.arange(values.size), -1))
    return np.where(places >= 0, values[np.maximum(places, 0)], np.nan)
