"""What the bot needs in a channel, what it lacks there, and the address by which a server invites it."""

from __future__ import annotations

import re
from typing import TypeAlias, TypeGuard

import discord

from bot.arguments import SHOWN_LENGTH
from bot.chat.discord.addresses import PLATFORM, named, number_of
from bot.chat.languages import negotiate
from bot.chat.wording import clean_name
from bot.command import Caller
from bot.errors import UserError
from bot.message import Name, Phrase, Spot

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    create_public_threads=True,
    send_messages_in_threads=True,
)
"""309237763072 as a number; no more is ever asked for."""
NOT_IN_THREADS = {"send_messages", "create_public_threads"}
"""What has no meaning inside a thread (Discord, topics/permissions)."""

_ID = re.compile(rf"(?:{PLATFORM}:|<#)?([0-9]{{15,20}})>?")

PostableChannel: TypeAlias = discord.TextChannel | discord.Thread


def invite_link(client_id: int) -> str:
    """Where a server's admin adds the bot, with exactly the rights it needs."""
    return discord.utils.oauth_url(client_id, permissions=NEEDED, scopes=("bot", "applications.commands"))


def introduction(client: discord.Client) -> str:
    """Who the bot is, and where it is invited, for the operator; of a client that is logged in."""
    link = invite_link(client.application_id) if client.application_id else ""
    return f"I am {clean_name(str(client.user))}. Add me to a server: {link}"


def postable(channel: object) -> TypeGuard[PostableChannel]:
    """Text and announcement channels, and threads whose channel is known."""
    if isinstance(channel, discord.Thread):
        return channel.parent is not None
    return isinstance(channel, discord.TextChannel)


def rights_missing(channel: PostableChannel) -> tuple[Phrase, ...]:
    """Needed rights that the bot does not have in a channel, by the names of Discord's settings."""
    have = channel.permissions_for(channel.guild.me)
    of_threads = NOT_IN_THREADS if isinstance(channel, discord.Thread) else set()
    needed = (name for name, value in NEEDED if value and name not in of_threads)
    return tuple(Phrase(f"right-{_shown(name)}") for name in needed if not getattr(have, name))


def _shown(name: str) -> str:
    return {"read_messages": "view-channel"}.get(name, name.replace("_", "-"))


class Spots:
    """Looks channels up for people; from the cache, without a request."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def spot(self, caller: Caller, wanted: str) -> Spot:
        """A channel of the caller's server, the caller's own with ""; raises `UserError` for any other."""
        guild = self._client.get_guild(number_of(caller.place))
        if guild is None:
            raise UserError("error-server-only")
        match = _ID.fullmatch((wanted or caller.channel).strip())
        channel = guild.get_channel_or_thread(int(match[1])) if match else None
        if channel is None:
            raise UserError("error-channel-unknown", given=Name(wanted[:SHOWN_LENGTH]))
        name = f"#{channel.name}"
        if not postable(channel):
            raise UserError("error-channel-kind", channel=Name(name))
        missing = rights_missing(channel)
        # Only servers with the community features can choose a language; all others say American English.
        language = negotiate(guild.preferred_locale.value) if "COMMUNITY" in guild.features else ""
        return Spot(named(channel.id), name, caller.place, missing, language)
