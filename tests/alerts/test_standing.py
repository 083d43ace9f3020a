from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.alerts.outbox import put_change
from bot.alerts.standing import standing_of, standing_phrase
from bot.chat.wording import Wording
from bot.flush.episode import Episode
from bot.flush.standing import Standing
from bot.flush.tracker import Change
from bot.message import Message
from bot.store.database import Store
from bot.store.episodes import load_episode, save_episode
from bot.store.steps import begin_steps
from tests.commands.flushes import ONSET_MS, episode, member, row_of
from tests.commands.market import DAY_MS, HOUR_MS

NOW_MS = ONSET_MS + 2 * HOUR_MS


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """A database of a bot that has been watching for 100 days."""
    opened = await Store.open(":memory:")
    await opened.run(lambda db: begin_steps(db, NOW_MS - 100 * DAY_MS))
    yield opened
    await opened.close()


def ended(days_ago: float, usd: float | None = 1e6, coin: str = "BTC", score: float = 60.0, **changes: Any) -> Episode:
    """A flush of one coin, or of those in `others`, that lasted an hour."""
    onset_ms = ONSET_MS - int(days_ago * DAY_MS)
    shorts = None if usd is None else 0.0
    lead = member(coin, long_usd=usd, short_usd=shorts, peak_score=score)
    others = changes.pop("others", ())
    named = {"id": f"x-{coin}-{days_ago}", "onset_ms": onset_ms, "ended_ms": onset_ms + HOUR_MS, "peak_score": score}
    return episode(lead, *others, **named | changes)


async def place(store: Store, *others: Episode, own: Episode | None = None) -> Standing | None:
    """The place of a flush that ends now, of 2 million dollars, among others that are kept."""
    for one in others:
        await store.run(lambda db, one=one: save_episode(db, row_of(one)))  # type: ignore[misc]  # bound per turn
    flush = own or ended(0, 2e6)
    return await store.run(lambda db: standing_of(db, flush))


async def test_those_of_the_same_coin_and_kind_count(store: Store) -> None:
    """Other coins, other kinds, WATCH, what is longer ago and what goes on do not count; a part in a wide one does."""
    wide = ended(5, 1e6, "ETH", others=(member("BTC", long_usd=3e6, short_usd=0.0),), scope="market")
    found = await place(
        store,
        ended(1, 9e6, "ETH"),
        ended(2, 9e6, kind="short_squeeze"),
        ended(3, 9e6, band="watch"),
        ended(91, 9e6),
        ended(4, 9e6, ended_ms=None),
        wide,
        ended(89),
    )
    assert found == Standing(2, 3, 90, whole=True, by_score=0)


async def test_nothing_later_counts(store: Store) -> None:
    """What ends after it has no say, however it is asked again later."""
    before = await place(store, ended(10, 5e6))
    assert await place(store, ended(-1, 9e6), ended(-2, 9e6)) == before == Standing(2, 2, 90, whole=True, by_score=0)


async def test_a_flush_does_not_count_against_itself(store: Store) -> None:
    """What is kept of it already is not another one, also after a further leg."""
    assert await place(store, ended(0, 9e6)) == Standing(1, 1, 90, whole=True, by_score=0)


async def test_a_watch_stands_nowhere(store: Store) -> None:
    """What only came to WATCH is no flush, so that it is not the second of any."""
    assert await place(store, ended(1), own=ended(0, 2e6, band="watch", score=48.0)) is None


async def test_unknown_liquidations_are_held_by_score(store: Store) -> None:
    """A flush by price alone is compared by score, and that is counted."""
    assert await place(store, ended(1, None, score=70.0), ended(2, 9e6)) == Standing(3, 3, 90, whole=True, by_score=1)


async def test_without_a_beginning_nothing_is_said() -> None:
    """A database that does not know since when it is kept ranks nothing."""
    empty = await Store.open(":memory:")
    assert await place(empty) is None
    await empty.close()


async def test_the_place_is_kept_with_the_flush_when_it_ends(store: Store) -> None:
    """An open flush has none; the end brings it, and a further leg takes it away again."""

    async def kept(event: Any, flush: Episode) -> Standing | None:
        def build() -> Message:
            raise AssertionError  # no channel listens

        await store.run(lambda db: put_change(db, Change(event, flush, NOW_MS), build))
        row = await store.run(lambda db: load_episode(db, flush.id))
        assert row is not None
        return flush.standing

    going_on = ended(0, 2e6, ended_ms=None)
    assert await kept("opened", going_on) is None
    assert await kept("ended", ended(0, 2e6)) == Standing(1, 1, 90, whole=True, by_score=0)
    assert await kept("leg", ended(0, 2e6, ended_ms=None)) is None


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (
            Standing(3, 14, 90, whole=True, by_score=0),
            "Third largest BTC long flush in 90 days (by what was liquidated, n = 14)",
        ),
        (
            Standing(1, 3, 12, whole=False, by_score=2),
            "Largest BTC long flush in the 12 days followed (by score, n = 3)",
        ),
        (
            Standing(7, 9, 12, whole=False, by_score=2),
            "No. 7 by size: BTC long flush in the 12 days followed (by what was liquidated, 2 of them by score, n = 9)",
        ),
        (Standing(1, 1, 1, whole=False, by_score=0), "First BTC long flush in the 1 day followed"),
        (Standing(1, 2, 90, whole=True, by_score=0), "Second BTC long flush in 90 days"),
    ],
)
def test_the_place_in_words(standing: Standing, said: str) -> None:
    """A rank from three on, always with how many; below, only which one it is."""
    phrase = standing_phrase(episode(standing=standing))
    assert phrase is not None
    assert Wording("en", strict=True).text(phrase).replace("\u202f", " ") == said
    assert Wording("es", strict=True).text(phrase)
