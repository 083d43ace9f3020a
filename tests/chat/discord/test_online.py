"""A client over real sockets: questions in every language, and what happens to servers and channels."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.chat.discord.client import DiscordClient
from bot.command import Caller
from bot.message import Message, Phrase, Spot
from bot.store.channels import load_channel, save_channel, set_state
from bot.store.database import Database
from bot.store.rows import ChannelRow
from commands.alerts import settings
from tests.chat.discord.home import Home, running, until
from tests.commands.market import NOW_MS
from tests.fakes.discord import Channel, DiscordFake, Guild
from tests.fakes.discord.message_rules import walk
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.world import EPHEMERAL
from tests.fakes.discord.world import Message as Posted

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

MANAGER = Permission.VIEW_CHANNEL | Permission.MANAGE_GUILD


def said(message: Posted) -> str:
    """All text of an answer."""
    return "\n".join([message.content, *(each.get("content", "") for _, each in walk(message.components))])


@pytest.fixture
async def alerts(home: Home, guild: Guild) -> Channel:
    """A channel that hears alerts."""
    channel = guild.channel("alerts")
    row = ChannelRow(
        f"discord:{channel.id}", "discord", "#alerts", "{}", 1, NOW_MS, place=f"discord:{guild.id}", state="on"
    )
    await home.store.run(lambda db: save_channel(db, row))
    return channel


async def state(home: Home, channel: Channel) -> tuple[str, str]:
    """What the store says of it."""
    row = await home.store.run(lambda db: load_channel(db, f"discord:{channel.id}"))
    assert row is not None
    return row.state, row.reason


async def becomes(home: Home, channel: Channel, expected: tuple[str, str]) -> None:
    """Wait for what the bot does about an event."""
    async with asyncio.timeout(10):
        while await state(home, channel) != expected:  # noqa: ASYNC110 -- an event has no answer to wait for
            await asyncio.sleep(0.01)


async def suspend(home: Home, channel: Channel, reason: str) -> None:
    """Let the channel be lost."""

    def work(db: Database) -> None:
        row = load_channel(db, f"discord:{channel.id}")
        assert row is not None
        set_state(db, row, "suspended", reason, NOW_MS)

    await home.store.run(work)


@pytest.mark.parametrize(
    ("line", "locale", "expected"),
    [
        ("funding", "en-US", "funding por moneda"),  # in public: the server is Spanish
        ("help", "en-US", "What you can ask"),  # for one person
        ("help", "es-419", "Qué puedes preguntar"),
        ("help", "de", "What you can ask"),
    ],
)
async def test_languages(
    online: DiscordClient, fake: DiscordFake, guild: Guild, line: str, locale: str, expected: str
) -> None:
    """In public the server's language is spoken, to one person theirs, English where we speak neither."""
    asked = await fake.slash(guild.channel("talk"), fake.world.user("eva"), line, locale=locale)
    assert expected.lower() in said(await asked.reply()).lower()


async def test_in_a_conversation_of_two(online: DiscordClient, fake: DiscordFake) -> None:
    """Without a server the asker's language is spoken in public too."""
    eva = fake.world.user("eva")
    asked = await fake.slash(fake.world.dm(eva), eva, "funding", locale="es-ES")
    assert "funding por moneda" in said(await asked.reply()).lower()


async def test_as_an_app_of_a_person(online: DiscordClient, fake: DiscordFake) -> None:
    """Whoever installed the bot for themselves asks in servers that never invited it, and is no admin there."""
    strange = fake.world.guild("Elsewhere", has_bot=False)
    asked = await fake.slash(
        strange.channel("general"), fake.world.user("eva"), "help", permissions=MANAGER, user_install=True
    )
    assert "/alerts" not in said(await asked.reply())


async def test_a_chart_is_announced(online: DiscordClient, fake: DiscordFake, guild: Guild) -> None:
    """While a chart is drawn the asker sees that something comes, as public as the answer will be."""
    asked = await fake.slash(guild.channel("talk"), fake.world.user("eva"), "levels", {"coin": "BTC"})
    assert (await asked.answered()).type == 5
    assert not (await asked.answered()).ephemeral
    assert len((await asked.reply()).attachments) == 1


async def test_a_refusal_in_place_of_a_chart_is_seen_by_one(
    online: DiscordClient, fake: DiscordFake, guild: Guild
) -> None:
    """Where a chart was asked for and none can be shown, nobody else reads why."""
    asked = await fake.slash(guild.channel("talk"), fake.world.user("eva"), "levels", {"coin": "NEW"})
    reply = await asked.reply()
    assert reply.flags & EPHEMERAL
    assert (await asked.answered()).after_s < 1


class SlowSettings:
    """`/settings` when the database is busy: it takes four seconds to answer in public."""

    async def run(self, desk: object, caller: Caller) -> Message:
        await asyncio.sleep(4.0)
        return Message("answer", Phrase("alerts-log-empty"))


async def test_who_has_to_wait_is_told_so(online: DiscordClient, home: Home, fake: DiscordFake, guild: Guild) -> None:
    """Before Discord gives up, a slow answer is announced; it then comes to the asker alone."""
    home.reception.catalogue.commands["settings"] = replace(settings, run=SlowSettings().run)
    asked = await fake.slash(guild.channel("talk"), fake.world.user("eva"), "settings")
    assert (await asked.answered()).after_s == pytest.approx(1.5, abs=0.2)
    reply = await asked.reply()
    assert reply.flags & EPHEMERAL
    assert "Nothing was changed so far." in said(reply)


