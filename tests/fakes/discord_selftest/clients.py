"""Clients of the real discord.py for the tests of the fake, and small words for what they do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.fakes.discord import Channel, DiscordFake, Interaction

TOKEN = "fake.bot.token"
Answering = Callable[[discord.Interaction], Coroutine[Any, Any, None]]


class Bot(discord.Client):
    """A client that notes the guild events it gets."""

    def __init__(self, heartbeat_timeout: float = 60.0) -> None:
        super().__init__(intents=discord.Intents(guilds=True), heartbeat_timeout=heartbeat_timeout)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[str] = []
        self._connection.guild_ready_timeout = 0.02

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once; discord.py waits five seconds before every identify but the first."""

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.heard.append(f"removed {guild.name}")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.heard.append(f"joined {guild.name}")

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        self.heard.append(f"down {guild.name}")

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self.heard.append(f"up {guild.name}")

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self.heard.append(f"deleted {channel.name}")


@asynccontextmanager
async def running(client: discord.Client) -> AsyncIterator[None]:
    """Start a client, go on when it is ready, and close it when the block ends."""
    started = asyncio.create_task(client.start(TOKEN))
    ready = asyncio.create_task(client.wait_until_ready())
    await asyncio.wait({started, ready}, return_when=asyncio.FIRST_COMPLETED)
    if started.done():
        ready.cancel()
        await started
    yield
    await client.close()
    await asyncio.gather(started, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something becomes true, five seconds at most."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  # what discord.py has done by now has no event to wait for
            await asyncio.sleep(0.005)


def place(client: discord.Client, channel: Channel) -> discord.PartialMessageable:
    """The channel as a client addresses it that has seen no gateway."""
    return client.get_partial_messageable(channel.id)


async def code_of(request: Awaitable[object]) -> tuple[int, int]:
    """Status and code with which a request is refused."""
    with pytest.raises(discord.HTTPException) as refusal:
        await request
    return refusal.value.status, refusal.value.code


async def asked(fake: DiscordFake, bot: Bot, alerts: Channel, answer: Answering) -> Interaction:
    """Register one command `/do` that answers so, and ask it."""
    bot.tree.add_command(app_commands.Command(name="do", description="Does it", callback=answer))
    await bot.tree.sync()
    return await fake.slash(alerts, fake.world.user("ann"), "do")
