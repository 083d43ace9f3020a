"""Whether an answer is of now: by the venue's own times alone, since neither clock has to be right."""

from __future__ import annotations

from collections.abc import Sequence

from bot.market.facts import Depth, Fact, Funding, Index, Mark, OpenInterest

PERIODS = 2
INTEREST_LEAST_MS = 90_000
"""Venues renew open interest slowly while much happens; what is older than this tells no change."""
LEAST_MS = 30_000
BEHIND_MOST = 1
"""After more answers than that in a row that go on, but from an earlier time, the venue's clock was set back."""


class Ages:
    """The clock of one venue, as its answers show it: the newest time it told, and when it was first told."""

    def __init__(self) -> None:
        self._newest_ms = 0
        self._told_at_ms = 0
        self._before_ms = 0
        self._behind = 0

    def fresh(self, facts: Sequence[Fact], t_ms: int, every_s: float) -> list[Fact]:
        """The facts of one answer that are not older than two of its periods; those without a time of their own too."""
        times = [fact.at for fact in facts if fact.at is not None and isinstance(fact, Mark | Index | OpenInterest)]
        if times:
            self._note(max(times), t_ms)
        there_ms = self._newest_ms + t_ms - self._told_at_ms
        return [fact for fact in facts if not _is_old(fact, there_ms, every_s)]

    def _note(self, newest_ms: int, t_ms: int) -> None:
        goes_on = newest_ms > self._before_ms
        self._behind = self._behind + 1 if goes_on and newest_ms <= self._newest_ms else 0
        self._before_ms = newest_ms
        if newest_ms > self._newest_ms or self._behind > BEHIND_MOST:
            self._newest_ms, self._told_at_ms, self._behind = newest_ms, t_ms, 0


def _is_old(fact: Fact, there_ms: int, every_s: float) -> bool:
    if fact.at is None or not isinstance(fact, Mark | Index | OpenInterest | Funding | Depth):
        return False
    if isinstance(fact, Funding) and fact.settled:
        return False
    least_ms = INTEREST_LEAST_MS if isinstance(fact, OpenInterest) else LEAST_MS
    return there_ms - fact.at > max(PERIODS * every_s * 1000, least_ms)
