"""Charts on Telegram: each is uploaded once, and every other chat gets it by the id that Telegram gave the file."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple
from weakref import WeakValueDictionary

import telegram
from telegram.error import BadRequest

from bot.chat.channel_book import ChannelBook
from bot.chat.pictures import PictureKey, picture_key
from bot.chat.reception import Reception
from bot.chat.telegram.failures import FILE, says
from bot.chat.telegram.writer import Photo
from bot.message import Message, Theme

KEPT_FILES = 500
PATIENCE_S = 10.0
"""How long to wait for the file of another chat, which waits for its own turn before it uploads."""

Use = Callable[[Photo | None], Awaitable[telegram.Message | None]]
"""Posts words with a photo, or alone; returns the message in which they stand, None when an edit changed nothing."""


class Picture(NamedTuple):
    """The chart of a message as somebody wants to see it; `mark` names what is kept across restarts, "" for nothing."""

    message: Message
    language: str
    theme: Theme
    mark: str = ""

    @property
    def key(self) -> PictureKey:
        """Names it by what is in it."""
        return picture_key(self.message, self.language, self.theme)


class Photos:
    """Knows the files of the newest charts; a post's own also after a restart."""

    def __init__(self, reception: Reception, book: ChannelBook) -> None:
        self._reception = reception
        self._book = book
        self._files: OrderedDict[PictureKey, str] = OrderedDict()
        self._uploading: WeakValueDictionary[PictureKey, asyncio.Lock] = WeakValueDictionary()

    async def show(self, picture: Picture, use: Use) -> telegram.Message | None:
        """Post a message with its chart, without it where it has none or it cannot be drawn; raises what `use` does."""
        if picture.message.chart is None:
            return await use(None)
        file_id = await self._known(picture)
        if file_id is not None:
            try:
                return await use(file_id)
            except BadRequest as error:
                if not says(error, FILE):
                    raise
                if self._files.get(picture.key) == file_id:
                    del self._files[picture.key]
        return await self._upload(picture, use)

    async def _upload(self, picture: Picture, use: Use) -> telegram.Message | None:
        """Post bytes, one chat at a time for the same picture: those that wait find its file when they are let in."""
        png = await self._reception.picture(picture.message, picture.language, picture.theme)
        if png is None:
            return await use(None)
        async with _in_line(self._uploading.setdefault(picture.key, asyncio.Lock())):
            if picture.key not in self._files:
                message = await use(png)
                if message is not None and message.photo:
                    await self._keep(picture, message.photo[-1].file_id)
                return message
        return await use(self._files[picture.key])

    async def _known(self, picture: Picture) -> str | None:
        if picture.key not in self._files and picture.mark:
            digest, _, file_id = (await self._book.recall(_name(picture)) or "").partition(" ")
            if digest == picture.key.digest:
                self._files[picture.key] = file_id
        return self._files.get(picture.key)

    async def _keep(self, picture: Picture, file_id: str) -> None:
        self._files[picture.key] = file_id
        if len(self._files) > KEPT_FILES:
            self._files.popitem(last=False)
        if picture.mark:
            await self._book.remember(_name(picture), f"{picture.key.digest} {file_id}")


@asynccontextmanager
async def _in_line(lock: asyncio.Lock) -> AsyncIterator[None]:
    """Let in one after the other, and whoever has waited for long."""
    held = False
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            held = await lock.acquire()
    try:
        yield
    finally:
        if held:
            lock.release()


def _name(picture: Picture) -> str:
    """One entry for each post, language and theme: the file of a later revision takes the place of the earlier one."""
    return f"telegram-photo {picture.mark} {picture.language} {picture.theme}"
