"""Posts as an engine makes them, from the small recording of the tests."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.alerts.sender import Sender
from bot.alerts.settings import DEFAULTS, encode_settings
from bot.clock import wall_ms
from bot.engine import Engine
from bot.message import Message, Post, Turn, decode
from bot.replay import Pace, Source, open_source, play
from bot.store.channels import save_channel
from bot.store.database import Database, Store
from bot.store.rows import ChannelRow

SMALL = Path(__file__).parents[2] / "data" / "small.jsonl.gz"


def posts() -> list[Message]:
    """Everything that was posted, oldest first, with each revision of it."""
    return asyncio.run(_posts())


async def _posts() -> list[Message]:
    source = open_source(str(SMALL))
    store = await Store.open(":memory:")
    bodies: dict[str, None] = {}

    def look(db: Database) -> None:
        bodies.update(
            dict.fromkeys(str(body) for (body,) in db.execute("SELECT body FROM messages ORDER BY created_ms"))
        )

    async def deliver(_: int) -> int:
        await store.run(look)
        return 0

    await store.run(
        lambda db: save_channel(db, ChannelRow("x", "x", "x", encode_settings(DEFAULTS), 1, source.start_ms))
    )
    await play(source, Engine(store, source.key, source.origin), deliver, Pace(None))
    await store.close()
    return [decode(body) for body in bodies]


class Collector:
    """A chat that keeps the last of everything posted, of a card that of the moment in which its `step` came."""

    platform = "collector"
    repeatable_for_ms = 0

    def __init__(self, step: str) -> None:
        self.posts: dict[str, Post] = {}
        self._step = step

    async def send(self, post: Post, turn: Turn) -> str:
        """Keep a post."""
        self.posts[post.message_id] = post
        return post.message_id

    async def edit(self, post: Post, platform_id: str, turn: Turn) -> None:
        """Keep it in the place of the earlier one."""
        if not any(name.endswith(f"/{self._step}") for name in self.posts):
            self.posts[platform_id] = post


async def played(store: Store, step: str) -> tuple[Engine, Source, dict[str, Post]]:
    """The engine at the end of the recording, and the posts of a channel that hears everything, by message id."""
    source, collector = open_source(str(SMALL)), Collector(step)
    engine = Engine(store, source.key, source.origin)
    row = ChannelRow("collector", "collector", "collector", "{}", 1, source.start_ms)
    await store.run(lambda db: save_channel(db, row))
    await play(source, engine, Sender(store, collector, wall_ms=wall_ms).drain, Pace(None))
    return engine, source, collector.posts
