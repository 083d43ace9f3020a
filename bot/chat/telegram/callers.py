"""Who asks, in which chat, and whether they may change what it hears."""

from __future__ import annotations

import logging

import telegram
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.catalogue import Catalogue
from bot.chat.languages import negotiate
from bot.chat.telegram.addresses import address_in, named
from bot.chat.telegram.admins import Admins
from bot.command import Caller
from bot.errors import UserError

log = logging.getLogger(__name__)

HELP = "help"


class Callers:
    """Turns a message or a pressed key into a `Caller`.

    The administrators of a chat are looked up only where a command is about that chat, so that a question about the
    market never waits for Telegram.
    """

    def __init__(self, admins: Admins, catalogue: Catalogue) -> None:
        self._admins = admins
        self._catalogue = catalogue

    async def of_message(self, message: telegram.Message, line: str) -> Caller:
        """Who wrote a message. A sender_chat is what somebody speaks as: the chat itself if an anonymous admin does.

        What stands in a channel was written by its administrators; what another chat says in a group was not.
        """
        chat, face, user = message.chat, message.sender_chat, message.from_user
        if face is not None:
            name = message.author_signature or face.title or face.username or ""
            return _caller(message, face.id, name, user, admin=face.id == chat.id)
        if user is None:
            return _caller(message, chat.id, chat.title or "", None, admin=chat.type == ChatType.CHANNEL)
        return _caller(message, user.id, user.full_name, user, admin=await self._admin(chat, user, line))

    async def of_press(self, query: telegram.CallbackQuery, line: str) -> Caller:
        """Who pressed a key; Telegram names the person here, anonymous or not."""
        message, user = query.message, query.from_user
        if message is None:
            return Caller(user.full_name, "", _language(user), user=named(user.id))
        admin = await self._admin(message.chat, user, line)
        return _caller(message, user.id, user.full_name, user, admin=admin)

    async def _admin(self, chat: telegram.Chat, user: telegram.User, line: str) -> bool:
        """Nobody is one where Telegram does not say."""
        if chat.type == ChatType.PRIVATE:
            return chat.id == user.id
        if not self._about_a_channel(line):
            return False
        try:
            return await self._admins.has(chat.id, user.id)
        except TelegramError as error:
            log.info("Telegram does not list the administrators of %s: %s", chat.id, error)
            return False

    def _about_a_channel(self, line: str) -> bool:
        try:
            entry, _ = self._catalogue.parse(line)
        except UserError:
            return False
        return entry.here or entry.name == HELP


def _caller(
    message: telegram.MaybeInaccessibleMessage, who: int, name: str, user: telegram.User | None, *, admin: bool
) -> Caller:
    to = address_in(message)
    return Caller(name, to.channel, _language(user), admin, named(who), to.place)


def _language(user: telegram.User | None) -> str:
    return negotiate((user.language_code if user else None) or "en")
