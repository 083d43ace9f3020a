"""A bot with the real commands and a real database, on a Telegram that is ours."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.store.database import Store
from tests.chat.telegram.house import House
from tests.fakes.telegram import TelegramFake


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[TelegramFake]:
    """A Telegram in which nothing has happened."""
    async with TelegramFake() as fake:
        yield fake


@pytest_asyncio.fixture
async def silent_house(fake: TelegramFake) -> AsyncIterator[House]:
    """The bot before its start."""
    store = await Store.open(":memory:")
    yield House(fake, store)
    await store.close()


@pytest_asyncio.fixture
async def house(silent_house: House) -> AsyncIterator[House]:
    """The bot, listening."""
    async with silent_house.open():
        yield silent_house
