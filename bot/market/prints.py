"""Single liquidations of the last day by slots of five minutes: how many, the largest, and what their feeds left out.

Slots are those of `history` and are filled at the same steps, so that both speak of the same liquidations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bot.market.history import DAY_MS, SLOT_MS
from bot.market.rings import Floats
from bot.market.told import Amounts

DAY_SLOTS = DAY_MS // SLOT_MS
# How many, what was left out at least and at most (US dollars, by occupancy), and minutes of a feed at its limit.
SUMS = 4
LARGEST = SUMS


class PrintSums(NamedTuple):
    """What single liquidations of one coin came to, US dollars; the two beyond stand above what was told."""

    prints: int
    low_beyond_usd: float
    high_beyond_usd: float
    full: int
    largest_usd: float


class Prints:
    """A ring of one day for all coins, and what came since the last step."""

    def __init__(self, coins: int = 8) -> None:
        self._cells = np.zeros((SUMS + 1, coins, DAY_SLOTS), dtype=np.float32)
        self._since_step = np.zeros((SUMS + 1, coins))
        self._untaken = False
        self._slot = 0
        self.first_slot = 0
        """The first slot in which single liquidations were counted, 0 before that."""

    def hear(self, coin: int, usd: float, more: Amounts) -> None:
        """One liquidation, and by what its venue's amounts grew with it."""
        self._make_room(coin + 1)
        cell = self._since_step[:, coin]
        cell[:SUMS] += 1.0, more.low_usd - more.usd, more.high_usd - more.usd, more.full
        cell[LARGEST] = max(cell[LARGEST], usd)
        self._untaken = True

    def close_step(self, now_ms: int) -> None:
        """Put what came since the last step into the open slot."""
        if not self._untaken:
            return
        self._enter((now_ms - 1) // SLOT_MS)
        cells = self._cells[..., self._slot % DAY_SLOTS]
        cells[:SUMS] += self._since_step[:SUMS]
        np.maximum(cells[LARGEST], self._since_step[LARGEST], out=cells[LARGEST], casting="same_kind")
        self._since_step[:] = 0.0
        self._untaken = False

    def within(self, coin: int, start_ms: int, end_ms: int) -> PrintSums:
        """Over the slots that end in (start_ms, end_ms]; nothing came in slots that are not kept."""
        first = max(start_ms // SLOT_MS, self._slot - DAY_SLOTS + 1)
        slots = np.arange(first, max(first, min(end_ms // SLOT_MS, self._slot + 1)))
        if coin >= self._cells.shape[1] or not slots.size:
            return PrintSums(0, 0.0, 0.0, 0, 0.0)
        cells: Floats = self._cells[:, coin, slots % DAY_SLOTS].astype(np.float64)
        prints, low, high, full = cells[:SUMS].sum(axis=1).tolist()
        return PrintSums(round(prints), low, high, round(full), float(cells[LARGEST].max()))

    def _enter(self, slot: int) -> None:
        if not self.first_slot:
            self.first_slot = self._slot = slot
        if slot > self._slot:
            fresh = np.arange(max(self._slot + 1, slot - DAY_SLOTS + 1), slot + 1)
            self._cells[..., fresh % DAY_SLOTS] = 0.0
            self._slot = slot

    def _make_room(self, coins: int) -> None:
        missing = coins - self._cells.shape[1]
        if missing > 0:
            wider = max(missing, self._cells.shape[1] // 4)
            self._cells = np.pad(self._cells, ((0, 0), (0, wider), (0, 0)))
            self._since_step = np.pad(self._since_step, ((0, 0), (0, wider)))
