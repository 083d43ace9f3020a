"""A source being played for an audience: what the page's controls act on, and what commands look at."""

from __future__ import annotations

import asyncio
import logging

import msgspec

from bot.alerts.outbox import put_test
from bot.alerts.subscription import platform_of
from bot.chat.web.player import PlayerState
from bot.engine import Engine
from bot.market.view import MarketView, Snapshot, StoredView
from bot.message import Message, Phrase
from bot.replay import Deliver, Pace, Source, play
from bot.store.channels import load_channel
from bot.store.database import Store
from bot.store.progress import load_snapshot
from bot.store.rows import ChannelRow
from bot.store.upkeep import clear

log = logging.getLogger(__name__)


class Stage:
    """One source, played once or again and again; implements the page's `Player`."""

    def __init__(self, source: Source, store: Store, deliver: Deliver, pace: Pace) -> None:
        self._source = source
        self._store = store
        self._deliver = deliver
        self._pace = pace
        self._task: asyncio.Task[None] | None = None
        self._earlier: MarketView | None = None
        self.started_ms = source.start_ms
        self.origin = source.origin
        self.engine = self._new_engine()

    def start(self) -> None:
        """Begin to play in the background."""
        self._task = asyncio.create_task(self._run(), name=f"play {self._source.name}")

    async def stop(self) -> None:
        """Stop playing; what was committed stays."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def view(self) -> MarketView:
        """The market as known now; as an earlier run left it, while this one catches up with it."""
        return self._earlier if self._earlier is not None and self.engine.resuming else self.engine.view

    def now_ms(self) -> int:
        """The stream's clock."""
        return self.view().as_of_ms or self._source.start_ms

    def coins(self) -> list[str]:
        """Coins known; those of a running engine in the order in which they were first heard of."""
        return list(self.engine.board.coins) or self.view().coins()

    def progress(self) -> Phrase | None:
        """Nothing goes on beside a stream that is played."""
        return None

    def flushes(self) -> list[str]:
        """Ids of the newest flushes, newest first."""
        return self.engine.flushes

    async def post_test(self, channel_id: str) -> None:
        """Post the test message into a channel, also one that was never switched on."""
        now_ms = self.now_ms()
        await save_test_post(self._store, channel_id, self._source.origin(now_ms), now_ms)
        await self._deliver(now_ms)

    def state(self) -> PlayerState:
        """Where the stream stands."""
        return PlayerState(
            name=self._source.name,
            origin=self._source.origin(self.now_ms()),
            now_ms=self.now_ms(),
            start_ms=self._source.start_ms,
            end_ms=self._source.end_ms,
            speed=self._pace.speed,
            paused=self._pace.paused,
            finished=self._task is not None and self._task.done(),
            next_due_ms=self.engine.next_followup_ms,
        )

    def play(self) -> None:
        """Go on."""
        self._pace.paused = False
        self._pace.wish()

    def pause(self) -> None:
        """Stop where the stream stands."""
        self._pace.paused = True
        self._pace.wish()

    def set_speed(self, speed: float | None) -> None:
        """Stream seconds per second, None for as fast as it goes."""
        self._pace.speed = speed
        self._pace.wish()

    def jump(self) -> None:
        """Run without waiting to the next post."""
        self._pace.jumping = True
        self._pace.wish()

    async def restart(self) -> None:
        """Begin again with an empty channel; settings stay as they are."""
        await self.stop()
        await self._store.run(clear)
        self.engine = self._new_engine()
        self._pace.paused = self._pace.jumping = False
        self._pace.wish()
        self.start()

    def _new_engine(self) -> Engine:
        return Engine(self._store, self._source.key, self._source.origin)

    async def _run(self) -> None:
        try:
            body = await self._store.run(load_snapshot)
            self._earlier = StoredView(msgspec.json.decode(body, type=Snapshot)) if body is not None else None
            await play(self._source, self.engine, self._deliver, self._pace)
        except Exception:
            log.exception("Playing %s ended early", self._source.name)
            raise


async def save_test_post(store: Store, channel_id: str, origin: Phrase | None, now_ms: int) -> None:
    """Put the test message for a channel into the outbox, also for one that was never switched on."""
    message = Message("test", Phrase("alerts-test-headline"), origin=origin)
    unknown = ChannelRow(channel_id, platform_of(channel_id), channel_id, "{}", 1, now_ms)
    await store.run(lambda db: put_test(db, load_channel(db, channel_id) or unknown, message, now_ms))
