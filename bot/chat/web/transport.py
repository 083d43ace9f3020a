"""The browser as a chat platform: what the sender calls."""

from __future__ import annotations

import msgspec

from bot.chat.web.room import Room
from bot.chat.web.views import Posted
from bot.errors import MessageGoneError
from bot.message import Post, Turn

__all__ = ["Posted", "WebTransport"]


class WebTransport:
    """Posts into the room; nothing here waits for a browser."""

    platform = "web"
    repeatable_for_ms = 365 * 86_400_000
    """A post's id here is its own id: sent twice, it is shown once."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def send(self, post: Post, turn: Turn) -> str:
        """Post a message."""
        await turn()
        self._room.show(
            Posted(post.message_id, post.revision, post.message, post.thread_of, post.now_ms, silent=post.silent)
        )
        return post.message_id

    async def edit(self, post: Post, platform_id: str, turn: Turn) -> None:
        """Replace a post in place; raises `MessageGoneError` when it is no longer kept."""
        await turn()
        posted = self._room.find(platform_id)
        if posted is None:
            raise MessageGoneError(f"the page no longer holds {platform_id}")
        now = msgspec.structs.replace(posted, revision=post.revision, message=post.message, edited_ms=post.now_ms)
        self._room.show(now)
