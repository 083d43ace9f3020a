"""What the platforms look up and report, kept in a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.alerts.channel_book import StoredChannels
from bot.chat.channel_book import ChannelBook
from bot.store.channels import load_channels, save_channel
from bot.store.database import Store
from bot.store.rows import ChannelRow

NOW_MS = 1_768_780_800_000


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """A store with three channels in two servers, and one on another platform."""
    store = await Store.open(":memory:")
    for channel, place in (("discord:7", "1"), ("discord:8", "1"), ("discord:9", "2"), ("telegram:-5", "-5")):
        platform = channel.partition(":")[0]
        row = ChannelRow(channel, platform, channel, '{"language":"es"}', 1, 0, place=f"{platform}:{place}")
        await store.run(lambda db, row=row: save_channel(db, row))  # type: ignore[misc]  # the row of this turn
    yield store
    await store.close()


@pytest.fixture
def book(store: Store) -> ChannelBook:
    """The book as the platforms know it."""
    return StoredChannels(store, lambda: NOW_MS)


async def states(store: Store) -> dict[str, tuple[str, str, int]]:
    """State, reason and since when, by channel."""
    return {row.id: (row.state, row.reason, row.state_ms) for row in await store.run(load_channels)}


async def test_the_language_of_a_channel_is_the_one_it_chose(book: ChannelBook) -> None:
    """A kept channel has its language, an unknown one has none."""
    assert await book.language("discord:7") == "es"
    assert await book.language("discord:99") is None


async def test_places_are_listed_once_and_by_platform(book: ChannelBook) -> None:
    """Two channels of one server are one place; other platforms have places of their own."""
    assert await book.places("discord") == ["discord:1", "discord:2"]
    assert await book.places("telegram") == ["telegram:-5"]
    assert await book.places("elsewhere") == []
    assert await book.channels("discord:1") == ["discord:7", "discord:8"]
    assert await book.channels("discord:99") == []


async def test_a_server_is_lost_and_found_whole(book: ChannelBook, store: Store) -> None:
    """Both channels of the server are suspended by the book's clock, and both come back."""
    await book.lose_place("discord:1", "removed")
    found = await states(store)
    assert found["discord:7"] == found["discord:8"] == ("suspended", "removed", NOW_MS)
    assert found["discord:9"] == ("on", "", 0)
    await book.find_place("discord:1")
    assert {state for state, _, _ in (await states(store)).values()} == {"on"}


async def test_one_channel_is_lost_and_found_alone(book: ChannelBook, store: Store) -> None:
    """A deleted channel takes no neighbour with it."""
    await book.lose("discord:7", "gone")
    found = await states(store)
    assert (found["discord:7"], found["discord:8"]) == (("suspended", "gone", NOW_MS), ("on", "", 0))
    await book.find("discord:7")
    assert (await states(store))["discord:7"] == ("on", "", NOW_MS)


async def test_a_move_is_kept(book: ChannelBook) -> None:
    """After a move the new id has the channel and its language, the old one nothing."""
    await book.move("telegram:-5", "telegram:-1005")
    assert await book.places("telegram") == ["telegram:-1005"]


async def test_what_a_platform_remembers_outlasts_a_restart(tmp_path: Path) -> None:
    """A mark is read back by the next run, the newest value of each name; a name never used has none."""
    store = await Store.open(tmp_path / "flushwatch.db")
    book = StoredChannels(store, lambda: NOW_MS)
    assert await book.recall("commands") is None
    await book.remember("commands", "old")
    await book.remember("commands", "new")
    await book.remember("other", "x")
    await store.close()
    again = await Store.open(tmp_path / "flushwatch.db")
    assert await StoredChannels(again, lambda: NOW_MS).recall("commands") == "new"
    await again.close()
