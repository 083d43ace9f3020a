"""What happens to servers and channels, told to the book of channels."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import discord

from bot.chat.channel_book import ChannelBook
from bot.chat.discord.addresses import PLATFORM, named, number_of
from bot.chat.discord.rights import postable, rights_missing

log = logging.getLogger(__name__)


class Presence:
    """Keeps the book true: what was lost is marked, what can be posted into again is found."""

    def __init__(self, book: ChannelBook) -> None:
        self._book = book

    async def left(self, guild_id: int) -> None:
        """The bot was removed from a server."""
        await self._book.lose_place(named(guild_id), "removed")

    async def joined(self, guild_id: int) -> None:
        """The bot was invited to a server, perhaps again."""
        await self._book.find_place(named(guild_id))

    async def gone(self, channel_id: int) -> None:
        """A channel or thread was deleted."""
        await self._book.lose(named(channel_id), "gone")

    async def changed(self, guild: discord.Guild) -> None:
        """Rights or channels of a server changed: channels in which nothing is missing any more are found."""
        for kept in await self._book.channels(named(guild.id)):
            channel = guild.get_channel_or_thread(number_of(kept))
            if postable(channel) and not rights_missing(channel):
                await self._book.find(kept)

    async def reconcile(self, guilds: Iterable[discord.Guild]) -> None:
        """Make up for what happened while nobody listened; an unavailable server is not a lost one."""
        present = {named(guild.id): guild for guild in guilds}
        for place in await self._book.places(PLATFORM):
            guild = present.get(place)
            if guild is None:
                await self._book.lose_place(place, "removed")
            elif not guild.unavailable:
                await self.changed(guild)
