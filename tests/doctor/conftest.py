"""Tokens for both platforms, all exchanges, and an empty data folder."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from yarl import URL

from bot.config import PREFIX
from tests.doctor.practice import DISCORD_TOKEN, Practice, exchanges
from tests.fakes.discord import DiscordFake
from tests.fakes.telegram import TelegramFake


@pytest.fixture
async def practice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Practice]:
    """Tokens for both platforms, all exchanges, and an empty data folder."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(discord.http.Route, "BASE", "nowhere")
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", URL("ws://nowhere"))
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    async with DiscordFake(DISCORD_TOKEN) as one, TelegramFake() as other, exchanges() as venues:
        made = Practice(one, other, venues, monkeypatch, folder)
        made.set(data_directory=str(folder), test_fakes="yes")
        made.set(discord_token=DISCORD_TOKEN, discord_api=one.api, discord_gateway=one.gateway)
        made.set(telegram_token=other.token, telegram_api=other.api)
        made.set(exchanges=json.dumps(venues.addresses))
        yield made
