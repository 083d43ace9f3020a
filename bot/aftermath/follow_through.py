"""Did the forced closing end with the flush? Domain notes M8.

All figures are observed liquidations of the coin the flush is about, both sides, so a floor.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from bot.aftermath.missing import Missing
from bot.aftermath.usual import BEFORE_MS, HEARD, LEAST_HOURS, liquidated, window_of
from bot.flush.episode import Episode
from bot.market.history import HOUR_MS, SLOT_MS, Past

FollowVerdict = Literal["TOO_EARLY", "FADED", "PERSISTENT", "NOT_HEARD"]
Trend = Literal["RISING", "FADING", "STEADY"]

LOOKED_BACK_H = 4
FLIPPED_SHARE = 0.6
RISING = 1.25
FADING = 1 / RISING


class Hour(msgspec.Struct, frozen=True):
    """Sixty minutes of observed liquidations in US dollars: of the side that was hurt, and of the other."""

    hurt_usd: float
    other_usd: float

    @property
    def usd(self) -> float:
        """Both sides."""
        return self.hurt_usd + self.other_usd


class FollowThrough(msgspec.Struct, frozen=True):
    """How liquidations ran on: `total_usd` of the flush, and when half of it had been seen.

    `half_min` are the minutes from the peak to then, 0 where it came by the peak (then at least half did), known to
    `step_min`.
    `aftershocks` are the legs after the first. `last` and `previous` are the last two stretches of 60 minutes, None
    where they were not heard; `flipped` that the other side had 60 % or more of the last. `above` of the last four,
    of which `heard` are known, had any and stood at or above `q90_usd`, the coin's own 90th percentile of an hour, both
    of the hurt side.
    """

    verdict: FollowVerdict
    trend: Trend | None
    total_usd: float
    half_min: float
    step_min: float
    aftershocks: int
    last: Hour | None
    previous: Hour | None
    flipped: bool
    above: int
    heard: int
    q90_usd: float


def check(episode: Episode, past: Past) -> FollowThrough | Missing:
    """From four hours after the end: FADED where the last four stayed under q90, PERSISTENT where one did not.

    Of the hurt side alone: a bounce that closes the other side is not the flush going on.
    """
    half = _half(episode, past)
    q90 = _q90(episode, past)
    if half is None or q90 is None:
        return Missing("liquidations")
    hours = [_hour(episode, past, back) for back in range(LOOKED_BACK_H)]
    known = [hour.hurt_usd for hour in hours if hour is not None]
    above = sum(usd >= q90 and usd > 0 for usd in known)  # a coin of few liquidations may have a q90 of nothing
    total, half_ms, step_ms = half
    last, previous = hours[:2]
    return FollowThrough(
        verdict=_verdict(above, len(known), past.as_of_ms - window_of(episode, past)[1]),
        trend=_trend(last, previous),
        total_usd=total,
        half_min=max(0, half_ms - episode.peak_ms) / 60_000,
        step_min=step_ms / 60_000,
        aftershocks=sum(leg.started_ms <= past.now_ms for leg in episode.legs[1:]),
        last=last,
        previous=previous,
        flipped=last is not None and last.usd > 0 and last.other_usd >= FLIPPED_SHARE * last.usd,
        above=above,
        heard=len(known),
        q90_usd=q90,
    )


def _half(episode: Episode, past: Past) -> tuple[float, int, int] | None:
    """(dollars, UTC ms at which half of them were known, the longest span that one figure speaks of)."""
    onset_ms, end_ms = window_of(episode, past)
    start_ms = (onset_ms - 1) // SLOT_MS * SLOT_MS  # a total that is known at the very onset belongs to it
    times, longs = past.column(episode.coin, "long_usd", start_ms, end_ms)
    shorts, heard_s = (past.column(episode.coin, name, start_ms, end_ms)[1] for name in ("short_usd", "liquidation_s"))
    amounts = np.nan_to_num(longs) + np.nan_to_num(shorts)
    total = float(amounts.sum())
    if total <= 0:
        return None
    place = int(np.argmax(np.cumsum(amounts) >= total / 2))
    return total, int(times[place]), max(SLOT_MS, int(np.nanmax(heard_s, initial=0.0)) * 1000)


def _q90(episode: Episode, past: Past) -> float | None:
    _, hours = liquidated(past, episode.coin, episode.side, episode.onset_ms - BEFORE_MS, episode.onset_ms)
    known = hours[~np.isnan(hours)]
    return float(np.quantile(known, 0.9)) if known.size >= LEAST_HOURS else None


def _hour(episode: Episode, past: Past, back: int) -> Hour | None:
    """The 60 minutes that ended `back` hours before the end of `past`."""
    end_ms = past.as_of_ms - back * HOUR_MS
    longs, shorts, heard_s = (
        np.nansum(past.column(episode.coin, name, end_ms - HOUR_MS, end_ms)[1])
        for name in ("long_usd", "short_usd", "liquidation_s")
    )
    if heard_s < HEARD * HOUR_MS / 1000:
        return None
    hurt, other = (longs, shorts) if episode.side == "long" else (shorts, longs)
    return Hour(float(hurt), float(other))


def _verdict(above: int, heard: int, since_end_ms: int) -> FollowVerdict:
    if since_end_ms < LOOKED_BACK_H * HOUR_MS:
        return "TOO_EARLY"
    if above:
        return "PERSISTENT"
    return "FADED" if heard == LOOKED_BACK_H else "NOT_HEARD"


def _trend(last: Hour | None, previous: Hour | None) -> Trend | None:
    """The last hour against the one before: rising from 1.25 times, fading down to 1/1.25."""
    if last is None or previous is None or last.usd == previous.usd == 0:
        return None
    if last.usd >= RISING * previous.usd:
        return "RISING"
    return "FADING" if last.usd <= FADING * previous.usd else "STEADY"
