"""How much of the board moved with a day, by prices alone: M6 of the domain notes."""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, History
from bot.market.last_day import HOURS, last_known

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
    """How many coins rose unusually (with −1 fell) in the 24 h up to `at_ms`; a usual day is made of usual hours."""
    slots = HOUR_MS // SLOT_MS
    closes = last_known(history.block("close", at_ms - LOOK_BACK_MS, at_ms))[:, ::-1][:, ::slots][:, ::-1]
    if closes.shape[1] <= HOURS:
        return Breadth(0, 0)
    known = ~np.isnan(closes[:, -1]) & ~np.isnan(closes[:, -1 - HOURS])
    logs = np.log(closes[known])
    steps = np.abs(np.diff(logs, axis=1))
    usual = NORMAL * np.nanmedian(steps, axis=1) * np.sqrt(HOURS) if steps.size else np.empty(0)
    moves = sign * (logs[:, -1] - logs[:, -1 - HOURS])
    moved = moves >= np.maximum(LEAST_MOVE, USUAL_TIMES * usual)
    return Breadth(int(moved.sum()), int(known.sum()))
