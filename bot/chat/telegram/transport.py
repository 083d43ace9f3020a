"""Telegram as a chat platform: what the sender calls."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

import telegram
from telegram.error import TelegramError

from bot.chat.pictures import PictureKey
from bot.chat.telegram.addresses import PLATFORM, Address, address_of
from bot.chat.telegram.failures import delivery_error
from bot.chat.telegram.photos import Photos, Picture
from bot.chat.telegram.render import Shown, render
from bot.chat.telegram.writer import How, Photo, Writer
from bot.chat.wording import Wording
from bot.errors import MessageGoneError
from bot.message import Post

KEPT_STANDING = 5_000


class TelegramTransport:
    """Posts and edits; the platform's id of a post is the number of its message."""

    platform = PLATFORM
    repeatable_for_ms = 0
    """Telegram takes a message sent twice for two."""

    def __init__(self, writer: Writer, photos: Photos, wordings: Mapping[str, Wording]) -> None:
        self._writer = writer
        self._photos = photos
        self._wordings = wordings
        self._standing: OrderedDict[tuple[int, str], PictureKey] = OrderedDict()
        """Which chart stands in a message, so that an edit of its words alone leaves it there."""

    async def send(self, post: Post) -> str:
        """Post a message; raises `DeliveryError`."""
        to, shown = address_of(post.channel), self._shown(post)
        how = How(_number(post.reply_to), silent=post.silent)

        async def use(photo: Photo | None) -> telegram.Message:
            return await self._writer.send(to, shown, how, photo)

        try:
            message = await self._photos.show(_picture(post), use)
        except TelegramError as error:
            raise delivery_error(error, to, sending=True) from error
        number = str(message.message_id) if message else ""
        if message and message.photo:
            self._note(to, number, post)
        return number

    async def edit(self, post: Post, platform_id: str) -> None:
        """Replace a posted message in place; raises `DeliveryError`."""
        to, number = address_of(post.channel), _number(platform_id)
        if number is None:
            raise MessageGoneError(f"no message has the id {platform_id!r}")
        try:
            await self._edit(post, to, number)
        except TelegramError as error:
            raise delivery_error(error, to, sending=False) from error

    async def _edit(self, post: Post, to: Address, number: int) -> None:
        shown, picture = self._shown(post), _picture(post)
        stands = self._standing.get((to.chat_id, str(number)))
        if post.message.chart is not None and stands == picture.key:
            await self._writer.edit(to, number, shown, caption=True)
            return

        async def use(photo: Photo | None) -> telegram.Message | None:
            if photo is not None:
                return await self._writer.edit_photo(to, number, shown, photo)
            await self._writer.edit(to, number, shown, caption=stands is not None)
            return None

        await self._photos.show(picture, use)
        if post.message.chart is not None:
            self._note(to, str(number), post)

    def _shown(self, post: Post) -> Shown:
        return render(post.message, self._wordings[post.language], repeat=post.repeat)

    def _note(self, to: Address, number: str, post: Post) -> None:
        self._standing[to.chat_id, number] = _picture(post).key
        if len(self._standing) > KEPT_STANDING:
            self._standing.popitem(last=False)


def _picture(post: Post) -> Picture:
    return Picture(post.message, post.language, post.theme, post.message_id)


def _number(platform_id: str | None) -> int | None:
    return int(platform_id) if platform_id and platform_id.isascii() and platform_id.isdigit() else None
