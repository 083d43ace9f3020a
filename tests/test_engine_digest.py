"""A channel's digest is posted once for each day, wherever the stream is broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.alerts.settings import DEFAULTS, encode_settings
from bot.engine import Engine
from bot.message import decode
from bot.store.channels import save_channel
from bot.store.database import Database, Store, opened
from bot.store.deliveries import load_deliveries, load_message
from bot.store.episodes import load_due_of
from bot.store.progress import load_cursor
from bot.store.rows import ChannelRow
from tests.last_day import FLUSH_MS
from tests.test_engine_remembers import calm, engine_of, facts, goes_on, live_through, place_of

__all__ = ["calm"]  # a fixture: pytest finds it by its name

HOUR_MS = 3_600_000
DUE_MS = -(-FLUSH_MS // HOUR_MS) * HOUR_MS  # 5 March 2026, 06:00 UTC, three quarters of an hour after the flush began
ID = f"digest/daily/{DUE_MS // HOUR_MS}"
BEFORE, AFTER = ((DUE_MS - FLUSH_MS) / 60_000 + minutes for minutes in (-1, 1))


async def wants_it(store: Store) -> None:
    """The channel that hears everything wants a digest at that hour."""
    settings = replace(DEFAULTS, digest="daily", digest_hour=DUE_MS // HOUR_MS % 24)
    channel = ChannelRow("none", "none", "none", encode_settings(settings), 1, facts()[0].t)
    await store.run(lambda db: save_channel(db, channel))


def written(db: Database) -> tuple[object, ...]:
    """The digest, where it goes, and what is kept of it."""
    return load_message(db, ID), load_deliveries(db, ID), load_due_of(db, "digest/none")


async def broken_at(path: Path, *minutes: float) -> tuple[object, ...]:
    """What is written when the stream is broken so long after the flush began, each time without a farewell."""
    async with opened(path) as store:
        await wants_it(store)
    for one in minutes:
        async with opened(path) as store:
            await goes_on(store, place_of(one))
    async with opened(path) as store:
        await goes_on(store)
        return await store.run(written)


async def test_a_break_around_its_hour_changes_nothing(calm: Path, tmp_path: Path) -> None:
    """Killed before, between and after, also several times: one digest, with the same words at the same moment."""
    expected = await broken_at(Path(shutil.copy(calm, tmp_path / "whole.db")))
    message, deliveries, due = expected
    assert message is not None
    assert len(deliveries) == len(due) == 1  # type: ignore[arg-type]  # lists of rows
    broken = await broken_at(Path(shutil.copy(calm, tmp_path / "broken.db")), BEFORE, BEFORE + 0.9, AFTER, AFTER + 5)
    assert broken == expected


async def test_what_is_posted(calm: Path, tmp_path: Path) -> None:
    """Without a sound, of the market as it stood at the hour, with the flush and what still comes of it."""
    path = Path(shutil.copy(calm, tmp_path))
    await broken_at(path)
    async with opened(path) as store:
        row = await store.run(lambda db: load_message(db, ID))
        [delivery] = await store.run(lambda db: load_deliveries(db, ID))
    assert row is not None
    assert delivery.silent
    assert 0 <= row.created_ms - DUE_MS <= 30_000
    message = decode(row.body)
    assert message.headline.key == "digest-headline-daily"
    keys = [one.phrase.key for one in message.rows]
    assert "digest-flushes-daily" in keys
    assert "digest-running" in keys
    assert len(keys) < 12


async def test_a_farewell_after_the_hour_and_before_its_step_loses_none(calm: Path, tmp_path: Path) -> None:
    """The cursor of an orderly stop is past the hour although no step was: the next start makes up for it."""
    path = Path(shutil.copy(calm, tmp_path))
    async with opened(path) as store:
        await wants_it(store)
        engine = await goes_on(store, place_of(BEFORE))
        engine.apply(next(fact for fact in facts() if fact.t > DUE_MS))
        await engine.rest()
        cursor = await store.run(load_cursor)
        assert cursor is not None
        assert cursor.t_ms > DUE_MS
        assert await store.run(lambda db: load_message(db, ID)) is None
    async with opened(path) as store:
        await goes_on(store)
        assert await store.run(lambda db: load_message(db, ID)) is not None


async def comes_back(store: Store, minutes: float) -> Engine:
    """An engine that heard nothing until so long after the hour."""
    engine = await engine_of(store)
    await live_through(engine, [fact for fact in facts() if fact.t > DUE_MS + minutes * 60_000])
    return engine


@pytest.mark.parametrize(("minutes", "outcome"), [(100, "posted"), (122, "too late")])
async def test_a_pause_over_the_hour(calm: Path, tmp_path: Path, minutes: float, outcome: str) -> None:
    """Back within two hours it is made up for; later it is left out, and that is kept."""
    path = Path(shutil.copy(calm, tmp_path))
    async with opened(path) as store:
        await wants_it(store)
        await goes_on(store, place_of(BEFORE - 5))
    async with opened(path) as store:
        await comes_back(store, minutes)
        message, deliveries, due = await store.run(written)
    assert [row.outcome for row in due] == [outcome]  # type: ignore[attr-defined]  # rows of due work
    assert (message is not None) == bool(deliveries) == (outcome == "posted")


async def test_a_channel_that_begins_to_want_it_later_waits_for_the_next(calm: Path, tmp_path: Path) -> None:
    """Switched on some minutes after its hour, nothing is posted that day."""
    path = Path(shutil.copy(calm, tmp_path))
    async with opened(path) as store:
        engine = await goes_on(store, place_of(AFTER + 10))
        await wants_it(store)
        await live_through(engine, facts()[place_of(AFTER + 10) :])
        assert await store.run(written) == (None, [], [])
