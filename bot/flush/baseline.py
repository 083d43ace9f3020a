"""What is usual for each coin: the level that its own last fourteen days exceeded once in three days.

One sample per feature and five minutes (the largest within them). Stretches around flushes are left out, because
one flush in the window lifts the level enough to hide the next. The level for a window of w minutes
is the quantile 1 − w/4320 of the samples known an hour ago, so it never sees the sample it judges.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce

import numpy as np
import numpy.typing as npt

from bot.flush.features import BASED, Features
from bot.market.history import places
from bot.market.rings import Flags, Floats

Samples = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
Unheard = Callable[[int, Places], Flags]
"""Of one coin, in which of these slots no price was heard."""
SLOT_MS = 300_000
DAY_SLOTS = 288
KEEP_SLOTS = 14 * DAY_SLOTS
LEAST_SLOTS = 3 * DAY_SLOTS
ENOUGH_SLOTS = LEAST_SLOTS - DAY_SLOTS // 4
"""Samples wanted of those three days; the rest may be unknown or left out."""
JUDGE_MS = 6 * 3_600_000
JUDGED_AT_ONCE = 40
"""So many coins take a step a twentieth of a second; the others have their turn in the next ones."""
UNKNOWN = -1.0
ONCE_MINUTES = 3 * 24 * 60
LAG_SLOTS = 12
BEFORE_SLOTS = 6
"""Left out before a flush: 30 minutes."""
AFTER_SLOTS = 24
"""Left out after it: 120 minutes."""
LEAST_LIQUIDATED_USD = 50_000.0
LEAST_LIQUIDATED_SHARE = 2e-4
LEAST_OPEN_INTEREST_FALL = 0.005
VOLUME_QUANTILE = 0.95
# Rows that share a level: both directions of a move and both sides of liquidations are one habit of the coin. With
# levels of their own, shorts looked calm after weeks of falling prices, and every rebound looked like a squeeze.
STRETCHES = tuple(
    (tuple(row for row, entry in enumerate(BASED) if entry in ((name, window), (other, window))), window)
    for name, other, windows in (
        ("drop", "rise", (15, 60)),
        ("long", "short", (5, 15, 60)),
        ("oi_fall", "", (60,)),
        ("volume", "", (15, 60)),
    )
    for window in windows
)

LEARNT = np.array([row for row, (name, _) in enumerate(BASED) if name not in ("long", "short")])
"""Rows of which the past of the venues tells as much as they tell live."""


class Baseline:
    """Samples per feature and coin, and the levels drawn from them every six hours.

    A sample that is unknown, or was left out because a flush was going on, is UNKNOWN and counts nowhere.
    """

    def __init__(self) -> None:
        self.samples = np.full((len(BASED), 8, KEEP_SLOTS), UNKNOWN, dtype=np.float32)
        self.levels = np.full((len(BASED), 8), np.nan)
        """Exceeded once in three days; NaN until three days were heard."""
        self.volume_q95 = np.full((2, 8), np.nan)
        self._leave_out_until = np.zeros(8, dtype=np.int64)
        self._slot = 0
        self._first_slot = 0
        self._judged = 0
        self._unjudged: set[int] = set()
        """Coins whose levels are to be drawn: all of them every six hours, some when more is learnt of them."""

    def update(self, features: Features, flushing: Flags) -> None:
        """Add the step's features; `flushing` marks coins inside a stretch that must not become usual."""
        count = features.price.shape[0]
        self._open(features.now_ms // SLOT_MS)
        place = self._slot % KEEP_SLOTS
        if flushing.any():
            began = flushing & (self._leave_out_until[:count] < self._slot)
            for coin in np.flatnonzero(began):
                self.samples[:, coin, (self._slot - np.arange(BEFORE_SLOTS + 1)) % KEEP_SLOTS] = UNKNOWN
            self._leave_out_until[:count][flushing] = self._slot + AFTER_SLOTS
        usual = self._leave_out_until[:count] < self._slot
        cell = self.samples[:, :count, place]
        np.fmax(cell, features.based, out=cell, where=usual)
        period = features.now_ms // JUDGE_MS
        if period != self._judged:
            self._judged = period
            self._unjudged = set(range(count))
        if self._unjudged:
            some = sorted(self._unjudged)[:JUDGED_AT_ONCE]
            self._judge(np.array(some), features)
            self._unjudged.difference_update(some)

    def has(self, slot: int) -> bool:
        """Whether the samples of a slot are kept."""
        return self._slot - KEEP_SLOTS < slot <= self._slot

    def resume(self, count: int, slot: int, first_slot: int) -> None:
        """Have a place for each of these slots of `count` coins, which hold nothing yet."""
        self._slot, self._first_slot = slot, max(first_slot, slot - KEEP_SLOTS + 1)
        self.make_room(count)

    def take_samples(self, samples: Samples) -> None:
        """Put samples, shape (features, coins, slots), into the place of those that are here."""
        self.samples = np.full((len(BASED), self.levels.shape[1], KEEP_SLOTS), UNKNOWN, dtype=np.float32)
        count = min(samples.shape[1], self.samples.shape[1])
        self.samples[:, :count] = samples[:, :count]

    def _open(self, slot: int) -> None:
        if self._slot == 0:
            self._slot, self._first_slot = slot - 1, slot
        if slot > self._slot:
            fresh = places(max(self._slot + 1, slot - KEEP_SLOTS + 1), slot + 1, KEEP_SLOTS)
            self.samples[:, :, fresh] = UNKNOWN
            self._slot = slot

    def _judge(self, coins: Places, features: Features) -> None:
        """Draw the levels of some coins anew from samples older than LAG_SLOTS."""
        oldest = max(self._first_slot, self._slot - KEEP_SLOTS + 1)
        count = self._slot - LAG_SLOTS + 1 - oldest
        if count < LEAST_SLOTS - LAG_SLOTS:
            return
        first, rest = oldest % KEEP_SLOTS, max(0, oldest % KEEP_SLOTS + count - KEEP_SLOTS)
        pieces = [self.samples[:, coins, first : first + count], self.samples[:, coins, :rest]]
        samples = np.concatenate(pieces, axis=2) if rest else pieces[0]
        share = np.nan_to_num(LEAST_LIQUIDATED_SHARE * features.open_interest_usd[coins])
        floors = {"oi_fall": np.full(coins.size, LEAST_OPEN_INTEREST_FALL)}
        floors["long"] = floors["short"] = np.maximum(LEAST_LIQUIDATED_USD, share)
        for rows, window in STRETCHES:
            name = BASED[rows[0]][0]
            level = _once(samples[list(rows)], window)
            self.levels[np.ix_(np.array(rows), coins)] = np.maximum(level, floors.get(name, level))
            if name == "volume":
                upper = _upper(samples[rows[0]], VOLUME_QUANTILE, ENOUGH_SLOTS)
                self.volume_q95[int(window == 60), coins] = upper

    def learn(self, other: Baseline, rows: Mapping[int, int], span: range, unheard: Unheard) -> None:
        """Take the samples of slots that were not heard from another memory; `rows` are its coins and ours.

        Those of liquidations stay unknown: the past of one venue alone says nothing about what all of them tell.
        """
        span = range(max(span.start, self._slot - KEEP_SLOTS + 1), min(span.stop, self._slot))
        self._first_slot = min(self._first_slot, span.start) if span else self._first_slot
        slots = np.array(span, dtype=np.int64)
        for theirs, ours in rows.items():
            places = slots[unheard(ours, slots)] % KEEP_SLOTS
            self.samples[LEARNT[:, None], ours, places] = other.samples[LEARNT, theirs][:, places]
            self._unjudged.add(ours)

    def make_room(self, count: int) -> None:
        """Have a column for each of `count` coins, before they are judged for the first time."""
        missing = count - self.levels.shape[1]
        if missing > 0:
            missing = max(missing, 4, self.levels.shape[1] // 4)
            self.samples = np.pad(self.samples, ((0, 0), (0, missing), (0, 0)), constant_values=UNKNOWN)
            self.levels = np.pad(self.levels, ((0, 0), (0, missing)), constant_values=np.nan)
            self.volume_q95 = np.pad(self.volume_q95, ((0, 0), (0, missing)), constant_values=np.nan)
            self._leave_out_until = np.pad(self._leave_out_until, (0, missing))


def _once(samples: Samples, window: int) -> Floats:
    """The level that one stretch of `window` minutes in three days exceeds; `samples` (features, coins, slots).

    Stretches are blocks of the window's length, each with its highest sample: so a short spike and an hour on a
    plateau count alike, and a feed that speaks hourly gives the same level as one that speaks each second.
    """
    if samples.max(initial=UNKNOWN) < 0:  # nothing told, as with single liquidations where only totals come
        return np.full(samples.shape[1], np.nan)
    slots = window * 60_000 // SLOT_MS
    whole = samples.shape[2] // slots * slots
    parts = samples[:, :, samples.shape[2] - whole :].reshape(*samples.shape[:2], -1, slots)
    blocks = reduce(np.maximum, (parts[..., place] for place in range(slots)))  # three times faster than `max`
    pooled = np.concatenate(list(blocks), axis=1)
    return _upper(pooled, 1 - window / ONCE_MINUTES, len(samples) * (ENOUGH_SLOTS // slots))


def _upper(samples: Samples, quantile: float, enough: int) -> Floats:
    """The quantile of each row (nearest rank); NaN for rows with less than `enough` known samples."""
    known = np.count_nonzero(samples >= 0, axis=1)
    told = known >= enough
    level = np.full(samples.shape[0], np.nan)
    if told.any():
        above = np.floor((1 - quantile) * known[told]).astype(np.int64)
        ordered = np.sort(samples[told], axis=1)  # faster than `partition`, which is slow where many are equal
        level[told] = ordered[np.arange(ordered.shape[0]), ordered.shape[1] - 1 - above]
    return level
