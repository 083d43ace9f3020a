"""When what is learnt from the past of the venues: two weeks at the first start, and later what was not heard."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from bot.market.facts import Feed
from bot.market.gaps import ALIVE, Gap
from bot.market.history import DAY_MS, SLOT_MS
from bot.market.live.market import LiveMarket
from bot.memory import Memory, keep_slots
from bot.store.channels import load_mark, save_mark
from bot.store.database import Store
from bot.store.memory import save_slots
from bot.warmup import Progress, Warmup

log = logging.getLogger(__name__)

LEARNT = "learnt"
"""The mark of a store whose market was learnt once."""
LEARNT_MS = 14 * DAY_MS
LEAST_MS = 10 * 60_000
"""A shorter pause is not worth asking for."""
MISSED = {"oi": "oi", "liquidation": "liquidations"}
"""Feeds of one venue that are asked for after an outage, and what the past of it is called."""
ALL_MISSED = ("oi", "bar", "funding", "liquidations")
SLOTS_AT_ONCE = 25


class Learning:
    """Fills `memory` from now on; `hear` is handed every word about a feed, after the memory has it.

    `keep` brings the memory into the store as it stands, but for the slots that it may have learnt.
    """

    def __init__(
        self, market: LiveMarket, store: Store, memory: Memory, now_ms: int, keep: Callable[[], Awaitable[None]]
    ) -> None:
        self._warmup = Warmup(market)
        self._store = store
        self._memory = memory
        self._begun_ms = now_ms
        self._keep_rest = keep
        self._missed: asyncio.Queue[Gap] = asyncio.Queue()

    @property
    def progress(self) -> Progress | None:
        """How far it has come, None when nothing is under way."""
        return self._warmup.progress

    def hear(self, feed: Feed) -> None:
        """A feed that comes again after a while has missed something."""
        gap = self._memory.board.gaps.last(feed.venue, feed.feed)
        if feed.feed not in MISSED or feed.state not in ALIVE or gap is None or gap.to_ms is None:
            return
        # What began before this start is asked for of all venues together.
        if gap.to_ms == feed.t and gap.from_ms >= self._begun_ms and gap.to_ms - gap.from_ms >= LEAST_MS:
            self._missed.put_nowait(gap)

    async def run(self, since_ms: int) -> None:
        """Learn until cancelled; `since_ms` is when the memory heard something last, 0 for never."""
        now_ms = self._begun_ms
        if await self._store.run(lambda db: load_mark(db, LEARNT)) is None:
            await self._tried(self._first(now_ms))
        elif now_ms - since_ms >= LEAST_MS:
            await self._tried(self._pause(max(since_ms, now_ms - LEARNT_MS), now_ms))
        while True:
            await self._tried(self._gap(await self._missed.get()))

    async def _tried(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception:  # the bot does without rather than end
            log.exception("The past could not be learnt")

    async def _first(self, now_ms: int) -> None:
        await self._warmup.run((now_ms - LEARNT_MS, now_ms), ("oi", "bar", "funding"), self._memory.learn)
        await self._keep(now_ms - LEARNT_MS, now_ms)
        await self._store.run(lambda db: save_mark(db, LEARNT, str(now_ms)))

    async def _pause(self, from_ms: int, to_ms: int) -> None:
        await self._warmup.run((from_ms, to_ms), ALL_MISSED, self._memory.learn)
        await self._keep(from_ms, to_ms)

    async def _gap(self, gap: Gap) -> None:
        """What one venue tells of the time in which it was not heard."""
        to_ms = gap.to_ms or gap.from_ms
        await self._warmup.run((gap.from_ms, to_ms), (MISSED[gap.feed],), self._memory.learn, gap.venue)
        await self._keep(gap.from_ms, to_ms)

    async def _keep(self, from_ms: int, to_ms: int) -> None:
        """Bring what was learnt into the store, a few slots at a time, since each takes its moment."""
        stop = to_ms // SLOT_MS + 1
        for first in range(from_ms // SLOT_MS, stop, SLOTS_AT_ONCE):
            some = keep_slots(self._memory, range(first, min(first + SLOTS_AT_ONCE, stop)))
            await self._store.run(partial(save_slots, slots=some))
        await self._keep_rest()
