"""Time and ids of the fake: both follow the clock of the running loop, so a loop that jumps takes them along."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

DISCORD_EPOCH_MS = 1_420_070_400_000
"""The first second of 2015, from which snowflakes count (Discord's reference, "Snowflakes")."""


def loop_s() -> float:
    """Seconds on the clock of the running loop."""
    return asyncio.get_running_loop().time()


class Clock:
    """What the service takes for the time of day: it was `start_ms` (Unix) when the clock was made."""

    def __init__(self, start_ms: int) -> None:
        self._loop = asyncio.get_running_loop()  # kept, so that fixtures outside of it can build a world
        self.set(start_ms)
        self._made = 0

    def set(self, now_ms: int) -> None:
        """Let it be `now_ms` (Unix) now; ids of earlier things stay what they are."""
        self._offset_ms = now_ms - self._loop.time() * 1000

    def now_ms(self) -> int:
        """Unix milliseconds."""
        return int(self._offset_ms + self._loop.time() * 1000)

    def snowflake(self, *, age_ms: int = 0) -> int:
        """A new id that says it was made `age_ms` ago; of two made in one millisecond the later is greater."""
        self._made += 1
        return (self.now_ms() - age_ms - DISCORD_EPOCH_MS) << 22 | self._made & 0x3FFFFF


def made_ms(snowflake: int) -> int:
    """The Unix millisecond in which an id was made."""
    return (snowflake >> 22) + DISCORD_EPOCH_MS


def iso(unix_ms: int) -> str:
    """A time as Discord writes it."""
    return datetime.fromtimestamp(unix_ms / 1000, UTC).isoformat()
