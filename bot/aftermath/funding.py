"""Did funding cool, flip or come back? Domain notes M2, as amended in section 00."""

from __future__ import annotations

from collections import Counter
from typing import Literal

import msgspec
import numpy as np

from bot.aftermath.before import counted, last_known, weighted
from bot.aftermath.interest import holes_over
from bot.aftermath.missing import Missing
from bot.flush.episode import Before, Episode
from bot.market.history import DAY_MS, HOUR_MS, Past

FundingState = Literal["DEEP_NEG", "NEG", "COOL", "NEUTRAL", "WARM", "HOT"]
FundingVerdict = Literal[
    "NOT_CROWDED", "CROWDED_SINCE", "FLIPPED", "COOLED", "REBOUNDED", "STILL_ELEVATED", "UNCHANGED"
]

STATES: tuple[FundingState, ...] = ("DEEP_NEG", "NEG", "COOL", "NEUTRAL", "WARM", "HOT")
# Upper edges of the states but the last, decimal per 8 h: neutral is 0.01 % give or take 0.005 %.
EDGES = (-2e-4, -2e-5, 5e-5, 1.5e-4, 3e-4)
NEGATIVE = 2e-5
CROWDED_LONG = 1.5e-4
# Mirrored: funding rests at +0.01 %, so anything below zero already says that shorts pay.
CROWDED_SHORT = NEGATIVE
COOLED, BACK = 0.7, 0.8
"""Shares of the rate before: cooled down to the first, back from the second on."""
# So long the market's weighted rate goes on with a venue's last open interest (`Board.funding_weighted`).
WEIGHT_KEPT_MS = 3 * HOUR_MS


class Settlements(msgspec.Struct, frozen=True):
    """How often a venue settled since onset, and the hours between two of its settlements."""

    venue: str
    count: int
    interval_h: float


class FundingCheck(msgspec.Struct, frozen=True):
    """Funding before and now as decimal per 8 h, over the same `venues`, weighted by their open interest.

    `told` says that both are the rates last told, payments and running estimates alike, each weighted by the open
    interest of its moment; otherwise both are settled payments, weighted by that before. `least_8h` is the lowest since
    onset, the highest for a squeeze.
    """

    verdict: FundingVerdict
    before_8h: float
    now_8h: float
    least_8h: float
    state_before: FundingState
    state_now: FundingState
    told: bool
    venues: tuple[str, ...]
    settlements: tuple[Settlements, ...]


class FundingPath(msgspec.Struct, frozen=True):
    """Funding since onset: (UTC ms, decimal per 8 h), oldest first, and the value before it."""

    before: float
    points: tuple[tuple[int, float], ...]
    venues: tuple[str, ...]
    told: bool


def state_of(rate_8h: float) -> FundingState:
    """The state of a rate per 8 h, around the resting rate of 0.01 %."""
    return STATES[int(np.searchsorted(EDGES, rate_8h, side="right"))]


def check(episode: Episode, before: Before, past: Past, elapsed_ms: int) -> FundingCheck | Missing:
    """Compare the rates last told where both ends have one, else settled payments of venues that settled since."""
    path = funding_since(episode, before, past)
    if path is None:
        return Missing("funding", tuple(before.funding_8h))
    sign = 1 if episode.side == "long" else -1
    now = path.points[-1][1]
    least = sign * min(sign * rate for _, rate in path.points)
    settlements = _settlements(episode, past)
    return FundingCheck(
        verdict=_verdict(sign, path, elapsed_ms, turned=_turned(sign, path, episode, past)),
        before_8h=path.before,
        now_8h=now,
        least_8h=least,
        state_before=state_of(path.before),
        state_now=state_of(now),
        told=path.told,
        venues=path.venues,
        settlements=settlements,
    )


def funding_since(episode: Episode, before: Before, past: Past) -> FundingPath | None:
    """Funding since onset: rates last told where both ends have one, else payments; None where there are neither."""
    return _told(episode, before, past) or _settled(episode, before, past)


