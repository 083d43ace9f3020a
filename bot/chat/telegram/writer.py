"""Puts something into a chat, or changes it there; errors are the library's own.

What can be mended at once is mended here: markup that Telegram cannot read goes out as plain text, an edit that changes
nothing has worked. Every request waits for a turn of its own, the second of two as well.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeAlias

import telegram
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.chat.telegram.addresses import Address
from bot.chat.telegram.failures import MARKUP, OTHER_KIND, UNCHANGED, says
from bot.chat.telegram.render import Shown
from bot.message import Turn

log = logging.getLogger(__name__)

Photo = str | bytes
"""A file_id of an earlier upload, or a PNG."""
Change: TypeAlias = Callable[[Address, int, Shown], Awaitable[object]]

NO_PREVIEW = telegram.LinkPreviewOptions(is_disabled=True)
FILE_NAME = "chart.png"


class How(NamedTuple):
    """`reply_to` is the number of the message that is answered, should it still exist; `silent` makes no sound."""

    reply_to: int | None = None
    silent: bool = False
    keyboard: telegram.ReplyKeyboardMarkup | None = None


PLAINLY = How()


class Writer:
    """Speaks as one bot."""

    def __init__(self, bot: telegram.Bot) -> None:
        self._bot = bot

    async def send(
        self, to: Address, shown: Shown, turn: Turn, how: How = PLAINLY, photo: Photo | None = None
    ) -> telegram.Message:
        """Post words, or a photo with words under it."""
        await turn()
        try:
            return await self._send(to, shown, how, photo)
        except BadRequest as error:
            if not _unreadable(error, to, shown):
                raise
            return await self.send(to, shown.unmarked, turn, how, photo)

    async def edit(self, to: Address, number: int, shown: Shown, turn: Turn, *, caption: bool) -> None:
        """Replace the words of a message, which are a photo's `caption`, or seem to be none, and its keyboard."""
        first, second = (self._edit_caption, self._edit_text) if caption else (self._edit_text, self._edit_caption)
        try:
            await self._edit(first, to, number, shown, turn)
        except BadRequest as error:
            if not says(error, OTHER_KIND):
                raise
            await self._edit(second, to, number, shown, turn)

    async def edit_photo(
        self, to: Address, number: int, shown: Shown, turn: Turn, photo: Photo
    ) -> telegram.Message | None:
        """Replace everything of a message; None where nothing was new."""
        media = telegram.InputMediaPhoto(
            photo, caption=shown.html, parse_mode=_mode(shown), filename=FILE_NAME if isinstance(photo, bytes) else None
        )
        await turn()
        try:
            edited = await self._bot.edit_message_media(
                media, chat_id=to.chat_id, message_id=number, reply_markup=_markup(shown)
            )
        except BadRequest as error:
            if says(error, UNCHANGED):
                return None
            if not _unreadable(error, to, shown):
                raise
            return await self.edit_photo(to, number, shown.unmarked, turn, photo)
        return edited if isinstance(edited, telegram.Message) else None

    async def _send(self, to: Address, shown: Shown, how: How, photo: Photo | None) -> telegram.Message:
        reply = telegram.ReplyParameters(how.reply_to, allow_sending_without_reply=True) if how.reply_to else None
        markup = how.keyboard or _markup(shown)
        if photo is None:
            return await self._bot.send_message(
                to.chat_id, shown.html, parse_mode=_mode(shown), message_thread_id=to.thread_id, reply_markup=markup,
                reply_parameters=reply, disable_notification=how.silent, link_preview_options=NO_PREVIEW,
            )  # fmt: skip
        return await self._bot.send_photo(
            to.chat_id, photo, shown.html, parse_mode=_mode(shown), message_thread_id=to.thread_id,
            reply_markup=markup, reply_parameters=reply, disable_notification=how.silent,
            filename=FILE_NAME if isinstance(photo, bytes) else None,
        )  # fmt: skip

    async def _edit(self, change: Change, to: Address, number: int, shown: Shown, turn: Turn) -> None:
        await turn()
        try:
            await change(to, number, shown)
        except BadRequest as error:
            if says(error, UNCHANGED):
                return
            if not _unreadable(error, to, shown):
                raise
            await self._edit(change, to, number, shown.unmarked, turn)

    async def _edit_text(self, to: Address, number: int, shown: Shown) -> None:
        await self._bot.edit_message_text(
            shown.html, chat_id=to.chat_id, message_id=number, parse_mode=_mode(shown),
            reply_markup=_markup(shown), link_preview_options=NO_PREVIEW,
        )  # fmt: skip

    async def _edit_caption(self, to: Address, number: int, shown: Shown) -> None:
        await self._bot.edit_message_caption(
            chat_id=to.chat_id, message_id=number, caption=shown.html, parse_mode=_mode(shown),
            reply_markup=_markup(shown),
        )  # fmt: skip


def _unreadable(error: BadRequest, to: Address, shown: Shown) -> bool:
    """Whether Telegram refused our markup, so that the same may go out as plain text."""
    if not (shown.marked and says(error, MARKUP)):
        return False
    log.error("Telegram cannot read our markup channel=%s: %s", to.channel, error)
    return True


def _mode(shown: Shown) -> str | None:
    return ParseMode.HTML if shown.marked else None


def _markup(shown: Shown) -> telegram.InlineKeyboardMarkup | None:
    """The keyboard; an edit without one takes the old one away, which is what is wanted of a message without keys."""
    if not shown.keys:
        return None
    rows = [[telegram.InlineKeyboardButton(key.label, callback_data=key.data) for key in row] for row in shown.keys]
    return telegram.InlineKeyboardMarkup(rows)
