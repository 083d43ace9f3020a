"""Ids of the store and what they mean: "telegram:-100123" is a chat, "telegram:-100123/45" a topic in it."""

from __future__ import annotations

from typing import NamedTuple

import telegram

PLATFORM = "telegram"


class Address(NamedTuple):
    """Where a message goes: a chat, and a topic of it; None is the chat itself, or the General topic of a forum."""

    chat_id: int
    thread_id: int | None = None

    @property
    def channel(self) -> str:
        """Its id in the store."""
        return self.place if self.thread_id is None else f"{self.place}/{self.thread_id}"

    @property
    def place(self) -> str:
        """The id of the whole chat in the store."""
        return named(self.chat_id)

    @property
    def private(self) -> bool:
        """Whether it is somebody's chat with the bot: ids of people are positive, those of groups negative."""
        return self.chat_id > 0


def named(chat_id: int) -> str:
    """The id that a chat or a person has in the store."""
    return f"{PLATFORM}:{chat_id}"


def address_of(channel: str) -> Address:
    """The inverse of `Address.channel`, also without the platform's name; raises `ValueError` for anything else."""
    chat, _, thread = channel.removeprefix(f"{PLATFORM}:").partition("/")
    return Address(int(chat), int(thread) if thread else None)


def address_in(message: telegram.MaybeInaccessibleMessage) -> Address:
    """Where a message stands: its chat, for one that Telegram does not show any more.

    Answers outside forums carry a thread too, which is no topic.
    """
    if isinstance(message, telegram.Message) and message.is_topic_message:
        return Address(message.chat.id, message.message_thread_id)
    return Address(message.chat.id)
