"""A store, and the two platforms on loopback with a sender each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.alerts.channel_book import StoredChannels
from bot.alerts.pacing import Pacing
from bot.alerts.sender import Sender
from bot.chat.discord.client import DiscordClient
from bot.chat.discord.endpoints import point_at
from bot.chat.discord.session import log_in
from bot.chat.discord.transport import DiscordTransport
from bot.chat.telegram.chat import TelegramChat
from bot.platforms import DISCORD_PACE, telegram_pacing
from bot.store.database import Store
from tests.fakes.telegram import TOKEN as TELEGRAM_TOKEN
from tests.sending.outbox import NOW_MS, reception

DISCORD_TOKEN = "fake.bot.token"
"""The one that the fake takes when it is told no other."""


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """An empty store in memory."""
    store = await Store.open(":memory:")
    yield store
    await store.close()


def wall_by_the_loop() -> int:
    """The wall's clock, as far as these tests have one."""
    return NOW_MS + int(1000 * asyncio.get_running_loop().time())


@asynccontextmanager
async def sending_to_discord(api: str, store: Store) -> AsyncIterator[Sender]:
    """A sender as the bot has it, without a connection to the gateway."""
    point_at(api, "ws://127.0.0.1:1")
    book = StoredChannels(store, lambda: NOW_MS)
    async with DiscordClient(reception(), book, offers_commands=False) as client:
        await log_in(client, DISCORD_TOKEN)
        sender = Sender(store, DiscordTransport(client, reception()), Pacing(DISCORD_PACE), wall_ms=wall_by_the_loop)
        await sender.start()
        yield sender


@asynccontextmanager
async def sending_to_telegram(api: str, store: Store) -> AsyncIterator[Sender]:
    """A sender as the bot has it, without listening."""

    async def at_once(_: str) -> None:
        """Nobody is answered."""

    book = StoredChannels(store, lambda: NOW_MS)
    async with TelegramChat(TELEGRAM_TOKEN, reception(), book, at_once, api) as chat:
        sender = Sender(store, chat.transport, telegram_pacing(), wall_ms=wall_by_the_loop)
        await sender.start()
        yield sender
