"""Did the gap between perp and spot close? Domain notes M1, as amended in section 00.

A basis rests somewhere other than zero (near −4.6 bp between Binance's BTC perp and spot), so it is held against its
own median of the seven days before onset, and what is compared is how far it stands from there.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from bot.aftermath.missing import Missing
from bot.aftermath.usual import window_of
from bot.flush.episode import Before, Episode
from bot.market.history import DAY_MS, HOUR_MS, Past

BasisVerdict = Literal["ALREADY_USUAL", "TIGHTENED", "INVERTED", "WIDENED", "FLAT"]

USUAL_MS = 7 * DAY_MS
LEAST_VALUES = 72
"""So many slots or hours make a median."""
LEAST_BPS = 2.0
"""Nearer to its usual than this a basis is usual."""
TIGHTENED = 0.5
WIDENED = -0.25
PERP_LED_BPS = -15.0
"""An overshoot this far says that the perp was sold ahead of spot (bought, in a squeeze)."""


class Basis(msgspec.Struct, frozen=True):
    """Basis of perp against index in hundredths of a percent: its usual, before the flush, at its furthest, and now.

    `closed` is the share of the deviation before that is gone, 1 − |now − usual| / |before − usual|; None where it was
    usual before. `overshoot_bps` is the least basis from onset to the end minus the usual one (the greatest for a
    squeeze), None where nothing was told meanwhile; `perp_led` that it is 15 bp or more to the hurt side.
    """

    verdict: BasisVerdict
    usual_bps: float
    before_bps: float
    now_bps: float
    closed: float | None
    overshoot_bps: float | None
    perp_led: bool


def check(episode: Episode, before: Before, past: Past) -> Basis | Missing:
    """The deviation before onset and that of the last 15 minutes, each from the median of the seven days before."""
    start_ms = before.at_ms - USUAL_MS
    _, earlier = past.column(episode.coin, "basis_bps", start_ms, before.at_ms - HOUR_MS // 2)
    known = earlier[~np.isnan(earlier)]
    now = _now(episode.coin, past)
    if before.basis_bps is None or now is None or known.size < LEAST_VALUES:
        return Missing("basis")
    usual = float(np.median(known))
    sign = 1 if episode.side == "long" else -1
    overshoot = _overshoot(episode, past, sign, usual)
    ahead, behind = before.basis_bps - usual, now - usual
    return Basis(
        verdict=_verdict(ahead, behind),
        usual_bps=usual,
        before_bps=before.basis_bps,
        now_bps=now,
        closed=1 - abs(behind) / abs(ahead) if abs(ahead) >= LEAST_BPS else None,
        overshoot_bps=overshoot,
        perp_led=overshoot is not None and sign * overshoot <= PERP_LED_BPS,
    )


def _now(coin: str, past: Past) -> float | None:
    """Median of the last 15 minutes; the last one told within the hour, where it comes more slowly."""
    times, values = past.column(coin, "basis_bps", past.as_of_ms - HOUR_MS, past.as_of_ms)
    known = ~np.isnan(values)
    fresh = values[known & (times > past.as_of_ms - HOUR_MS // 4)]
    if fresh.size:
        return float(np.median(fresh))
    return float(values[known][-1]) if known.any() else None


def _overshoot(episode: Episode, past: Past, sign: int, usual: float) -> float | None:
    onset_ms, end_ms = window_of(episode, past)
    _, values = past.column(episode.coin, "basis_bps", onset_ms, end_ms)
    known = values[~np.isnan(values)]
    return sign * float((sign * known).min()) - usual if known.size else None


def _verdict(ahead: float, behind: float) -> BasisVerdict:
    """`ahead` and `behind` are the deviations before and now; only what is 2 bp or more is called one."""
    if abs(behind) >= LEAST_BPS and abs(behind) - abs(ahead) >= LEAST_BPS > abs(ahead):
        return "WIDENED"
    if abs(ahead) < LEAST_BPS:
        return "ALREADY_USUAL"
    if ahead * behind < 0 and abs(behind) >= LEAST_BPS:
        return "INVERTED"
    closed = 1 - abs(behind) / abs(ahead)
    if closed >= TIGHTENED:
        return "TIGHTENED"
    return "WIDENED" if closed <= WIDENED else "FLAT"
