"""Composition root: builds everything, starts and stops it in order. Alone sees both chat/ and commands/."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from bot.alerts.channel_book import StoredChannels
from bot.alerts.sender import Sender
from bot.catalogue import Catalogue
from bot.chat.charts import ChartWorker
from bot.chat.pictures import Pictures
from bot.chat.reception import Reception
from bot.chat.web.backing import Backing
from bot.chat.web.server import WebServer
from bot.chat.web.transport import Posted
from bot.chat.wording import LANGUAGES, wordings
from bot.clock import wall_ms
from bot.command import Caller
from bot.config import Config
from bot.errors import ConfigError
from bot.live_stage import NAME as LIVE
from bot.live_stage import Listened, LiveStage
from bot.message import Spot, decode
from bot.once import add_channel, only_here
from bot.platforms import Parts, Platform, platforms_of
from bot.replay import Pace, Source
from bot.stage import Stage
from bot.store.database import Store, opened
from bot.store.deliveries import load_sent
from bot.store.progress import load_cursor_of
from bot.store.rows import SentRow
from bot.store.upkeep import clear
from commands import ALL
from commands.desk import Desk

WEB_CHANNEL = "web"
SHOWN_POSTS = 500


class Played(NamedTuple):
    """A recording or a simulated market, and how fast it goes."""

    source: Source
    pace: Pace


class Served(NamedTuple):
    """What is served, on the page alone or in the chats too, with an empty channel or as it was left."""

    market: Played | Listened
    database: Path | str
    afresh: bool = False
    chats: bool = False


async def serve(served: Served, config: Config, say: Callable[[str], None]) -> None:
    """Serve a market to the page and the chats until the process is told to stop; `say` tells the operator a line."""
    async with AsyncExitStack() as stack:
        stop = stack.enter_context(stop_signals())
        store = await stack.enter_async_context(opened(served.database))
        if served.afresh:
            await store.run(clear)
        source = served.market.source.key if isinstance(served.market, Played) else LIVE
        await store.run(lambda db: load_cursor_of(db, source))
        charts = ChartWorker()
        await charts.start()
        stack.push_async_callback(charts.stop)
        house = House(store, served.market, Pictures(charts, wordings()), config.chosen_language)
        await store.run(lambda db: add_channel(db, WEB_CHANNEL, config.language, house.stage.started_ms))
        server = WebServer(config.web_port, house.backing())
        await _listen(server, config.web_port)
        stack.push_async_callback(server.stop)
        parts = Parts(config, house.reception, store, house.book, house.stage.now_ms, say)
        await house.open(server, platforms_of(parts) if served.chats else ())
        stack.push_async_callback(house.close)
        say(f"Flushwatch is at {server.address} (Ctrl-C stops it)")
        avoid_pauses()
        house.stage.start()
        await stop.wait()


def avoid_pauses() -> None:
    """Let Python's search for cyclic garbage leave alone what the start made, and look less often at the rest.

    Every few hundred answers it would look through all objects there are, and every answer waits for a tenth of a
    second or more; looked at later, most of what an answer made is gone by itself.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


class House:
    """The engine on its stage, with everybody who listens to it."""

    def __init__(self, store: Store, market: Played | Listened, pictures: Pictures, language: str | None) -> None:
        self._store = store
        self._pictures = pictures
        self._language = language
        self._web: Sender | None = None
        self._platforms: tuple[Platform, ...] = ()
        self._running: list[asyncio.Task[None]] = []
        self.stage = self._stage_of(market)
        self.book = StoredChannels(store, self.stage.now_ms)
        self.reception = Reception(Catalogue(ALL, self._desk()), pictures)

    def _stage_of(self, market: Played | Listened) -> Stage | LiveStage:
        if isinstance(market, Listened):
            return LiveStage(market, self._store, self._deliver)
        return Stage(market.source, self._store, self._deliver, market.pace)

    def backing(self) -> Backing:
        """What the page needs."""
        stage, posts = self.stage, self._load_posts
        return Backing(self.reception, stage, self._pictures, stage.coins, posts, allow_admin=True)

    async def open(self, server: WebServer, platforms: tuple[Platform, ...]) -> None:
        """Let the page be sent to, and start every chat that has a token."""
        self._web = Sender(self._store, server.transport, wall_ms=wall_ms)
        await self._web.start()
        self._platforms = platforms
        self._running = [asyncio.create_task(platform.keep_running(), name=platform.name) for platform in platforms]

    async def close(self) -> None:
        """Stop playing, then the chats; what is on its way has a few seconds to end."""
        await self.stage.stop()
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=STOP_LIMIT_S)

    async def _deliver(self, now_ms: int) -> int:
        """The page is served at once; the chats are called and go at their own pace."""
        for platform in self._platforms:
            platform.wake()
        return await self._web.drain(now_ms) if self._web else 0

    def _desk(self) -> Desk:
        return Desk(
            view=self.stage.view,
            store=self._store,
            now_ms=self.stage.now_ms,
            post_test=self.stage.post_test,
            spot=self._spot,
            flushes=self.stage.flushes,
            languages=LANGUAGES,
            language=self._language,
            started_ms=self.stage.started_ms,
            origin=self.stage.origin,
            progress=self.stage.progress,
        )

    async def _spot(self, caller: Caller, wanted: str) -> Spot:
        asked = caller.channel.partition(":")[0]
        platform = next((entry for entry in self._platforms if entry.name == asked), None)
        return await (platform.spot(caller, wanted) if platform else only_here(caller, wanted))

    async def _load_posts(self) -> list[Posted]:
        return [_posted(row) for row in await self._store.run(lambda db: load_sent(db, WEB_CHANNEL, SHOWN_POSTS))]


STOP_LIMIT_S = 8.0
"""For sends that are on their way, so that the whole stop takes less than ten seconds."""


def _posted(row: SentRow) -> Posted:
    return Posted(
        message_id=row.message.id,
        revision=row.message.revision,
        message=decode(row.message.body),
        thread_of=row.message.thread_of,
        sent_ms=row.delivery.sent_ms or row.message.created_ms,
        edited_ms=row.delivery.edited_ms,
        silent=row.delivery.silent,
    )


async def _listen(server: WebServer, port: int) -> None:
    try:
        await server.start()
    except OSError as error:
        raise ConfigError(
            f"Port {port} of this machine cannot be used ({error.strerror}); set FLUSHWATCH_WEB_PORT to another one."
        ) from error


async def told_to_stop() -> None:
    """Wait for Ctrl-C or SIGTERM."""
    with stop_signals() as stop:
        await stop.wait()


@contextmanager
def stop_signals() -> Iterator[asyncio.Event]:
    """An event that Ctrl-C or SIGTERM sets, from now on: either may come while much is still being built."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    try:
        yield stop
    finally:
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)
