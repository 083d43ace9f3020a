"""When something is, as every post and every answer says it."""

from __future__ import annotations

from bot.market.history import DAY_MS
from bot.message import Moment

NO_YEAR_MS = 180 * DAY_MS


def moment(at_ms: int, now_ms: int) -> Moment:
    """The UTC time of day, with its date where that is not the day of `now_ms`, be it before or after.

    The year is left out where it is that of the nearest such day.
    `now_ms` is the moment a reader has in mind: when it is said, or another one of the same line that has its date.
    """
    if at_ms // DAY_MS == now_ms // DAY_MS:
        return Moment(at_ms)
    return Moment(at_ms, "short" if abs(at_ms - now_ms) < NO_YEAR_MS else "both")
