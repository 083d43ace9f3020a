"""Composition root: builds everything, starts and stops it in order. Alone sees both chat/ and commands/."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from bot.alerts.outbox import Transport
from bot.alerts.sender import Sender
from bot.alerts.settings import DEFAULTS, encode_settings
from bot.chat.charts import ChartWorker
from bot.chat.pictures import Pictures
from bot.chat.reception import Reception
from bot.chat.web.backing import Backing
from bot.chat.web.server import WebServer
from bot.chat.web.transport import Posted
from bot.chat.wording import LANGUAGES, wordings
from bot.command import SHOWN_LENGTH, Caller, Catalogue
from bot.config import Config
from bot.engine import Engine
from bot.errors import ConfigError, UserError
from bot.message import Message, Name, Spot, decode
from bot.platforms import Platform, platforms_of
from bot.replay import Pace, Source, play
from bot.stage import Stage
from bot.store.channels import load_channel, save_channel
from bot.store.database import Database, Store
from bot.store.deliveries import count_posts, load_sent
from bot.store.rows import ChannelRow, SentRow
from bot.store.upkeep import clear
from commands import ALL
from commands.desk import Desk

WEB_CHANNEL = "web"
SHOWN_POSTS = 500


class Played(NamedTuple):
    """What a replay left: posts as `count_posts` tells them, and whether an earlier run had left them already."""

    posts: list[tuple[int, str, str, int]]
    before: bool


@asynccontextmanager
async def opened(path: Path | str) -> AsyncIterator[Store]:
    """A store that is closed at the end, whatever happens."""
    store = await Store.open(path)
    try:
        yield store
    finally:
        await store.close()


async def replay(
    source: Source,
    database: Path | str,
    transport: Transport,
    pace: Pace,
    language: str,
    told: Callable[[int], None] | None = None,
) -> Played:
    """Play a source to its end into one channel."""
    async with opened(database) as store:
        await store.run(lambda db: _add_channel(db, transport.platform, language, source.start_ms))
        engine, sender = Engine(store, source.key, source.origin), Sender(store, transport)
        await sender.start()
        await play(source, engine, sender.drain, pace, told)
        return Played(await store.run(count_posts), engine.finished_before)


class Served(NamedTuple):
    """How a source is served: on the page alone or in the chats too, with an empty channel or as it was left."""

    source: Source
    database: Path | str
    pace: Pace
    afresh: bool = False
    chats: bool = False


async def serve(served: Served, config: Config, ready: Callable[[str], None]) -> None:
    """Play a source for the page and the chats until the process is told to stop; `ready` hears the page's address."""
    source = served.source
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened(served.database))
        if served.afresh:
            await store.run(clear)
        await store.run(lambda db: _add_channel(db, WEB_CHANNEL, config.language, source.start_ms))
        charts = ChartWorker()
        await charts.start()
        stack.push_async_callback(charts.stop)
        house = House(store, source, served.pace, Pictures(charts, wordings()))
        server = WebServer(config.web_port, house.backing())
        await _listen(server, config.web_port)
        stack.push_async_callback(server.stop)
        await house.open(
            server, platforms_of(config, house.reception, store, house.stage.now_ms) if served.chats else ()
        )
        stack.push_async_callback(house.close)
        ready(server.address)
        house.stage.start()
        await _told_to_stop()


class House:
    """The engine on its stage, with everybody who listens to it."""

    def __init__(self, store: Store, source: Source, pace: Pace, pictures: Pictures) -> None:
        self._store = store
        self._source = source
        self._pictures = pictures
        self._web: Sender | None = None
        self._platforms: tuple[Platform, ...] = ()
        self._running: list[asyncio.Task[None]] = []
        self.stage = Stage(source, store, self._deliver, pace)
        self.reception = Reception(Catalogue(ALL, self._desk()), pictures)

    def backing(self) -> Backing:
        """What the page needs."""
        stage, posts = self.stage, self._load_posts
        return Backing(self.reception, stage, self._pictures, stage.coins, posts, allow_admin=True)

    async def open(self, server: WebServer, platforms: tuple[Platform, ...]) -> None:
        """Let the page be sent to, and start every chat that has a token."""
        self._web = Sender(self._store, server.transport)
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
            started_ms=self._source.start_ms,
            origin=self._source.origin,
        )

    async def _spot(self, caller: Caller, wanted: str) -> Spot:
        asked = caller.channel.partition(":")[0]
        platform = next((entry for entry in self._platforms if entry.name == asked), None)
        return await (platform.spot(caller, wanted) if platform else _only_here(caller, wanted))

    async def _load_posts(self) -> list[Posted]:
        return [_posted(row) for row in await self._store.run(lambda db: load_sent(db, WEB_CHANNEL, SHOWN_POSTS))]


STOP_LIMIT_S = 8.0
"""For sends that are on their way, so that the whole stop takes less than ten seconds."""


async def ask(source: Source, text: str, at_ms: int | None, language: str, *, admin: bool) -> Message:
    """Read a source up to a moment and answer one command as of then; `ConfigError` for what it does not hold."""
    if at_ms is not None and not source.start_ms <= at_ms <= source.end_ms:
        first, last = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (source.start_ms, source.end_ms))
        raise ConfigError(
            f"{source.name} goes from {first:%Y-%m-%dT%H:%MZ} to {last:%Y-%m-%dT%H:%MZ}; --at lies outside."
        )
    if language not in LANGUAGES:
        raise ConfigError(f"--language takes {' or '.join(LANGUAGES)}; you wrote {language!r}.")
    async with opened(":memory:") as store:
        engine = Engine(store, source.key, source.origin)
        await engine.start()
        for fact in source.facts():
            if at_ms is not None and fact.t > at_ms:
                break
            if engine.is_over(fact):
                await engine.advance()
            engine.apply(fact)
        await engine.advance()
        catalogue = Catalogue(ALL, _desk_of_one_question(engine, store, source))
        return await catalogue.answer(text, Caller("console", "console", language, admin))


def _desk_of_one_question(engine: Engine, store: Store, source: Source) -> Desk:
    async def no_channel(_: str) -> None:
        """There is no channel to post a test into when one question is asked."""
        raise UserError("error-no-channel-here")

    return Desk(
        view=lambda: engine.view,
        store=store,
        now_ms=lambda: engine.now_ms,
        post_test=no_channel,
        spot=_only_here,
        flushes=lambda: engine.flushes,
        languages=LANGUAGES,
        started_ms=source.start_ms,
        origin=source.origin,
    )


async def _only_here(caller: Caller, wanted: str) -> Spot:
    """The page and the console are one channel each."""
    if wanted not in {"", caller.channel}:
        raise UserError("error-channel-unknown", given=Name(wanted[:SHOWN_LENGTH]))
    return Spot(caller.channel, caller.channel, caller.channel)


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


def _add_channel(db: Database, platform: str, language: str, now_ms: int) -> None:
    """The one channel of a replay; an earlier run may have left it, with settings of its own."""
    if load_channel(db, platform) is None:
        settings = encode_settings(msgspec.structs.replace(DEFAULTS, language=language))
        save_channel(db, ChannelRow(platform, platform, platform, settings, 1, now_ms))


async def _listen(server: WebServer, port: int) -> None:
    try:
        await server.start()
    except OSError as error:
        raise ConfigError(
            f"Port {port} of this machine cannot be used ({error.strerror}); set FLUSHWATCH_WEB_PORT to another one."
        ) from error


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    try:
        await stop.wait()
    finally:
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)
