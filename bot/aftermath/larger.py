"""Did a larger wave of the same side come after the flush had ended? Domain notes, section 3.5."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from bot.flush.episode import Episode
from bot.market.history import HOUR_MS, SLOT_MS, Past

SLOTS_OF_HOUR = HOUR_MS // SLOT_MS


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
    times, amounts = past.column(episode.coin, f"{episode.side}_usd", start_ms - HOUR_MS, end_ms)
    if np.isnan(amounts).all():
        return None
    sums: npt.NDArray[np.float64] = np.convolve(np.nan_to_num(amounts), np.ones(SLOTS_OF_HOUR))[: amounts.size]
    sums = np.where(times > start_ms, sums, -1.0)
    place = int(np.argmax(sums))
    return (float(sums[place]), int(times[place])) if sums[place] > 0 else None
