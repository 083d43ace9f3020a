"""Where the bot is, and where it is not any more, told to the book of channels."""

from __future__ import annotations

import telegram

from bot.chat.channel_book import ChannelBook
from bot.chat.telegram.addresses import Address, named
from bot.chat.telegram.admins import Admins
from bot.chat.telegram.spots import is_out, may_post


class Presence:
    """Hears of comings and goings."""

    def __init__(self, book: ChannelBook, admins: Admins) -> None:
        self._book = book
        self._admins = admins

    async def changed(self, update: telegram.ChatMemberUpdated) -> None:
        """The bot itself became something else in a chat."""
        chat, member = update.chat, update.new_chat_member
        self._admins.forget(chat.id)
        if may_post(member, chat.type):
            await self._book.find_place(named(chat.id))
        else:
            await self._book.lose_place(named(chat.id), _reason(chat, member))

    def others_changed(self, update: telegram.ChatMemberUpdated) -> None:
        """Somebody else did: a new administrator may give orders at once, one who is none any more may not."""
        self._admins.forget(update.chat.id)

    async def moved(self, message: telegram.Message) -> None:
        """A group became a supergroup with another id, which both of them say."""
        old = message.migrate_from_chat_id or message.chat.id
        new = message.migrate_to_chat_id or message.chat.id
        await self._book.move(named(old), named(new))
        # The bot also hears that it left the old group, in any order with this.
        await self._book.find_place(named(new))


def _reason(chat: telegram.Chat, member: telegram.ChatMember) -> str:
    if Address(chat.id).private:
        return "blocked"
    return "removed" if is_out(member) else "rights"
