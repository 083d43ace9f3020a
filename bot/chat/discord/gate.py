"""Whether a request that posts or edits may be made now; asked directly before each, however long drawing took."""

from __future__ import annotations

import asyncio

from bot.chat.discord.client import DiscordClient
from bot.chat.discord.failures import not_connected
from bot.errors import TemporaryDeliveryError
from bot.message import Turn


def admit(client: DiscordClient) -> None:
    """Raises `TemporaryDeliveryError` while nothing may be sent at all."""
    if client.http.token is None or client.is_closed():
        raise not_connected()
    wait_s = client.budget.wait_s(asyncio.get_running_loop().time())
    if wait_s:
        raise TemporaryDeliveryError("Discord refused too many requests", wait_s, everywhere=True)


def gated(client: DiscordClient, turn: Turn) -> Turn:
    """A turn after which something may really be sent: the client may have been closed while it was waited for."""

    async def wait() -> None:
        await turn()
        admit(client)

    return wait
