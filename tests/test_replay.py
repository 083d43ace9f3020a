"""How a stream is paced for those who watch it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.alerts.sender import Sender
from bot.chat.console import SilentTransport
from bot.clock import wall_ms
from bot.engine import Engine
from bot.once import add_channel
from bot.replay import Pace, open_source, play
from bot.store.database import opened

SMALL = Path(__file__).parent / "data" / "small.jsonl.gz"
DEADLINE_S = 60


class SeenEnoughError(Exception):
    """Ends a stream that would go on."""


async def test_a_jump_asked_for_while_a_post_goes_out_is_another_jump() -> None:
    """A stream that stands still is asked to jump again before the post of the first jump is through: both lead on."""
    source, pace, posts = open_source(str(SMALL)), Pace(1.0), list[int]()
    pace.paused = pace.jumping = True
    async with opened(":memory:") as store:
        await store.run(lambda db: add_channel(db, "none", "en", source.start_ms))
        sender = Sender(store, SilentTransport(), wall_ms=wall_ms)
        await sender.start()

        async def deliver(now_ms: int) -> int:
            count = await sender.drain(now_ms)
            if count:
                posts.append(now_ms)
                if len(posts) == 2:
                    raise SeenEnoughError
                pace.jumping = True
                pace.wish()
            return count

        with pytest.raises(SeenEnoughError):
            async with asyncio.timeout(DEADLINE_S):
                await play(source, Engine(store, source.key, source.origin), deliver, pace)
    assert posts[0] < posts[1]
