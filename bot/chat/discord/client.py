"""The connection to Discord: what it listens to, and who hears of it. It runs nothing of its own."""

from __future__ import annotations

import asyncio
import logging
from types import SimpleNamespace

import aiohttp
import discord
from discord import app_commands

from bot.chat.channel_book import ChannelBook
from bot.chat.discord import tree as commands
from bot.chat.discord.budget import Budget
from bot.chat.discord.buttons import CommandButton, CommandMenu
from bot.chat.discord.failures import wait_of
from bot.chat.discord.interactions import Interactions
from bot.chat.discord.presence import Presence
from bot.chat.discord.rights import Spots
from bot.chat.discord.time_limits import limit_exchanges
from bot.chat.reception import Reception

log = logging.getLogger(__name__)

# Nothing is ever said aloud here, so what is missing for voices is no news.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

LONGEST_WAIT_S = 30.0
"""The shortest that discord.py allows: a longer rate limit is an error, and the outbox waits instead."""


class DiscordClient(discord.Client):
    """Start it with `async with client: await client.start(token)`; for posting alone `await client.login(token)` does.

    `offers_commands=False` leaves the commands that Discord knows as they are, for a client that only posts. `budget`
    is that of an earlier client with this token: what Discord refused it still counts.
    """

    def __init__(
        self, reception: Reception, book: ChannelBook, *, offers_commands: bool = True, budget: Budget | None = None
    ) -> None:
        self.budget = Budget() if budget is None else budget
        super().__init__(
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=_trace(self.budget),
            max_ratelimit_timeout=LONGEST_WAIT_S,
        )
        limit_exchanges(self.http)
        self.interactions = Interactions(reception, book)
        self.spots = Spots(self)
        self.tree = app_commands.CommandTree(self)
        self._presence = Presence(book)
        self._book = book
        self._offers_commands = offers_commands
        self.tree.error(self._fail)
        commands.grow(self.tree, reception.catalogue, self.interactions.run)

    async def setup_hook(self) -> None:
        """Take up buttons of any age, and tell Discord the commands if they changed."""
        self.add_dynamic_items(CommandButton, CommandMenu)
        await self.tree.set_translator(commands.PhraseTranslator())
        if self._offers_commands:
            await self._tell_commands()

    async def _tell_commands(self) -> None:
        """If Discord takes none (it has a limit for each day), it goes on offering those that it was told before."""
        try:
            await commands.sync(self.tree, self._book, self.application_id)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.warning("Discord did not take the commands, which is tried again at the next start: %s", error)

    async def _fail(self, interaction: discord.Interaction[DiscordClient], error: app_commands.AppCommandError) -> None:
        await self.interactions.fail(interaction, error)

    async def on_ready(self) -> None:
        """Connected anew, perhaps after hours: see what has changed meanwhile."""
        await self._presence.reconcile(self.guilds)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Invited to a server."""
        await self._presence.joined(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Removed from a server; an outage does not come here."""
        await self._presence.left(guild.id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone."""
        await self._presence.gone(channel.id)

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """A thread is gone."""
        await self._presence.gone(event.thread_id)

    async def on_guild_channel_update(self, _: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Rights in a channel may have changed."""
        await self._presence.changed(after.guild)

    async def on_guild_role_update(self, _: discord.Role, after: discord.Role) -> None:
        """Rights of a role may have changed."""
        await self._presence.changed(after.guild)

    async def on_member_update(self, _: discord.Member, after: discord.Member) -> None:
        """The bot's own roles may have changed; nobody else's arrive with these intents."""
        if self.user is not None and after.id == self.user.id:
            await self._presence.changed(after.guild)


def _trace(budget: Budget) -> aiohttp.TraceConfig:
    """Counts refused requests where discord.py makes them, its own repetitions included."""

    async def ended(_: aiohttp.ClientSession, __: SimpleNamespace, request: aiohttp.TraceRequestEndParams) -> None:
        answer, now_s = request.response, asyncio.get_running_loop().time()
        budget.note(answer.status, answer.headers.get("X-RateLimit-Scope"), now_s)
        if answer.headers.get("X-RateLimit-Global"):
            budget.be_silent(now_s + wait_of(answer.headers))

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(ended)
    return trace
