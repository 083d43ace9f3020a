"""The time as it goes on here, whatever happens to the wall's clock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

SLOWER = 0.5
"""How fast time goes while it is ahead of the wall's clock: it never stands still, and is caught up with."""
SAID_MS = 5_000
"""The log is told of a clock that was set back by more than this."""


class SteadyClock:
    """`wall_ms` where that goes on; where it was set back, the time reached, at half the speed until it is true again.

    Time that stood still would let nothing be due: no step, no follow-up, and no word about it.
    """

    def __init__(self, wall_ms: Callable[[], int]) -> None:
        self._wall_ms = wall_ms
        self._latest_ms = 0.0
        self._read_s = 0.0
        self._ahead = False

    def now_ms(self) -> int:
        """UTC ms; never less than before."""
        wall_ms, read_s = self._wall_ms(), asyncio.get_running_loop().time()
        gone_ms = (read_s - self._read_s) * 1000 if self._latest_ms else 0.0
        self._tell(self._latest_ms + gone_ms - wall_ms)
        self._latest_ms = max(wall_ms, self._latest_ms + SLOWER * gone_ms)
        self._read_s = read_s
        return int(self._latest_ms)

    def _tell(self, ahead_ms: float) -> None:
        ahead = ahead_ms > SAID_MS
        if ahead == self._ahead:
            return
        self._ahead = ahead
        if ahead:
            log.warning(
                "The clock was set back by %.0f s; time goes slower here until that is made up", ahead_ms / 1000
            )
        else:
            log.info("The time here is that of the clock again")
