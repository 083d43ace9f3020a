"""Asks Telegram for updates and hands them on, whatever they are and whatever becomes of them.

The library's own updater stops for ever at one update that it cannot read, so each is read by itself here, and the
next request always goes past it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import telegram
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.chat.channel_book import ChannelBook
from bot.chat.telegram.requests import FloodError, Requests
from bot.chat.telegram.session import TOKEN_REFUSED
from bot.errors import ChatError

log = logging.getLogger(__name__)

ALLOWED = ("message", "channel_post", "callback_query", "my_chat_member", "chat_member")
LONG_POLL_S = 50  # the most that Telegram waits
CONFLICT_S = 30.0
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
MOST_DOUBLINGS = 10
"""Far beyond the longest wait; a number that grows for days is no float any more."""
LAST_WORD_S = 2.0
SILENT_S = 300.0
"""Several long polls: after so long without any answer everything is better started anew."""
MARK = "telegram-offset"

Take = Callable[[telegram.Update], None]
"""Takes an update over."""


class Poller:
    """One long poll after the other; the book keeps how far it came where Telegram could not be told."""

    def __init__(self, bot: telegram.Bot, requests: Requests, book: ChannelBook, take: Take) -> None:
        self._bot = bot
        self._requests = requests
        self._book = book
        self._take = take
        self._offset = 0
        self._failures = 0
        self._conflict_told = False
        self._kept = 0

    async def run(self) -> None:
        """Poll until cancelled, and then say once more what was taken.

        Raises `ChatError` when the token is refused, and when Telegram has not answered for `SILENT_S`.
        """
        await self._resume()
        try:
            async with asyncio.timeout(SILENT_S) as silence:
                while True:
                    answered, wait_s = await self._round()
                    if answered:
                        silence.reschedule(asyncio.get_running_loop().time() + wait_s + SILENT_S)
                    await asyncio.sleep(wait_s)
        except TimeoutError:
            raise ChatError(f"Telegram has not answered for {SILENT_S / 60:.0f} minutes.") from None
        finally:
            await self._confirm()

    async def _round(self) -> tuple[bool, float]:
        """One long poll, and what it brought: whether Telegram answered, and how long to wait until the next."""
        try:
            updates = await self._poll(LONG_POLL_S)
        except TelegramError as error:
            return isinstance(error, Conflict | FloodError), self._wait_s(error)
        before = self._offset
        for raw in updates:
            self._received(raw)
        if updates and self._offset == before:
            # What has no number cannot be confirmed, and comes again at once.
            self._failures += 1
            return True, self._back_off_s()
        if self._failures:
            log.info("Telegram answers again; failures before: %s", self._failures)
        self._failures, self._conflict_told = 0, False
        return True, 0.0

    async def _poll(self, wait_s: int) -> list[Any]:
        """Updates as Telegram tells them. The library has no way to ask for them unread, but its requests do."""
        query = {"offset": self._offset, "timeout": wait_s, "allowed_updates": json.dumps(ALLOWED)}
        found = await self._requests.post(f"{self._bot.base_url}/getUpdates?{urlencode(query)}")
        return found if isinstance(found, list) else []

    def _received(self, raw: object) -> None:
        """Hand an update on. Whatever is in it comes from outside, and the library reads it with everything it has."""
        number = raw.get("update_id") if isinstance(raw, dict) else None
        if not isinstance(raw, dict) or not isinstance(number, int):
            log.error("Passing over an update without a number")
            return
        self._offset = number + 1
        try:
            update = telegram.Update.de_json(raw, self._bot)
            self._take(update)
        except Exception:
            log.exception("Passing over an update that cannot be read update_id=%s", number)

    def _wait_s(self, error: TelegramError) -> float:
        """How long to wait after a failure, longer each time, unless Telegram says."""
        self._failures += 1
        match error:
            case InvalidToken():
                raise ChatError(TOKEN_REFUSED) from None
            case Conflict():
                if not self._conflict_told:
                    log.error("Somebody else uses the token of this Telegram bot: %s", error)
                self._conflict_told = True
                return CONFLICT_S
            case FloodError():
                return error.retry_after_s
            case _:
                log.warning("Telegram does not answer, failure %s: %s", self._failures, error)
                return self._back_off_s()

    def _back_off_s(self) -> float:
        longest_s = min(FIRST_WAIT_S * 2.0 ** min(self._failures - 1, MOST_DOUBLINGS), LONGEST_WAIT_S)
        return longest_s * random.uniform(0.5, 1.0)  # noqa: S311 -- spreads bots over time, guards nothing

    async def _resume(self) -> None:
        """Go on where an earlier run came to, if it could not tell Telegram."""
        if not self._offset:
            bot_id, _, number = (await self._book.recall(MARK) or "").partition(" ")
            self._offset = int(number) if bot_id == str(self._bot.id) and number.isdigit() else 0
        self._kept = self._offset

    async def _confirm(self) -> None:
        """Let Telegram forget what was taken, so that it is not told again after a restart."""
        left = 0
        try:
            async with asyncio.timeout(LAST_WORD_S):
                await self._poll(0)
        except (TelegramError, TimeoutError) as error:
            log.info("Telegram could not be told which updates were taken: %s", error)
            left = self._offset
        if left != self._kept:
            await self._book.remember(MARK, f"{self._bot.id} {left}")
            self._kept = left
