"""Work for many chats at once, in order within each; nobody waits to hand it in, and what is too much is left."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Mapping
from contextlib import suppress

log = logging.getLogger(__name__)

MOST_WAITING = 20
"""What one chat or person may have waiting: a chat takes one answer a second at best."""
MOST_AT_ALL = 1_000

Work = Callable[[], Awaitable[None]]
NO_LIMITS: Mapping[Hashable, int] = {}


class Lanes:
    """Each lane does one thing after the other; lanes do not wait for each other."""

    def __init__(self) -> None:
        self._last: dict[Hashable, asyncio.Task[None]] = {}
        self._waiting: Counter[Hashable] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    def offer(self, lane: Hashable, work: Work, name: str, most: Mapping[Hashable, int]) -> bool:
        """Let something be done after what its lane already has, unless too much waits; whether it is done.

        `most` names what the work counts as, and how much of each may wait; `name` is what a failure is logged under.
        """
        full = len(self._tasks) >= MOST_AT_ALL or any(self._waiting[kind] >= limit for kind, limit in most.items())
        if not full:
            self.put(lane, work, name, most)
        return not full

    def put(self, lane: Hashable, work: Work, name: str, counts: Mapping[Hashable, int] = NO_LIMITS) -> None:
        """Let something be done however much waits; `counts` are the kinds of work that it counts as."""
        task = asyncio.create_task(self._do(self._last.get(lane), work, name), name=name)
        self._last[lane] = task
        self._waiting.update(counts.keys())
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._done(lane, done, counts))

    async def close(self, grace_s: float) -> None:
        """Let what is under way, and what follows from it, come to its end for a while, then end it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(grace_s):
                while self._tasks:
                    await asyncio.wait(self._tasks)
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

    def _done(self, lane: Hashable, task: asyncio.Task[None], counts: Mapping[Hashable, int]) -> None:
        self._tasks.discard(task)
        for kind in counts:
            self._waiting[kind] -= 1
            if not self._waiting[kind]:
                del self._waiting[kind]
        if self._last.get(lane) is task:
            del self._last[lane]
