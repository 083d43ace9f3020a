"""Did a larger wave of the same side come after the flush had ended? Domain notes, section 3.5."""

from __future__ import annotations

import msgspec
import numpy as np

from bot.aftermath.usual import HEARD, SLOTS_OF_HOUR, Floats
from bot.flush.episode import Episode
from bot.market.history import HOUR_MS, Past


class Larger(msgspec.Struct, frozen=True):
    """The worst hour of liquidations since the flush ended, in US dollars, its end in UTC ms, and that of the flush."""

    usd: float
    at_ms: int
    flush_usd: float


def larger_since(episode: Episode, past: Past) -> Larger | None:
    """The worst hour since the end, where more of the hurt side was liquidated in it than in any hour of the flush.

    None where it was less, where the flush goes on, and where liquidations are not known.
    """
    ended_ms = episode.ended_ms
    if ended_ms is None or ended_ms >= past.as_of_ms:
        return None
    during = _worst_hour(episode, past, episode.onset_ms, ended_ms)
    # The whole hour lies after the end: what was known late of the flush itself is no second wave.
    since = _worst_hour(episode, past, ended_ms + HOUR_MS, past.as_of_ms)
    if during is None or since is None or since[0] <= during[0]:
        return None
    return Larger(since[0], since[1], during[0])


def _worst_hour(episode: Episode, past: Past, start_ms: int, end_ms: int) -> tuple[float, int] | None:
    """(dollars, end) of the hour with the most; None without any, or where an hour with that much was heard in part."""
    names = (f"{episode.side}_usd", "liquidation_s")
    (times, amounts), (_, heard_s) = (past.column(episode.coin, name, start_ms - HOUR_MS, end_ms) for name in names)
    sums, heard = (_hourly(values) for values in (amounts, heard_s))
    sums = np.where(times > start_ms, sums, -1.0)
    place = int(np.argmax(sums)) if sums.size else 0
    if not sums.size or sums[place] <= 0 or heard[place] < HEARD * HOUR_MS / 1000:
        return None
    return float(sums[place]), int(times[place])


def _hourly(values: Floats) -> Floats:
    """The sum of the hour that ends with each slot."""
    if not values.size:
        return values
    return np.asarray(np.convolve(np.nan_to_num(values), np.ones(SLOTS_OF_HOUR))[: values.size])
