"""Discord's gateway that drops the connection again and again, while the bot posts and answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.alerts.channel_book import StoredChannels
from bot.config import Config
from bot.platforms import DiscordPlatform, Parts
from bot.store.database import Store
from tests.chat.discord.home import Home
from tests.commands.market import market
from tests.fakes.clock import JumpingLoop
from tests.fakes.discord import DiscordFake
from tests.fakes.library_clocks import following
from tests.sending.conftest import DISCORD_TOKEN
from tests.sending.outbox import NOW_MS, put

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

MINUTES = 10
CHANNELS = 5


@pytest.fixture
async def fake() -> AsyncIterator[DiscordFake]:
    """A Discord whose gateway drops every connection after a minute."""
    async with DiscordFake(token=DISCORD_TOKEN) as fake:
        fake.sockets.drop_every_s = 60
        yield fake


def parts(fake: DiscordFake, store: Store, said: list[str]) -> Parts:
    """The bot's own, over a market that stands still."""
    config = Config(test_fakes="yes", discord_api=fake.api, discord_gateway=fake.gateway)
    home = Home(store, market(charted=False))
    return Parts(config, home.reception, store, StoredChannels(store, lambda: NOW_MS), lambda: NOW_MS, said.append)


async def test_a_gateway_that_drops_each_minute_is_resumed_and_costs_nothing(fake: DiscordFake, store: Store) -> None:
    """For ten minutes every post arrives once and every question is answered; sessions are resumed, not begun anew."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, JumpingLoop)
    server = fake.world.guild("traders", channels=[f"c{number}" for number in range(CHANNELS)])
    channels, ana = [server.channel(f"c{number}") for number in range(CHANNELS)], fake.world.user("ana")
    said: list[str] = []
    platform = DiscordPlatform(parts(fake, store, said), DISCORD_TOKEN)
    with following(loop):
        running = asyncio.create_task(platform.keep_running())
        await asyncio.sleep(20)
        for minute in range(MINUTES):
            await put(store, f"card {minute}", [f"discord:{channel.id}" for channel in channels])
            platform.wake()
            await asyncio.sleep(60)
            question = await fake.slash(channels[0], ana, "funding", {"coin": "BTC"})
            assert "BTC funding" in str((await question.reply()).components)
        running.cancel()
        await asyncio.wait({running})
    answers = MINUTES
    assert [len(channel.messages) for channel in channels] == [MINUTES + answers] + [MINUTES] * (CHANNELS - 1)
    assert fake.sockets.identifies == 1
    assert fake.sockets.resumes >= MINUTES - 2
    assert len(said) == 1


async def test_a_session_that_cannot_be_resumed_is_begun_anew(fake: DiscordFake, store: Store) -> None:
    """Where the gateway has forgotten the session, the bot identifies again and goes on posting."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, JumpingLoop)
    channel = fake.world.guild("traders", channels=["alerts"]).channel("alerts")
    fake.sockets.refuse_resume = True
    platform = DiscordPlatform(parts(fake, store, []), DISCORD_TOKEN)
    with following(loop):
        running = asyncio.create_task(platform.keep_running())
        await asyncio.sleep(200)
        await put(store, "card", [f"discord:{channel.id}"])
        platform.wake()
        await asyncio.sleep(30)
        running.cancel()
        await asyncio.wait({running})
    assert fake.sockets.identifies >= 2
    assert len(channel.messages) == 1
