"""One room for the tests of all commands."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store.database import Store
from commands.desk import Desk
from tests.commands.chat_room import Room, spot_in_a_server
from tests.commands.market import HOUR_MS, NOW_MS, market


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A room over the market above, with an empty database."""
    store = await Store.open(":memory:")
    tests: list[str] = []

    async def post_test(channel: str) -> None:
        tests.append(channel)

    live = market()
    yield Room(
        Desk(
            view=lambda: live,
            store=store,
            now_ms=lambda: NOW_MS,
            post_test=post_test,
            spot=spot_in_a_server,
            flushes=lambda: ["2026-01-19-BTC-1"],
            languages=("en", "es"),
            language=None,
            started_ms=NOW_MS - 2 * HOUR_MS,
        ),
        tests,
    )
    await store.close()
