"""What it costs to claim deliveries and to record their outcomes, with a chat that answers at once."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from bot.alerts.outbox import CARD_EXPIRES_MS
from bot.alerts.sender import BATCH, Sender
from bot.alerts.settings import DEFAULTS, ChannelSettings, encode_settings
from bot.chat.console import SilentTransport
from bot.clock import wall_ms
from bot.message import Post, Turn
from bot.once import Replayed, replay
from bot.replay import Pace, open_source
from bot.store.channels import save_channel
from bot.store.claims import Moment, claim_deliveries
from bot.store.database import Database, Store, opened
from bot.store.deliveries import save_delivery, save_message
from bot.store.rows import ChannelRow, DeliveryRow, MessageRow
from bot.store.statements import load
from tests.bench.engine import SMALL
from tests.bench.measuring import Measured

CLAIMS = 50


class NoChat:
    """Takes everything at once."""

    platform = "discord"
    repeatable_for_ms = 120_000

    async def send(self, post: Post, turn: Turn) -> str:
        await turn()
        return post.channel

    async def edit(self, post: Post, platform_id: str, turn: Turn) -> None:
        await turn()


async def a_card(folder: Path) -> MessageRow:
    """The longest card of the small recording."""
    played = Replayed(open_source(str(SMALL)), folder / "card.db", Pace(None), "en")
    await replay(played, SilentTransport())
    async with opened(played.database) as store:
        cards = await store.run(lambda db: load(db, MessageRow, "WHERE kind = 'card' ORDER BY length(body) DESC"))
    return cards[0]


async def put(store: Store, card: MessageRow, channels: list[str], now_ms: int) -> None:
    """A card to this many channels of one platform, half of them in Spanish."""
    settings = [encode_settings(DEFAULTS), encode_settings(ChannelSettings(language="es"))]

    def work(db: Database) -> None:
        save_message(db, card)
        for place, channel in enumerate(channels):
            save_channel(db, ChannelRow(channel, "discord", channel, settings[place % 2], 1, now_ms, place="discord:1"))
            save_delivery(db, _delivery(card, channel, now_ms))

    await store.run(work)


def _delivery(card: MessageRow, channel: str, now_ms: int) -> DeliveryRow:
    return DeliveryRow(
        message_id=card.id,
        channel_id=channel,
        platform="discord",
        state="pending",
        wanted_revision=card.revision,
        sent_revision=0,
        priority=0,
        silent=False,
        due_ms=now_ms,
        expires_ms=now_ms + CARD_EXPIRES_MS,
        platform_id=None,
        leased_until_ms=None,
        failures=0,
        last_error=None,
        sent_ms=None,
        edited_ms=None,
    )


async def claims_ms(store: Store, now_ms: int) -> float:
    """Median of one claim while everything waits; what was claimed stays held."""
    times = []
    for _ in range(CLAIMS):
        began = time.perf_counter()
        await store.run(lambda db: claim_deliveries(db, "discord", Moment(now_ms, now_ms), BATCH, (), 120_000))
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)


async def of(waiting: int) -> list[Measured]:
    """One claim, and the whole way of all that wait."""
    now_ms = time.time_ns() // 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        card = await a_card(Path(folder))
        async with opened(Path(folder) / "bench.db") as store:
            await put(store, card, [f"discord:{1_000_000 + place}" for place in range(waiting)], now_ms)
            claim_ms = await claims_ms(store, now_ms)
            sender = Sender(store, NoChat(), wall_ms=wall_ms)
            await sender.start()
            began = time.perf_counter()
            sent = await sender.drain(now_ms)
            took_s = time.perf_counter() - began
    return [
        Measured(f"one claim of {BATCH} of {waiting:,} waiting deliveries, ms", claim_ms),
        Measured(f"{waiting:,} deliveries claimed, handed over and recorded, per second", sent / took_s),
    ]


def measure() -> list[Measured]:
    """With as many deliveries waiting as a large alert has, and more."""
    return [row for waiting in (2_000, 5_000) for row in asyncio.run(of(waiting))]
