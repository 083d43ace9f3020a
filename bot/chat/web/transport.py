"""The browser as a chat platform: what the sender calls."""

from __future__ import annotations

import msgspec

from bot.chat.web.room import Room
from bot.chat.web.views import Posted
from bot.errors import PermanentDeliveryError
from bot.message import Message

__all__ = ["Posted", "WebTransport"]


class WebTransport:
    """Posts into the room; nothing here waits for a browser."""

    platform = "web"

    def __init__(self, room: Room) -> None:
        self._room = room

    async def send(
        self,
        channel: str,  # noqa: ARG002 -- the page shows one channel
        message_id: str,
        revision: int,
        message: Message,
        *,
        thread_of: str | None,
        silent: bool,
        now_ms: int,
    ) -> str:
        """Post a message; its id here is its own id, so sending it twice shows it once."""
        self._room.show(Posted(message_id, revision, message, thread_of, now_ms, silent=silent))
        return message_id

    async def edit(
        self,
        channel: str,  # noqa: ARG002 -- as above
        platform_id: str,
        message_id: str,  # noqa: ARG002 -- the same as platform_id here
        revision: int,
        message: Message,
        *,
        now_ms: int,
    ) -> None:
        """Replace a post in place; raises `PermanentDeliveryError` when it is no longer kept."""
        posted = self._room.find(platform_id)
        if posted is None:
            raise PermanentDeliveryError(f"the page no longer holds {platform_id}")
        self._room.show(msgspec.structs.replace(posted, revision=revision, message=message, edited_ms=now_ms))
