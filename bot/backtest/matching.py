"""Which episode stands for which label, and how long after it began it was told."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import NamedTuple

from bot.backtest.labels import Label
from bot.backtest.run import Run
from bot.flush.episode import Episode
from bot.market.history import HOUR_MS

TOLERANCE_MS = HOUR_MS
"""Labels are written to the hour, so an episode may lie beside one by this much."""


class Match(NamedTuple):
    """A label with the episode that stands for it; None where there is none. Times are UTC ms, delays ms.

    A negative delay is a flush that was told before the label, or its worst hour, was over.
    """

    label: Label
    episode: Episode | None
    coin: str | None
    worst_hour_end_ms: int | None
    """End of the hour with the largest return of `coin` within the label; None where no price is known."""

    @property
    def found(self) -> bool:
        """Told as FLUSH or more; for a minor label as WATCH or more."""
        return self.episode is not None and (self.label.minor or is_alarm(self.episode))

    @property
    def delay_from_start_ms(self) -> int | None:
        """From the label's begin to the alert."""
        return self._after(self.label.start_ms)

    @property
    def delay_from_worst_hour_ms(self) -> int | None:
        """From the end of the worst hour to the alert."""
        return self._after(self.worst_hour_end_ms)

    def _after(self, from_ms: int | None) -> int | None:
        alerted_ms = None if self.episode is None else self.episode.alerted_ms
        return None if alerted_ms is None or from_ms is None else alerted_ms - from_ms


def is_alarm(episode: Episode) -> bool:
    """Whether it reached FLUSH, so that a channel could have heard of it."""
    return episode.band != "watch"


def match(label: Label, coins: Collection[str], run: Run) -> Match:
    """The episode for a label about some coins: an alarm before a watch, and of several the one that was told first."""
    fitting = [episode for episode in run.episodes.values() if fits(episode, label, coins, run.end_ms)]
    if not fitting:
        return Match(label, None, None, None)
    episode = min(fitting, key=lambda one: (not is_alarm(one), one.alerted_ms or one.onset_ms))
    coin = next(coin for coin in coins if coin in episode.members)
    return Match(label, episode, coin, worst_hour_end(run.prices.get(coin, {}), label))


def fits(episode: Episode, label: Label, coins: Collection[str], end_ms: int) -> bool:
    """Whether time, side and coin are those of the label; an open episode lasts to the end, a retracted one is none."""
    begins, ends = label.start_ms - TOLERANCE_MS, label.end_ms + TOLERANCE_MS
    return (
        episode.end_reason != "retracted"
        and episode.onset_ms <= ends
        and (episode.ended_ms or end_ms) >= begins
        and _side_fits(episode, label)
        and any(coin in episode.members for coin in coins)
    )


def _side_fits(episode: Episode, label: Label) -> bool:
    """In a long flush shorts may lose about as much on the way back; a squeeze has to be called one."""
    if label.side == "long":
        return episode.side == "long" or episode.kind == "two_sided"
    return label.side is None or (episode.side == "short" and episode.kind != "two_sided")


def worst_hour_end(prices: Mapping[int, float], label: Label) -> int | None:
    """End in UTC ms of the hour with the largest return, up or down, among the hours that the label touches."""
    first = label.start_ms // HOUR_MS
    last = max(first, (label.end_ms - 1) // HOUR_MS)
    moves = {
        hour: abs(math.log(prices[(hour + 1) * HOUR_MS] / prices[hour * HOUR_MS]))
        for hour in range(first, last + 1)
        if hour * HOUR_MS in prices and (hour + 1) * HOUR_MS in prices
    }
    return (max(moves, key=moves.__getitem__) + 1) * HOUR_MS if moves else None
