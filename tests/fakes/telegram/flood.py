"""Telegram's flood limits as sliding windows, per bot, per person and per group.

The numbers are the published ones (core.telegram.org/bots/faq, "My bot is hitting limits"): about 30 messages a
second over all, one a second to a person with short bursts, 20 a minute to a group; edits count about the same. The
real algorithm is not published. A refused request costs nothing here.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from typing import NamedTuple

from tests.fakes.telegram.call import too_many_requests
from tests.fakes.telegram.chats import Chat

ROUNDING_S = 1e-6  # so that even pacing at exactly the limit is not refused for the last bit of a float


class Limit(NamedTuple):
    """At most `most` messages in any `seconds`."""

    most: int
    seconds: float


class Flood:
    """Counts messages; the limits may be changed while running."""

    def __init__(self) -> None:
        self.overall = Limit(30, 1.0)
        self.private = Limit(3, 3.0)  # one a second, with a burst of three
        self.group = Limit(20, 60.0)
        self._times: defaultdict[int, deque[float]] = defaultdict(deque)
        self._paused: dict[int, int] = {}
        self._until_s: dict[int, float] = {}

    def pause_next(self, chat: Chat, seconds: int) -> None:
        """Refuse the next message to `chat` with `retry_after=seconds`, and every later one until they are over."""
        self._paused[chat.id] = seconds

    def take(self, chat: Chat, now_s: float) -> None:
        """Count one message or edit; raises `ApiError` 429 with the whole seconds to wait."""
        if chat.id in self._paused:
            self._until_s[chat.id] = now_s + self._paused.pop(chat.id)
        windows = [(self._times[chat.id], self.private if chat.kind == "private" else self.group)]
        windows.append((self._times[0], self.overall))
        wait_s = max(self._until_s.get(chat.id, now_s) - now_s, *(_wait_s(*window, now_s) for window in windows))
        if wait_s > ROUNDING_S:
            raise too_many_requests(math.ceil(wait_s - ROUNDING_S))
        for times, _ in windows:
            times.append(now_s)


def _wait_s(times: deque[float], limit: Limit, now_s: float) -> float:
    while times and times[0] + limit.seconds <= now_s + ROUNDING_S:
        times.popleft()
    return times[-limit.most] + limit.seconds - now_s if len(times) >= limit.most else 0.0
