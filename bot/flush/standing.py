"""How large a flush was among those of the same coin and kind that this bot saw before it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.market.history import DAY_MS

KEPT_DAYS = 90


class Part(msgspec.Struct, frozen=True):
    """One coin's part in a flush: what was observed liquidated of it, None where unknown, and its highest score."""

    usd: float | None
    score: float


class Standing(msgspec.Struct, frozen=True):
    """The place of a flush, the largest first, among `n` of the last `days`, itself counted.

    `whole` says that the days are the 90 looked back, not the fewer that were followed. `by_score` of the others were
    held against it by score, because at one of the two the liquidations are unknown.
    """

    rank: int
    n: int
    days: int
    whole: bool
    by_score: int


def standing_among(own: Part, others: Sequence[Part], followed_ms: int) -> Standing:
    """The place of a flush among earlier ones; `followed_ms` is for how long the bot had been watching when it ended.

    What is equally large does not stand before it.
    """
    by_score = [other for other in others if own.usd is None or other.usd is None]
    larger = sum(other.score > own.score for other in by_score)
    larger += sum(other.usd > own.usd for other in others if own.usd is not None and other.usd is not None)
    days = max(1, followed_ms // DAY_MS)
    return Standing(larger + 1, len(others) + 1, min(days, KEPT_DAYS), whole=days >= KEPT_DAYS, by_score=len(by_score))
