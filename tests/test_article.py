"""The day of the article: quiet by severity, told by character, beside one card for the alts that were hit."""

from __future__ import annotations

import asyncio
from itertools import product

import msgspec
import pytest

from bot.alerts.sender import Sender
from bot.alerts.settings import DEFAULTS, encode_settings
from bot.chat.console import SilentTransport
from bot.chat.wording import Wording
from bot.clock import wall_ms
from bot.engine import Engine
from bot.flush.episode import Episode
from bot.message import Message, decode
from bot.replay import Pace, open_source, play
from bot.store.channels import save_channel
from bot.store.database import opened
from bot.store.deliveries import load_sent
from bot.store.episodes import load_episodes
from bot.store.rows import ChannelRow

pytestmark = pytest.mark.slow

HIT = {"ORDI", "PEOPLE", "WIF", "BOME"}
"""What the scenario hits (`bot.market.simulation.scenarios`)."""


async def played() -> tuple[list[Message], list[Episode]]:
    """What a channel that hears every coin got, and the flushes above WATCH."""
    source = open_source("article")
    async with opened(":memory:") as store:
        chosen = encode_settings(msgspec.structs.replace(DEFAULTS, others_band="flush", smallest_usd=0.0))
        channel = ChannelRow("none", "none", "none", chosen, 1, source.start_ms)
        await store.run(lambda db: save_channel(db, channel))
        engine = Engine(store, source.key, source.origin)
        await play(source, engine, Sender(store, SilentTransport(), wall_ms=wall_ms).drain, Pace(None))
        sent = await store.run(lambda db: load_sent(db, "none", 100))
        rows = await store.run(lambda db: load_episodes(db, limit=100))
    flushes = [msgspec.json.decode(row.body, type=Episode) for row in rows if row.band != "watch"]
    return [decode(row.message.body) for row in sent], flushes


@pytest.fixture(scope="module")
def day() -> tuple[list[Message], list[Episode]]:
    """One run for all questions."""
    return asyncio.run(played())


def test_the_alts_that_were_hit_are_one_targeted_flush(day: tuple[list[Message], list[Episode]]) -> None:
    """Exactly the coins that the scenario hits, on one card."""
    messages, flushes = day
    assert [(set(flush.members), flush.scope) for flush in flushes] == [(HIT, "targeted")]
    assert [message.headline.key for message in messages if message.kind == "card"] == ["card-headline-ended-wide"]


def test_the_day_is_told_by_severity_and_character(day: tuple[list[Message], list[Episode]]) -> None:
    """One post: moderate by severity, leverage-driven and targeted by character, with the coins that were hit."""
    (post,) = [message for message in day[0] if message.kind == "derivatives_day"]
    words = Wording("en", strict=True).words(post)
    said = [row.text.replace("\u202f", " ") for row in words.rows]
    assert any(
        line.startswith("By severity moderate (") and "by character leverage-driven, targeted (4 of 30 coins" in line
        for line in said
    )
    most = next(line for line in said if line.startswith("Most liquidated by share of open interest"))
    assert all(coin in most for coin in HIT)
    for word, line in product(("massive", "capitulation", "severe", "extreme"), (words.headline, *said)):
        assert word not in line.lower()
