from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from bot.market.live.ticks import Ticks

pytestmark = pytest.mark.jumping_clock


async def test_rounds_come_at_their_period_give_or_take_a_tenth() -> None:
    """In an hour of the loop's clock a job of every 15 s runs 240 times or so, 13.5 to 16.5 s after the one before."""
    ticks, ran_s = Ticks(), list[float]()

    async def work() -> None:
        ran_s.append(asyncio.get_running_loop().time())

    ticks.start()
    ticks.every(15, work)
    await asyncio.sleep(3600)
    ticks.shutdown(wait=False)
    await asyncio.sleep(0)
    gaps_s = [after - before for before, after in pairwise(ran_s)]
    assert 225 < len(ran_s) < 255
    assert 13.4 < min(gaps_s) < 14.5
    assert 15.5 < max(gaps_s) < 16.6


async def test_a_round_that_is_still_running_is_not_begun_again() -> None:
    """Work of forty seconds every fifteen runs one at a time, and again soon after it ended."""
    ticks, running, began = Ticks(), set[int](), list[float]()

    async def work() -> None:
        assert not running
        running.add(1)
        began.append(asyncio.get_running_loop().time())
        await asyncio.sleep(40)
        running.clear()

    ticks.start()
    ticks.every(15, work)
    await asyncio.sleep(600)
    ticks.shutdown(wait=False)
    await asyncio.sleep(0)
    assert 11 <= len(began) <= 15


async def test_the_first_round_waits_as_long_as_it_is_told() -> None:
    """Polls begin one after the other."""
    ticks, began_s = Ticks(), asyncio.get_running_loop().time()
    ran = asyncio.Event()

    async def work() -> None:
        ran.set()

    ticks.start()
    ticks.every(60, work, first_s=7)
    await ran.wait()
    assert asyncio.get_running_loop().time() - began_s == pytest.approx(7, abs=0.01)
    ticks.shutdown(wait=False)
    await asyncio.sleep(0)


async def test_a_job_that_fails_is_run_again() -> None:
    """An error in one round does not end the job."""
    ticks, rounds = Ticks(), list[int]()

    async def work() -> None:
        rounds.append(1)
        raise ValueError

    ticks.start()
    ticks.every(15, work)
    await asyncio.sleep(61)
    ticks.shutdown(wait=False)
    await asyncio.sleep(0)
    assert len(rounds) >= 4


async def test_the_end_amid_a_round_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """A round that the end cuts off writes nothing, and a wake-up that was on its way then does nothing."""
    ticks, began, failed = Ticks(), asyncio.Event(), list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failed.append(context))

    async def work() -> None:
        began.set()
        await asyncio.sleep(3600)

    ticks.start()
    ticks.every(15, work)
    await began.wait()
    ticks.shutdown(wait=False)
    ticks.wakeup()
    await asyncio.sleep(1)
    assert failed == []
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
