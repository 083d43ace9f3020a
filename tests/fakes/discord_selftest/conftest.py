"""A fake Discord, a guild in it, and clients of the real discord.py that take it for the real one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord
import pytest
import yarl

from tests.fakes.discord import Channel, DiscordFake, Guild
from tests.fakes.discord_selftest.clients import TOKEN, Bot, running


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordFake]:
    """A fake Discord that discord.py takes for the real one."""
    async with DiscordFake(TOKEN) as made:
        monkeypatch.setattr(discord.http.Route, "BASE", made.api)
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(made.gateway))
        yield made


@pytest.fixture
def guild(fake: DiscordFake) -> Guild:
    """A guild with two channels."""
    return fake.world.guild("Traders", ("alerts", "talk"), locale="es-ES")


@pytest.fixture
def alerts(guild: Guild) -> Channel:
    """Its first channel."""
    return guild.channel("alerts")


@pytest.fixture
async def rest(fake: DiscordFake) -> AsyncIterator[discord.Client]:
    """A client that is logged in without a gateway connection."""
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(TOKEN)
        yield client


@pytest.fixture
async def bot(fake: DiscordFake, guild: Guild) -> AsyncIterator[Bot]:
    """A client with commands that is ready."""
    client = Bot()
    async with client, running(client):
        yield client
