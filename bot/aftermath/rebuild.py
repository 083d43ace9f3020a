"""Are the closed positions being opened again? Domain notes M3, as amended in section 00."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec
import numpy as np

from bot.aftermath.interest import Interest, interest_over
from bot.aftermath.missing import Hole, Missing, Slow
from bot.flush.episode import Before, Episode
from bot.levels.bars import atr_1h, bars_of
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, Past

RebuildVerdict = Literal[
    "TOO_EARLY", "STILL_LEAVING", "SLOW", "MODERATE", "FAST", "FULL", "GREW", "FLAT", "LATE_UNWIND"
]
Qualifier = Literal["RELOADING_INTO_WEAKNESS", "RELEVERAGING_IN_CHOP", "FOLLOWING_PRICE"]

LEAST_FALL = 0.015
CHOP_ATR = 1.2
STILL_LEAVING = -0.1
FULL = 0.95
FAST_FIRST, FAST_DAY = 0.5, 0.8
"""By +4 h, and by +24 h."""
SLOW = 0.25
WEAK, STRONG = 0.5, 0.8
"""Shares of the move taken back: reopened into weakness under the first, following the price from the second on."""
FIRST_PACE_MS = 4 * HOUR_MS
# A venue that speaks at least this often is never older than the flush.
FRESH_MS = 3 * SLOT_MS


class Rebuild(msgspec.Struct, frozen=True):
    """Open interest in coins over `venues`, known throughout: before, least during the flush, and now.

    `fall` is the share of `before` that went, `change` now against before. `rebuilt` is R_OI, the share of what went
    that is back; None when less than 1.5 % went. `chop` is the range of the last 4 h in ATR(1h). `left_out` is
    what kept a venue out of the sums.
    """

    verdict: RebuildVerdict
    qualifier: Qualifier | None
    venues: tuple[str, ...]
    before: float
    least: float
    least_ms: int
    now: float
    fall: float
    change: float
    rebuilt: float | None
    price_recovered: float | None
    chop: float | None
    left_out: tuple[Hole | Slow, ...]
    early: bool
    """Before +4 h only the fall is worth saying."""


class Returned(NamedTuple):
    """Open interest in coins before, least in the flush and now; `fall`, `change` and `rebuilt` as in `Rebuild`."""

    venues: tuple[str, ...]
    before: float
    least: float
    least_ms: int
    now: float
    left_out: tuple[Hole | Slow, ...]

    @property
    def fall(self) -> float:
        """The share of `before` that went."""
        return 1 - self.least / self.before

    @property
    def change(self) -> float:
        """Now against before."""
        return self.now / self.before - 1

    @property
    def rebuilt(self) -> float | None:
        """R_OI, None when hardly anything went."""
        return (self.now - self.least) / (self.before - self.least) if self.fall >= LEAST_FALL else None


def check(
    episode: Episode, before: Before, past: Past, elapsed_ms: int, price_recovered: float | None
) -> Rebuild | Missing:
    """R_OI = (OI - OI_min) / (OI_pre - OI_min) with OI_min of the flush itself, so that a later fall shows."""
    found = returned(episode, before, past, elapsed_ms)
    if isinstance(found, Missing):
        return found
    chop = _chop(episode.coin, past)
    rebuilt = found.rebuilt
    verdict = _pace(rebuilt, elapsed_ms) if rebuilt is not None else _replaced(found.change, elapsed_ms)
    return Rebuild(
        verdict=verdict,
        qualifier=_qualifier(verdict, price_recovered, chop),
        venues=found.venues,
        before=found.before,
        least=found.least,
        least_ms=found.least_ms,
        now=found.now,
        fall=found.fall,
        change=found.change,
        rebuilt=rebuilt,
        price_recovered=price_recovered,
        chop=chop,
        left_out=found.left_out,
        early=elapsed_ms < FIRST_PACE_MS,
    )


def returned(episode: Episode, before: Before, past: Past, elapsed_ms: int) -> Returned | Missing:
    """Open interest over the venues without a hole.

    A venue that has not had the time to speak since the peak is left out: its last word would pass for unchanged.
    """
    interest = interest_over(past, episode.coin, before.at_ms - HOUR_MS, past.as_of_ms)
    slow = {venue for venue, every_ms in interest.period_ms.items() if every_ms > FRESH_MS and every_ms >= elapsed_ms}
    venues = tuple(venue for venue in interest.whole if venue in before.open_interest and venue not in slow)
    ended = episode.lead.ended_ms or episode.ended_ms or past.as_of_ms
    total = interest.total(venues)
    during = np.where((interest.times > episode.onset_ms) & (interest.times <= ended), total, np.nan)
    if not venues or np.isnan(during).all():
        return Missing("open_interest", tuple(sorted({*before.open_interest, *interest.coins})))
    place = int(np.nanargmin(during))
    return Returned(
        venues=venues,
        before=sum(before.open_interest[venue] for venue in venues),
        least=float(during[place]),
        least_ms=int(interest.times[place]),
        now=float(total[-1]),
        left_out=_left_out(interest, before, venues, slow),
    )


def _pace(rebuilt: float, elapsed_ms: int) -> RebuildVerdict:
    """FAST is half by +4 h or 80 % by +24 h, SLOW less than a quarter at +24 h or later."""
    if elapsed_ms < FIRST_PACE_MS:
        return "TOO_EARLY"
    if rebuilt < STILL_LEAVING:
        return "STILL_LEAVING"
    if rebuilt >= FULL:
        return "FULL"
    if rebuilt >= (FAST_FIRST if elapsed_ms <= FIRST_PACE_MS else FAST_DAY) and elapsed_ms <= DAY_MS:
        return "FAST"
    if elapsed_ms < DAY_MS:
        return "TOO_EARLY"
    return "SLOW" if rebuilt < SLOW else "MODERATE"


def _replaced(change: float, elapsed_ms: int) -> RebuildVerdict:
    if elapsed_ms < FIRST_PACE_MS:
        return "TOO_EARLY"
    if change >= LEAST_FALL:
        return "GREW"
    return "LATE_UNWIND" if change <= -LEAST_FALL else "FLAT"


def _qualifier(verdict: RebuildVerdict, price_recovered: float | None, chop: float | None) -> Qualifier | None:
    if verdict not in ("FAST", "FULL", "GREW"):
        return None
    if price_recovered is not None and price_recovered < WEAK:
        return "RELOADING_INTO_WEAKNESS"
    if verdict != "GREW" and chop is not None and chop < CHOP_ATR:
        return "RELEVERAGING_IN_CHOP"
    return "FOLLOWING_PRICE" if price_recovered is not None and price_recovered >= STRONG else None


def _chop(coin: str, past: Past) -> float | None:
    hours = past.hours(coin)
    scale = atr_1h(bars_of(hours), past.now_ms) if hours else None
    _, highs = past.column(coin, "high", past.as_of_ms - 4 * HOUR_MS, past.as_of_ms)
    _, lows = past.column(coin, "low", past.as_of_ms - 4 * HOUR_MS, past.as_of_ms)
    if not scale or np.isnan(highs).all():
        return None
    return float(np.nanmax(highs) - np.nanmin(lows)) / scale


def _left_out(interest: Interest, before: Before, venues: tuple[str, ...], slow: set[str]) -> tuple[Hole | Slow, ...]:
    """One reason a venue: its longest hole, else that it is slow, else that it was known before and is silent since."""
    longest: dict[str, Hole] = {}
    for hole in interest.holes:
        other = longest.get(hole.venue)
        if other is None or _length(hole) > _length(other):
            longest[hole.venue] = hole
    reasons: dict[str, Hole | Slow] = {**longest}
    for venue in before.open_interest:
        if venue not in venues:
            quiet = Slow(venue, interest.period_ms[venue]) if venue in slow else Hole(venue, before.at_ms, None)
            reasons.setdefault(venue, quiet)
    return tuple(reasons[venue] for venue in sorted(reasons))


def _length(hole: Hole) -> float:
    return float("inf") if hole.to_ms is None else hole.to_ms - hole.from_ms
