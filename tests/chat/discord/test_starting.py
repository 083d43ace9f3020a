from __future__ import annotations

from typing import Any

import pytest

from bot.chat.discord.tree import SYNCED
from tests.chat.discord.home import Home, running
from tests.fakes.discord import DiscordFake, Guild

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


def told(fake: DiscordFake) -> list[int]:
    """How Discord answered each time when it was told the commands."""
    return [entry.status for entry in fake.log if entry.method == "PUT"]


@pytest.mark.parametrize(("status", "times"), [(500, 5), (503, 1), (400, 1), (403, 1)])
async def test_commands_that_discord_does_not_take(
    home: Home, fake: DiscordFake, guild: Guild, status: int, times: int
) -> None:
    """A start goes on without them, and the next one tells them again."""
    fake.fail_next(status, times, method="PUT", path="/commands")
    client = home.client()
    async with running(client):
        assert client.is_ready()
        assert await home.book.recall(SYNCED) is None
    async with running(home.client()):
        assert await home.book.recall(SYNCED)
    assert told(fake) == [status] * times + [200]


async def test_nobody_answers_when_the_commands_are_told(
    home: Home, fake: DiscordFake, guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that breaks at that moment keeps no start from going on either."""
    client, api = home.client(), fake.api
    tell = client.http.bulk_upsert_global_commands

    async def nowhere(*arguments: Any, **more: Any) -> object:
        monkeypatch.setattr("discord.http.Route.BASE", "http://127.0.0.1:1/api/v10")
        try:
            return await tell(*arguments, **more)
        finally:
            monkeypatch.setattr("discord.http.Route.BASE", api)

    monkeypatch.setattr(client.http, "bulk_upsert_global_commands", nowhere)
    async with running(client):
        assert client.is_ready()
    assert told(fake) == []
