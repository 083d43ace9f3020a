"""`flushwatch replay --to discord|telegram --channel ID`: one real channel hears a recording, and no other."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bot.store.channels import save_channel
from bot.store.database import opened
from bot.store.rows import ChannelRow
from tests.fakes.discord import DiscordFake
from tests.fakes.telegram import TOKEN as TELEGRAM_TOKEN
from tests.fakes.telegram import TelegramFake
from tests.typed import typed

pytestmark = pytest.mark.wire

ROOT = Path(__file__).resolve().parents[1]
SMALL = ROOT / "tests" / "data" / "small.jsonl.gz"
DISCORD_TOKEN = "fake.bot.token"


async def replay(*options: str, **settings: str) -> tuple[int, str]:
    """Run the command; its exit code and what it wrote to its error stream, lines joined."""
    own = {f"FLUSHWATCH_{name.upper()}": value for name, value in {"test_fakes": "yes", **settings}.items()}
    bare = {name: value for name, value in os.environ.items() if not name.startswith("FLUSHWATCH_")}
    command = [sys.executable, "-m", "bot", "replay", str(SMALL), *options]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=bare | own, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    _, told = await process.communicate()
    return int(process.returncode or 0), " ".join(told.decode().split())


@pytest.mark.slow
async def test_one_channel_of_discord_hears_the_recording(tmp_path: Path) -> None:
    """Cards and follow-ups arrive there, each marked, without a connection or a change of commands; nowhere else."""
    async with DiscordFake(token=DISCORD_TOKEN) as fake:
        server = fake.world.guild("traders", channels=["test", "live"])
        test, live = server.channel("test"), server.channel("live")
        code, told = await replay(
            *("--to", "discord", "--channel", str(test.id), "--database", str(tmp_path / "replay.db")),
            discord_token=DISCORD_TOKEN, discord_api=fake.api, discord_gateway=fake.gateway,
        )  # fmt: skip
    assert (code, "Posted: " in told) == (0, True)
    assert (live.messages, fake.sockets.identifies, fake.world.commands.get(None)) == ([], 0, None)
    assert len(test.messages) >= 4
    for message in test.messages:
        assert "simulated" in message.content
    assert any(message.reference for message in test.messages)
    assert any(message.edits for message in test.messages)


@pytest.mark.slow
async def test_one_chat_of_telegram_hears_the_recording(tmp_path: Path) -> None:
    """Cards and follow-ups arrive in the chat that was named, each marked, and nobody is polled for."""
    async with TelegramFake() as fake:
        chat, other = fake.world.private(fake.world.user("ana")), fake.world.private(fake.world.user("ben"))
        code, _ = await replay(
            *("--to", "telegram", "--channel", str(chat.id), "--database", str(tmp_path / "replay.db")),
            telegram_token=TELEGRAM_TOKEN, telegram_api=fake.api,
        )  # fmt: skip
    assert code == 0
    assert (len(other.posts), fake.updates.polls) == (0, 0)
    assert len(chat.posts) >= 4
    for post in chat.posts:
        assert "simulated" in post.text
    assert any(post.reply_to for post in chat.posts)


async def test_a_database_that_knows_other_channels_is_refused(tmp_path: Path) -> None:
    """The database of a bot, with its subscribers, is never replayed from: nothing is sent."""
    async with opened(tmp_path / "run.db") as store:
        await store.run(lambda db: save_channel(db, ChannelRow("discord:1", "discord", "#live", "{}", 1, 0)))
    async with DiscordFake(token=DISCORD_TOKEN) as fake:
        channel = fake.world.guild("traders", channels=["test"]).channel("test")
        code, told = await replay(
            *("--to", "discord", "--channel", str(channel.id), "--database", str(tmp_path / "run.db")),
            discord_token=DISCORD_TOKEN, discord_api=fake.api, discord_gateway=fake.gateway,
        )  # fmt: skip
    assert (code, channel.messages) == (1, [])
    assert "also posts to discord:1; name another one with --database" in told


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--to", "discord"), "--channel goes with --to discord or --to telegram"),
        (("--channel", "5"), "--channel goes with --to discord or --to telegram"),
        (("--to", "telegram", "--channel", "5"), "There is no token: set FLUSHWATCH_TELEGRAM_TOKEN, or name the file"),
        (("--to", "discord", "--channel", "alerts"), "--channel takes the number of a channel"),
        (("--to", "telegram", "--channel", "@trader"), "--channel takes the number of a chat"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, options: tuple[str, ...], sentence: str) -> None:
    """Without a channel, a number or a token nothing begins, and one sentence says why."""
    ended = typed(tmp_path, "replay", str(SMALL), *options)
    assert (ended.code, ended.err.startswith(sentence)) == (1, True)
