"""How much of the board moved with a day, by prices alone: M6 of the domain notes."""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from bot.market.history import DAY_MS, History
from bot.market.last_day import HOUR_SLOTS, HOURS, ends_of_hours
from bot.market.latest import median_of_known
from bot.market.rings import Floats

Reading = Literal["targeted", "mixed", "broad"]
LOOK_BACK_MS = 14 * DAY_MS
LEAST_MOVE = 0.02
USUAL_TIMES = 1.5
NORMAL = 1.4826
"""From the median of absolute values to a standard deviation, were they normal."""
LEAST_COINS = 10
"""A share of fewer coins says nothing about the board."""
TARGETED_SHARE, BROAD_SHARE = 0.3, 0.7


class Breadth(msgspec.Struct, frozen=True):
    """Of `coins` with a known day, `moved` went unusually far to one side: 2 % and 1.5 of their own usual days."""

    moved: int
    coins: int

    @property
    def reading(self) -> Reading | None:
        """None where too few coins are known."""
        if self.coins < LEAST_COINS:
            return None
        share = self.moved / self.coins
        return "targeted" if share < TARGETED_SHARE else "broad" if share >= BROAD_SHARE else "mixed"


def breadth_of(history: History, at_ms: int, sign: int) -> Breadth:
    """How many coins rose unusually (with −1 fell) in the 24 h up to `at_ms`; a usual day is made of usual hours.

    A coin that told no price in the last hour, or none a day before, is not counted: it may be traded no more.
    """
    closes = _hourly(history.block("close", at_ms - LOOK_BACK_MS, at_ms))
    if closes.shape[1] <= HOURS:
        return Breadth(0, 0)
    known = ~np.isnan(closes[:, -1]) & ~np.isnan(closes[:, -1 - HOURS])
    logs = np.log(closes[known])
    usual = NORMAL * median_of_known(np.abs(np.diff(logs, axis=1))) * np.sqrt(HOURS)
    moves = sign * (logs[:, -1] - logs[:, -1 - HOURS])
    moved = moves >= np.fmax(LEAST_MOVE, USUAL_TIMES * usual)
    return Breadth(int(moved.sum()), int(known.sum()))


def _hourly(slots: Floats) -> Floats:
    """The last close told in each hour, counted back from the end; NaN where none was."""
    missing = -slots.shape[1] % HOUR_SLOTS
    whole = np.pad(slots, ((0, 0), (missing, 0)), constant_values=np.nan)
    return ends_of_hours(whole.reshape(slots.shape[0], -1, HOUR_SLOTS))
