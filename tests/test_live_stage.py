"""The live market on its stage: exchanges on loopback, from the first start on, through outages and restarts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from bot.alerts.settings import DEFAULTS, encode_settings
from bot.learning import LEARNT
from bot.live_stage import Listened, LiveStage
from bot.market.history import SLOT_MS
from bot.market.simulation import SCENARIOS, simulate
from bot.market.venues import VENUES
from bot.memory import recall
from bot.store.channels import load_mark, save_channel
from bot.store.database import Store, opened
from bot.store.deliveries import load_message
from bot.store.episodes import load_episodes
from bot.store.memory import load_memory
from bot.store.rows import ChannelRow
from tests.fakes.exchanges import ExchangesFake, eight
from tests.fakes.exchanges.eight import minutes
from tests.market.live.toy import VENUE, Toy, serving

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

SMALL = SCENARIOS["small"]
COINS = ("BTC", "DOGE")
FLUSH_MS = 1_772_687_705_000
MINUTE_MS = 60_000


THREE = [venue for venue in VENUES if venue.name in {"binance", "bybit", "okx"}]


@asynccontextmanager
async def staged(listened: Listened, store: Store) -> AsyncIterator[LiveStage]:
    """A stage that listens while it is entered."""

    async def nobody(_now_ms: int) -> int:
        return 0

    stage = LiveStage(listened, store, nobody)
    stage.start()
    try:
        yield stage
    finally:
        await stage.stop()


@asynccontextmanager
async def live_toy(folder: Path) -> AsyncIterator[tuple[Toy, Store, LiveStage]]:
    """A stage that listens to the toy venue alone."""
    async with (
        serving(Toy()) as toy,
        opened(folder / "a.db") as store,
        staged(Listened([VENUE], toy.now_ms, toy.addresses), store) as stage,
    ):
        yield toy, store, stage


async def listening(store: Store, now_ms: int) -> None:
    """A channel that hears everything."""
    channel = ChannelRow("none", "none", "none", encode_settings(DEFAULTS), 1, now_ms)
    await store.run(lambda db: save_channel(db, channel))


@pytest.mark.slow
async def test_a_flush_half_an_hour_after_the_first_start_is_told(tmp_path: Path) -> None:
    """What is usual is learnt from the venues' past, so that the first flush that comes has its card; once for all."""
    start_ms = FLUSH_MS - 30 * MINUTE_MS
    simulated = (fact for fact in simulate("small") if fact.base is None or fact.base in COINS)
    facts = minutes(eight(simulated), longest_s=1800)
    async with ExchangesFake(facts, start_ms=start_ms, bases=COINS) as fake, opened(tmp_path / "a.db") as store:
        await listening(store, start_ms)
        async with staged(Listened(THREE, fake.now_ms, fake.addresses), store) as stage:
            await fake.play(start_ms + MINUTE_MS // 2)
            progress = stage.progress()
            assert progress is not None
            assert stage.view().coin("BTC") is not None
            await fake.play(FLUSH_MS - MINUTE_MS)
            assert stage.progress() is None
            assert await store.run(lambda db: load_mark(db, LEARNT)) is not None
            kept = await store.run(load_memory)
            assert kept is not None
            assert recall(*kept).history.first_slot < SMALL.start_ms // SLOT_MS  # as a kill would leave it
            past = stage.engine.history.until(fake.now_ms())
            known = ~np.isnan(past.column("BTC", "close", SMALL.start_ms, start_ms)[1])
            assert known.mean() > 0.95
            await fake.play(FLUSH_MS + 15 * MINUTE_MS)
        (episode,) = await store.run(lambda db: load_episodes(db, limit=10))
        assert episode.side == "long"
        assert await store.run(lambda db: load_message(db, f"{episode.id}/card")) is not None
        async with staged(Listened(THREE, fake.now_ms, fake.addresses), store) as stage:
            await asyncio.sleep(60)
            assert stage.progress() is None
            again = ~np.isnan(stage.engine.history.until(start_ms).column("BTC", "close", SMALL.start_ms, start_ms)[1])
            assert again.sum() >= known.sum() - 1


async def test_a_restart_goes_on_and_says_what_it_missed(tmp_path: Path) -> None:
    """A later start knows the market as it was, says since when nothing was heard, and goes on."""
    async with serving(Toy()) as toy, opened(tmp_path / "a.db") as store:
        listened = Listened([VENUE], toy.now_ms, toy.addresses)
        async with staged(listened, store) as stage:
            await asyncio.sleep(400)
            before = stage.view().coin("AVAX")
            stopped_ms = toy.now_ms()
        await asyncio.sleep(120)
        async with staged(listened, store) as stage:
            await asyncio.sleep(0.5)
            again = stage.view().coin("AVAX")
            assert before is not None
            assert again is not None
            assert again.price == before.price
            await asyncio.sleep(60)
            (gap,) = [gap for gap in stage.view().gaps() if gap.feed == "liquidation"]
            assert stopped_ms - 15_000 <= gap.from_ms <= stopped_ms
            assert gap.to_ms is not None
            assert gap.to_ms - stopped_ms >= 120_000
            assert {row.state for row in stage.view().feeds()} == {"live"}


async def test_a_clock_that_was_set_back_between_two_starts_loses_nothing(tmp_path: Path) -> None:
    """The second start's clock is an hour behind the last fact: time goes on at half its speed, and steps with it."""
    async with serving(Toy()) as toy, opened(tmp_path / "a.db") as store:
        async with staged(Listened([VENUE], toy.now_ms, toy.addresses), store) as stage:
            await asyncio.sleep(60)
            last_ms = stage.engine.now_ms
        async with staged(Listened([VENUE], lambda: toy.now_ms() - 3_600_000, toy.addresses), store) as stage:
            await asyncio.sleep(60)
            assert stage.engine.now_ms - last_ms >= 25_000
            assert {row.state for row in stage.view().feeds()} == {"live"}


async def test_an_engine_that_fails_begins_again_from_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that fails costs the time since the last transaction, which is declared; feeds are known to be live."""
    async with live_toy(tmp_path) as (_toy, _store, stage):
        await asyncio.sleep(400)
        first = stage.engine

        async def broken() -> bool:
            raise RuntimeError("nobody foresaw this")

        monkeypatch.setattr(first, "advance", broken)
        await asyncio.sleep(120)
        assert stage.engine is not first
        assert {row.state for row in stage.view().feeds()} == {"live"}
        assert [gap.feed for gap in stage.view().gaps()].count("liquidation") == 1
        facts = stage.engine.facts
        await asyncio.sleep(60)
        assert stage.engine.facts > facts


async def test_time_passes_while_every_venue_is_silent(tmp_path: Path) -> None:
    """Nobody answers: the market's clock goes on, and the past is kept every five minutes."""
    async with live_toy(tmp_path) as (toy, store, stage):
        await asyncio.sleep(60)
        toy.status, toy.refuses_sockets = 502, 502
        await toy.hang_up()
        await asyncio.sleep(900)
        assert toy.now_ms() - stage.engine.now_ms <= 10_000
        assert {row.state for row in stage.view().feeds()} == {"stale"}
        slots = await store.run(lambda db: db.execute("SELECT count(*) FROM slots").fetchone()[0])
        assert slots >= 3
