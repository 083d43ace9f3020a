"""What people say to the bot: commands, and the first words of a new acquaintance."""

from __future__ import annotations

import telegram

from bot.chat.reception import Reception
from bot.chat.telegram.addresses import address_in, named
from bot.chat.telegram.answers import Answers
from bot.chat.telegram.callers import Callers
from bot.chat.telegram.elsewhere import Elsewhere
from bot.chat.telegram.hearing import START, asked, line_of, started
from bot.chat.telegram.writer import How
from bot.chat.wording import Wording
from bot.command import Caller
from bot.errors import UserError
from bot.message import Message, Phrase, Row

PICK_CHANNEL = 1
"""Names our request in the answer of the app that lets people choose a channel."""


class Conversation:
    """Answers messages."""

    def __init__(
        self, reception: Reception, elsewhere: Elsewhere, callers: Callers, answers: Answers, bot: telegram.Bot
    ) -> None:
        self._reception = reception
        self._elsewhere = elsewhere
        self._callers = callers
        self._answers = answers
        self._bot = bot
        self._families = {entry.family for entry in reception.catalogue.commands.values()}

    def concerns(self, message: telegram.Message) -> bool:
        """Whether a message is meant for the bot."""
        return message.chat_shared is not None or self._line(message) is not None

    async def hear(self, message: telegram.Message) -> None:
        """Answer a message, if it is meant for the bot."""
        if message.chat_shared is not None:
            await self._switch_on(message, message.chat_shared)
            return
        line = self._line(message)
        if line is None:
            return
        payload = started(line)
        if payload is None:
            await self._answer(message, line)
        else:
            await self._start(message, payload)

    def _line(self, message: telegram.Message) -> str | None:
        return asked(message, self._bot.username, self._families)

    async def _answer(self, message: telegram.Message, line: str) -> None:
        caller = await self._callers.of_message(message, line)
        self._say(message, await self._elsewhere.answer(line, caller), caller)

    async def _switch_on(self, message: telegram.Message, shared: telegram.ChatShared) -> None:
        if shared.request_id == PICK_CHANNEL:
            channel = f"@{shared.username}" if shared.username else named(shared.chat_id)
            await self._answer(message, f"/alerts on {channel}")

    async def _start(self, message: telegram.Message, payload: str) -> None:
        """Answer the question that a link carries, or say who this is.

        A link may come from anybody, so it may ask and never change.
        """
        line = line_of(payload) if payload else None
        if line is not None and self._only_asks(line):
            await self._answer(message, line)
            return
        caller = await self._callers.of_message(message, f"/{START}")
        private = address_in(message).private
        rows = [Row(Phrase("telegram-start-ask")), *([Row(Phrase("telegram-start-channel"))] if private else [])]
        keyboard = _channel_picker(self._answers.wordings[caller.language]) if private else None
        self._say(message, Message("answer", Phrase("telegram-start"), tuple(rows)), caller, keyboard)

    def _only_asks(self, line: str) -> bool:
        try:
            entry, _ = self._reception.catalogue.parse(line)
        except UserError:
            return False
        return not entry.admin

    def _say(
        self,
        message: telegram.Message,
        answer: Message,
        caller: Caller,
        keyboard: telegram.ReplyKeyboardMarkup | None = None,
    ) -> None:
        to = address_in(message)
        reply_to = None if to.private else message.message_id
        self._answers.say(to, answer, caller, How(reply_to, keyboard=keyboard))


def _channel_picker(wording: Wording) -> telegram.ReplyKeyboardMarkup:
    """A key that lets a person choose one of their channels in which the bot is."""
    request = telegram.KeyboardButtonRequestChat(
        PICK_CHANNEL, chat_is_channel=True, bot_is_member=True, request_username=True
    )
    key = telegram.KeyboardButton(wording.text(Phrase("telegram-pick-channel")), request_chat=request)
    return telegram.ReplyKeyboardMarkup([[key]], resize_keyboard=True, one_time_keyboard=True)
