"""A part of the program that fails comes back, later each time, and only a cancel ends it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ChatError
from bot.supervision import FIRST_WAIT_S, LONGEST_WAIT_S, RAN_WELL_S, keep_running, wait_after

pytestmark = pytest.mark.jumping_clock


class Work:
    """Notes when it is started, runs for a while and ends as told: by an error, or by itself."""

    def __init__(self, *ends: Exception | None, runs_s: float = 0.0) -> None:
        self.ends = list(ends)
        self.runs_s = runs_s
        self.starts_s: list[float] = []

    async def __call__(self) -> None:
        """Run once; with no end left, for ever."""
        self.starts_s.append(asyncio.get_running_loop().time())
        if not self.ends:
            await asyncio.Event().wait()
        await asyncio.sleep(self.runs_s)
        end = self.ends.pop(0)
        if end is not None:
            raise end

    @property
    def waits_s(self) -> list[float]:
        """From each end to the next start."""
        return [later - earlier - self.runs_s for earlier, later in pairwise(self.starts_s)]


async def watched(work: Work, for_s: float) -> None:
    """Keep the work running for some time, then cancel it."""
    running = asyncio.create_task(keep_running("work", work))
    await asyncio.sleep(for_s)
    assert not running.done()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def near(waits_s: list[float], expected_s: list[float]) -> bool:
    """Whether each wait is the expected one, a fifth more or less."""
    pairs = zip(waits_s, expected_s, strict=True)
    return all(0.8 * expected <= wait + 1e-9 and wait <= 1.2 * expected + 1e-9 for wait, expected in pairs)


async def test_failures_in_a_row_are_waited_for_longer_and_longer() -> None:
    """Known and unknown failures, and an end by itself, each double the wait, up to the longest."""
    ends = [ChatError("no"), RuntimeError("a bug"), None] * 4
    work = Work(*ends)
    await watched(work, 10_000)
    assert near(work.waits_s, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300])


async def test_what_ran_well_begins_again_with_the_shortest_wait() -> None:
    """A failure after a good while is the first of a new row."""
    work = Work(*[ChatError("lost")] * 3, runs_s=RAN_WELL_S + 1)
    await watched(work, 5_000)
    assert near(work.waits_s, [FIRST_WAIT_S] * 3)


async def test_what_never_ran_well_does_not_begin_again() -> None:
    """A failure just before a good while has passed still counts as one of the row."""
    work = Work(*[ChatError("lost")] * 3, runs_s=RAN_WELL_S - 1)
    await watched(work, 5_000)
    assert near(work.waits_s, [2, 4, 8])


async def test_one_that_fails_never_delays_the_other() -> None:
    """While one part is away for minutes, another starts when it is its own turn."""
    failing, healthy = Work(*[RuntimeError("down")] * 20), Work(None)
    await asyncio.gather(watched(failing, 2_000), watched(healthy, 2_000))
    assert near(healthy.waits_s, [FIRST_WAIT_S])
    assert len(failing.starts_s) > 8


async def test_a_cancel_ends_it_while_it_works_and_while_it_waits() -> None:
    """Neither the work nor a wait holds up a stop, and nothing is started afterwards."""
    clock = asyncio.get_running_loop().time
    for work in (Work(), Work(*[ChatError("no")] * 9)):
        began_s = clock()
        await watched(work, 100)
        assert clock() == began_s + 100
        starts = len(work.starts_s)
        await asyncio.sleep(1_000)
        assert len(work.starts_s) == starts


@given(st.integers(0, 10**9))
def test_a_wait_never_leaves_its_bounds(failures: int) -> None:
    """After any number of failures the wait is a number of seconds between the shortest and the longest."""
    assert FIRST_WAIT_S <= wait_after(failures) <= LONGEST_WAIT_S
    assert wait_after(failures) <= wait_after(failures + 1)
