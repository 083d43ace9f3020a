"""An engine writes down what became of an alert; a restart in between changes nothing of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import pytest

from bot.aftermath.outcomes import ALERT, Outcome
from bot.engine import Engine
from bot.flush.episode import Episode
from bot.market.facts import Fact
from bot.market.history import HOUR_MS
from bot.market.recording import read
from bot.once import add_channel
from bot.store.database import Store, opened
from bot.store.episodes import load_episodes
from bot.store.outcomes import load_outcomes
from bot.store.progress import load_cursor
from bot.store.rows import OutcomeRow

SMALL = Path(__file__).parent / "data" / "small.jsonl.gz"
END_MS = 1_772_688_300_000 + 9 * HOUR_MS
BROKEN_MS = 1_772_688_300_000 + 3 * HOUR_MS


@cache
def known() -> list[Fact]:
    """The small recording as far as that."""
    return [fact for fact in read(SMALL) if fact.t < END_MS]


async def live_through(store: Store, facts: list[Fact]) -> None:
    """Hear facts from where the store's last run ended."""
    engine = Engine(store, "live", remembers=True)
    await engine.start()
    cursor = await store.run(load_cursor)
    for fact in facts:
        if cursor is None or fact.t > cursor.t_ms:
            if engine.is_over(fact):
                await engine.advance()
            engine.apply(fact)


async def outcomes(path: Path, *stops_ms: int) -> tuple[list[Episode], list[OutcomeRow]]:
    """Posted flushes and outcomes of a run that was killed at these moments."""
    for stop_ms in (*stops_ms, END_MS):
        async with opened(path) as store:
            await store.run(lambda db: add_channel(db, "none", "en", known()[0].t))
            await live_through(store, [fact for fact in known() if fact.t < stop_ms])
            rows, found = await store.run(load_episodes), await store.run(load_outcomes)
    return [msgspec.json.decode(row.body, type=Episode) for row in rows if row.band != "watch"], found


@pytest.mark.slow
async def test_an_engine_writes_outcomes_and_a_kill_changes_none(tmp_path: Path) -> None:
    """Four hours after the alert of the small recording there is one, with 24 moments, whole or killed before it."""
    (episode,), found = await outcomes(tmp_path / "whole.db")
    assert episode.alerted_ms is not None
    first = found[0]
    assert (first.episode_id, first.call, first.hours) == (episode.id, ALERT, 4)
    assert 0 <= first.due_ms - 4 * HOUR_MS - episode.alerted_ms < 300_000
    assert len(msgspec.json.decode(first.body, type=Outcome).random) == 24
    assert await outcomes(tmp_path / "broken.db", BROKEN_MS) == ([episode], found)
