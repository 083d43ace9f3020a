"""What a follow-up costs, alone and when hundreds are due at once after hours without the market."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import NamedTuple

import msgspec

from bot.aftermath.checks import CHECKPOINTS
from bot.aftermath.findings import find
from bot.alerts.followups import build
from bot.alerts.sender import Sender
from bot.chat.console import SilentTransport
from bot.engine import STEP_MS, Engine
from bot.flush.episode import Episode
from bot.once import add_channel
from bot.replay import Pace, open_source, play
from bot.store.database import Database, Store, opened
from bot.store.episodes import load_due, load_episodes, save_decision, save_due, save_episode
from bot.store.rows import DecisionRow, DueRow
from tests.bench.engine import SMALL
from tests.bench.measuring import Measured, timed

AT_ONCE = 500
ROUNDS = 9


async def _played(store: Store) -> Engine:
    """An engine that has heard the small recording to its end."""
    source = open_source(str(SMALL))
    await store.run(lambda db: add_channel(db, "none", "en", source.start_ms))
    engine = Engine(store, source.key, source.origin)
    await play(source, engine, Sender(store, SilentTransport(), wall_ms=lambda: source.end_ms).drain, Pace(None))
    return engine


def _flush(db: Database) -> Episode:
    row = next(row for row in load_episodes(db) if row.band != "watch")
    return msgspec.json.decode(row.body, type=Episode)


def _checkpoint_ms(engine: Engine, flush: Episode) -> list[float]:
    """A follow-up a day after a flush, from the slots to its message, in milliseconds."""
    due_ms = (flush.anchor_ms or 0) + CHECKPOINTS["24h"]
    past = engine.history.until(due_ms)
    return [timed(lambda: build(flush, find(flush, "24h", past), due_ms, past)) * 1e3 for _ in range(ROUNDS)]


def _put(db: Database, flush: Episode, due_ms: int) -> None:
    """The same flush under many names, each with a follow-up that is due."""
    row = next(row for row in load_episodes(db) if row.id == flush.id)
    for number in range(AT_ONCE):
        other = msgspec.structs.replace(flush, id=f"{flush.id}{number:03}")
        save_episode(db, row._replace(id=other.id, body=msgspec.json.encode(other).decode()))
        save_decision(db, DecisionRow(other.id, "none", "first", posted=True, at_ms=due_ms))
        save_due(db, DueRow(other.id, "24h", due_ms, None, None))


class AtOnce(NamedTuple):
    """Seconds until the last follow-up was written, until the last outcome was, and of the longest transaction."""

    told_s: float
    whole_s: float
    longest_s: float


async def _all_at_once(store: Store, engine: Engine, flush: Episode) -> AtOnce:
    """The longest transaction is how long a detector step may have to wait."""
    due_ms = engine.now_ms
    await store.run(lambda db: _put(db, flush, due_ms))
    engine.next_due_ms, longest_s, told_s, began_s = due_ms, 0.0, 0.0, time.perf_counter()
    engine.pass_time(engine.now_ms + STEP_MS)
    await engine.advance()
    longest_s = time.perf_counter() - began_s
    while engine.behind:
        step_s = time.perf_counter()
        await engine.catch_up()
        longest_s = max(longest_s, time.perf_counter() - step_s)
        if not await store.run(lambda db: any(row.step == "24h" for row in load_due(db, due_ms))):
            told_s = told_s or time.perf_counter() - began_s
    return AtOnce(told_s, time.perf_counter() - began_s, longest_s)


async def _measure() -> list[Measured]:
    async with opened(":memory:") as store:
        engine = await _played(store)
        flush = await store.run(_flush)
        alone = _checkpoint_ms(engine, flush)
        at_once = await _all_at_once(store, engine, flush)
    return [
        Measured("a follow-up after 24 h, from the slots to its message, ms", statistics.median(alone)),
        Measured(f"{AT_ONCE} follow-ups that are due at once, until the last is written, s", at_once.told_s),
        Measured("the same with the outcomes that are due then, s", at_once.whole_s),
        Measured("the longest that a detector step waits for them, s", at_once.longest_s),
    ]


def measure() -> list[Measured]:
    """All of it over the small recording."""
    return asyncio.run(_measure())
