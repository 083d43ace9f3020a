"""A simulated server with the bot in it, and people of every kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import discord
import pytest
import simcord
from discord.gateway import DiscordWebSocket

from bot.chat.discord.client import DiscordClient
from bot.chat.discord.endpoints import point_at
from bot.chat.discord.transport import DiscordTransport
from tests.chat.discord.home import TOKEN, Home, at_home, running
from tests.fakes.discord import Channel, DiscordFake, Guild


@dataclass
class Town:
    """A running bot in one server: `ana` is a member, `mod` may manage the server, `open` is a channel for all."""

    home: Home
    env: simcord.Env
    guild: simcord.GuildHandle
    open: simcord.ChannelHandle
    ana: simcord.MemberActor
    mod: simcord.MemberActor

    async def restart(self) -> None:
        """The bot ends and starts again, with its database."""
        await self.env.restart_bot(self.home.client())


@pytest.fixture
async def home() -> AsyncIterator[Home]:
    """Store, commands and market, no client yet."""
    async with at_home() as made:
        yield made


@pytest.fixture
async def town(home: Home) -> AsyncIterator[Town]:
    """The bot at home in a server."""
    env = simcord.Env(home.client())
    await env.start()
    guild = env.create_guild()
    managers = guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    yield Town(
        home=home,
        env=env,
        guild=guild,
        open=guild.create_text_channel("alerts"),
        ana=guild.add_member(env.create_user("ana")),
        mod=guild.add_member(env.create_user("mod"), roles=[managers]),
    )
    await env.shutdown()
    env.raise_errors()


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordFake]:
    """A Discord on a local port, to which every client of the test goes."""
    async with DiscordFake(TOKEN) as made:
        monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)  # so that both are put back
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
        point_at(made.api, made.gateway)
        yield made


@pytest.fixture
def guild(fake: DiscordFake) -> Guild:
    """A Spanish server with two channels."""
    return fake.world.guild("Traders", ("alerts", "talk"), locale="es-ES")


@pytest.fixture
async def poster(home: Home, fake: DiscordFake) -> AsyncIterator[DiscordClient]:
    """A client that only posts: logged in, never connected."""
    client = home.client(offers_commands=False)
    async with client:
        await client.login(TOKEN)
        yield client


@pytest.fixture
async def online(home: Home, fake: DiscordFake, guild: Guild) -> AsyncIterator[DiscordClient]:
    """A client that is connected and ready."""
    client = home.client()
    async with running(client):
        yield client


@pytest.fixture
def alerts(guild: Guild) -> Channel:
    """The channel that is posted into."""
    return guild.channel("alerts")


@pytest.fixture
def transport(poster: DiscordClient, home: Home) -> DiscordTransport:
    """By REST alone."""
    return DiscordTransport(poster, home.reception)
