"""Work for many chats at once, in order within each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable

log = logging.getLogger(__name__)

MOST_WAITING = 20
"""What one chat may have waiting: it answers one message a second at best, and nobody reads an answer that late."""
MOST_AT_ALL = 1_000

Work = Callable[[], Awaitable[None]]


class Lanes:
    """Each lane does one thing after the other; lanes do not wait for each other."""

    def __init__(self) -> None:
        self._last: dict[Hashable, asyncio.Task[None]] = {}
        self._waiting: dict[Hashable, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def full(self, lane: Hashable) -> bool:
        """Whether a lane has as much waiting as it may."""
        return self._waiting.get(lane, 0) >= MOST_WAITING

    async def put(self, lane: Hashable, work: Work, name: str) -> None:
        """Let something be done after what its lane already has; `name` is what a failure is logged under."""
        while len(self._tasks) >= MOST_AT_ALL:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        task = asyncio.create_task(self._do(self._last.get(lane), work, name), name=name)
        self._last[lane] = task
        self._waiting[lane] = self._waiting.get(lane, 0) + 1
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._done(lane, done))

    async def close(self, grace_s: float) -> None:
        """Let what is under way come to its end for a while, then end it."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace_s)
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _do(self, before: asyncio.Task[None] | None, work: Work, name: str) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            await work()
        except Exception:
            # One update that breaks something must not keep the others from being answered.
            log.exception("Failed: %s", name)

    def _done(self, lane: Hashable, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._waiting[lane] -= 1
        if self._last.get(lane) is task:
            del self._last[lane], self._waiting[lane]
