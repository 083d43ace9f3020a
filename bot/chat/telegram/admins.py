"""Who may change what a chat hears: its owner and administrators, as Telegram lists them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

import telegram
from telegram.error import TelegramError

KEPT_S = 300.0
"""Telegram tells of changes only where the bot is an administrator; elsewhere a list is asked for anew after this."""
KEPT_CHATS = 10_000
MOST_LOOKUPS = 3
"""How often to ask anew when a list changes while Telegram tells it."""


@dataclass(eq=False)
class _List:
    """The administrators of a chat; not known yet as long as `until_s` has passed."""

    until_s: float = float("-inf")
    people: frozenset[int] = frozenset()


class Admins:
    """Lists of administrators, by chat.

    All of one chat are asked for at once: a single member may only be looked up where the bot is an administrator.
    """

    def __init__(self, bot: telegram.Bot) -> None:
        self._bot = bot
        self._lists: OrderedDict[int, _List] = OrderedDict()

    async def has(self, chat_id: int, user_id: int) -> bool:
        """Whether somebody is an administrator of a chat now; raises `TelegramError` where Telegram does not say."""
        for _ in range(MOST_LOOKUPS):
            known = self._list(chat_id)
            if known.until_s > asyncio.get_running_loop().time():
                return user_id in known.people
            await self._look_up(chat_id, known)
        raise TelegramError("the administrators change while they are asked for")

    def forget(self, chat_id: int) -> None:
        """Somebody was made administrator there, or is none any more; what is being looked up is out of date too."""
        self._lists.pop(chat_id, None)

    async def _look_up(self, chat_id: int, known: _List) -> None:
        """Fill a list, which nobody sees any more when it was forgotten meanwhile."""
        asked_s = asyncio.get_running_loop().time()
        members = await self._bot.get_chat_administrators(chat_id)
        known.people = frozenset(member.user.id for member in members)
        known.until_s = asked_s + KEPT_S

    def _list(self, chat_id: int) -> _List:
        known = self._lists.setdefault(chat_id, _List())
        self._lists.move_to_end(chat_id)
        if len(self._lists) > KEPT_CHATS:
            self._lists.popitem(last=False)
        return known
