"""Time goes on, whatever is done to the wall's clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.market.live.steady import SteadyClock
from tests.fakes.clock import JumpingLoop

START_MS = 1_773_000_000_000


class Wall:
    """A wall's clock that somebody sets."""

    def __init__(self) -> None:
        self.set_ms = 0

    def now_ms(self) -> int:
        """The loop's seconds after a fixed day, and what it was set by."""
        return START_MS + self.set_ms + round(asyncio.get_running_loop().time() * 1000)


def running(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run on a loop whose time jumps."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        runner.run(work())


@pytest.mark.jumping_clock
async def test_a_clock_that_nobody_sets_is_followed() -> None:
    """To the millisecond, also over a pause."""
    wall = Wall()
    clock = SteadyClock(wall.now_ms)
    for seconds in (0, 0.001, 5, 3600):
        await asyncio.sleep(seconds)
        assert abs(clock.now_ms() - wall.now_ms()) <= 1


@pytest.mark.jumping_clock
async def test_a_clock_that_is_set_back_is_met_again() -> None:
    """Set back by a quarter of an hour, time goes on at half its speed, and is true again after half an hour."""
    wall = Wall()
    clock = SteadyClock(wall.now_ms)
    before_ms = clock.now_ms()
    wall.set_ms = -900_000
    await asyncio.sleep(60)
    assert 29_000 <= clock.now_ms() - before_ms <= 31_000
    await asyncio.sleep(1800)
    assert abs(clock.now_ms() - wall.now_ms()) <= 1


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0.01, 100), st.integers(-10_000_000, 10_000_000)), min_size=1, max_size=20))
def test_time_never_stands_still_and_never_goes_back(sets: list[tuple[float, int]]) -> None:
    """However the clock is set, each pause is time that passed, and no time is before the one before."""

    async def work() -> None:
        wall = Wall()
        clock = SteadyClock(wall.now_ms)
        told = [clock.now_ms()]
        for seconds, set_ms in sets:
            wall.set_ms = set_ms
            await asyncio.sleep(seconds)
            told.append(clock.now_ms())
        for (before_ms, after_ms), (seconds, _) in zip(pairwise(told), sets, strict=True):
            assert after_ms - before_ms >= 0.5 * 1000 * seconds - 1

    running(work)
