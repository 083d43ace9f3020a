"""Keys under messages: whoever presses one is checked anew, and told alone what only concerns them."""

from __future__ import annotations

import logging

import telegram
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.chat.reception import refusal
from bot.chat.telegram.addresses import Address, address_in
from bot.chat.telegram.answers import Answers
from bot.chat.telegram.callers import Callers
from bot.chat.telegram.elsewhere import Elsewhere
from bot.chat.telegram.hearing import payload_of
from bot.chat.telegram.keys import Pressed, pressed
from bot.chat.telegram.limits import ALERT_UNITS
from bot.chat.telegram.render import alert
from bot.chat.telegram.writer import How
from bot.command import Caller, Command
from bot.errors import UserError
from bot.message import Message, Phrase

log = logging.getLogger(__name__)


class Presses:
    """Answers pressed keys; each is answered to Telegram exactly once, or its app shows that it waits."""

    def __init__(self, elsewhere: Elsewhere, callers: Callers, answers: Answers, bot: telegram.Bot) -> None:
        self._elsewhere = elsewhere
        self._callers = callers
        self._answers = answers
        self._bot = bot

    async def answer(self, query: telegram.CallbackQuery) -> None:
        """Run what a key asks for, with the rights of whoever pressed it."""
        key, message = pressed(query.data or ""), query.message
        if key is None or message is None or not self._can_run(key, message):
            await self._show(query, refusal(Phrase("error-button-old")), await self._callers.of_press(query, ""))
            return
        caller = await self._callers.of_press(query, key.command)
        answer = await self._elsewhere.answer(key.command, caller)
        to = address_in(message)
        alone = answer.kind == "refusal" or (answer.private and not answer.menus and not to.private)
        if alone and await self._show(query, answer, caller):
            return
        if message.chat.type == ChatType.CHANNEL and not caller.admin:
            await self._lead_away(query, key.command, answer, caller)
            return
        await self._acknowledge(query)
        self._place(key, to, message, answer, caller)

    def _can_run(self, key: Pressed, message: telegram.MaybeInaccessibleMessage) -> bool:
        """Whether a key asks for something that there is, about a channel that is known.

        Of a message that Telegram does not show any more only the chat is told: in a group it may have stood in a
        topic, and its settings are not those of the group.
        """
        private = message.chat.type == ChatType.PRIVATE
        entry = self._entry(key, private=private)
        if entry is None:
            return False
        return not entry.here or message.is_accessible or private

    def _place(
        self, key: Pressed, to: Address, message: telegram.MaybeInaccessibleMessage, answer: Message, caller: Caller
    ) -> None:
        """A panel changes in place; everything else is posted."""
        if key.way == "ed" and answer.chart is None:
            self._answers.replace(to, message.message_id, answer, caller)
        else:
            self._answers.say(to, answer, caller, How(None if to.private else message.message_id))

    async def _lead_away(self, query: telegram.CallbackQuery, line: str, answer: Message, caller: Caller) -> None:
        """Answer a reader of a channel, in which only its administrators may let anything be posted.

        What does not fit into a small window is said in the private chat, to which a link leads.
        """
        payload = payload_of(line)
        if alert(answer, self._answers.wordings[caller.language]) is None and payload is not None:
            await self._acknowledge(query, url=f"https://t.me/{self._bot.username}?start={payload}")
        else:
            await self._show(query, answer, caller)

    async def _show(self, query: telegram.CallbackQuery, answer: Message, caller: Caller) -> bool:
        """Show an answer to its asker alone; whether it fits."""
        text = alert(answer, self._answers.wordings[caller.language])
        if text is None:
            return False
        await self._acknowledge(query, text=text[:ALERT_UNITS])
        return True

    async def _acknowledge(
        self, query: telegram.CallbackQuery, *, text: str | None = None, url: str | None = None
    ) -> None:
        try:
            await self._bot.answer_callback_query(query.id, text=text, show_alert=text is not None or None, url=url)
        except TelegramError as error:
            log.info("A pressed key was answered too late: %s", error)

    def _entry(self, key: Pressed, *, private: bool) -> Command | None:
        try:
            return self._elsewhere.entry(key.command, private=private)
        except UserError:
            return None