def lasts(path: FundingPath, since_ms: int, episode: Episode, past: Past) -> bool:
    """Whether what holds since a moment outlasted two settlements of each venue."""
    counts = Counter(fact.venue for fact in past.settled(episode.coin, since_ms - 1, past.now_ms))
    return bool(path.venues) and all(counts[venue] >= 2 for venue in path.venues)


def _told(episode: Episode, before: Before, past: Past) -> FundingPath | None:
    """The slots hold the weighted rate, over whichever venues told their open interest: only of use if all went on."""
    if _weights_lost(episode, before, past):
        return None
    start = last_known(past.column(episode.coin, "funding_8h", before.at_ms - HOUR_MS, before.at_ms)[1])
    times, rates = past.column(episode.coin, "funding_8h", before.at_ms, past.as_of_ms)
    known = ~np.isnan(rates)
    points = tuple(zip(times[known].tolist(), rates[known].tolist(), strict=True))
    if start is None or not points or past.as_of_ms - points[-1][0] > HOUR_MS:
        return None
    return FundingPath(start, points, counted(before.funding_8h, before.open_interest), told=True)


def _weights_lost(episode: Episode, before: Before, past: Past) -> bool:
    """Whether some venue's open interest was silent for so long that its rate stopped, or began, to count meanwhile."""
    holes = holes_over(past, episode.coin, before.at_ms - HOUR_MS, past.as_of_ms)
    return any((hole.to_ms or past.as_of_ms) - hole.from_ms > WEIGHT_KEPT_MS for hole in holes)


def _settled(episode: Episode, before: Before, past: Past) -> FundingPath | None:
    since = past.settled(episode.coin, before.at_ms, past.now_ms)
    venues = counted({fact.venue for fact in since} & set(before.funding_8h), before.open_interest)
    latest = {venue: before.funding_8h[venue] for venue in venues}
    start = weighted(latest, before.open_interest)
    points: list[tuple[int, float]] = []
    for fact in since:
        if fact.venue in latest:
            latest[fact.venue] = fact.rate * 8 / fact.interval_h
            points.append((fact.t, weighted(latest, before.open_interest) or 0.0))
    return FundingPath(start, tuple(points), venues, told=False) if start is not None else None


def _settlements(episode: Episode, past: Past) -> tuple[Settlements, ...]:
    facts = past.settled(episode.coin, episode.onset_ms, past.now_ms)
    interval = {fact.venue: fact.interval_h for fact in facts}
    counts = Counter(fact.venue for fact in facts)
    return tuple(Settlements(venue, counts[venue], interval[venue]) for venue in sorted(counts))


def _turned(sign: int, path: FundingPath, episode: Episode, past: Past) -> bool:
    """Whether funding has been past zero for two settlements of each venue, or for 4 h: a flip, not a flicker."""
    since: int | None = None
    for at, rate in path.points:
        since = (since or at) if sign * rate < -NEGATIVE else None
    if since is None:
        return False
    return lasts(path, since, episode, past) or past.as_of_ms - since >= 4 * HOUR_MS


def _verdict(sign: int, path: FundingPath, elapsed_ms: int, *, turned: bool) -> FundingVerdict:
    """Below zero for too short a time to be a flip counts as COOLED."""
    before, now = sign * path.before, sign * path.points[-1][1]
    least = min(sign * rate for _, rate in path.points)
    crowded = CROWDED_LONG if sign > 0 else CROWDED_SHORT
    if turned and before >= (-NEGATIVE if sign > 0 else crowded):
        return "FLIPPED"
    if before <= crowded:
        return "CROWDED_SINCE" if now > crowded else "NOT_CROWDED"
    if least <= COOLED * before and now >= BACK * before and now > crowded:
        return "REBOUNDED"
    if now <= COOLED * before and state_of(path.before) != state_of(path.points[-1][1]):
        return "COOLED"
    return "STILL_ELEVATED" if elapsed_ms >= DAY_MS and now > crowded else "UNCHANGED"
