"""What runs once and ends: a recording played into one channel, and one question answered. Sees chat/ and commands/."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import msgspec

from bot.alerts.channel_book import StoredChannels
from bot.alerts.outbox import Transport
from bot.alerts.sender import Sender
from bot.alerts.settings import DEFAULTS, encode_settings
from bot.alerts.subscription import resume
from bot.arguments import SHOWN_LENGTH
from bot.catalogue import Catalogue
from bot.chat.charts import ChartWorker
from bot.chat.console import SilentTransport
from bot.chat.pictures import Pictures
from bot.chat.reception import Reception
from bot.chat.wording import LANGUAGES, wordings
from bot.clock import wall_ms
from bot.command import Caller
from bot.config import Config
from bot.engine import Engine
from bot.errors import ConfigError, UserError
from bot.message import Message, Name, Spot
from bot.platforms import Parts, opened_transport
from bot.replay import Pace, Source, play
from bot.store.channels import load_channels, save_channel
from bot.store.database import Database, Store, opened
from bot.store.deliveries import count_posts
from bot.store.rows import ChannelRow
from commands import ALL
from commands.desk import Desk


class Replayed(NamedTuple):
    """A source with the database and the pace it is played with; `language` is that of the channel."""

    source: Source
    database: Path | str
    pace: Pace
    language: str


class Played(NamedTuple):
    """What a replay left: posts as `count_posts` tells them, and whether an earlier run had left them already."""

    posts: list[tuple[int, str, str, int]]
    before: bool


Told = Callable[[int], None]
CONSOLE = "console"
"""The channel that a question at the command line is asked in; it hears alerts, so that there are follow-ups, and
shows none."""


async def replay(replayed: Replayed, transport: Transport, told: Told | None = None) -> Played:
    """Play a source to its end into the one channel of a transport."""
    async with opened(replayed.database) as store:
        return await _play(replayed, store, Sender(store, transport, wall_ms=wall_ms), transport.platform, told)


async def replay_to_chat(
    replayed: Replayed,
    config: Config,
    channel: str,
    say: Callable[[str], None],
    told: Told | None = None,
) -> Played:
    """Play a source to its end into one real channel, by its id in the store, and into no other."""
    charts = ChartWorker()
    async with opened(replayed.database) as store:
        await charts.start()
        try:
            parts = _parts_for_posting(replayed.source, store, config, Pictures(charts, wordings()), say)
            async with opened_transport(channel, parts) as (transport, pacing):
                return await _play(replayed, store, Sender(store, transport, pacing, wall_ms=wall_ms), channel, told)
        finally:
            await charts.stop()


async def _play(replayed: Replayed, store: Store, sender: Sender, channel: str, told: Told | None) -> Played:
    source = replayed.source
    await store.run(lambda db: _add_only_channel(db, channel, replayed.language, source.start_ms))
    engine = Engine(store, source.key, source.origin)
    await sender.start()
    await play(source, engine, sender.drain, replayed.pace, told)
    return Played(await store.run(count_posts), engine.finished_before)


def _parts_for_posting(
    source: Source, store: Store, config: Config, pictures: Pictures, say: Callable[[str], None]
) -> Parts:
    """A platform that only posts: nobody can ask it anything."""
    engine = Engine(store, source.key, source.origin)
    reception = Reception(Catalogue(ALL, _desk_of_one_question(engine, store, source)), pictures)
    start_ms = source.start_ms
    return Parts(config, reception, store, StoredChannels(store, lambda: start_ms), lambda: start_ms, say)


def _add_only_channel(db: Database, channel: str, language: str, now_ms: int) -> None:
    """The one channel of a replay; an earlier run may have left it, with settings of its own or as one it lost."""
    others = [row.id for row in load_channels(db) if row.id != channel]
    if others:
        raise ConfigError(f"This database also posts to {others[0]}; name another one with --database.")
    add_channel(db, channel, language, now_ms)
    resume(db, channel, now_ms)


def add_channel(db: Database, channel: str, language: str, now_ms: int) -> None:
    """A channel that hears alerts from the start; one that is known stays as it is."""
    if all(row.id != channel for row in load_channels(db)):
        settings = encode_settings(msgspec.structs.replace(DEFAULTS, language=language))
        platform, place = channel.partition(":")[0], channel.partition("/")[0]
        save_channel(db, ChannelRow(channel, platform, channel, settings, 1, now_ms, place=place))


async def ask(source: Source, text: str, at_ms: int | None, language: str, *, admin: bool) -> Message:
    """Read a source up to a moment and answer one command as of then; `ConfigError` for what it does not hold."""
    if at_ms is not None and not source.start_ms <= at_ms <= source.end_ms:
        first, last = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (source.start_ms, source.end_ms))
        raise ConfigError(
            f"{source.name} goes from {first:%Y-%m-%dT%H:%MZ} to {last:%Y-%m-%dT%H:%MZ}; --at lies outside."
        )
    async with opened(":memory:") as store:
        await store.run(lambda db: add_channel(db, CONSOLE, language, source.start_ms))
        engine = Engine(store, source.key, source.origin)
        sender = Sender(store, SilentTransport(CONSOLE), wall_ms=wall_ms)
        await sender.start()
        await play(source if at_ms is None else _until(source, at_ms), engine, sender.drain, Pace(speed=None))
        catalogue = Catalogue(ALL, _desk_of_one_question(engine, store, source))
        return await catalogue.answer(text, Caller("console", CONSOLE, language, admin))


def _until(source: Source, end_ms: int) -> Source:
    """A source as far as it was known at a moment."""
    return replace(source, end_ms=end_ms, facts=lambda: takewhile(lambda fact: fact.t <= end_ms, source.facts()))


def _desk_of_one_question(engine: Engine, store: Store, source: Source) -> Desk:
    async def no_channel(_: str) -> None:
        """Posts count as made where one question is asked, and nobody would see a test."""
        raise UserError("error-no-channel-here")

    return Desk(
        view=lambda: engine.view,
        store=store,
        now_ms=lambda: engine.now_ms or source.start_ms,
        post_test=no_channel,
        spot=only_here,
        flushes=lambda: engine.flushes,
        languages=LANGUAGES,
        language=None,
        started_ms=source.start_ms,
        origin=source.origin,
    )


async def only_here(caller: Caller, wanted: str) -> Spot:
    """The page and the console are one channel each."""
    if wanted not in {"", caller.channel}:
        raise UserError("error-channel-unknown", given=Name(wanted[:SHOWN_LENGTH]))
    return Spot(caller.channel, caller.channel, caller.channel)
