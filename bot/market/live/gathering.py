"""The histories of one venue, some at a time: what fails costs no other, and a venue that is gone is given up."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from bot.errors import VenueDown, VenueError
from bot.market.facts import Fact
from bot.market.live.past import SHARE, Asked, fetch_past
from bot.market.live.reports import Reports

AT_ONCE = 3
"""Histories of one venue under way at the same time: an answer takes longer to come than the budget to allow it."""
PATIENCE_S = 600.0
"""A venue that has not answered for so long is given up."""
PAUSE_S = 60.0
"""The longest wait before a silent venue is asked again."""


class Gathering:
    """Fetches the histories `todo` of one venue in a span of UTC ms.

    `put` hears of each history, with no facts where it failed. Afterwards `failed` says why a history is missing, and
    `lost` why the venue was given up, None where it was not.
    """

    def __init__(
        self,
        todo: Sequence[Asked],
        span_ms: tuple[int, int],
        now_ms: Callable[[], int],
        put: Callable[[Asked, list[Fact]], None],
        reports: Reports,
        share: float = SHARE,
    ) -> None:
        self.failed: list[tuple[Asked, str]] = []
        self.lost: VenueDown | None = None
        self._todo = deque(todo)
        self._span_ms = span_ms
        self._now_ms = now_ms
        self._put = put
        self._reports = reports
        self._share = share
        self._answered_s = 0.0

    async def run(self) -> None:
        """Fetch everything; to be called once."""
        self._answered_s = asyncio.get_running_loop().time()
        work = [asyncio.create_task(self._work()) for _ in range(AT_ONCE)]
        try:
            await asyncio.gather(*work)
        finally:
            for one in work:
                one.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    async def _work(self) -> None:
        while self._todo:
            one = self._todo.popleft()
            facts: list[Fact] = []
            try:
                facts = await self._fetched(one)
            except VenueDown as down:
                self.lost = self.lost or down
                self.failed.append((one, str(down)))
            except VenueError as error:
                self.failed.append((one, str(error)))
            self._answered_s = asyncio.get_running_loop().time()
            self._put(one, facts)

    async def _fetched(self, one: Asked) -> list[Fact]:
        """One history; begun again while the venue is silent, until it has been so for too long."""
        while self.lost is None:
            try:
                return await fetch_past(one, *self._span_ms, self._now_ms(), share=self._share, reports=self._reports)
            except VenueDown as down:
                silent_s = asyncio.get_running_loop().time() - self._answered_s
                if down.state == "blocked" or silent_s > PATIENCE_S:
                    raise
                await asyncio.sleep(min(down.retry_after_s, PAUSE_S))
        raise VenueDown(str(self.lost), self.lost.state, self.lost.retry_after_s)
