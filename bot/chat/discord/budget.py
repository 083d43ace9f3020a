"""How many refused requests there may be before posting stops, and how long the whole bot was asked to be silent.

10,000 answers of 401, 403 or 429 in ten minutes get an address banned (Discord, topics/rate-limits, "Invalid Request
Limit"); a 429 of a shared resource does not count. discord.py repeats a request that met the global limit by itself,
but lets all others run into it as well: posting has to wait here.
"""

from __future__ import annotations

from collections import deque

INVALID = frozenset({401, 403, 429})
SPAN_S = 600.0
POSTING_STOPS_AT = 1_000
"""A tenth of what Discord bears: answers to people go on, and another program may share the address."""


class Budget:
    """Refused requests of the last ten minutes; `now_s` is any clock that does not jump back."""

    def __init__(self) -> None:
        self._at_s: deque[float] = deque(maxlen=10 * POSTING_STOPS_AT)
        self._silent_until_s = float("-inf")

    def note(self, status: int, scope: str | None, now_s: float) -> None:
        """Count an answer if it was a refusal; `scope` is what X-RateLimit-Scope says."""
        if status in INVALID and scope != "shared":
            self._at_s.append(now_s)

    def be_silent(self, until_s: float) -> None:
        """The global limit is used up until then, by us or by another program with this token."""
        self._silent_until_s = max(self._silent_until_s, until_s)

    def count(self, now_s: float) -> int:
        """Refusals of the last ten minutes."""
        while self._at_s and self._at_s[0] <= now_s - SPAN_S:
            self._at_s.popleft()
        return len(self._at_s)

    def wait_s(self, now_s: float) -> float:
        """Seconds until posting may go on; 0 when it may now."""
        over = self.count(now_s) - POSTING_STOPS_AT
        allowed_s = now_s if over < 0 else self._at_s[over] + SPAN_S
        return max(allowed_s, self._silent_until_s, now_s) - now_s
