"""What is usual for each coin: the level that its own last fourteen days exceeded once in three days.

One sample per feature and five minutes (the largest within them). Stretches around flushes are left out, because
one flush in the window lifts the level enough to hide the next. The level for a window of w minutes
is the quantile 1 − w/4320 of the samples known an hour ago, so it never sees the sample it judges. Before three days
are known a prior stands in for it, and in the first week where it is higher.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce

import numpy as np
import numpy.typing as npt

from bot.flush.features import BASED, ROW, Features
from bot.market.history import DAY_MS, SLOT_MS, places
from bot.market.latest import median_of_known
from bot.market.rings import Flags, Floats

Samples = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
Unheard = Callable[[int, Places], Flags]
"""Of one coin, in which of these slots no price was heard."""
DAY_SLOTS = 288
KEEP_SLOTS = 14 * DAY_SLOTS
LEAST_SLOTS = 3 * DAY_SLOTS
ENOUGH_SLOTS = LEAST_SLOTS - DAY_SLOTS // 4
"""Samples wanted of those three days; the rest may be unknown or left out."""
JUDGE_MS = 6 * 3_600_000
JUDGED_AT_ONCE = 40
"""So many coins take a step a twentieth of a second; the others have their turn in the next ones."""
COLD_SLOTS = DAY_SLOTS
"""From one day on a prior is drawn from what is known of a coin."""
YOUNG_SLOTS = 7 * DAY_SLOTS
"""So long the prior stands where it is higher: three days hold one exceedance, or none."""
PAST_DAYS = 60
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
LEAST_MOVE = 0.002
"""A coin whose price hardly moves, as one that is no longer traded, would be cried about for nothing."""
VOLUME_QUANTILE = 0.95
# The prior of a level: how many times its upper quarter it is, on the high side of what coins show who are known for
# long (docs/detector.md); for liquidations a share of open interest in five minutes, more by the root of time.
TIMES_UPPER_QUARTER = {
    ("drop", 15): 6.0,
    ("drop", 60): 4.5,
    ("oi_fall", 60): 5.0,
    ("volume", 15): 5.0,
    ("volume", 60): 4.0,
}
LIQUIDATED_SHARE_5M = 3e-4
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

VOLUMES = [row for row, (name, _) in enumerate(BASED) if name == "volume"]
LEVELS = [*BASED, *(BASED[row] for row in VOLUMES)]
LEARNT = np.array([row for row, (name, _) in enumerate(BASED) if name not in ("long", "short")])
"""Rows of which the past of the venues tells as much as they tell live."""


class Baseline:
    """Samples per feature and coin, and the levels drawn from them every six hours.

    A sample that is unknown, or was left out because a flush was going on, is UNKNOWN and counts nowhere.
    """

    def __init__(self) -> None:
        self.samples = np.full((len(BASED), 8, KEEP_SLOTS), UNKNOWN, dtype=np.float32)
        self.levels = np.full((len(LEVELS), 8), np.nan)
        """Exceeded once in three days, and as many rows of VOLUMES again: their 95th percentile; NaN where too little
        was heard even for a prior."""
        self.by_prior = np.zeros((len(LEVELS), 8), dtype=np.bool_)
        """Which of them are a prior still."""
        self.lasting = np.full(8, np.nan)
        """Level of the price of an hour that stands without confirmation: not below the middle one of sixty days."""
        self.daily = np.full((8, PAST_DAYS), np.nan)
        """Level of the price of an hour on each of the last days, by coin and number of the day."""
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
        samples = self._older(coins)
        if samples.shape[2] < COLD_SLOTS - LAG_SLOTS:
            return
        open_interest_usd = np.nan_to_num(features.open_interest_usd[coins])
        floors = {"oi_fall": np.full(coins.size, LEAST_OPEN_INTEREST_FALL), "drop": np.full(coins.size, LEAST_MOVE)}
        floors["long"] = np.maximum(LEAST_LIQUIDATED_USD, LEAST_LIQUIDATED_SHARE * open_interest_usd)
        for rows, window in STRETCHES:
            name, of_both = BASED[rows[0]][0], samples[list(rows)]
            level = _once(of_both, window)
            prior = _prior(name, window, of_both, open_interest_usd)
            known = np.count_nonzero(_blocks(of_both, window) >= 0, axis=1) * window * 60_000 // SLOT_MS
            # A prior that is not known, of liquidations without open interest, may be the higher one too.
            by_prior = np.isnan(level) | (~(prior <= level) & (known < len(rows) * YOUNG_SLOTS))
            drawn = np.where(by_prior, prior, level)
            place = np.ix_(np.array(rows), coins)
            self.levels[place] = np.maximum(drawn, floors.get(name, drawn))
            self.by_prior[place] = by_prior
            if name == "volume":
                upper = _upper(
                    _blocks(of_both, window), 1 - VOLUME_QUANTILE, ENOUGH_SLOTS * SLOT_MS // (window * 60_000)
                )
                self.levels[len(BASED) + VOLUMES.index(rows[0]), coins] = upper
        hourly = self.levels[ROW["drop", 60], coins]
        own = np.where(self.by_prior[ROW["drop", 60], coins], np.nan, hourly)
        self.daily[coins, features.now_ms // DAY_MS % PAST_DAYS] = own
        self.lasting[coins] = np.fmax(hourly, median_of_known(self.daily[coins]))

    def _older(self, coins: Places) -> Samples:
        """All samples of some coins that are older than LAG_SLOTS, in the order of time."""
        oldest = max(self._first_slot, self._slot - KEEP_SLOTS + 1)
        count = max(0, self._slot - LAG_SLOTS + 1 - oldest)
        first, rest = oldest % KEEP_SLOTS, max(0, oldest % KEEP_SLOTS + count - KEEP_SLOTS)
        pieces = [self.samples[:, coins, first : first + count], self.samples[:, coins, :rest]]
        return np.concatenate(pieces, axis=2) if rest else pieces[0]

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
            self.by_prior = np.pad(self.by_prior, ((0, 0), (0, missing)))
            self.lasting = np.pad(self.lasting, (0, missing), constant_values=np.nan)
            self.daily = np.pad(self.daily, ((0, missing), (0, 0)), constant_values=np.nan)
            self._leave_out_until = np.pad(self._leave_out_until, (0, missing))


def _once(samples: Samples, window: int) -> Floats:
    """The level that one stretch of `window` minutes in three days exceeds; `samples` (features, coins, slots)."""
    if samples.max(initial=UNKNOWN) < 0:  # nothing told, as with single liquidations where only totals come
        return np.full(samples.shape[1], np.nan)
    slots = window * 60_000 // SLOT_MS
    return _upper(_blocks(samples, window), window / ONCE_MINUTES, len(samples) * (ENOUGH_SLOTS // slots))


def _prior(name: str, window: int, samples: Samples, open_interest_usd: Floats) -> Floats:
    """What stands in for a level until three days are known; NaN without a day of samples, or without open interest."""
    if name == "long":
        share = LIQUIDATED_SHARE_5M * (window / 5) ** 0.5
        return np.where(open_interest_usd > 0, share * open_interest_usd, np.nan)
    enough = len(samples) * COLD_SLOTS * 3 // 4 * SLOT_MS // (window * 60_000)
    return TIMES_UPPER_QUARTER[name, window] * _upper(_blocks(samples, window), 0.25, enough)


def _blocks(samples: Samples, window: int) -> Samples:
    """The highest sample of each stretch of `window` minutes, those of all features of a coin in one row.

    So a short spike and an hour on a plateau count alike, and a feed that speaks hourly gives the same level as one
    that speaks each second.
    """
    slots = window * 60_000 // SLOT_MS
    whole = samples.shape[2] // slots * slots
    parts = samples[:, :, samples.shape[2] - whole :].reshape(*samples.shape[:2], -1, slots)
    blocks = reduce(np.maximum, (parts[..., place] for place in range(slots)))  # three times faster than `max`
    return np.concatenate(list(blocks), axis=1)


def _upper(samples: Samples, share: float, enough: int) -> Floats:
    """What at most this share of each row exceeds (nearest rank); NaN for rows with less than `enough` known."""
    known = np.count_nonzero(samples >= 0, axis=1)
    told = known >= enough
    level = np.full(samples.shape[0], np.nan)
    if told.any():
        above = np.floor(share * known[told]).astype(np.int64)
        ordered = np.sort(samples[told], axis=1)  # faster than `partition`, which is slow where many are equal
        level[told] = ordered[np.arange(ordered.shape[0]), ordered.shape[1] - 1 - above]
    return level
