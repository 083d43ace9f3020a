"""Telegram as a chat platform: what the sender calls."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping

import msgspec
import telegram
from telegram.error import TelegramError

from bot.chat.channel_book import ChannelBook
from bot.chat.pictures import PictureKey
from bot.chat.telegram.addresses import PLATFORM, Address, address_of
from bot.chat.telegram.failures import TOPIC_CLOSED, TOPIC_GONE, delivery_error, says
from bot.chat.telegram.photos import Photos, Picture
from bot.chat.telegram.render import Shown, render
from bot.chat.telegram.writer import How, Photo, Writer
from bot.chat.wording import Wording
from bot.errors import MessageGoneError
from bot.message import Message, Phrase, Post, Turn

log = logging.getLogger(__name__)

KEPT_STANDING = 5_000


class TelegramTransport:
    """Posts and edits; the platform's id of a post is the number of its message."""

    platform = PLATFORM
    repeatable_for_ms = 0
    """Telegram takes a message sent twice for two."""

    def __init__(self, writer: Writer, photos: Photos, book: ChannelBook, wordings: Mapping[str, Wording]) -> None:
        self._writer = writer
        self._photos = photos
        self._book = book
        self._wordings = wordings
        self._standing: OrderedDict[tuple[int, str], PictureKey] = OrderedDict()
        """Which chart stands in a message, so that an edit of its words alone leaves it there."""

    async def send(self, post: Post, turn: Turn) -> str:
        """Post a message; raises `DeliveryError`.

        Where its topic does not take it the chat is told, and then the channel is lost.
        """
        to = address_of(post.channel)
        try:
            return await self._send(post, to, turn)
        except TelegramError as error:
            note = _topic_note(to, error)
            if note is not None:
                log.warning("A topic does not take posts any more channel=%s: %s", post.channel, error)
                await self._tell_chat(post, to._replace(thread_id=None), note, turn)
            raise delivery_error(error, to, sending=True) from error

    async def edit(self, post: Post, platform_id: str, turn: Turn) -> None:
        """Replace a posted message in place; raises `DeliveryError`."""
        to, number = address_of(post.channel), _number(platform_id)
        if number is None:
            raise MessageGoneError(f"no message has the id {platform_id!r}")
        try:
            await self._edit(post, to, number, turn)
        except TelegramError as error:
            raise delivery_error(error, to, sending=False) from error

    async def _send(self, post: Post, to: Address, turn: Turn, *notes: Phrase) -> str:
        shown, how = self._shown(post, *notes), How(_number(post.reply_to), silent=post.silent)

        async def use(photo: Photo | None) -> telegram.Message:
            return await self._writer.send(to, shown, turn, how, photo)

        message = await self._photos.show(_picture(post), use)
        number = str(message.message_id) if message else ""
        if message and message.photo:
            self._note(to, number, post)
        return number

    async def _tell_chat(self, post: Post, chat: Address, note: Phrase, turn: Turn) -> None:
        """Tell a whole chat what became of its topic, under the post, which is not lost that way.

        Without it where another channel of the chat is kept, since that one may get the same post.
        """
        kept = {*await self._book.channels(chat.place)}
        whole = post.message if kept <= {post.channel} else Message("answer", note, origin=post.message.origin)
        notes = (note,) if whole is post.message else ()
        told = msgspec.structs.replace(post, message=whole, reply_to=None)
        try:
            await self._send(told, chat, turn, *notes)
        except TelegramError as error:
            raise delivery_error(error, chat, sending=True) from error

    async def _edit(self, post: Post, to: Address, number: int, turn: Turn) -> None:
        shown, picture = self._shown(post), _picture(post)
        stands = self._standing.get((to.chat_id, str(number)))
        if post.message.chart is not None and stands == picture.key:
            await self._writer.edit(to, number, shown, turn, caption=True)
            return

        async def use(photo: Photo | None) -> telegram.Message | None:
            if photo is None:
                await self._writer.edit(to, number, shown, turn, caption=stands is not None)
                return None
            edited = await self._writer.edit_photo(to, number, shown, turn, photo)
            self._note(to, str(number), post)
            return edited

        await self._photos.show(picture, use)

    def _shown(self, post: Post, *notes: Phrase) -> Shown:
        repeat = (Phrase("post-repeat"),) if post.repeat else ()
        return render(post.message, self._wordings[post.language], *notes, *repeat)

    def _note(self, to: Address, number: str, post: Post) -> None:
        self._standing[to.chat_id, number] = _picture(post).key
        if len(self._standing) > KEPT_STANDING:
            self._standing.popitem(last=False)


def _topic_note(to: Address, error: TelegramError) -> Phrase | None:
    """What to tell the chat of a topic that did not take a post; None when that is not what happened."""
    if to.thread_id is None:
        return None
    if says(error, TOPIC_GONE):
        return Phrase("post-topic-gone")
    return Phrase("post-topic-closed") if says(error, TOPIC_CLOSED) else None


def _picture(post: Post) -> Picture:
    return Picture(post.message, post.language, post.theme, post.message_id)


def _number(platform_id: str | None) -> int | None:
    return int(platform_id) if platform_id and platform_id.isascii() and platform_id.isdigit() else None
