"""How often one visitor may ask for something."""

from __future__ import annotations

from collections import deque


class Allowance:
    """At most `count` requests in any `span_s` seconds."""

    def __init__(self, count: int, span_s: float) -> None:
        self._taken: deque[float] = deque(maxlen=count)
        self._span_s = span_s

    def take(self, now_s: float) -> float:
        """Seconds to wait before the next one is granted; 0 grants this one and counts it."""
        if len(self._taken) == self._taken.maxlen:
            wait_s = self._taken[0] + self._span_s - now_s
            if wait_s > 0:
                return wait_s
        self._taken.append(now_s)
        return 0.0
