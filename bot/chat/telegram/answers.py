"""Says answers in chats: paced like posts, without the outbox, because nobody waits for an answer that comes late."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Mapping
from functools import partial
from typing import NamedTuple

import telegram
from telegram.error import BadRequest, TelegramError

from bot.chat.channel_book import ChannelBook
from bot.chat.telegram.addresses import Address
from bot.chat.telegram.failures import TOPIC_CLOSED, TOPIC_GONE, delivery_error, says
from bot.chat.telegram.lanes import MOST_WAITING, Lanes
from bot.chat.telegram.photos import Photos, Picture
from bot.chat.telegram.render import render
from bot.chat.telegram.requests import FloodError
from bot.chat.telegram.writer import PLAINLY, How, Photo, Writer
from bot.chat.wording import Wording
from bot.command import Caller
from bot.errors import DeliveryError
from bot.message import Message, Turn

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 60.0
MOST_IN_A_GROUP = 5
"""Answers that may wait in a group: it takes one in 3.4 s at best, and nobody reads an answer that late."""


class Pace(NamedTuple):
    """How answers keep to the limits of the chats, by ids of channels in the store.

    `turn` waits until one request may go to a channel, `hold` lets nothing go to it for some seconds.
    """

    turn: Callable[[str], Awaitable[None]]
    hold: Callable[[str, float], None]


class Answers:
    """Posts answers and replaces panels, for which nobody waits: in order in each chat, and a few of them at most.

    What cannot be said is noted in the log, and then left.
    """

    def __init__(
        self,
        writer: Writer,
        photos: Photos,
        book: ChannelBook,
        wordings: Mapping[str, Wording],
        pace: Pace,
        lanes: Lanes,
    ) -> None:
        self.wordings = wordings
        self._writer = writer
        self._photos = photos
        self._book = book
        self._pace = pace
        self._lanes = lanes

    def say(self, to: Address, answer: Message, caller: Caller, how: How = PLAINLY) -> None:
        """Post an answer where everybody in the chat sees it."""
        self._in_order(to, partial(self._say, to, answer, caller, how))

    def replace(self, to: Address, number: int, answer: Message, caller: Caller) -> None:
        """Put an answer in the place of a message."""
        self._in_order(to, partial(self._replace, to, number, answer, caller))

    def _in_order(self, to: Address, work: Callable[[], Awaitable[None]]) -> None:
        lane: Hashable = ("answer", to.chat_id)
        most = MOST_WAITING if to.private else MOST_IN_A_GROUP
        if not self._lanes.offer(lane, work, f"answer in {to.channel}", {lane: most}):
            log.info("An answer is left out, because many wait channel=%s", to.channel)

    async def _say(self, to: Address, answer: Message, caller: Caller, how: How) -> None:
        language = await self._language(to, caller)
        shown, turn = render(answer, self.wordings[language]), self._turn(to)

        async def use(photo: Photo | None) -> telegram.Message:
            try:
                return await self._writer.send(to, shown, turn, how, photo)
            except BadRequest as error:
                if to.thread_id is None or not says(error, TOPIC_GONE + TOPIC_CLOSED):
                    raise
                return await self._writer.send(to._replace(thread_id=None), shown, turn, how, photo)

        await self._carefully(to, lambda: self._photos.show(Picture(answer, language, "dark"), use))

    async def _replace(self, to: Address, number: int, answer: Message, caller: Caller) -> None:
        shown, turn = render(answer, self.wordings[await self._language(to, caller)]), self._turn(to)
        await self._carefully(to, lambda: self._writer.edit(to, number, shown, turn, caption=False))

    def _turn(self, to: Address) -> Turn:
        return partial(self._pace.turn, to.channel)

    async def _language(self, to: Address, caller: Caller) -> str:
        """In a private chat that of its person, elsewhere the one that was chosen for the channel."""
        if to.private:
            return caller.language
        return await self._book.language(to.channel) or caller.language

    async def _carefully(self, to: Address, request: Callable[[], Awaitable[object]]) -> None:
        try:
            await self._patiently(to, request)
        except TelegramError as error:
            log.warning("An answer was not taken channel=%s: %s", to.channel, delivery_error(error, to, sending=True))
        except DeliveryError as error:
            log.info("An answer had no turn channel=%s: %s", to.channel, error)

    async def _patiently(self, to: Address, request: Callable[[], Awaitable[object]]) -> None:
        """Make a request; where Telegram asks for patience after all, once more."""
        try:
            await self._holding(to, request)
        except FloodError as error:
            if error.retry_after_s > LONGEST_WAIT_S:
                raise
            await asyncio.sleep(error.retry_after_s)
            await self._holding(to, request)

    async def _holding(self, to: Address, request: Callable[[], Awaitable[object]]) -> None:
        """Make a request; Telegram's wish for patience holds up everything else that goes to the chat too."""
        try:
            await request()
        except FloodError as error:
            self._pace.hold(to.channel, error.retry_after_s)
            raise
