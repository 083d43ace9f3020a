"""Posts to a Telegram that is ours."""

from __future__ import annotations

from typing import Any

from bot.message import Message, Post
from tests.chat.telegram.house import House, card
from tests.fakes.telegram.chats import Chat

WORDS = card(chart=None)


def post(house: House, chat: Chat, message: Message = WORDS, **changes: Any) -> Post:
    """A message for a chat, or for its topic `thread`."""
    thread = changes.pop("thread", None)
    return house.post(message, f"telegram:{chat.id}" + (f"/{thread}" if thread else ""), **changes)


async def send(house: House, chat: Chat, message: Message = WORDS, **changes: Any) -> str:
    """Post a message; its number."""
    return await house.send(post(house, chat, message, **changes))
