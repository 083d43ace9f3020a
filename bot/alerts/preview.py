"""What a channel would have heard: the very decisions of the outbox, made again over what was kept.

A channel is taken to have been there all the time, on and in reach, with the same settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bot.alerts.decide import LOOK_BACK_MS, Decision, Step, decide, decide_day, lasting
from bot.alerts.settings import ChannelSettings
from bot.alerts.steps import DayPost
from bot.market.history import DAY_MS

WEEK_MS = 7 * DAY_MS
LEAD_MS = 3 * DAY_MS
"""What changed so long before a stretch is decided too: what stands already, and how many posts there were lately."""


class Heard(NamedTuple):
    """One flush, or the post of a day (`step` is None): when its card went out, None for never, and why.

    `step` is its last change within the stretch.
    """

    id: str
    first_ms: int
    posted_ms: int | None
    reason: str
    step: Step | None = None
    usd: float | None = None

    @property
    def score(self) -> float:
        """The highest of a flush so far; 0 for a day."""
        return self.step.peak_score if self.step else 0.0


class Preview(NamedTuple):
    """A stretch of UTC ms, `until_ms` included: new posts and what stayed silent, both newest first."""

    since_ms: int
    until_ms: int
    posts: tuple[Heard, ...]
    silent: tuple[Heard, ...]

    @property
    def days(self) -> float:
        """How long it is."""
        return (self.until_ms - self.since_ms) / DAY_MS

    @property
    def a_week(self) -> float:
        """New posts a week; of less than a day as if it were one."""
        return len(self.posts) * WEEK_MS / max(self.until_ms - self.since_ms, DAY_MS)


class _Channel:
    """A channel with its posts so far, as the outbox knows them."""

    def __init__(self, settings: ChannelSettings) -> None:
        self._settings = settings
        self._posted_ms: list[int] = []
        self.heard: dict[str, Heard] = {}

    def hear(self, step: Step) -> None:
        """Decide about one change of a flush."""
        known = self.heard.get(step.episode_id)
        posted = known is not None and known.posted_ms is not None
        decision = decide(step, self._settings, posted=posted, posts=lambda: self._lately(step.at_ms))
        reason = lasting(known.reason if known else None, decision)
        at_ms = self._count(decision, step.at_ms)
        if known is None:
            self.heard[step.episode_id] = Heard(step.episode_id, step.at_ms, at_ms, reason, step)
        else:
            posted_ms = known.posted_ms if posted else at_ms
            self.heard[step.episode_id] = known._replace(
                posted_ms=posted_ms, reason=known.reason if posted else reason, step=step
            )

    def hear_day(self, day: DayPost) -> None:
        """Decide about the post of a day; there is one at most."""
        if day.id not in self.heard:
            decision = decide_day(self._settings, day.at_ms, lambda: self._lately(day.at_ms))
            at_ms = self._count(decision, day.at_ms)
            self.heard[day.id] = Heard(day.id, day.at_ms, at_ms, decision.reason, usd=day.usd)

    def _count(self, decision: Decision, at_ms: int) -> int | None:
        if not decision.posts:
            return None
        self._posted_ms.append(at_ms)
        return at_ms

    def _lately(self, at_ms: int) -> list[int]:
        return [posted_ms for posted_ms in self._posted_ms if posted_ms > at_ms - LOOK_BACK_MS]


def preview(steps: Iterable[Step | DayPost], settings: ChannelSettings, since_ms: int, until_ms: int) -> Preview:
    """What was posted after `since_ms` up to `until_ms`, and what began then and stayed silent.

    `steps` are those of `bot.alerts.steps`, in order, from `LEAD_MS` before the stretch on.
    """
    channel = _Channel(settings)
    for step in steps:
        at_ms = step.at_ms
        if at_ms > until_ms:
            break
        if isinstance(step, DayPost):
            channel.hear_day(step)
        else:
            channel.hear(step)
    heard = list(channel.heard.values())
    posts = [entry for entry in heard if entry.posted_ms is not None and entry.posted_ms > since_ms]
    silent = [entry for entry in heard if entry.posted_ms is None and entry.first_ms > since_ms]
    posts.sort(key=lambda entry: (entry.posted_ms, entry.id), reverse=True)
    silent.sort(key=lambda entry: (entry.first_ms, entry.id), reverse=True)
    return Preview(since_ms, until_ms, tuple(posts), tuple(silent))
