"""Are the order books filled again? Domain notes M7, by depth within 1 % of mid; spreads are not kept."""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from bot.aftermath.missing import Missing
from bot.aftermath.usual import BEFORE_MS, HEARD, LEAST_DAYS, window_of
from bot.flush.episode import Episode
from bot.market.history import DAY_MS, HOUR_MS, Past

BooksVerdict = Literal["THIN", "RECOVERING", "NORMAL"]

THIN, NORMAL = 0.5, 0.8
NOW_MS = HOUR_MS // 4
CLEAN_SHARE = 0.003


class Books(msgspec.Struct, frozen=True):
    """Depth within 1 % of mid in US dollars, both sides, summed over the venues that tell it.

    `usual_usd` is the median at the same hour of the `days` before onset, `share` the one now over it, `least` the
    thinnest of the flush over the usual of its own hour; None where no book was told meanwhile. `forced` is what was
    liquidated in the last hour over perp volume, None where one of the two is unknown; `cleaner` that the books are
    normal and `forced` is below 0.3 %.
    """

    verdict: BooksVerdict
    now_usd: float
    usual_usd: float
    share: float
    days: int
    least: float | None
    forced: float | None

    @property
    def cleaner(self) -> bool:
        """Whether trading looks cleaner: full books, and hardly any of the volume forced."""
        return self.verdict == "NORMAL" and self.forced is not None and self.forced < CLEAN_SHARE


def check(episode: Episode, past: Past) -> Books | Missing:
    """The median of the last 15 minutes against the same hour's of the days kept before onset."""
    _, recent = past.column(episode.coin, "depth_usd", past.as_of_ms - NOW_MS, past.as_of_ms)
    recent = recent[~np.isnan(recent)]
    usual = _usual(episode, past, past.as_of_ms)
    if not recent.size or usual is None:
        return Missing("depth")
    now, (usual_usd, days) = float(np.median(recent)), usual
    share = now / usual_usd
    return Books(
        verdict="THIN" if share < THIN else "NORMAL" if share >= NORMAL else "RECOVERING",
        now_usd=now,
        usual_usd=usual_usd,
        share=share,
        days=days,
        least=_least(episode, past),
        forced=_forced(episode.coin, past),
    )


def _usual(episode: Episode, past: Past, at_ms: int) -> tuple[float, int] | None:
    """(median, days) of what was told before onset in the hour of day that ends or lies around `at_ms`."""
    times, depth = past.column(episode.coin, "depth_usd", episode.onset_ms - BEFORE_MS, episode.onset_ms)
    same = ~np.isnan(depth) & ((times - 1) % DAY_MS // HOUR_MS == (at_ms - 1) % DAY_MS // HOUR_MS)
    days = np.unique((times[same] - 1) // DAY_MS).size
    usual = float(np.median(depth[same])) if days >= LEAST_DAYS else 0.0
    return (usual, int(days)) if usual > 0 else None


def _least(episode: Episode, past: Past) -> float | None:
    times, depth = past.column(episode.coin, "depth_usd", *window_of(episode, past))
    if np.isnan(depth).all():
        return None
    place = int(np.nanargmin(depth))
    usual = _usual(episode, past, int(times[place]))
    return float(depth[place]) / usual[0] if usual is not None else None


def _forced(coin: str, past: Past) -> float | None:
    names = ("long_usd", "short_usd", "liquidation_s", "perp_usd")
    longs, shorts, heard_s, traded = (
        float(np.nansum(past.column(coin, name, past.as_of_ms - HOUR_MS, past.as_of_ms)[1])) for name in names
    )
    return (longs + shorts) / traded if traded > 0 and heard_s >= HEARD * HOUR_MS / 1000 else None
