"""Telegram as a whole: one bot, what it hears and what it says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from types import TracebackType
from typing import Self

import telegram

from bot.chat.channel_book import ChannelBook
from bot.chat.reception import Reception
from bot.chat.telegram.admins import Admins
from bot.chat.telegram.answers import Answers, Pace
from bot.chat.telegram.callers import Callers
from bot.chat.telegram.conversation import Conversation
from bot.chat.telegram.elsewhere import Elsewhere
from bot.chat.telegram.lanes import MOST_WAITING, Lanes
from bot.chat.telegram.menus import introduce
from bot.chat.telegram.photos import Photos
from bot.chat.telegram.poller import LONG_POLL_S, Poller
from bot.chat.telegram.presence import Presence
from bot.chat.telegram.presses import Presses
from bot.chat.telegram.requests import ANSWER_S, Requests
from bot.chat.telegram.session import log_in
from bot.chat.telegram.spots import Spots
from bot.chat.telegram.topics import Topics
from bot.chat.telegram.transport import TelegramTransport
from bot.chat.telegram.writer import Writer
from bot.chat.wording import wordings
from bot.command import Caller
from bot.errors import ChatError
from bot.message import Spot

PUBLIC = "https://api.telegram.org"
GRACE_S = 5.0
"""What is being answered when it stops may come to its end for so long."""
MOST_KEYS_IN_A_CHAT = 40
"""Pressed keys of one chat that may wait, whoever pressed them: one group must not take the room of all others."""


def _hold_nothing(_channel: str, _seconds: float) -> None:
    """Nobody else posts, so nothing has to be held up."""


class TelegramChat:
    """The bot of one token. `transport` delivers as soon as it was started; people are heard while `run` runs.

    `turn` is waited for before every request that posts into a chat and does not come from the outbox, and `hold` is
    called with a channel and seconds where Telegram asks for patience after all. `base_url` is the root of the Bot API.
    It may be started again after it was stopped.
    """

    def __init__(
        self,
        token: str,
        reception: Reception,
        book: ChannelBook,
        turn: Callable[[str], Awaitable[None]],
        base_url: str = PUBLIC,
        hold: Callable[[str, float], None] = _hold_nothing,
    ) -> None:
        polling = Requests(connections=1, answer_s=LONG_POLL_S + ANSWER_S)
        bot = telegram.Bot(
            token, f"{base_url}/bot", f"{base_url}/file/bot", request=Requests(), get_updates_request=polling
        )
        self._bot, self._book, self._reception, self._wordings = bot, book, reception, wordings()
        self._lanes = Lanes()
        writer, photos, self._admins = Writer(bot), Photos(reception, book), Admins(bot)
        answers = Answers(writer, photos, book, self._wordings, Pace(turn, hold), self._lanes)
        callers = Callers(self._admins, reception.catalogue)
        self.transport = TelegramTransport(writer, photos, book, self._wordings)
        self._topics = Topics()
        self._spots = Spots(bot, self._admins, self._topics)
        elsewhere = Elsewhere(reception, self._spots)
        self._presence = Presence(book, self._admins)
        self._conversation = Conversation(reception, elsewhere, callers, answers, bot)
        self._presses = Presses(elsewhere, callers, answers, bot)
        self._poller = Poller(bot, polling, book, self._take)

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

    async def start(self) -> None:
        """Find out who the bot is; raises `ChatError` for a token that is refused and an address that is silent."""
        try:
            await log_in(self._bot)
        except ChatError:
            await self.stop()
            raise

    async def run(self) -> None:
        """Hear and answer until cancelled; raises `ChatError` when the token is refused or Telegram silent for long."""
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

    def _take(self, update: telegram.Update) -> None:
        """Hand an update to whoever answers it; what one chat or person has too much of is left.

        Keys are answered in order for each person and not for each chat, since a key has to be answered within seconds.
        News of who is where wait for nothing, and none of them is left.
        """
        name = f"telegram update {update.update_id}"
        if update.my_chat_member is not None:
            changed = update.my_chat_member
            self._lanes.put(("where", changed.chat.id), lambda: self._presence.changed(changed), name)
        elif update.chat_member is not None:
            self._presence.others_changed(update.chat_member)
        elif update.callback_query is not None:
            self._pressed(update.callback_query, name)
        elif (message := update.message or update.channel_post) is not None:
            self._heard(message, name)

    def _pressed(self, query: telegram.CallbackQuery, name: str) -> None:
        lane, chat = ("key", query.from_user.id), query.message.chat.id if query.message else 0
        most: dict[Hashable, int] = {lane: MOST_WAITING, ("keys", chat): MOST_KEYS_IN_A_CHAT}
        self._lanes.offer(lane, lambda: self._presses.answer(query), name, most)

    def _heard(self, message: telegram.Message, name: str) -> None:
        self._topics.note(message)
        if message.migrate_to_chat_id or message.migrate_from_chat_id:
            self._lanes.put(("where", message.chat.id), lambda: self._presence.moved(message), name)
        elif self._conversation.concerns(message):
            lane: Hashable = ("chat", message.chat.id)
            self._lanes.offer(lane, lambda: self._conversation.hear(message), name, {lane: MOST_WAITING})
