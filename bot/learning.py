"""When what is learnt from the past of the venues: two weeks of each once, and later what was not heard.

What is to be learnt is kept in the store until it is: a stop in the middle loses none of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial

import msgspec

from bot.market.facts import Feed
from bot.market.gaps import ALIVE
from bot.market.history import DAY_MS, SLOT_MS
from bot.market.live.market import LiveMarket
from bot.memory import Memory, keep_slots
from bot.store.channels import load_mark, save_mark
from bot.store.database import Store
from bot.store.memory import save_slots
from bot.warmup import Progress, Warmup, title

log = logging.getLogger(__name__)

LEARNT, TO_LEARN = "learnt", "to learn"
"""Marks of the store: venues whose two weeks are learnt, and spans that are still to be asked for."""
LEARNT_MS = 14 * DAY_MS
USUAL = ("oi", "bar", "funding")
ALL_MISSED = (*USUAL, "liquidations")
MISSED = {"oi": "oi", "liquidation": "liquidations"}
"""Feeds of one venue that are asked for after an outage, and what the past of it is called."""
LEAST_MS = 10 * 60_000
"""A shorter pause is not worth asking for."""
SLOTS_AT_ONCE = 25
AGAIN_S, SOON_S = 3600.0, 60.0
"""How often venues whose two weeks are missing are tried again; and as long as there is none at all."""


class Span(msgspec.Struct, frozen=True):
    """A time that was not heard, in UTC ms: of all venues, or of one, whose past alone does not tell what is usual."""

    from_ms: int
    to_ms: int
    feeds: tuple[str, ...]
    venue: str | None = None


class Learning:
    """Fills `memory` from now on; `hear` is handed every word about a feed, after the memory has it.

    `keep` brings the memory into the store as it stands, but for the slots that it may have learnt.
    """

    def __init__(
        self, market: LiveMarket, store: Store, memory: Memory, now_ms: int, keep: Callable[[], Awaitable[None]]
    ) -> None:
        self._market = market
        self._warmup = Warmup(market)
        self._store = store
        self._memory = memory
        self._begun_ms = now_ms
        self._keep_rest = keep
        self._paused: tuple[int, int] | None = None
        self._asked_until: dict[tuple[str, str], int] = {}
        self.to_learn: list[Span] = []
        """What is still to be asked for, in its order."""
        self._more = asyncio.Event()

    @property
    def progress(self) -> Progress | None:
        """How far it has come, None when nothing is under way."""
        return self._warmup.progress

    def hear(self, feed: Feed) -> None:
        """A feed that comes again after a while has missed something."""
        gap = self._memory.board.gaps.last(feed.venue, feed.feed)
        if feed.feed not in MISSED or feed.state not in ALIVE or gap is None or gap.to_ms != feed.t:
            return
        key = feed.venue, feed.feed
        for from_ms, to_ms in self._unasked(max(gap.from_ms, self._asked_until.get(key, 0)), gap.to_ms):
            if to_ms - from_ms >= LEAST_MS:
                self._asked_until[key] = to_ms
                self.to_learn.append(Span(from_ms, to_ms, (MISSED[feed.feed],), feed.venue))
                self._more.set()

    def _unasked(self, from_ms: int, to_ms: int) -> Iterator[tuple[int, int]]:
        """The span without the pause before this start, which is asked for of all venues."""
        begin_ms, end_ms = self._paused or (to_ms, to_ms)
        yield from_ms, min(begin_ms, to_ms)
        yield max(end_ms, from_ms), to_ms

    async def run(self, since_ms: int) -> None:
        """Learn until cancelled; `since_ms` is when the memory heard something last, 0 for never."""
        if not since_ms:  # whatever was learnt before is lost
            await self._store.run(lambda db: save_mark(db, LEARNT, "[]"))
        kept = await self._store.run(lambda db: load_mark(db, TO_LEARN))
        self.to_learn[:0] = msgspec.json.decode(kept, type=list[Span]) if kept else []
        if since_ms and self._begun_ms - since_ms >= LEAST_MS:
            self._paused = max(since_ms, self._begun_ms - LEARNT_MS), self._begun_ms
            self.to_learn.append(Span(*self._paused, ALL_MISSED))
        while True:
            learnt = await self._tried(self._two_weeks())
            while self.to_learn:
                await self._save_to_learn()
                await self._tried(self._span(self.to_learn[0]))
                del self.to_learn[0]
            await self._save_to_learn()
            self._more.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_S if learnt else SOON_S):
                    await self._more.wait()

    async def _tried(self, work: Awaitable[object]) -> object:
        try:
            return await work
        except Exception:  # the bot does without rather than end
            log.exception("The past could not be learnt")
            return None

    async def _save_to_learn(self) -> None:
        body = msgspec.json.encode(self.to_learn).decode()
        await self._store.run(lambda db: save_mark(db, TO_LEARN, body))

    async def _two_weeks(self) -> bool:
        """Learn the two weeks of the venues of which they are missing; whether there is any venue that is learnt."""
        mark = await self._store.run(lambda db: load_mark(db, LEARNT))
        learnt: set[str] = set(msgspec.json.decode(mark, type=list[str])) if mark else set()
        missing = [station for station in self._market.stations if title(station) not in learnt]
        if not learnt:
            await self._warmup.until_listed()
        listed = [station for station in missing if station.listing.known]
        if listed:
            span_ms = self._begun_ms - LEARNT_MS, self._begun_ms
            lost = await self._warmup.run(listed, span_ms, USUAL, self._memory.learn)
            await self._keep(*span_ms)
            learnt |= {title(station) for station in listed} - lost
            body = msgspec.json.encode(sorted(learnt)).decode()
            await self._store.run(lambda db: save_mark(db, LEARNT, body))
        return bool(learnt)

    async def _span(self, span: Span) -> None:
        stations = [one for one in self._market.stations if span.venue in (None, one.venue.name)]
        learn = partial(self._memory.learn, usual=span.venue is None)
        await self._warmup.run(stations, (span.from_ms, span.to_ms), span.feeds, learn)
        await self._keep(span.from_ms, span.to_ms)

    async def _keep(self, from_ms: int, to_ms: int) -> None:
        """Bring what was learnt into the store, a few slots at a time, since each takes its moment."""
        stop = to_ms // SLOT_MS + 1
        for first in range(from_ms // SLOT_MS, stop, SLOTS_AT_ONCE):
            some = keep_slots(self._memory, range(first, min(first + SLOTS_AT_ONCE, stop)))
            await self._store.run(partial(save_slots, slots=some))
        await self._keep_rest()
