"""Keeps one part of the program running: started again when it fails, later each time, without troubling the others.

Written here because the libraries for retries (tenacity, backoff) end with the work or its last failure; this work
never ends by itself, and what ran well for a while begins again with the shortest wait.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

from bot.errors import ChatError, StoreError

log = logging.getLogger(__name__)

FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 300.0
RAN_WELL_S = 600.0
MOST_DOUBLINGS = 10
"""Far beyond the longest wait; without it an outage of days grows a number that is no float any more."""


async def keep_running(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` again and again until cancelled. A known failure costs one line of the log, another one its trace."""
    clock = asyncio.get_running_loop().time
    failures = 0
    while True:
        began_s = clock()
        try:
            await work()
            log.warning("%s ended by itself", name)
        except Exception as error:
            known = _known(error)
            if known is None:
                log.exception("%s failed", name)
            else:
                log.error("%s: %s", name, known)  # noqa: TRY400 -- the sentence says it all
        failures = 0 if clock() - began_s > RAN_WELL_S else failures + 1
        wait_s = wait_after(failures)
        log.info("%s starts again in %.0f s", name, wait_s)
        await asyncio.sleep(wait_s * random.uniform(0.8, 1.2))  # noqa: S311 -- only to keep restarts apart


def _known(error: Exception) -> ChatError | StoreError | None:
    """The failure that we know behind one, also where it ended a group of tasks by itself."""
    if isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        return _known(error.exceptions[0])
    return error if isinstance(error, ChatError | StoreError) else None


def wait_after(failures: int) -> float:
    """Seconds until the next start after so many failures in a row."""
    doublings = min(max(0, failures - 1), MOST_DOUBLINGS)
    return min(FIRST_WAIT_S * 2.0**doublings, LONGEST_WAIT_S)
