from __future__ import annotations

import asyncio

import pytest

from bot.market.live.budget import Budget
from bot.market.venues.venue import Limits

pytestmark = pytest.mark.jumping_clock

LIMITS = Limits(weight=100, span_s=10)


async def test_more_than_the_budget_waits_for_the_span() -> None:
    """Ninety of a hundred go at once, ten are kept back, and the next call goes when the first are ten seconds old."""
    clock, budget = asyncio.get_running_loop().time, Budget(LIMITS)
    began_s = clock()
    for _ in range(9):
        await budget.take(10)
    assert clock() == began_s
    await budget.take(10)
    assert clock() == pytest.approx(began_s + 10)


async def test_no_span_ever_holds_more_than_the_limit() -> None:
    """Whatever the weights, any ten seconds hold at most what the venue allows."""
    clock, budget = asyncio.get_running_loop().time, Budget(LIMITS)
    spent: list[tuple[float, float]] = []
    for weight in (40, 1, 30, 25, 7, 60, 3, 3, 90, 10, 45, 45) * 3:
        await budget.take(weight)
        spent.append((clock(), weight))
    for at_s, _ in spent:
        assert sum(weight for when_s, weight in spent if at_s - 10 < when_s <= at_s) <= 100


async def test_a_call_heavier_than_the_budget_goes_alone() -> None:
    """A weight above the limit is not waited for for ever: it goes when nothing else is spent."""
    clock, budget = asyncio.get_running_loop().time, Budget(LIMITS)
    began_s = clock()
    await budget.take(20)
    await budget.take(150)
    assert clock() == pytest.approx(began_s + 10)


async def test_what_the_venue_counted_counts() -> None:
    """Where the venue says that more is used than we counted, the difference is taken off; less changes nothing."""
    clock, budget = asyncio.get_running_loop().time, Budget(LIMITS)
    await budget.take(10)
    budget.correct(5)
    assert budget.used == pytest.approx(10 / 90)
    budget.correct(85)
    began_s = clock()
    await budget.take(10)
    assert clock() - began_s == pytest.approx(10)


async def test_patient_work_leaves_room() -> None:
    """Who asks for half of the budget waits when half is used, while others still go at once."""
    clock, budget = asyncio.get_running_loop().time, Budget(LIMITS)
    for _ in range(4):
        await budget.take(10, share=0.5)
    waiting = asyncio.create_task(budget.take(10, share=0.5))
    began_s = clock()
    await budget.take(10)
    assert clock() == began_s
    await waiting
    assert clock() - began_s == pytest.approx(10)
