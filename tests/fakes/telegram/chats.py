"""Chats, topics and messages as data, and how each looks on the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tests.fakes.telegram.call import Json
from tests.fakes.telegram.content import Content
from tests.fakes.telegram.people import Member, User

Kind = Literal["private", "group", "supergroup", "channel"]
Sort = Literal["text", "photo"]  # of message

GENERAL = 1  # the topic of a forum that messages without a thread belong to; its id is never sent or accepted


@dataclass
class Message:
    """A message in a chat.

    `edits` holds (loop time in s, what was shown before), `reply` the reply parameters as sent; `by_bot` says that the
    bot under test wrote it, which in a channel nothing else shows.
    """

    id: int
    chat: Chat
    date_s: int
    content: Content
    sender: User | None = None
    sender_chat: Chat | None = None
    by_bot: bool = False
    thread_id: int | None = None
    reply_to: int | None = None
    reply: Json | None = None
    silent: bool = False
    preview: Json | None = None
    service: Json = field(default_factory=dict)
    edits: list[tuple[float, Content]] = field(default_factory=list)
    edited_s: int | None = None

    @property
    def text(self) -> str:
        """What a reader sees: the text, or the caption of a photo."""
        return self.content.text

    @property
    def html(self) -> str:
        """The text or caption as the bot wrote it."""
        return self.content.html

    @property
    def buttons(self) -> list[list[Json]]:
        """The inline keyboard, row by row."""
        rows: list[list[Json]] = (self.content.markup or {}).get("inline_keyboard", [])
        return rows

    @property
    def labels(self) -> list[str]:
        """What stands on the inline buttons, in reading order."""
        return [button["text"] for row in self.buttons for button in row]

    def to_json(self, *, with_reply: bool = True) -> Json:
        """As a Message; the message it replies to is shown without the one that replied to in its turn."""
        body: Json = {"message_id": self.id, "date": self.date_s, "chat": self.chat.to_json()}
        body |= self.content.to_json() | self.service
        if self.sender:
            body["from"] = self.sender.to_json()
        if self.sender_chat:
            body["sender_chat"] = self.sender_chat.to_json()
        if self.thread_id:
            body |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        if self.edited_s:
            body["edit_date"] = self.edited_s
        replied = self.chat.messages.get(self.reply_to or 0)
        return body | ({"reply_to_message": replied.to_json(with_reply=False)} if replied and with_reply else {})


@dataclass
class Topic:
    """A thread of a forum."""

    id: int
    name: str
    closed: bool = False


@dataclass(eq=False)
class Chat:
    """A chat; `members` and `messages` are by id, `forbidden` holds what ordinary members may not send."""

    id: int
    kind: Kind
    title: str
    username: str | None = None
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict, repr=False)
    topics: dict[int, Topic] = field(default_factory=dict, repr=False)
    messages: dict[int, Message] = field(default_factory=dict, repr=False)
    forbidden: set[Sort] = field(default_factory=set)
    migrated_to: int | None = None
    last_bot_id: int | None = None
    last_message_id: int = 0

    @property
    def is_group(self) -> bool:
        """A basic group or a supergroup."""
        return self.kind in {"group", "supergroup"}

    @property
    def posts(self) -> list[Message]:
        """All messages that still exist, oldest first."""
        return list(self.messages.values())

    def member(self, user: User) -> Member:
        """What this user is here; a stranger has left."""
        return self.members.get(user.id, Member(user, "left"))

    def to_json(self) -> Json:
        """As a Chat."""
        name = "first_name" if self.kind == "private" else "title"
        body: Json = {"id": self.id, "type": self.kind, name: self.title}
        if self.username:
            body["username"] = self.username
        return body | ({"is_forum": True} if self.is_forum else {})
