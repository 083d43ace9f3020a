"""Who may change what a chat hears: its owner and administrators, as Telegram lists them."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from typing import NamedTuple

import telegram
from telegram.error import TelegramError

log = logging.getLogger(__name__)

KEPT_S = 300.0
"""Telegram tells of changes only where the bot is an administrator; elsewhere a list is asked for anew after this."""
KEPT_CHATS = 10_000


class _List(NamedTuple):
    until_s: float
    people: frozenset[int]


class Admins:
    """Lists of administrators, by chat.

    All of one chat are asked for at once: a single member may only be looked up where the bot is an administrator.
    """

    def __init__(self, bot: telegram.Bot) -> None:
        self._bot = bot
        self._lists: OrderedDict[int, _List] = OrderedDict()

    async def has(self, chat_id: int, user_id: int) -> bool:
        """Whether somebody is an administrator of a chat now; no, where Telegram does not say."""
        now_s = asyncio.get_running_loop().time()
        known = self._lists.get(chat_id)
        if known is None or known.until_s <= now_s:
            try:
                members = await self._bot.get_chat_administrators(chat_id)
            except TelegramError as error:
                log.info("Telegram does not list the administrators of %s: %s", chat_id, error)
                return False
            known = _List(now_s + KEPT_S, frozenset(member.user.id for member in members))
            self._keep(chat_id, known)
        return user_id in known.people

    def forget(self, chat_id: int) -> None:
        """Somebody was made administrator there, or is none any more."""
        self._lists.pop(chat_id, None)

    def _keep(self, chat_id: int, known: _List) -> None:
        self._lists[chat_id] = known
        self._lists.move_to_end(chat_id)
        if len(self._lists) > KEPT_CHATS:
            self._lists.popitem(last=False)
