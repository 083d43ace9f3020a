"""An event loop on which hours pass at once: sockets, threads and children are real, only waiting is not.

A test marked `jumping_clock`, and its fixtures, run on `JumpingLoop`; see `pytest_asyncio_loop_factories` below.
Whatever asks `loop.time()` follows: `asyncio.sleep`, `asyncio.timeout`, `call_later`, the time limits of aiohttp, httpx
and anyio, discord.py's buckets. What asks `time` or `datetime` does not; `tests/fakes/library_clocks.py` helps.
"""

from __future__ import annotations

import asyncio
import selectors
import struct
import time
from collections.abc import Callable, Mapping
from fcntl import ioctl
from typing import Any, TypeVar, TypeVarTuple, Unpack

import pytest

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")

START_S = 1000.0  # not zero, which code may take for "never"
LOOPBACK_S = 0.001  # longer than loopback mostly takes from one socket to the other
UNDER_WAY_S = 1.0  # longer than it ever takes: whatever could not be sent by then, nobody reads
UNSENT = 0x894B  # Linux, SIOCOUTQNSD: bytes of a TCP socket that wait for room at the other end
DEADLOCK_S = 5.0


class DeadlockError(AssertionError):
    """Everything waits, and neither a timer, nor a thread, nor a child process can end that."""


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose `time()` stands still while callbacks run and jumps to the next timer when all wait.

    Work in an executor, name look-ups included, takes no time on this clock: it is waited for, however long it takes.
    While a child process lives, the clock runs as on the wall, because nobody can see whether a child is busy.
    Raises `DeadlockError` out of the running test after `deadlock_s` real seconds in which nothing could happen.
    """

    def __init__(self, deadlock_s: float = DEADLOCK_S) -> None:
        self._now_s = START_S
        self._started_s = time.time()
        self._in_executor = 0
        self._children: list[asyncio.SubprocessTransport] = []
        super().__init__(_JumpingSelector(self, deadlock_s))

    def time(self) -> float:
        """Seconds on this loop's clock."""
        return self._now_s

    def wall_time(self) -> float:
        """Unix seconds that go with `time()`: those at which the loop was made, and what has passed since."""
        return self._started_s + self._now_s - START_S

    def pass_time(self, seconds: float) -> None:
        """Move the clock; only the loop's own selector and a test that plays a busy machine have reason to."""
        self._now_s += seconds

    def waits_for_executor(self) -> bool:
        """Whether work handed to an executor has not come back."""
        return self._in_executor > 0

    def has_children(self) -> bool:
        """Whether a child process lives."""
        self._children = [child for child in self._children if child.get_returncode() is None]
        return bool(self._children)

    def run_in_executor(
        self, executor: Any, func: Callable[[Unpack[Arguments]], Result], *args: *Arguments
    ) -> asyncio.Future[Result]:
        """As the loop's own, and counted until the result is back on the loop."""
        future = super().run_in_executor(executor, func, *args)
        self._in_executor += 1
        future.add_done_callback(self._is_back)
        return future

    async def subprocess_exec(self, *args: Any, **kwargs: Any) -> Any:
        """As the loop's own, and the child is known from then on."""
        child, protocol = await super().subprocess_exec(*args, **kwargs)
        self._children.append(child)
        return child, protocol

    async def subprocess_shell(self, *args: Any, **kwargs: Any) -> Any:
        """As the loop's own, and the child is known from then on."""
        child, protocol = await super().subprocess_shell(*args, **kwargs)
        self._children.append(child)
        return child, protocol

    def _is_back(self, _: asyncio.Future[Any]) -> None:
        self._in_executor -= 1


class _JumpingSelector(selectors.DefaultSelector):
    """Where a loop waits: here it is decided whether to wait or to jump."""

    def __init__(self, loop: JumpingLoop, deadlock_s: float) -> None:
        super().__init__()
        self._loop = loop
        self._deadlock_s = deadlock_s
        self._unread: dict[int, int] = {}

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; `timeout` is how far the next timer lies away, None without one."""
        if timeout == 0:
            return super().select(0)
        if self._loop.waits_for_executor():
            return super().select()
        if self._loop.has_children():
            return self._select_as_on_the_wall(timeout)
        if timeout is None:
            return self._select_or_fail()
        only_the_wake_up_pipe = len(self.get_map()) == 1
        ready = super().select(0 if only_the_wake_up_pipe else LOOPBACK_S) or self._select_what_is_under_way()
        if not ready:
            self._loop.pass_time(timeout)
        return ready

    def _select_what_is_under_way(self) -> list[tuple[selectors.SelectorKey, int]]:
        """On a busy machine the word that there is room for the rest of a long text may take its time: wait for it."""
        until_s = time.monotonic() + UNDER_WAY_S
        while (unsent := self._unsent()).items() - self._unread.items():
            if ready := super().select(LOOPBACK_S):
                return ready
            if time.monotonic() > until_s:
                self._unread = unsent
        return super().select(0)  # it may have come after the last look and before the last count

    def _unsent(self) -> dict[int, int]:
        """Bytes by socket for which there was no room at the other end."""
        unsent = {key.fd: _bytes_unsent(key.fd) for key in self.get_map().values()}
        return {fd: count for fd, count in unsent.items() if count}

    def _select_as_on_the_wall(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, int]]:
        began_s = time.monotonic()
        ready = super().select(timeout)
        self._loop.pass_time(time.monotonic() - began_s)
        return ready

    def _select_or_fail(self) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(self._deadlock_s)
        if not ready:
            waiting = "\n".join(sorted(repr(task) for task in asyncio.all_tasks(self._loop)))
            raise DeadlockError(f"nothing can happen any more; these wait:\n{waiting}")
        return ready


def _bytes_unsent(fd: int) -> int:
    try:
        return int(struct.unpack("i", ioctl(fd, UNSENT, struct.pack("i", 0)))[0])
    except OSError:  # it listens, is no TCP socket, or the system does not tell
        return 0


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Hook of pytest-asyncio, for a conftest.py to import: the jumping loop for whoever is marked, else the usual one.

    Both have one entry only, so that no test runs twice.
    """
    if item.get_closest_marker("jumping_clock"):
        return {"jumping": JumpingLoop}
    return {"usual": asyncio.new_event_loop}
