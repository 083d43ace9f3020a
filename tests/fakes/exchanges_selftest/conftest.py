"""The small world, and a client that asks it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.fakes.exchanges import ExchangesFake
from tests.fakes.exchanges_selftest import told
from tests.fakes.exchanges_selftest.client import Client


@pytest.fixture
async def fake() -> AsyncIterator[ExchangesFake]:
    """The exchanges at the beginning of the small world."""
    async with ExchangesFake(told.present(told.START_MS), start_ms=told.START_MS, bases=told.BASES) as made:
        yield made


@pytest.fixture
async def client(fake: ExchangesFake) -> AsyncIterator[Client]:
    """Somebody who asks them."""
    async with aiohttp.ClientSession() as session:
        yield Client(fake, session)
