from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bot.chat.discord.rights import NEEDED, invite_link
from bot.command import Caller
from bot.errors import UserError
from tests.chat.discord.conftest import Town


def test_the_invitation_asks_for_what_is_needed_and_no_more() -> None:
    """View Channel, Send Messages, Embed Links, Attach Files, Read Message History, and threads."""
    query = parse_qs(urlsplit(invite_link(42)).query)
    assert query["permissions"] == ["309237763072"] == [str(NEEDED.value)]
    assert (query["client_id"], query["scope"]) == (["42"], ["bot applications.commands"])


def caller(town: Town, *, place: str | None = None) -> Caller:
    """Somebody in the open channel."""
    return Caller("ana", f"discord:{town.open.id}", "en", place=place or f"discord:{town.guild.id}")


async def refusal(town: Town, wanted: str, *, place: str | None = None) -> UserError:
    """Why a channel is not taken."""
    with pytest.raises(UserError) as refused:
        await town.home.clients[-1].spots.spot(caller(town, place=place), wanted)
    return refused.value


async def test_channels_of_other_servers_are_unknown(town: Town) -> None:
    """Nobody speaks for a channel of another server, whatever its id, nor for one that does not exist."""
    other = town.env.create_guild("Elsewhere").create_text_channel("theirs")
    for wanted in (f"discord:{other.id}", "discord:123456789012345678", "somewhere", "telegram:-100123456789012345"):
        assert (await refusal(town, wanted)).key == "error-channel-unknown"


async def test_only_channels_for_text(town: Town) -> None:
    """A channel for voices or a forum is named and refused."""
    for channel in (town.guild.create_voice_channel("voices"), town.guild.create_forum_channel("forum")):
        assert (await refusal(town, f"discord:{channel.id}")).key == "error-channel-kind"


async def test_a_conversation_of_two_has_no_channel(town: Town) -> None:
    """Without a server, or in one without the bot, there is nothing to switch on."""
    for place in ("discord:", "discord:123456789012345678"):
        assert (await refusal(town, "", place=place)).key == "error-server-only"


async def test_announcements_and_threads_are_channels_too(town: Town) -> None:
    """In a thread nothing is missing that has no meaning there."""
    news = town.guild.create_news_channel("news")
    client = town.home.clients[-1]
    assert (await client.spots.spot(caller(town), f"discord:{news.id}")).name == "#news"
    message = await client.get_partial_messageable(town.open.id, guild_id=town.guild.id).send("a card")
    thread = await message.create_thread(name="talk")
    spot = await client.spots.spot(caller(town), f"discord:{thread.id}")
    assert (spot.name, spot.missing) == ("#talk", ())


async def test_every_missing_right_has_its_name(town: Town) -> None:
    """Each needed right, denied in a channel, is told by its name in Discord's settings."""
    me = town.home.clients[-1].user
    assert me is not None
    deny = discord.PermissionOverwrite.from_pair(discord.Permissions.none(), NEEDED)
    closed = town.guild.create_text_channel("closed", overwrites={me: deny})
    spot = await town.home.clients[-1].spots.spot(caller(town), f"discord:{closed.id}")
    names = ("view-channel", "send-messages", "embed-links", "attach-files", "read-message-history")
    of_threads = ("create-public-threads", "send-messages-in-threads")
    assert sorted(phrase.key for phrase in spot.missing) == sorted(f"right-{name}" for name in (*names, *of_threads))
