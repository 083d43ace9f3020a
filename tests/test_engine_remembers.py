"""An engine whose stream cannot be read again goes on where its last transaction ended."""

from __future__ import annotations

import asyncio
import shutil
import threading
from pathlib import Path

import msgspec
import pytest

import bot.engine
import bot.memory
from bot.alerts.settings import DEFAULTS, encode_settings
from bot.engine import Engine
from bot.errors import StoreError
from bot.flush.episode import Episode
from bot.market.facts import Fact
from bot.market.history import DAY_MS, SLOTS
from bot.memory import recall
from bot.message import decode
from bot.store.channels import save_channel
from bot.store.database import Database, Store, opened
from bot.store.deliveries import load_deliveries, load_message
from bot.store.episodes import load_episodes, load_open_episodes
from bot.store.memory import load_memory
from bot.store.progress import load_cursor
from bot.store.rows import ChannelRow
from tests.last_day import FLUSH_MS, last_day

UNTIL_MS = 1_772_702_000_000


def facts() -> list[Fact]:
    """The end of the recording, to four hours after the flush began."""
    return last_day(UNTIL_MS)


async def engine_of(store: Store) -> Engine:
    """An engine that goes on with what the store holds."""
    engine = Engine(store, "live", remembers=True)
    await engine.start()
    return engine


async def live_through(engine: Engine, heard: list[Fact]) -> None:
    """Let the engine hear facts, as a stage does."""
    for fact in heard:
        if engine.is_over(fact):
            await engine.advance()
        engine.apply(fact)


async def listening(store: Store) -> None:
    """A channel that hears everything."""
    channel = ChannelRow("none", "none", "none", encode_settings(DEFAULTS), 1, facts()[0].t)
    await store.run(lambda db: save_channel(db, channel))


def written(db: Database) -> list[object]:
    """Episodes, their cards and deliveries, the due work, and reports."""
    rows: list[object] = []
    for row in load_episodes(db, limit=100):
        rows += [row, load_message(db, f"{row.id}/card"), load_deliveries(db, f"{row.id}/card")]
    rows += db.execute("SELECT * FROM due_work ORDER BY episode_id, step").fetchall()
    return [*rows, *db.execute("SELECT * FROM reports ORDER BY episode_id, step").fetchall()]


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as an engine left it an hour before the flush."""
    path = tmp_path_factory.mktemp("calm") / "live.db"

    async def work() -> None:
        async with opened(path) as store:
            await listening(store)
            await live_through(await engine_of(store), facts()[: place_of(-60)])

    asyncio.run(work())
    return path


def place_of(minutes: float) -> int:
    """How many facts were known so many minutes after the flush began."""
    return next(place for place, fact in enumerate(facts()) if fact.t > FLUSH_MS + minutes * 60_000)


async def goes_on(store: Store, until: int | None = None) -> Engine:
    """An engine that begins with what is kept, and hears what came since, as far as that."""
    cursor = await store.run(load_cursor)
    assert cursor is not None
    engine = await engine_of(store)
    await live_through(engine, [fact for fact in facts()[:until] if fact.t > cursor.t_ms])
    return engine


@pytest.mark.parametrize("minutes", [12, *(pytest.param(other, marks=pytest.mark.slow) for other in (-30, 8.5, 70))])
async def test_a_crash_leaves_the_rows_of_an_uninterrupted_run(calm: Path, tmp_path: Path, minutes: float) -> None:
    """Before, within and late in a flush: the next engine begins at the last transaction and writes the same rows."""
    place = place_of(minutes)
    for name in ("whole.db", "broken.db"):
        shutil.copy(calm, tmp_path / name)
    async with opened(tmp_path / "whole.db") as store:
        await goes_on(store)
        expected = await store.run(written)
    async with opened(tmp_path / "broken.db") as store:
        await goes_on(store, place)
    async with opened(tmp_path / "broken.db") as store:
        cursor = await store.run(load_cursor)
        assert cursor is not None
        assert facts()[place].t - cursor.t_ms <= 10 * 60_000
        await goes_on(store)
        assert await store.run(written) == expected


async def test_a_flush_that_another_version_left_is_closed_as_such(
    calm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update in the middle of a flush its card says that it is not followed, and its id stays its own."""
    place, path = place_of(12), Path(shutil.copy(calm, tmp_path))
    async with opened(path) as store:
        await goes_on(store, place)
        (left,) = await store.run(load_open_episodes)
    monkeypatch.setattr(bot.memory, "_code", lambda: "another version")
    async with opened(path) as store:
        engine = await engine_of(store)
        assert await store.run(load_open_episodes) == []
        card = await store.run(lambda db: load_message(db, f"{left.id}/card"))
        assert card is not None
        assert decode(card.body).headline.key == "card-headline-lost-wide"
        await live_through(engine, facts()[place:])
        rows = await store.run(lambda db: load_episodes(db, limit=10))
    episodes = {row.id: msgspec.json.decode(row.body, type=Episode) for row in rows}
    assert episodes[left.id].end_reason == "lost"
    assert len(episodes) > 1


