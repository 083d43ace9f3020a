from __future__ import annotations

import asyncio

from bot.market.facts import Fact, Feed, Liquidation, Mark
from bot.market.live.waiting import MOST_WAITING, Waiting
from tests.market.live.facts import T_MS, bar, closure, mark


async def drained(waiting: Waiting) -> list[object]:
    """Everything that waits."""
    return [await waiting.get() for _ in range(len(waiting))]


async def test_facts_come_out_as_they_went_in() -> None:
    """A short queue keeps every fact and its order."""
    facts: list[Fact] = [mark(1.0), closure(), mark(2.0), bar(T_MS)]
    waiting = Waiting()
    waiting.put(facts)
    assert await drained(waiting) == facts


async def test_a_reader_that_falls_behind_loses_no_closure() -> None:
    """Of ten times too many facts every closure, bar and state is kept, and of values the newest, in their order."""
    waiting = Waiting()
    for number in range(10 * MOST_WAITING // 100):
        waiting.put([mark(1.0 + number, base=f"C{coin}") for coin in range(98)])
        waiting.put([closure(1.0 + number), Feed(T_MS + number, "toy", "oi", "live", T_MS)])
    assert len(waiting) <= 2 * MOST_WAITING
    told = await drained(waiting)
    closures = [fact.coins for fact in told if isinstance(fact, Liquidation)]
    assert closures == [1.0 + number for number in range(10 * MOST_WAITING // 100)]
    assert sum(isinstance(fact, Feed) for fact in told) == len(closures)
    prices = [fact.price for fact in told if isinstance(fact, Mark) and fact.base == "C0"]
    assert prices == sorted(prices)
    assert prices[-1] == 10 * MOST_WAITING // 100
    assert waiting.replaced > 0


async def test_a_reader_waits_and_a_closed_queue_ends() -> None:
    """Whoever waits is woken by a fact, and by the end, after what still waits."""
    waiting = Waiting()
    reader = asyncio.create_task(waiting.get())
    await asyncio.sleep(0)
    waiting.put([mark(1.0)])
    assert await reader == mark(1.0)
    waiting.put([mark(2.0)])
    waiting.close()
    assert [await waiting.get(), await waiting.get()] == [mark(2.0), None]
