"""A sender killed in mid-fan-out, while answers are lost as well."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.store.database import opened
from tests.fakes.discord import DiscordFake
from tests.fakes.telegram import TelegramFake
from tests.sending.outbox import put

pytestmark = pytest.mark.wire

ROOT = Path(__file__).resolve().parents[2]
CHANNELS = 120
LOSE_EVERY = 25
kills = pytest.mark.parametrize("kill_at", [(60,), pytest.param((25, 60, 95), marks=pytest.mark.slow)])
"""Messages that have arrived when the process is killed."""
LOOK_S = 0.005
DEADLINE_S = 100


async def sent_and_killed(
    kill_at: tuple[int, ...], platform: str, database: Path, api: str, arrived: Callable[[], int]
) -> None:
    """Run the sender, kill it at each of the counts, and let it end at last."""
    began = str(time.time())
    for count in (*kill_at, None):
        command = [sys.executable, "-m", "tests.sending.fan_out", platform, str(database), api, began]
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
        async with asyncio.timeout(DEADLINE_S):
            while count is not None and arrived() < count:
                assert process.returncode is None, "the sender ended before it could be killed"
                await asyncio.sleep(LOOK_S)  # the count is in this process and the sender in another
            if count is not None:
                process.kill()
            assert await process.wait() == (0 if count is None else -9)


@kills
async def test_each_channel_of_discord_has_its_message_exactly_once(kill_at: tuple[int, ...], tmp_path: Path) -> None:
    """Some kill -9 and every 25th answer lost: the nonce leaves one message in every channel, none missing."""
    database = tmp_path / "discord.db"
    async with DiscordFake() as fake:
        guilds = [fake.world.guild(f"server {n}", channels=[f"c{n}" for n in range(40)]) for n in range(CHANNELS // 40)]
        channels = [guild.channel(f"c{n}") for guild in guilds for n in range(40)]
        fake.faults.lose_every = LOSE_EVERY
        async with opened(database) as store:
            await put(store, "card", [f"discord:{channel.id}" for channel in channels])
        await sent_and_killed(kill_at, "discord", database, fake.api, lambda: sum(len(c.messages) for c in channels))
        assert [len(channel.messages) for channel in channels] == [1] * CHANNELS
        assert any(entry.status == 0 for entry in fake.log), "no answer was lost"


@pytest.mark.slow
@kills
async def test_each_chat_of_telegram_has_its_message_and_at_most_one_marked_repeat(
    kill_at: tuple[int, ...], tmp_path: Path
) -> None:
    """Some kill -9 and every 25th answer lost: no chat is without, and a second message says that it may be one."""
    database = tmp_path / "telegram.db"
    async with TelegramFake() as fake:
        chats = [fake.world.private(fake.world.user(f"user{number}")) for number in range(CHANNELS)]
        fake.faults.lose_every = LOSE_EVERY
        async with opened(database) as store:
            await put(store, "card", [f"telegram:{chat.id}" for chat in chats])
        await sent_and_killed(kill_at, "telegram", database, fake.api, lambda: sum(len(chat.posts) for chat in chats))
        for chat in chats:
            marks = ["may be a repeat" in post.text.lower() for post in chat.posts]
            assert marks in ([False], [False, True], [True])
        repeats = sum(len(chat.posts) - 1 for chat in chats)
        assert 1 <= repeats <= CHANNELS // LOSE_EVERY + 2 + len(kill_at) * 10
