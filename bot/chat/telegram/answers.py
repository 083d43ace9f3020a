"""Says answers in chats: paced like posts, without the outbox, because nobody waits for an answer that comes late."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import telegram
from telegram.error import TelegramError

from bot.chat.channel_book import ChannelBook
from bot.chat.telegram.addresses import Address
from bot.chat.telegram.failures import delivery_error
from bot.chat.telegram.photos import Photos, Picture
from bot.chat.telegram.render import render
from bot.chat.telegram.requests import FloodError
from bot.chat.telegram.writer import PLAINLY, How, Photo, Writer
from bot.chat.wording import Wording
from bot.command import Caller
from bot.message import Message

log = logging.getLogger(__name__)

Turn = Callable[[str], Awaitable[None]]
"""Waits until a request may go to a channel, by its id in the store."""

LONGEST_WAIT_S = 60.0


class Answers:
    """Posts answers and replaces panels; what cannot be said is noted in the log, and then left."""

    def __init__(
        self, writer: Writer, photos: Photos, book: ChannelBook, wordings: Mapping[str, Wording], turn: Turn
    ) -> None:
        self.wordings = wordings
        self._writer = writer
        self._photos = photos
        self._book = book
        self._turn = turn

    async def say(self, to: Address, answer: Message, caller: Caller, how: How = PLAINLY) -> None:
        """Post an answer where everybody in the chat sees it."""
        language = await self._language(to, caller)
        shown = render(answer, self.wordings[language])

        async def use(photo: Photo | None) -> telegram.Message:
            return await self._writer.send(to, shown, how, photo)

        await self._carefully(to, lambda: self._photos.show(Picture(answer, language, "dark"), use))

    async def replace(self, to: Address, number: int, answer: Message, caller: Caller) -> None:
        """Put an answer in the place of a message."""
        shown = render(answer, self.wordings[await self._language(to, caller)])
        await self._carefully(to, lambda: self._writer.edit(to, number, shown, caption=False))

    async def _language(self, to: Address, caller: Caller) -> str:
        """In a private chat that of its person, elsewhere the one that was chosen for the channel."""
        if to.private:
            return caller.language
        return await self._book.language(to.channel) or caller.language

    async def _carefully(self, to: Address, request: Callable[[], Awaitable[object]]) -> None:
        try:
            await self._in_turn(to, request)
        except TelegramError as error:
            log.warning("An answer was not taken channel=%s: %s", to.channel, delivery_error(error, to, sending=True))

    async def _in_turn(self, to: Address, request: Callable[[], Awaitable[object]]) -> None:
        """Make a request when it may go; where Telegram asks for patience after all, once more."""
        await self._turn(to.channel)
        try:
            await request()
        except FloodError as error:
            if error.retry_after_s > LONGEST_WAIT_S:
                raise
            await asyncio.sleep(error.retry_after_s)
            await request()
