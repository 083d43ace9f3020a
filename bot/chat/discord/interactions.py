"""People who use the bot: what they typed, pressed or chose becomes a line of text, and its answer is shown to them.

An answer to the asker alone never shows to others: the text of an answer is known before anything is said, so that
"thinking…" while a chart is drawn is already of the right kind. An answer that lets itself be waited for is shown to
the asker alone, because Discord takes no other first word after three seconds.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeAlias

import aiohttp
import discord

from bot.chat.channel_book import ChannelBook
from bot.chat.discord.addresses import named
from bot.chat.discord.charts import drawn
from bot.chat.discord.markup import CONTENT_MOST, clip, plain
from bot.chat.discord.panels import panel
from bot.chat.discord.time_limits import ANSWER_S, UPLOAD_S
from bot.chat.languages import negotiate
from bot.chat.reception import Reception, refusal
from bot.chat.wording import wordings
from bot.command import Caller, Command
from bot.errors import UserError
from bot.message import Message, Name, Phrase

if TYPE_CHECKING:
    from bot.chat.discord.client import DiscordClient

log = logging.getLogger(__name__)

PATIENCE_S = 1.5
"""Half of the three seconds in which Discord wants a first word (receiving-and-responding)."""
# 10062: expired; 10015 and 50027: its token was used up; 40060: answered already. Discord loses some by itself.
LATE = {10062, 10015, 50027, 40060}

Interaction: TypeAlias = "discord.Interaction[DiscordClient]"


class Interactions:
    """Answers interactions; every failure ends here."""

    def __init__(self, reception: Reception, book: ChannelBook) -> None:
        self._reception = reception
        self._book = book
        self._wordings = wordings()

    async def run(self, interaction: Interaction, command: Command, line: str) -> None:
        """Answer a typed command. Discord has checked who may type one for admins, by the server's own rules."""
        caller = caller_of(interaction, trusted=command.admin)
        await self._answer(interaction, self._reception.answer(line, caller), caller)

    async def press(self, interaction: Interaction, line: str, *, in_place: bool = False) -> None:
        """Answer a button or a list, for which Discord checks nothing; `in_place` replaces the message it stands on.

        Nothing that comes with a press tells whether its person may type the command by the server's own rules.
        """
        caller = caller_of(interaction, trusted=False)
        try:
            command, _ = self._reception.catalogue.parse(line)
        except UserError:  # what stands on a button was right once
            asked = _refused(Phrase("error-button-old"))
        else:
            barred = command.admin and caller.place and not caller.admin
            typed = Phrase("error-press-needs-manage", {"command": Name(line)})
            asked = _refused(typed) if barred else self._reception.answer(line, caller)
        await self._answer(interaction, asked, caller, in_place=in_place)

    async def fail(self, interaction: Interaction, error: Exception) -> None:
        """Note what broke once, and tell the asker; nobody is there any more to be told of an expired interaction."""
        cause = getattr(error, "original", error)
        if interaction.client.is_closed() or (isinstance(cause, discord.HTTPException) and cause.code in LATE):
            log.info("An interaction could not be answered any more: %s", cause)
            return
        incident = secrets.token_hex(4)
        log.error("Interaction failed incident=%s", incident, exc_info=cause)
        try:
            sorry = refusal(Phrase("error-internal", {"incident": Name(incident)}))
            async with asyncio.timeout(ANSWER_S):
                await self._say(interaction, sorry, caller_of(interaction, trusted=False))
        except (discord.DiscordException, aiohttp.ClientError, OSError) as second:
            log.info("Nobody could be told of incident=%s: %s", incident, second)

    async def _answer(
        self, interaction: Interaction, asked: Coroutine[None, None, Message], caller: Caller, *, in_place: bool = False
    ) -> None:
        try:
            async with asyncio.timeout(UPLOAD_S):
                answering = asyncio.create_task(asked)
                await asyncio.wait({answering}, timeout=PATIENCE_S)
                if not answering.done():
                    await interaction.response.defer(ephemeral=True, thinking=not in_place)
                await self._say(interaction, await answering, caller, in_place=in_place)
        except Exception as error:  # noqa: BLE001 -- the end of the line: discord.py would only log it
            await self.fail(interaction, error)

    async def _say(self, interaction: Interaction, message: Message, caller: Caller, *, in_place: bool = False) -> None:
        waited = interaction.response.is_done()
        private = message.private or message.kind == "refusal" or waited
        language = negotiate(caller.language if private else await self._language(interaction, caller))
        wording = self._wordings[language]
        words = wording.words(message)
        if message.kind == "refusal":
            await _refuse(interaction, clip(plain(words.headline), CONTENT_MOST))
            return
        if message.chart and not interaction.response.is_done():
            await interaction.response.defer(ephemeral=private, thinking=not in_place)
        chart = await drawn(self._reception, message, wording, "dark")
        shown: dict[str, Any] = {"view": panel(message, words, wording, chart)}
        if interaction.response.is_done():
            await interaction.edit_original_response(attachments=[chart.file()] if chart else [], **shown)
        elif in_place:
            await interaction.response.edit_message(attachments=[], **shown)
        else:
            await interaction.response.send_message(ephemeral=private, **shown)

    async def _language(self, interaction: Interaction, caller: Caller) -> str:
        """The language of a channel: the one chosen for it, else that of its server, else that of the asker."""
        chosen = await self._book.language(caller.channel)
        return chosen or (interaction.guild_locale.value if interaction.guild_locale else caller.language)


async def _refused(reason: Phrase) -> Message:
    return refusal(reason)


async def _refuse(interaction: Interaction, sentence: str) -> None:
    """A sentence for the asker alone; a list that could not be carried out stays as it was.

    Only "thinking…" gives way to it: a panel (Components V2) takes no plain sentence.
    """
    if not interaction.response.is_done():
        await interaction.response.send_message(sentence, ephemeral=True)
    elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(content=sentence)
    else:
        await interaction.followup.send(sentence, ephemeral=True)


def caller_of(interaction: Interaction, *, trusted: bool) -> Caller:
    """Who asks. An admin is one only in a server in which the bot is a member: `trusted`, or allowed to manage it."""
    guild_id = interaction.guild_id
    guild = interaction.client.get_guild(guild_id) if guild_id is not None else None
    return Caller(
        name=interaction.user.name,
        channel=named(interaction.channel_id or 0),
        language=interaction.locale.value,
        admin=guild is not None and (trusted or interaction.permissions.manage_guild),
        user=named(interaction.user.id),
        place=named(guild.id) if guild else "",
    )