class BusySetting:
    """`/alerts set` when the database is busy: it takes two seconds to answer."""

    async def run(self, desk: object, caller: Caller, key: str, value: str) -> Message:
        await asyncio.sleep(2.0)
        return Message("answer", Phrase("alerts-log-empty"))


async def test_a_list_whose_answer_breaks(online: DiscordClient, home: Home, fake: DiscordFake, guild: Guild) -> None:
    """Who chose from a panel and had to wait is told by a message of their own; the panel stays as it was."""
    eva = fake.world.user("eva")
    asked = await fake.slash(guild.channel("talk"), eva, "alerts show", permissions=MANAGER)
    panel = await asked.reply()
    before = said(panel)
    _, menu, *_ = (each for _, each in walk(panel.components) if each.get("options"))  # the first one is of presets
    broken = replace(home.reception.catalogue.commands["alerts set"], run=BusySetting().run)
    home.reception.catalogue.commands["alerts set"] = broken
    fake.fail_next(400, 1, method="PATCH", path="/messages/@original")
    chosen = await fake.select(panel, menu["custom_id"], [menu["options"][0]["value"]], eva, permissions=MANAGER)
    await until(lambda: chosen.replies)
    assert (await chosen.answered()).type == 6
    assert "Something broke while I answered" in chosen.replies[0].content
    assert chosen.replies[0].flags & EPHEMERAL
    assert said(panel) == before


async def test_a_spot(online: DiscordClient, guild: Guild) -> None:
    """A channel is known by its id or its mention, with its language and nothing missing."""
    channel = guild.channel("alerts")
    caller = Caller("eva", f"discord:{guild.channel('talk').id}", "en", place=f"discord:{guild.id}")
    expected = Spot(f"discord:{channel.id}", "#alerts", f"discord:{guild.id}", (), "es")
    for wanted in (f"discord:{channel.id}", f"<#{channel.id}>", str(channel.id)):
        assert await online.spots.spot(caller, wanted) == expected
    assert (await online.spots.spot(caller, "")).name == "#talk"


async def test_removed_and_invited_again(
    online: DiscordClient, home: Home, fake: DiscordFake, guild: Guild, alerts: Channel
) -> None:
    """A server that removes the bot loses its alerts until it invites it again; an outage loses nothing."""
    await fake.go_down(guild)
    await fake.come_back(guild)
    assert await state(home, alerts) == ("on", "")
    await fake.leave(guild)
    await becomes(home, alerts, ("suspended", "removed"))
    await fake.join(guild)
    await becomes(home, alerts, ("on", ""))


async def test_a_deleted_channel(online: DiscordClient, home: Home, fake: DiscordFake, alerts: Channel) -> None:
    """A channel that is deleted hears nothing any more."""
    await fake.delete_channel(alerts)
    await becomes(home, alerts, ("suspended", "gone"))


@pytest.mark.parametrize("way", ["channel", "role", "member"])
async def test_rights_that_come_back(
    online: DiscordClient, home: Home, fake: DiscordFake, guild: Guild, alerts: Channel, way: str
) -> None:
    """A channel lost for want of rights is found when the channel, a role or the bot's roles give them back."""
    await suspend(home, alerts, "rights")
    role = guild.roles[guild.bot_roles[0]]
    if way == "channel":
        await fake.permit(alerts)
    elif way == "role":
        await fake.tell_role(guild, role)
    else:
        await fake.tell_bot_member(guild)
    await becomes(home, alerts, ("on", ""))


async def test_rights_that_are_still_missing(
    online: DiscordClient, home: Home, fake: DiscordFake, guild: Guild, alerts: Channel
) -> None:
    """A change that does not give back all that is needed finds nothing."""
    await suspend(home, alerts, "rights")
    await fake.forbid(alerts, Permission.EMBED_LINKS)
    talk = guild.channel("talk")
    await fake.forbid(talk)  # a second event, so that the first was certainly heard
    await until(lambda: not _may_see(online, talk))
    await asyncio.sleep(1)
    assert await state(home, alerts) == ("suspended", "rights")


def _may_see(client: DiscordClient, channel: Channel) -> bool:
    assert channel.guild is not None
    guild = client.get_guild(channel.guild.id)
    assert guild is not None
    known = guild.get_channel(channel.id)
    assert known is not None
    return known.permissions_for(guild.me).view_channel


async def test_removed_while_nobody_listened(home: Home, fake: DiscordFake, guild: Guild, alerts: Channel) -> None:
    """What happened while the bot was away is made up for when it is back: removal, and rights given back."""
    guild.has_bot = False
    async with running(home.client()):
        await becomes(home, alerts, ("suspended", "removed"))
    guild.has_bot = True
    async with running(home.client()):
        await becomes(home, alerts, ("on", ""))


async def test_a_lost_connection_is_taken_up_again(
    online: DiscordClient, home: Home, fake: DiscordFake, guild: Guild, alerts: Channel
) -> None:
    """After the gateway dropped the bot it answers and hears as before."""
    await fake.drop(4000)
    await until(lambda: fake.sockets.resumes == 1)
    asked = await fake.slash(guild.channel("talk"), fake.world.user("eva"), "help")
    assert said(await asked.reply())
    await fake.leave(guild)
    await becomes(home, alerts, ("suspended", "removed"))
    assert fake.unknown_routes == []
