"""One interaction as its asker lives it: the bot's answer within three seconds, and what it says afterwards."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from enum import IntEnum

from tests.fakes.discord.clock import loop_s
from tests.fakes.discord.errors import ApiError, invalid_form
from tests.fakes.discord.messages import Files, rewrite, written
from tests.fakes.discord.world import EPHEMERAL, LOADING, Channel, Json, Message, User, World


class Asked(IntEnum):
    """Types of interactions."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4


class Answer(IntEnum):
    """Types of callbacks."""

    MESSAGE = 4
    DEFERRED = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


ALLOWED = {
    Asked.COMMAND: {Answer.MESSAGE, Answer.DEFERRED, Answer.MODAL},
    Asked.COMPONENT: {Answer.MESSAGE, Answer.DEFERRED, Answer.DEFERRED_UPDATE, Answer.UPDATE, Answer.MODAL},
    Asked.AUTOCOMPLETE: {Answer.CHOICES},
}


class NotAnsweredError(AssertionError):
    """The bot did not answer in time: its asker read "The application did not respond"."""


@dataclass(frozen=True)
class Callback:
    """The bot's first answer: its type and data as sent, and seconds from the question to it on the loop's clock."""

    type: Answer
    data: Json
    after_s: float

    @property
    def ephemeral(self) -> bool:
        """Whether the answer was asked to be seen by the asker alone."""
        return bool(self.data.get("flags", 0) & EPHEMERAL)


class Interaction:
    """A question to the bot. `replies` holds all messages that answer it, oldest first, each as it stands."""

    answer_within_s = 3.0
    token_lives_s = 900.0
    # Both from interactions/receiving-and-responding, "Interaction Callback".

    def __init__(self, world: World, kind: Asked, channel: Channel, user: User, message: Message | None = None) -> None:
        self.id = world.clock.snowflake()
        self.token = secrets.token_urlsafe(32)
        self.kind = kind
        self.channel = channel
        self.user = user
        self.message = message
        """The message whose component was used."""
        self.callback: Callback | None = None
        self.failed = False
        """Three seconds went by without a callback."""
        self.original: Message | None = None
        """What the bot reaches as @original: its first reply, or the message it updates."""
        self.replies: list[Message] = []
        self._world = world
        self._asked_s = loop_s()
        self._answered = asyncio.Event()
        self._spoken = asyncio.Event()
        self._deadline = asyncio.get_running_loop().call_later(self.answer_within_s, self._expire)

    async def answered(self) -> Callback:
        """The first answer.

        Raises:
            NotAnsweredError: there was none in three seconds.
        """
        await self._answered.wait()
        if self.callback is None:
            raise NotAnsweredError(f"no answer in {self.answer_within_s} s")
        return self.callback

    async def reply(self, within_s: float = 30.0) -> Message:
        """The first message with something to read, after any "is thinking"; an update counts.

        Raises:
            NotAnsweredError: no callback in three seconds, or nothing to read in `within_s`.
        """
        await self.answered()
        try:
            async with asyncio.timeout(within_s):
                await self._spoken.wait()
        except TimeoutError:
            raise NotAnsweredError(f"nothing to read in {within_s} s") from None
        if self.original is None:
            raise NotAnsweredError("the answer is no message")
        return self.original

    def forget(self) -> None:
        """Let the deadline go, when the service ends."""
        self._deadline.cancel()

    def _expire(self) -> None:
        self.failed = True
        self._answered.set()

    def take(self, kind: Answer, data: Json, files: Files) -> None:
        """The bot's callback.

        Raises:
            ApiError: too late, twice, of a wrong type, or a body that breaks a limit.
        """
        if self.callback:
            raise ApiError(400, 40060)
        if self.failed:
            raise ApiError(404, 10062)
        if kind not in ALLOWED[self.kind]:
            raise invalid_form([("type", f"Interaction of type {self.kind} takes no callback of type {kind}.")])
        if kind is Answer.CHOICES and len(data.get("choices", [])) > 25:
            raise invalid_form([("data.choices", "Must be 25 or fewer in length.")])
        self._act(kind, data, files)
        self.callback = Callback(kind, data, loop_s() - self._asked_s)
        self._deadline.cancel()
        self._answered.set()
        if kind in {Answer.MESSAGE, Answer.UPDATE}:
            self._spoken.set()

    def _act(self, kind: Answer, data: Json, files: Files) -> None:
        if kind is Answer.MESSAGE:
            self.original = self._say(data, files)
        elif kind is Answer.DEFERRED:
            self.original = Message(self._world.clock.snowflake(), self.channel, self._world.bot)
            self.original.flags = LOADING | data.get("flags", 0) & EPHEMERAL
            self._place(self.original)
        elif self.message and kind in {Answer.DEFERRED_UPDATE, Answer.UPDATE}:
            self.original = self.message
            if kind is Answer.UPDATE:
                rewrite(self._world, self.message, data, files)

    def follow_up(self, body: Json, files: Files) -> Message:
        """A further message; the first one after a deferral takes the place of "is thinking" and its privacy.

        Raises:
            ApiError: before any callback, after 15 minutes, or a body that breaks a limit.
        """
        self._check_token()
        if self.original and self.original.flags & LOADING:
            return self.edit(self.original, body, files)
        return self._say(body, files)

    def edit(self, message: Message, body: Json, files: Files) -> Message:
        """Change one of the replies.

        Raises:
            ApiError: before any callback, after 15 minutes, or a body that breaks a limit.
        """
        self._check_token()
        rewrite(self._world, message, body, files)
        message.flags &= ~LOADING
        self._spoken.set()
        return message

    def find(self, reference: str) -> Message:
        """The reply "@original" or of an id.

        Raises:
            ApiError: there is none, or the token does not live.
        """
        self._check_token()
        known = [*self.replies, *([self.message] if self.message else [])]
        found = self.original if reference == "@original" else next((m for m in known if str(m.id) == reference), None)
        if found is None:
            raise ApiError(404, 10008)
        return found

    def delete(self, message: Message) -> None:
        """Take a reply away."""
        if message in message.channel.messages:
            message.channel.messages.remove(message)
        if message in self.replies:
            self.replies.remove(message)
        if message is self.original:
            self.original = None

    def _check_token(self) -> None:
        if self.callback is None:
            raise ApiError(404, 10015)
        if loop_s() - self._asked_s > self.token_lives_s:
            raise ApiError(401, 50027)

    def _say(self, body: Json, files: Files) -> Message:
        made = written(self._world, self.channel, self._world.bot, body, files)
        self._place(made)
        return made

    def _place(self, message: Message) -> None:
        self.replies.append(message)
        if not message.ephemeral:
            self.channel.messages.append(message)
