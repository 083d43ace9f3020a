"""What a card may say of how earlier flushes of its kind went on: a rate with the same rate at random moments."""

from __future__ import annotations

from collections.abc import Iterator

from bot.aftermath.scorecard import Rate
from bot.flush.episode import Episode
from bot.message import Count, Name, Percent, Phrase, Row


def base_row(episode: Episode) -> Iterator[Row]:
    """Nothing below ten earlier flushes of the kind, and never without the comparison."""
    base = episode.base
    if base is None or not base.enough:
        return
    low, high = Rate(base.x, base.n).interval
    which = Phrase("scorecard-all") if base.all_coins else Phrase("scorecard-coin", {"coin": Name(episode.coin)})
    yield Row(
        Phrase(
            "card-base",
            {
                "which": which,
                "x": Count(base.x),
                "n": Count(base.n),
                "low": Percent(low, 0),
                "high": Percent(high, 0),
                "y": Count(base.y),
                "m": Count(base.m),
            },
        ),
        "muted",
    )
