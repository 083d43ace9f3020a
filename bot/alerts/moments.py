"""When something is, as every post and every answer says it."""

from __future__ import annotations

from bot.market.history import DAY_MS
from bot.message import Moment


def moment(at_ms: int, now_ms: int) -> Moment:
    """The UTC time of day, with its date where that is not the day of `now_ms`, be it before or after.

    `now_ms` is the moment a reader has in mind: when it is said, or another one of the same line that has its date.
    """
    return Moment(at_ms, "time" if at_ms // DAY_MS == now_ms // DAY_MS else "both")
