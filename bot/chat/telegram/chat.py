"""Telegram as a whole: one bot, what it hears and what it says."""

from __future__ import annotations

from collections.abc import Hashable
from types import TracebackType
from typing import Self

import telegram

from bot.chat.channel_book import ChannelBook
from bot.chat.reception import Reception
from bot.chat.telegram.admins import Admins
from bot.chat.telegram.answers import Answers, Turn
from bot.chat.telegram.callers import Callers
from bot.chat.telegram.conversation import Conversation
from bot.chat.telegram.lanes import Lanes, Work
from bot.chat.telegram.menus import introduce
from bot.chat.telegram.photos import Photos
from bot.chat.telegram.poller import LONG_POLL_S, Poller
from bot.chat.telegram.presence import Presence
from bot.chat.telegram.presses import Presses
from bot.chat.telegram.requests import ANSWER_S, Requests
from bot.chat.telegram.session import log_in
from bot.chat.telegram.spots import Spots
from bot.chat.telegram.transport import TelegramTransport
from bot.chat.telegram.writer import Writer
from bot.chat.wording import wordings
from bot.command import Caller
from bot.errors import ChatError
from bot.message import Spot

PUBLIC = "https://api.telegram.org"
GRACE_S = 5.0
"""What is being answered when it stops may come to its end for so long."""


class TelegramChat:
    """The bot of one token. `transport` delivers as soon as it was started; people are heard while `run` runs.

    `turn` is waited for before every request that posts into a chat and does not come from the outbox. `base_url` is
    the root of the Bot API. It may be started again after it was stopped.
    """

    def __init__(self, token: str, reception: Reception, book: ChannelBook, turn: Turn, base_url: str = PUBLIC) -> None:
        polling = Requests(connections=1, answer_s=LONG_POLL_S + ANSWER_S)
        bot = telegram.Bot(
            token, f"{base_url}/bot", f"{base_url}/file/bot", request=Requests(), get_updates_request=polling
        )
        self._bot, self._book, self._reception, self._wordings = bot, book, reception, wordings()
        writer, photos, self._admins = Writer(bot), Photos(reception, book), Admins(bot)
        answers = Answers(writer, photos, book, self._wordings, turn)
        callers = Callers(self._admins, reception.catalogue)
        self.transport = TelegramTransport(writer, photos, self._wordings)
        self._spots = Spots(bot, self._admins)
        self._presence = Presence(book, self._admins)
        self._conversation = Conversation(reception, callers, answers, bot)
        self._presses = Presses(reception, callers, answers, bot)
        self._poller = Poller(bot, polling, self._take)
        self._lanes = Lanes()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def username(self) -> str:
        """The bot's name without @; known once it was started."""
        return self._bot.username

    @property
    def last_success_s(self) -> float | None:
        """The loop's time at which Telegram last answered the question for news; None before the first answer."""
        return self._poller.last_success_s

    async def start(self) -> None:
        """Find out who the bot is; raises `ChatError` for a token that is refused and an address that is silent."""
        try:
            await log_in(self._bot)
        except ChatError:
            await self.stop()
            raise

    async def run(self) -> None:
        """Hear and answer until cancelled; raises `ChatError` once the token is refused."""
        try:
            await introduce(self._bot, self._book, self._reception.catalogue.commands.values(), self._wordings)
            await self._poller.run()
        finally:
            await self._lanes.close(GRACE_S)

    async def stop(self) -> None:
        """Close all connections."""
        await self._bot.shutdown()

    async def spot(self, caller: Caller, wanted: str) -> Spot:
        """A channel as Telegram sees it now, the caller's with ""; raises `UserError`, see `bot.message.Spot`."""
        return await self._spots.spot(caller, wanted)

    async def _take(self, update: telegram.Update) -> None:
        """Hand an update to whoever answers it.

        Keys are answered in order for each person and not for each chat: an answer in a busy group waits for its turn,
        and a key has to be answered within seconds. News of who is where wait for nothing.
        """
        name = f"telegram update {update.update_id}"
        if update.my_chat_member is not None:
            changed = update.my_chat_member
            await self._lanes.put(("where", changed.chat.id), lambda: self._presence.changed(changed), name)
        elif update.chat_member is not None:
            self._presence.others_changed(update.chat_member)
        elif update.callback_query is not None:
            query = update.callback_query
            await self._put(("key", query.from_user.id), lambda: self._presses.answer(query), name)
        elif (message := update.message or update.channel_post) is not None:
            await self._heard(message, name)

    async def _heard(self, message: telegram.Message, name: str) -> None:
        if message.migrate_to_chat_id or message.migrate_from_chat_id:
            await self._lanes.put(("where", message.chat.id), lambda: self._presence.moved(message), name)
        else:
            await self._put(("chat", message.chat.id), lambda: self._conversation.hear(message), name)

    async def _put(self, lane: Hashable, work: Work, name: str) -> None:
        """Let something be answered, unless its lane has more waiting than anybody would read the answers of."""
        if not self._lanes.full(lane):
            await self._lanes.put(lane, work, name)
