"""Composition root: builds everything, starts and stops it in order. Alone sees both chat/ and commands/."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from bot.alerts.outbox import Transport
from bot.alerts.sender import Sender
from bot.alerts.settings import DEFAULTS, encode_settings
from bot.chat.charts import ChartWorker
from bot.chat.web.backing import Backing
from bot.chat.web.server import WebServer
from bot.chat.web.transport import Posted
from bot.chat.wording import LANGUAGES
from bot.command import Caller, Catalogue
from bot.config import Config
from bot.engine import Engine
from bot.errors import ConfigError, UserError
from bot.message import Message, decode
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
    transports: Mapping[str, Transport],
    pace: Pace,
    language: str,
    told: Callable[[int], None] | None = None,
) -> Played:
    """Play a source to its end into one channel per transport."""
    async with opened(database) as store:
        for platform in transports:
            await store.run(lambda db, platform=platform: _add_channel(db, platform, language, source.start_ms))  # type: ignore[misc]  # mypy has no type for the default
        engine = Engine(store, source.key, source.origin)
        await play(source, engine, Sender(store, transports), pace, told)
        return Played(await store.run(count_posts), engine.finished_before)


async def serve(
    source: Source, database: Path | str, config: Config, pace: Pace, *, afresh: bool, ready: Callable[[str], None]
) -> None:
    """Play a source for the page on this machine until the process is told to stop; `ready` hears the address."""
    async with opened(database) as store:
        if afresh:
            await store.run(clear)
        await store.run(lambda db: _add_channel(db, WEB_CHANNEL, config.language, source.start_ms))
        transports: dict[str, Transport] = {}
        sender = Sender(store, transports)
        stage = Stage(source, store, sender, pace)
        charts = ChartWorker()
        server = WebServer(config.web_port, _backing(stage, store, charts, source))
        transports[server.transport.platform] = server.transport
        await charts.start()
        try:
            await _listen(server, config.web_port)
            ready(server.address)
            stage.start()
            await _told_to_stop()
        finally:
            await stage.stop()
            await server.stop()
            await charts.stop()


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
        catalogue = Catalogue(ALL, _desk(engine, store, source))
        return await catalogue.answer(text, Caller("console", "console", language, admin))


def _desk(engine: Engine, store: Store, source: Source) -> Desk:
    async def no_channel(_: str) -> None:
        """There is no channel to post a test into when one question is asked."""
        raise UserError("error-no-channel-here")

    return Desk(
        view=lambda: engine.view,
        store=store,
        now_ms=lambda: engine.now_ms,
        post_test=no_channel,
        languages=LANGUAGES,
        started_ms=source.start_ms,
        origin=source.origin,
    )


def _backing(stage: Stage, store: Store, charts: ChartWorker, source: Source) -> Backing:
    desk = Desk(
        view=stage.view,
        store=store,
        now_ms=stage.now_ms,
        post_test=stage.post_test,
        languages=LANGUAGES,
        started_ms=source.start_ms,
        origin=source.origin,
    )

    async def load_posts() -> list[Posted]:
        return [_posted(row) for row in await store.run(lambda db: load_sent(db, WEB_CHANNEL, SHOWN_POSTS))]

    return Backing(Catalogue(ALL, desk), stage, charts, stage.coins, load_posts, allow_admin=True)


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
