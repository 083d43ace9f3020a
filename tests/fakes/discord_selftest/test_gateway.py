"""The gateway of the fake Discord, driven by the real discord.py: connecting, losing the connection, events."""

from __future__ import annotations

import discord
import pytest

from tests.fakes.discord import (
    Channel,
    DiscordFake,
    Guild,
    Permission,
)
from tests.fakes.discord_selftest.clients import TOKEN, Bot, running, until

pytestmark = pytest.mark.wire


async def test_ready_brings_the_guilds(fake: DiscordFake, bot: Bot, alerts: Channel) -> None:
    """A client sees name, locale, channels and its own rights of every guild it is in."""
    (seen,) = bot.guilds
    assert (seen.name, seen.preferred_locale.value, len(seen.text_channels)) == ("Traders", "es-ES", 2)
    rights = seen.get_channel(alerts.id).permissions_for(seen.me)  # type: ignore[union-attr]  # it is there
    assert rights.embed_links
    assert not rights.manage_messages
    assert fake.sockets.identifies == 1
    assert fake.unknown_routes == []


@pytest.mark.parametrize("code", [4000, 4009, None])
async def test_a_dropped_client_resumes_and_gets_what_it_missed(
    fake: DiscordFake, bot: Bot, guild: Guild, code: int | None
) -> None:
    """After a closed or cut connection the session goes on, with the events of the time between."""
    await fake.drop(code)
    await fake.leave(guild)
    await until(lambda: "removed Traders" in bot.heard)
    assert (fake.sockets.identifies, fake.sockets.resumes) == (1, 1)


async def test_a_refused_resume_makes_a_new_session(fake: DiscordFake, bot: Bot) -> None:
    """With op 9 the client identifies again."""
    fake.sockets.refuse_resume = True
    await fake.drop()
    await until(lambda: fake.sockets.identifies == 2)
    assert fake.sockets.resumes == 0


async def test_sockets_can_live_for_a_limited_time(fake: DiscordFake, guild: Guild) -> None:
    """With `drop_every_s` the connection breaks again and again and is resumed every time."""
    fake.sockets.drop_every_s = 0.1
    client = Bot()
    async with client, running(client):
        await until(lambda: fake.sockets.resumes >= 2)


async def test_heartbeats_without_answer_make_the_client_leave(fake: DiscordFake, guild: Guild) -> None:
    """A client that hears nothing for its timeout reconnects; with acknowledgements it stays."""
    fake.sockets.heartbeat_interval_ms = 50
    client = Bot(heartbeat_timeout=0.4)
    async with client, running(client):
        await until(lambda: fake.sockets.heartbeats > 12)  # longer than the timeout
        assert fake.sockets.resumes == 0
        fake.sockets.acknowledge = False
        await until(lambda: fake.sockets.resumes > 0)


async def test_op_7_makes_the_client_resume(fake: DiscordFake, bot: Bot) -> None:
    """A gateway node that restarts is left and the session resumed."""
    await fake.sockets.ask_to_reconnect()
    await until(lambda: fake.sockets.resumes == 1)


async def test_a_wrong_token_is_refused(fake: DiscordFake) -> None:
    """Login fails with 401, which counts as invalid."""
    async with discord.Client(intents=discord.Intents.none()) as client:
        with pytest.raises(discord.LoginFailure):
            await client.login("another.token")
    assert fake.invalid_requests == 1


async def test_a_revoked_token_closes_the_gateway(fake: DiscordFake, bot: Bot) -> None:
    """A resume with a token that was reset ends with 4004, and so does the client."""
    fake.world.token = "reset"
    await fake.drop()
    await until(bot.is_closed)


async def test_a_privileged_intent_is_refused(fake: DiscordFake) -> None:
    """An application without the members intent is closed with 4014."""
    async with discord.Client(intents=discord.Intents(guilds=True, members=True)) as client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(TOKEN)


async def test_changes_of_guilds_are_told(fake: DiscordFake, bot: Bot, guild: Guild, alerts: Channel) -> None:
    """Invitation, outage, its end, a deleted channel and removal arrive as five different events."""
    bot.heard.clear()
    other = fake.world.guild("Whales", has_bot=False)
    await fake.join(other)
    await fake.go_down(guild)
    await fake.come_back(guild)
    await fake.delete_channel(alerts)
    await fake.leave(guild)
    await until(lambda: len(bot.heard) == 5)
    assert bot.heard == ["joined Whales", "down Traders", "up Traders", "deleted alerts", "removed Traders"]


async def test_changes_of_rights_are_told(fake: DiscordFake, bot: Bot, guild: Guild, alerts: Channel) -> None:
    """Overwrites, a role's permissions and the bot's roles each change what the client may do."""
    seen = bot.guilds[0]
    channel = seen.text_channels[0]
    await fake.forbid(alerts, Permission.EMBED_LINKS)
    await until(lambda: not channel.permissions_for(seen.me).embed_links)
    await fake.permit(alerts)
    await until(lambda: channel.permissions_for(seen.me).embed_links)
    role = guild.roles[guild.bot_roles[0]]
    role.permissions &= ~Permission.ATTACH_FILES
    await fake.tell_role(guild, role)
    await until(lambda: not channel.permissions_for(seen.me).attach_files)
    guild.bot_roles.clear()
    await fake.tell_bot_member(guild)
    await until(lambda: not channel.permissions_for(seen.me).embed_links)


class Shards(discord.AutoShardedClient):
    """Two shards that identify at once."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for nothing."""


async def test_guilds_are_spread_over_shards(fake: DiscordFake) -> None:
    """Each shard gets the guilds whose id says so, and an event reaches the shard of its guild."""
    for number in range(4):
        fake.world.guild(f"g{number}")
    client = Shards(shard_count=2, intents=discord.Intents(guilds=True))
    client._connection.guild_ready_timeout = 0.02
    async with client, running(client):
        await until(lambda: len(client.guilds) == 4)
        assert {guild.shard_id for guild in client.guilds} == {0, 1}
        gone = next(iter(fake.world.guilds.values()))
        await fake.leave(gone)
        await until(lambda: client.get_guild(gone.id) is None)
    assert fake.sockets.identifies == 2
