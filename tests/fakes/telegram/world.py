"""Everything the fake knows: who exists, what was said where, and what the bot has told Telegram about itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.call import Json
from tests.fakes.telegram.chats import GENERAL, Chat, Kind, Message, Topic
from tests.fakes.telegram.content import Content, Photo
from tests.fakes.telegram.flood import Flood
from tests.fakes.telegram.people import OTHER_RIGHTS, RIGHTS, Member, Status, User

EPOCH_S = 1_768_780_800  # 19 January 2026, 00:00 UTC

# Who anonymous administrators and other chats seem to be in a group, says core.telegram.org/bots/api of Message.
ANONYMOUS = User(1_087_968_824, "Group", "GroupAnonymousBot", is_bot=True)
AS_CHANNEL = User(136_817_688, "Channel", "Channel_Bot", is_bot=True)

# Above these begin the ids of each kind; supergroups and channels start with -100.
FIRST_ID: dict[Kind, int] = {"group": -2_000, "supergroup": -1_002_000_000_000, "channel": -1_001_000_000_000}


def now_s() -> float:
    """The loop's clock, the only one there is."""
    return asyncio.get_running_loop().time()


@dataclass
class Click:
    """A press of an inline button; `answer` holds the fields of answerCallbackQuery once it came."""

    id: str
    at_s: float
    message: Message
    user: User
    data: str
    answer: dict[str, str] | None = None


@dataclass
class World:
    """The service's data; tests build chats with its methods and read everything from its fields.

    `menus` is by (scope, language): the scope is its type, with ":chat" and ":chat:user" where it has them.
    `descriptions` is by (method, language). `epoch_s` is what the clock of messages shows at loop time 0.
    """

    bot: User
    epoch_s: int = EPOCH_S
    privacy: bool = True
    chats: dict[int, Chat] = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    menus: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    clicks: dict[str, Click] = field(default_factory=dict)
    flood: Flood = field(default_factory=Flood)
    users: dict[int, User] = field(default_factory=dict)

    def user(self, name: str, *, language: str | None = None, is_bot: bool = False) -> User:
        """A new person with a private chat in which the bot was never started."""
        username = name.lower().replace(" ", "_")
        user = User(100_001 + len(self.users), name, username, language, is_bot)
        self.users[user.id] = user
        self._chat("private", name, user.id, user.username)
        return user

    def private(self, user: User) -> Chat:
        """The chat of a person with the bot, started."""
        chat = self.chats[user.id]
        chat.members |= {self.bot.id: Member(self.bot), user.id: Member(user)}
        return chat

    def group(self, title: str, *people: User, bot: Status = "member", owner: User | None = None) -> Chat:
        """A basic group."""
        return self._room("group", title, people, bot, owner)

    def supergroup(
        self, title: str, *people: User, bot: Status = "member", owner: User | None = None, forum: bool = False
    ) -> Chat:
        """A supergroup; a forum has its General topic from the start."""
        chat = self._room("supergroup", title, people, bot, owner)
        chat.is_forum = forum
        chat.last_message_id = GENERAL  # the message that opened it, which is also the first topic
        if forum:
            chat.topics[GENERAL] = Topic(GENERAL, "General")
        return chat

    def channel(
        self, title: str, *, username: str | None = None, bot: Status = "administrator", owner: User | None = None
    ) -> Chat:
        """A channel, in which the bot may post unless told otherwise."""
        chat = self._room("channel", title, (), bot, owner)
        chat.username = username
        return chat

    def topic(self, chat: Chat, name: str) -> Topic:
        """A new topic of a forum; its id is that of the service message that opened it."""
        made = self.post(chat, service={"forum_topic_created": {"name": name, "icon_color": 7_322_096}})
        made.thread_id = made.id
        topic = chat.topics[made.id] = Topic(made.id, name)
        return topic

    def set_member(self, chat: Chat, user: User, status: Status, *rights: str, anonymous: bool = False) -> Member:
        """Make somebody something without a word to the bot; an administrator without named rights has all."""
        held = frozenset(rights or RIGHTS + OTHER_RIGHTS) if status == "administrator" else frozenset[str]()
        member = chat.members[user.id] = Member(user, status, held, anonymous)
        return member

    def bot_in(self, chat: Chat) -> Member:
        """What the bot is in a chat."""
        return chat.member(self.bot)

    def date_s(self) -> int:
        """The time in whole seconds since 1970 that messages carry."""
        return self.epoch_s + int(now_s())

    def post(
        self, chat: Chat, content: Content | None = None, *, service: Json | None = None, **fields: Any
    ) -> Message:
        """Store a message of anybody, unchecked and without an update."""
        chat.last_message_id += 1
        body = content or Content()
        message = Message(chat.last_message_id, chat, self.date_s(), body, service=service or {}, **fields)
        chat.messages[message.id] = message
        if message.sender and message.sender.is_bot and not message.sender_chat:
            chat.last_bot_id = message.sender.id
        return message

    def spend(self, chat: Chat) -> None:
        """Count a message or an edit; raises `ApiError` 429."""
        self.flood.take(chat, now_s())

    def new_chat(self, kind: Kind, title: str) -> Chat:
        """An empty chat with an id of its kind."""
        return self._chat(kind, title, FIRST_ID[kind] - 1 - len(self.chats), None)

    def _room(self, kind: Kind, title: str, people: Iterable[User], bot: Status, owner: User | None) -> Chat:
        chat = self.new_chat(kind, title)
        for person in people:
            self.set_member(chat, person, "member")
        if owner:
            self.set_member(chat, owner, "creator")
        self.set_member(chat, self.bot, bot)
        return chat

    def _chat(self, kind: Kind, title: str, chat_id: int, username: str | None) -> Chat:
        chat = self.chats[chat_id] = Chat(chat_id, kind, title, username)
        return chat
