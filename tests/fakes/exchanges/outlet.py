"""Closures on their way to a venue's socket: kept until their window ends, and thinned where the venue thins them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from operator import attrgetter

from tests.fakes.exchanges.wire import Closure, Speech

Key = tuple[int, str, str]
"""Window, contract, and side where sides count apart."""


class Outlet:
    """Calls `send` with what goes out together; `now_ms` is the world's clock.

    A window is one of the closures' own times, not of the moments in which they come, because a recording of a venue
    that thins was thinned by them. What comes after its window has ended goes out at once.
    """

    def __init__(self, speech: Speech, now_ms: Callable[[], int], send: Callable[[list[Closure]], None]) -> None:
        self._speech = speech
        self._now_ms = now_ms
        self._send = send
        self._kept: dict[Key, list[Closure]] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        self._loop = asyncio.get_running_loop()

    def add(self, closure: Closure) -> None:
        """Take a closure in."""
        speech = self._speech
        window = self._window(closure)
        key = window, closure.contract.symbol, closure.fact.side if speech.keep == "largest" else ""
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = []
            self._set_timer(window)
        match speech.keep:
            case "latest":
                kept[:] = [closure]
            case "largest":
                kept[:] = [max([*kept, closure], key=attrgetter("fact.usd"))]
            case "all":
                kept.append(closure)
        if speech.most is not None and len(kept) >= speech.most:
            self._kept[key] = []
            self._send(kept)

    def close(self) -> None:
        """Send nothing any more."""
        for timer in self._timers:
            timer.cancel()

    def _window(self, closure: Closure) -> int:
        at_ms = closure.fact.at or closure.fact.t
        # The last millisecond of a window is its end, as in the recordings.
        return (at_ms - 1) // self._speech.window_ms if self._speech.window_ms else at_ms

    def _set_timer(self, window: int) -> None:
        end_ms = (window + 1) * self._speech.window_ms if self._speech.window_ms else window
        timer = self._loop.call_later(max(end_ms - self._now_ms(), 0) / 1000, self._end, window)
        self._timers = {waiting for waiting in self._timers if waiting.when() >= self._loop.time()} | {timer}

    def _end(self, window: int) -> None:
        """Send what is kept of a window; several contracts go in the order in which they came."""
        ended = [key for key in self._kept if key[0] <= window]
        closures = [closure for key in ended for closure in self._kept.pop(key)]
        if closures:
            self._send(closures)
