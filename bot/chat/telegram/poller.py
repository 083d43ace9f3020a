"""Asks Telegram for updates and hands them on, whatever they are and whatever becomes of them.

The library's own updater stops for ever at one update that it cannot read, so each is read by itself here, and the
next request always goes past it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import telegram
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.chat.telegram.requests import FloodError, Requests
from bot.chat.telegram.session import TOKEN_REFUSED
from bot.errors import ChatError

log = logging.getLogger(__name__)

ALLOWED = ("message", "channel_post", "callback_query", "my_chat_member", "chat_member")
LONG_POLL_S = 50  # the most that Telegram waits
CONFLICT_S = 30.0
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
LAST_WORD_S = 2.0

Take = Callable[[telegram.Update], Awaitable[None]]
"""Takes an update over; comes back when the next one may come."""


class Poller:
    """One long poll after the other; `last_success_s` is the loop's time of the last that was answered."""

    def __init__(self, bot: telegram.Bot, requests: Requests, take: Take) -> None:
        self._bot = bot
        self._requests = requests
        self._take = take
        self._offset = 0
        self._failures = 0
        self.last_success_s: float | None = None

    async def run(self) -> None:
        """Poll until cancelled, and then say once more what was taken; raises `ChatError` when the token is refused."""
        try:
            while True:
                try:
                    updates = await self._poll(LONG_POLL_S)
                except TelegramError as error:
                    await asyncio.sleep(self._wait_s(error))
                else:
                    await self._received(updates)
        finally:
            await self._confirm()

    async def _poll(self, wait_s: int) -> list[dict[str, Any]]:
        """Updates as Telegram tells them. The library has no way to ask for them unread, but its requests do."""
        query = {"offset": self._offset, "timeout": wait_s, "allowed_updates": json.dumps(ALLOWED)}
        found = await self._requests.post(f"{self._bot.base_url}/getUpdates?{urlencode(query)}")
        return found if isinstance(found, list) else []

    async def _received(self, updates: list[dict[str, Any]]) -> None:
        if self._failures:
            log.info("Telegram answers again, after %s failures", self._failures)
        self._failures = 0
        self.last_success_s = asyncio.get_running_loop().time()
        for raw in updates:
            self._offset = int(raw["update_id"]) + 1
            update = self._read(raw)
            if update is not None:
                await self._take(update)

    def _read(self, raw: dict[str, Any]) -> telegram.Update | None:
        try:
            return telegram.Update.de_json(raw, self._bot)
        except Exception:
            # Whatever is in an update comes from outside, and the library reads it with everything it has.
            log.exception("Passing over an update that cannot be read update_id=%s", raw.get("update_id"))
            return None

    def _wait_s(self, error: TelegramError) -> float:
        """How long to wait after a failure, longer each time, unless Telegram says."""
        self._failures += 1
        match error:
            case InvalidToken():
                raise ChatError(TOKEN_REFUSED) from None
            case Conflict():
                if self._failures == 1:
                    log.error("Somebody else uses the token of this Telegram bot: %s", error)
                return CONFLICT_S
            case FloodError():
                return error.retry_after_s
            case _:
                log.warning("Telegram does not answer, failure %s: %s", self._failures, error)
                longest_s = min(FIRST_WAIT_S * 2.0 ** (self._failures - 1), LONGEST_WAIT_S)
                return longest_s * random.uniform(0.5, 1.0)  # noqa: S311 -- spreads bots over time, guards nothing

    async def _confirm(self) -> None:
        """Let Telegram forget what was taken, so that it is not told again after a restart."""
        try:
            async with asyncio.timeout(LAST_WORD_S):
                await self._poll(0)
        except (TelegramError, TimeoutError) as error:
            log.info("The last updates may come again after a restart: %s", error)
