"""The live market for an audience: facts as they come, and what is due by time alone where none come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.chat.web.player import PlayerState
from bot.engine import Engine
from bot.learning import Learning
from bot.market.facts import Fact, Feed
from bot.market.gaps import paused
from bot.market.live.market import LiveMarket
from bot.market.venues.venue import Venue
from bot.market.view import MarketView
from bot.message import Count, Phrase
from bot.replay import Deliver
from bot.stage import save_test_post
from bot.store.database import Store
from bot.supervision import keep_running

NAME = "live"
"""What the rows of a live market are said to be of."""
STEP_S = 5.0
"""How long nothing may come before time passes without facts."""
BREATH_FACTS = 250
"""Facts between two breaths of the event loop: about two thousandths of a second."""


class Listened(NamedTuple):
    """What is listened to. `now_ms` is the wall's clock; `addresses` lead a test to its own servers."""

    venues: Sequence[Venue]
    now_ms: Callable[[], int]
    addresses: Mapping[str, str] | None = None


class LiveStage:
    """The live market and its engine, which begins again from the store when it fails."""

    def __init__(self, listened: Listened, store: Store, deliver: Deliver) -> None:
        self._venues = {venue.name for venue in listened.venues}
        self._store = store
        self._deliver = deliver
        self._floor_ms = 0
        """No fact is older than what an earlier run has taken in, whatever the wall's clock says."""
        self._market = LiveMarket(listened.venues, lambda: max(listened.now_ms(), self._floor_ms), listened.addresses)
        self._learning: Learning | None = None
        self._broken = False
        self._task: asyncio.Task[None] | None = None
        self.engine = Engine(store, NAME, remembers=True)
        self.started_ms = listened.now_ms()
        self.origin: Callable[[int], Phrase] | None = None
        """Nothing marks what is said of the market itself."""

    def start(self) -> None:
        """Begin to listen in the background."""
        self._task = asyncio.create_task(self._run(), name="live market")

    async def stop(self) -> None:
        """Stop listening, and keep the market as it stands."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
            await self.engine.rest()

    def view(self) -> MarketView:
        """The market as known now."""
        return self.engine.view

    def now_ms(self) -> int:
        """The wall's clock, never before the newest fact."""
        return self._market.now_ms()

    def coins(self) -> list[str]:
        """Coins known."""
        return list(self.engine.board.coins)

    def progress(self) -> Phrase | None:
        """What is going on in the background, None for nothing; first of all that the market is not watched."""
        if self._broken:
            return Phrase("status-broken")
        told = self._learning.progress if self._learning is not None else None
        if told is None:
            return None
        if not told.all:
            return Phrase("status-warming-lists")
        return Phrase("status-warming", {"done": Count(told.done), "all": Count(told.all)})

    def flushes(self) -> list[str]:
        """Ids of the newest flushes, newest first."""
        return self.engine.flushes

    def state(self) -> PlayerState:
        """The present, which the page shows without controls."""
        now_ms = self.now_ms()
        return PlayerState(
            name=NAME,
            origin=None,
            now_ms=now_ms,
            start_ms=self.started_ms,
            end_ms=now_ms,
            speed=1.0,
            paused=False,
            finished=False,
            next_due_ms=self.engine.next_followup_ms,
            live=True,
        )

    async def post_test(self, channel_id: str) -> None:
        """Post the test message into a channel, also one that was never switched on."""
        now_ms = self.now_ms()
        await save_test_post(self._store, channel_id, None, now_ms)
        await self._deliver(now_ms)

    async def _run(self) -> None:
        async with self._market:
            await keep_running("live market", self._live)

    async def _live(self) -> None:
        """Go on from what was kept, until something fails; then all since the last transaction counts as not heard."""
        engine = Engine(self._store, NAME, remembers=True)
        await engine.start()
        engine.board.keep_to(self._venues)
        since_ms = engine.now_ms
        self._floor_ms = engine.now_ms + 1
        self.engine = engine
        now_ms = self.now_ms()
        for feed in (*paused(engine.board.feeds.values(), engine.now_ms, now_ms), *self._standing(now_ms)):
            engine.apply(feed)
        await self._deliver(now_ms)
        self._learning = learnt = Learning(self._market, self._store, engine.memory, now_ms, engine.rest)
        learning = asyncio.create_task(learnt.run(since_ms), name="learning")
        try:
            while True:
                await self._take_in(await self._market.heard(STEP_S))
                if engine.pass_time(self.now_ms()):
                    await self._step()
                elif engine.behind:
                    await engine.catch_up()
                    await self._deliver(engine.now_ms)
        except Exception:
            self._broken = True
            raise
        finally:
            learning.cancel()
            await asyncio.wait([learning])

    async def _take_in(self, facts: Sequence[Fact]) -> None:
        for place, fact in enumerate(facts, 1):
            if self.engine.is_over(fact):
                await self._step()
            self.engine.apply(fact)
            if isinstance(fact, Feed) and self._learning is not None:
                self._learning.hear(fact)
            if place % BREATH_FACTS == 0:
                await asyncio.sleep(0)

    async def _step(self) -> None:
        if await self.engine.advance():
            self._broken = False  # the store takes rows again
            await self._deliver(self.engine.now_ms)

    def _standing(self, now_ms: int) -> Iterator[Feed]:
        """How every feed stands, which the market tells by itself only when it changes."""
        for row in self._market.coverage():
            if row.state != "waiting":
                yield Feed(now_ms, row.venue, row.feed, row.state, row.since_ms)
