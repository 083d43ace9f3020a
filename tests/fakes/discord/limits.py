"""Rate limits as published or, where Discord publishes nothing, as the community observed them.

Every limit is an attribute, so that a test can tighten it. Algorithms are Discord's secret: a sliding second for the
global limit and fixed windows for buckets are the plain reading of the documents.
"""

from __future__ import annotations

import math
from collections import deque

from tests.fakes.discord.clock import loop_s
from tests.fakes.discord.errors import ApiError, rate_limited


class SlidingWindow:
    """At most `most` of something in any `window_s`."""

    def __init__(self, most: int, window_s: float) -> None:
        self.most = most
        self.window_s = window_s
        self._times_s: deque[float] = deque()

    def wait_s(self) -> float:
        """Seconds until there is room; zero takes one place now."""
        now_s = loop_s()
        while self._times_s and self._times_s[0] <= now_s - self.window_s:
            self._times_s.popleft()
        if len(self._times_s) >= self.most:
            return _up(self._times_s[0] + self.window_s - now_s)
        self._times_s.append(now_s)
        return 0.0


class Bucket:
    """A limit of a route for each value of its major parameter: `most` from the first request on for `window_s`."""

    def __init__(self, name: str, most: int, window_s: float) -> None:
        self.name = name
        self.most = most
        self.window_s = window_s
        self._open: dict[int, tuple[float, int]] = {}

    def take(self, major: int, unix_s: float) -> dict[str, str]:
        """Use one place and tell the headers.

        Raises:
            ApiError: 429 of scope user when the window is full.
        """
        now_s = loop_s()
        ends_s, used = self._open.get(major, (0.0, 0))
        if now_s >= ends_s:
            ends_s, used = now_s + self.window_s, 0
        reset_s = _up(ends_s - now_s)
        if used >= self.most:
            raise rate_limited(reset_s, scope="user", bucket=self._headers(0, reset_s, unix_s))
        self._open[major] = ends_s, used + 1
        return self._headers(self.most - used - 1, reset_s, unix_s)

    def _headers(self, remaining: int, reset_s: float, unix_s: float) -> dict[str, str]:
        counts = {"X-RateLimit-Limit": str(self.most), "X-RateLimit-Remaining": str(remaining)}
        times = {"X-RateLimit-Reset": f"{unix_s + reset_s:.3f}", "X-RateLimit-Reset-After": f"{reset_s:.3f}"}
        return counts | times | {"X-RateLimit-Bucket": self.name}


class Limits:
    """All limits of one application."""

    def __init__(self) -> None:
        self.all_requests = SlidingWindow(50, 1.0)
        """topics/rate-limits, "Global Rate Limit": interaction endpoints are exempt."""
        self.buckets = {"message-create": Bucket("f1d2", 5, 5.0), "message-edit": Bucket("e2d3", 5, 5.0)}
        """Five in five seconds a channel: observed, not published. Named like the routes of `channels.py`."""
        self.old_edit_age_ms = 3_600_000
        self.old_edit_window_s = 6.0
        self._old_edits: dict[int, SlidingWindow] = {}

    def check_all(self) -> None:
        """Count a request of this token.

        Raises:
            ApiError: 429 of scope global.
        """
        wait_s = self.all_requests.wait_s()
        if wait_s:
            raise rate_limited(wait_s, scope="global")

    def check_old_edit(self, channel_id: int) -> None:
        """Count an edit of a message older than an hour: three in six seconds a channel, as observed.

        Raises:
            ApiError: 429 with code 30046.
        """
        wait_s = self._old_edits.setdefault(channel_id, SlidingWindow(3, self.old_edit_window_s)).wait_s()
        if wait_s:
            raise rate_limited(wait_s, scope="user", code=30046)


def _up(seconds: float) -> float:
    """Rounded up to milliseconds, so that whoever waits that long finds room."""
    return math.ceil(seconds * 1000) / 1000


def is_invalid(status: int, refusal: ApiError | None) -> bool:
    """Whether an answer counts towards the 10,000 invalid requests in 10 minutes (topics/rate-limits)."""
    shared = refusal is not None and refusal.headers.get("X-RateLimit-Scope") == "shared"
    return status in {401, 403, 429} and not shared
