"""What the three boxes of an invalidation have in common: their states, and when they are looked at."""

from __future__ import annotations

from typing import Literal

from bot.flush.episode import Episode
from bot.market.history import HOUR_MS, Past

BoxState = Literal["clear", "armed", "tripped", "unknown"]

ARMED_FROM_MS = 4 * HOUR_MS
ARMED_TO_MS = 72 * HOUR_MS


def looks(episode: Episode, past: Past, to_ms: int, since_ms: int) -> list[int]:
    """The full hours after the anchor, from +4 h and from a moment on, up to an hour and to the end of `past`."""
    anchor_ms = episode.anchor_ms or episode.onset_ms
    last = min(past.now_ms, anchor_ms + to_ms)
    return [at_ms for at_ms in range(anchor_ms + ARMED_FROM_MS, last + 1, HOUR_MS) if at_ms >= since_ms]
