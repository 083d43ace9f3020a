"""What every venue last said of every coin, of one kind of value."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.market.rings import Floats

Times = npt.NDArray[np.int64]

# A value is fresh for three of its own usual gaps, within these bounds.
FRESH_LEAST_MS = 15_000
FRESH_MOST_MS = 600_000
HOURLY_MS = 66 * 60_000
OVERDUE_TIMES = 1.5


class Latest:
    """One kind of value: the last one per coin and venue, when it came, and how long the one before lasted."""

    def __init__(self, coins: int, venues: int) -> None:
        self.value = np.full((coins, venues), np.nan)
        self.at_ms = np.zeros((coins, venues), dtype=np.int64)
        self.gap_ms = np.full((coins, venues), FRESH_MOST_MS, dtype=np.int64)
        self.until_ms = np.zeros((coins, venues), dtype=np.int64)
        """Until when the value counts as fresh: three of its gaps, within the bounds above; 0 where bars stand in."""
        self.heard = np.zeros(venues, dtype=np.bool_)
        """Venues that ever told a value."""
        self.among = slice(0, 0)
        """The columns in which all of these stand."""

    def put(self, coin: int, venue: int, value: float, at_ms: int) -> None:
        """Replace the last value; values of the same moment do not change the gap."""
        place = coin, venue
        gap = at_ms - int(self.at_ms[place])
        if 0 < gap < at_ms:
            self.gap_ms[place] = gap
        else:
            gap = int(self.gap_ms[place])
        self.value[place] = value
        if not self.among.start <= venue < self.among.stop or not self.heard[venue]:
            self._first_of(venue)
        self.at_ms[place] = at_ms
        self.until_ms[place] = at_ms + min(max(3 * gap, FRESH_LEAST_MS), FRESH_MOST_MS)

    def fresh(self, now_ms: int) -> Floats:
        """The fresh values, NaN elsewhere; shape (coins, venues)."""
        return np.where(self.until_ms >= now_ms, self.value, np.nan)

    def standing(self, now_ms: int) -> Floats:
        """The fresh values, and of those that are told by the hour the last one until the next is overdue."""
        hourly = (self.gap_ms > FRESH_MOST_MS) & (self.gap_ms <= HOURLY_MS)
        stands = hourly & (now_ms - self.at_ms <= OVERDUE_TIMES * self.gap_ms)
        return np.where(stands | (self.until_ms >= now_ms), self.value, np.nan)

    def median(self, now_ms: int) -> Floats:
        """Median of the fresh values per coin, NaN where none is."""
        among = self.among
        return median_of_known(np.where(self.until_ms[:, among] >= now_ms, self.value[:, among], np.nan))

    def within(self, now_ms: int, age_ms: int) -> Floats:
        """The values not older than `age_ms`, NaN elsewhere."""
        return np.where(self.at_ms >= now_ms - age_ms, self.value, np.nan)

    def newest(self) -> tuple[Times, Times]:
        """When the newest value of each coin came, and until when one counts as fresh; 0 for never.

        Values that bars stand for are left out.
        """
        until_ms = self.until_ms[:, self.among]
        at_ms = np.where(until_ms > 0, self.at_ms[:, self.among], 0)
        if at_ms.shape[1] == 1:
            return at_ms[:, 0], until_ms[:, 0]
        return at_ms.max(axis=1, initial=0), until_ms.max(axis=1, initial=0)

    def _first_of(self, venue: int) -> None:
        self.heard[venue] = True
        told = np.flatnonzero(self.heard)
        self.among = slice(int(told[0]), int(told[-1]) + 1)

    def grow(self, coins: int, venues: int) -> None:
        """Make room, keeping what is there."""
        old = self.value.shape
        wider = Latest(max(coins, old[0]), max(venues, old[1]))
        for name, values in vars(wider).items():
            if name == "among":
                continue
            places = (slice(old[0]), slice(old[1])) if values.ndim > 1 else slice(old[1])
            values[places] = vars(self)[name]
            setattr(self, name, values)


def median_of_known(values: Floats) -> Floats:
    """Median of each row's known values, NaN where none is known; several times faster than `np.nanmedian`."""
    if values.shape[1] <= 1:
        return values[:, 0] if values.shape[1] else np.full(values.shape[0], np.nan)
    ordered = np.sort(values, axis=1)  # NaN sort last
    known = np.count_nonzero(~np.isnan(ordered), axis=1)
    rows, last = np.arange(ordered.shape[0]), np.maximum(known - 1, 0)
    lower, upper = ordered[rows, last // 2], ordered[rows, (last + 1) // 2]
    return np.asarray((lower + upper) / 2)
