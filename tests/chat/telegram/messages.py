"""Posts as an engine makes them, from the small recording of the tests."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.alerts.settings import DEFAULTS, encode_settings
from bot.engine import Engine
from bot.message import Message, decode
from bot.replay import Pace, open_source, play
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
