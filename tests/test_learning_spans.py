"""What is to be learnt, from what is said of the feeds: each time once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from bot.learning import LEARNT, LEAST_MS, TO_LEARN, Learning, Span
from bot.market.facts import Feed, FeedState
from bot.market.live.market import LiveMarket
from bot.memory import Memory
from bot.store.channels import load_mark, save_mark
from bot.store.database import Store, opened
from tests.market.live.toy import START_MS, VENUE, Toy, serving

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

MINUTE_MS = 60_000


class Wait:
    """A memory and its learning, as a stage keeps them; moments are minutes after the start."""

    def __init__(self, store: Store, market: LiveMarket) -> None:
        self.memory = Memory()
        self.rests = 0
        self.learning = Learning(market, store, self.memory, START_MS, self.rest)

    async def rest(self) -> None:
        """Count how often the memory is kept."""
        self.rests += 1

    def say(self, minute: int, state: FeedState, feed: str = "liquidation", since: int | None = None) -> None:
        """A word about a feed of the toy venue."""
        t_ms = START_MS + minute * MINUTE_MS
        fact = Feed(t_ms, "toy", feed, state, t_ms if since is None else START_MS + since * MINUTE_MS)
        self.memory.board.apply(fact)
        self.learning.hear(fact)

    def spans(self) -> list[tuple[int, int, str | None]]:
        """What is to be learnt, in minutes."""
        return [
            ((one.from_ms - START_MS) // MINUTE_MS, (one.to_ms - START_MS) // MINUTE_MS, one.venue)
            for one in self.learning.to_learn
        ]


@pytest.fixture
async def wait(tmp_path: Path) -> AsyncIterator[Wait]:
    """A learning that nothing was said to."""
    async with opened(tmp_path / "a.db") as store:
        yield Wait(store, LiveMarket([VENUE], lambda: START_MS))


async def test_an_outage_is_asked_for_once_it_is_over(wait: Wait) -> None:
    """Of a feed that can be asked for, and only where it was long."""
    wait.say(1, "live")
    wait.say(30, "stale", since=20)
    assert wait.spans() == []
    wait.say(40, "live")
    assert wait.spans() == [(20, 40, "toy")]
    wait.say(50, "stale", since=45)
    wait.say(54, "live")
    wait.say(90, "stale", "mark", since=60)
    wait.say(95, "live", "mark")
    assert wait.spans() == [(20, 40, "toy")]


async def test_a_feed_that_comes_and_goes_is_asked_for_what_is_new(wait: Wait) -> None:
    """Lost again within a minute the gap goes on, and what was asked for is not asked for again."""
    wait.say(1, "live")
    wait.say(30, "stale", since=20)
    wait.say(40, "live")
    wait.say(41, "stale", since=40)
    wait.say(43, "live")
    assert wait.spans() == [(20, 40, "toy")]
    wait.say(44, "stale", since=43)
    wait.say(70, "live")
    assert wait.spans() == [(20, 40, "toy"), (40, 70, "toy")]


async def ended(learning: Learning, since_ms: int) -> None:
    """Let it run for a moment, then stop it, as a stop of the program does."""
    running = asyncio.create_task(learning.run(since_ms))
    await asyncio.sleep(0.5)
    running.cancel()
    await asyncio.wait([running])


@pytest.mark.parametrize(("minutes", "asked"), [(60, True), (LEAST_MS // MINUTE_MS - 1, False)])
async def test_a_pause_is_asked_for_until_it_is_learnt(tmp_path: Path, minutes: int, asked: bool) -> None:
    """An hour without the program is to be learnt at this start, and at the next one where this one was cut short."""
    async with serving(Toy(status=502)) as toy, opened(tmp_path / "a.db") as store:
        await store.run(lambda db: save_mark(db, LEARNT, '["toy perp"]'))
        span = Span(START_MS - minutes * MINUTE_MS, START_MS, ("oi", "bar", "funding", "liquidations"))
        async with LiveMarket([VENUE], toy.now_ms, toy.addresses) as market:
            wait = Wait(store, market)
            wait.say(0, "stale", since=-minutes - 30)
            blocked = asyncio.Event()
            wait.learning._warmup.run = lambda *_: blocked.wait()  # type: ignore[assignment,method-assign]
            await ended(wait.learning, span.from_ms)
        kept = await store.run(lambda db: load_mark(db, TO_LEARN))
        assert msgspec.json.decode(kept or "[]", type=list[Span]) == ([span] if asked else [])


async def test_without_any_venue_nothing_counts_as_learnt(tmp_path: Path) -> None:
    """No network at the first start: a minute later it is tried again, and then the venue is learnt."""
    async with (
        serving(Toy(status=502)) as toy,
        opened(tmp_path / "a.db") as store,
        LiveMarket([VENUE], toy.now_ms, toy.addresses) as market,
    ):
        wait = Wait(store, market)
        running = asyncio.create_task(wait.learning.run(0))
        await asyncio.sleep(300)
        assert await store.run(lambda db: load_mark(db, LEARNT)) == "[]"
        assert wait.rests == 0
        toy.status = 200
        await asyncio.sleep(900)
        assert await store.run(lambda db: load_mark(db, LEARNT)) == '["toy perp"]'
        assert wait.rests == 1
        running.cancel()
        await asyncio.wait([running])


async def test_the_part_of_an_outage_before_a_start_is_asked_for(wait: Wait) -> None:
    """An outage of two hours with a restart of a minute in it is one outage."""
    wait.say(-90, "live")
    wait.say(-60, "stale", since=-80)
    wait.say(40, "live")
    assert wait.spans() == [(-80, 40, "toy")]