async def test_time_passes_without_facts(calm: Path, tmp_path: Path) -> None:
    """Every venue is silent: what is due by then is done, and nothing before."""
    async with opened(Path(shutil.copy(calm, tmp_path))) as store:
        engine = await goes_on(store, place_of(12))
        due_ms = engine.next_due_ms
        assert due_ms is not None
        assert engine.pass_time(due_ms - 60_000)
        await engine.advance()
        assert not engine.pass_time(due_ms - 60_000)
        assert engine.next_due_ms is not None
        assert engine.next_due_ms >= due_ms  # the flush may have grown meanwhile, and its follow-ups move with it
        due_ms = engine.next_due_ms
        assert engine.pass_time(due_ms + 1_000)
        await engine.advance()
        assert engine.next_due_ms > due_ms


async def test_a_memory_is_kept_whole_while_rows_are_written(calm: Path, tmp_path: Path) -> None:
    """Keeping the memory waits for the step under way, and takes nothing away from the cards that are built in it."""
    place = place_of(10.8)  # the card comes with one of the next steps
    async with opened(Path(shutil.copy(calm, tmp_path))) as store:
        engine = await goes_on(store, place)
        free = threading.Event()
        for fact in facts()[place : place + 60]:
            if engine.is_over(fact):
                held = asyncio.create_task(store.run(lambda _: free.wait(10)))
                await asyncio.sleep(0)
                both = asyncio.gather(engine.advance(), engine.rest())
                await asyncio.sleep(0)
                free.set()
                await asyncio.gather(both, held)
                free.clear()
            engine.apply(fact)
        (row,) = await store.run(load_open_episodes)
        assert await store.run(lambda db: load_message(db, f"{row.id}/card")) is not None
        kept = await store.run(load_memory)
        assert kept is not None
        assert recall(*kept).detector.tracker.open.keys() == {row.id}


async def test_a_step_whose_rows_could_not_be_written_is_not_remembered(
    calm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk at the first card, then a stop: the next start knows nothing of the step, and posts the card."""
    path = Path(shutil.copy(calm, tmp_path))
    async with opened(path) as store:
        engine = await goes_on(store, place_of(-20))

        def refused(*_: object) -> None:
            raise StoreError("the disk is full")

        monkeypatch.setattr(bot.engine, "put_change", refused)
        with pytest.raises(StoreError):
            await live_through(engine, facts()[place_of(-20) : place_of(20)])
        await engine.rest()
        monkeypatch.undo()
    async with opened(path) as store:
        await goes_on(store, place_of(20))
        rows = await store.run(lambda db: load_episodes(db, limit=10))
        assert await store.run(lambda db: load_message(db, f"{rows[0].id}/card")) is not None
    async with opened(Path(shutil.copy(calm, tmp_path / "whole.db"))) as store:
        await goes_on(store, place_of(20))
        assert await store.run(lambda db: load_episodes(db, limit=10)) == rows


async def test_slots_of_long_ago_are_dropped(calm: Path, tmp_path: Path) -> None:
    """What is older than fifteen days leaves the store too."""
    async with opened(Path(shutil.copy(calm, tmp_path))) as store:
        engine = await goes_on(store, place_of(-30))
        first = engine.history.oldest_slot
        assert engine.pass_time(engine.now_ms + 14 * DAY_MS)
        await engine.advance()
        oldest, count = await store.run(lambda db: db.execute("SELECT min(slot), count(*) FROM slots").fetchone())
        assert oldest == engine.history.oldest_slot > first
        assert count <= SLOTS
