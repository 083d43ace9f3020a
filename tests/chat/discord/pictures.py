"""Pictures of what Discord shows: `python -m tests.chat.discord.pictures FOLDER` plays the small recording into one.

Needs Chromium; FLUSHWATCH_CHROMIUM names it where it is not /usr/bin/chromium.
"""

from __future__ import annotations

import asyncio
import functools
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
import msgspec
import simcord
from playwright.async_api import BrowserType
from simcord.preview._markdown import _FIELD_POLICIES

from bot.alerts.sender import Sender
from bot.chat.charts import ChartWorker
from bot.chat.discord.transport import DiscordTransport
from bot.clock import wall_ms
from bot.engine import Engine
from bot.message import Post, Turn
from bot.replay import Pace, Source, open_source, play
from bot.store.channels import save_channel
from bot.store.database import Store
from bot.store.rows import ChannelRow
from tests.chat.discord.conftest import Town
from tests.chat.discord.home import Home
from tests.chat.discord.messages import at_once

RECORDING = Path(__file__).parents[2] / "data" / "small.jsonl.gz"
WIDTH, HEIGHT = 640, 1000
STEP = "4h"


class Collector:
    """A chat that keeps the last of everything posted."""

    platform = "collector"
    repeatable_for_ms = 0

    def __init__(self) -> None:
        self.posts: dict[str, Post] = {}

    async def send(self, post: Post, turn: Turn) -> str:
        self.posts[post.message_id] = post
        return post.message_id

    async def edit(self, post: Post, platform_id: str, turn: Turn) -> None:
        if STEP not in "".join(self.posts):  # the card as it stood when the follow-up came
            self.posts[platform_id] = post


async def main(folder: Path) -> None:
    """Write a picture of each kind of message into `folder`, which exists."""
    source = open_source(str(RECORDING))
    store = await Store.open(":memory:")
    charts = ChartWorker()
    await charts.start()
    try:
        engine, posts = await _played(source, store)
        home = Home(store, engine.view, now_ms=engine.now_ms, origin=source.origin, drawing=charts)
        async with _town(home) as town:
            await _show(town, posts, folder)
    finally:
        await charts.stop()
        await store.close()


async def _played(source: Source, store: Store) -> tuple[Engine, dict[str, Post]]:
    collector, engine = Collector(), Engine(store, source.key, source.origin)
    row = ChannelRow("collector", "collector", "collector", "{}", 1, source.start_ms)
    await store.run(lambda db: save_channel(db, row))
    await play(source, engine, Sender(store, collector, wall_ms=wall_ms).drain, Pace(None))
    return engine, collector.posts


@asynccontextmanager
async def _town(home: Home) -> AsyncIterator[Town]:
    """A server with a channel, and a browser that can be started by root."""
    path = os.environ.get("FLUSHWATCH_CHROMIUM", "/usr/bin/chromium")
    launch = functools.partialmethod(BrowserType.launch, executable_path=path, args=["--no-sandbox"])
    _FIELD_POLICIES["embed_description"]["subtext"] = (
        True  # as Discord has it; SimCord draws small print as it is typed
    )
    BrowserType.launch = launch  # type: ignore[method-assign, assignment]  # SimCord has no setting for it
    async with simcord.run(home.client(), settle_timeout=30.0) as env:
        guild = env.create_guild("Desk")
        managers = guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
        channel = guild.create_text_channel("alerts")
        ana = guild.add_member(env.create_user("ana"))
        yield Town(home, env, guild, channel, ana, guild.add_member(env.create_user("mod"), roles=[managers]))


async def _show(town: Town, posts: dict[str, Post], folder: Path) -> None:
    card_id = next(name for name in posts if name.endswith("/card"))
    followup = posts[card_id.replace("card", STEP)]
    transport = DiscordTransport(town.home.clients[-1], town.home.reception)
    at_home: Any = functools.partial(msgspec.structs.replace, channel=f"discord:{town.open.id}")
    platform_id = await transport.send(at_home(posts[card_id]), at_once)
    card = town.open.last_message
    await transport.send(at_home(followup, reply_to=platform_id), at_once)
    targets: dict[str, Any] = {
        "card": card,
        "followup": town.open.last_message,
        "funding": await town.mod.slash(town.open, "funding", coin="BTC"),
        "levels": await town.mod.slash(town.open, "levels", coin="BTC"),
        "settings": await town.mod.slash(town.open, "alerts show"),
        "help": await town.mod.slash(town.open, "help"),
    }
    async with town.env.preview(town.open, viewers=[town.mod], width=WIDTH, height=HEIGHT) as preview:
        for name, target in targets.items():
            await preview.screenshot(folder / f"discord-{name}.png", target=target, allow_incomplete=True)


if __name__ == "__main__":
    chosen = Path(sys.argv[1])
    chosen.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(chosen))
