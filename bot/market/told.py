"""What each venue told of each coin's liquidations, and what it left out, minute by minute.

A minute ends with its last millisecond, as in `rings`. Seconds are counted by when a fact became known: what comes
late in a bunch fills fewer of them, and the estimate stays on the low side.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import msgspec

from bot.market.occupancy import LIMITS, Limit, is_full, largest, throttled
from bot.market.rings import MINUTE_MS

KEPT_MINUTES = 64
HOUR_MINUTES = 60
HOUR_S = 3600
HOUR_MS = 1000 * HOUR_S
KEPT_HOURS = 25
QUARTER_S = 900
JUST_NOW_MS = MINUTE_MS
"""A total of an hour that came no longer ago than this belongs to a flush that begins now: it may have opened it."""


class Amounts(NamedTuple):
    """Dollars of both sides: observed, and the whole by occupancy at least and at most; minutes that were full."""

    usd: float = 0.0
    low_usd: float = 0.0
    high_usd: float = 0.0
    full: int = 0

    def plus(self, other: Amounts, sign: int = 1) -> Amounts:
        """Both together, or without the other."""
        usd, low_usd, high_usd, full = other
        return Amounts(
            self.usd + sign * usd,
            self.low_usd + sign * low_usd,
            self.high_usd + sign * high_usd,
            self.full + sign * full,
        )


NOTHING = Amounts()


class Minute(msgspec.Struct, gc=False):
    """One venue's minute of one coin: single liquidations, what they come to, and totals."""

    longs: int = 0
    shorts: int = 0
    """A bit for each second that holds a liquidation of that side."""
    long_usd: float = 0.0
    short_usd: float = 0.0
    messages: int = 0
    last_ms: int = 0
    low_usd: float = 0.0
    high_usd: float = 0.0
    full: int = 0
    total_usd: float = 0.0
    """Of spans up to a quarter of an hour."""

    def add(self, side: int, at_ms: int, usd: float, limit: Limit | None) -> None:
        """One liquidation; several of the same millisecond are one message."""
        second = 1 << (at_ms - 1) % MINUTE_MS // 1000
        if side == 0:
            self.longs |= second
            self.long_usd += usd
        else:
            self.shorts |= second
            self.short_usd += usd
        self.messages += at_ms != self.last_ms
        self.last_ms = at_ms
        self._estimate(limit)

    def _estimate(self, limit: Limit | None) -> None:
        if limit == "throttled":
            seconds = (self.longs | self.shorts).bit_count()
            low, high = throttled(seconds, self.messages)
            self.full = int(is_full(seconds))
            self.low_usd, self.high_usd = (factor * (self.long_usd + self.short_usd) for factor in (low, high))
        elif limit == "largest":
            longs, shorts = self.longs.bit_count(), self.shorts.bit_count()
            (long_low, long_high), (short_low, short_high) = largest(longs), largest(shorts)
            self.full = int(is_full(max(longs, shorts)))
            self.low_usd = long_low * self.long_usd + short_low * self.short_usd
            self.high_usd = long_high * self.long_usd + short_high * self.short_usd
        else:
            self.low_usd = self.high_usd = self.long_usd + self.short_usd

    def amounts(self, totals_usd: float = 0.0) -> Amounts:
        """Single liquidations and these totals."""
        usd = self.long_usd + self.short_usd + totals_usd
        return Amounts(usd, self.low_usd + totals_usd, self.high_usd + totals_usd, self.full)


class Total(NamedTuple):
    """What one total added, in dollars; of the `span_s` seconds before `at_ms`."""

    at_ms: int
    span_s: int
    long_usd: float
    short_usd: float

    @property
    def begin_ms(self) -> int:
        """When its span began."""
        return self.at_ms - 1000 * self.span_s


def apart_ms(span_s: int) -> int:
    """How far from each other totals of one time may be told: less than a minute, and less than half of their span."""
    return min(JUST_NOW_MS, 500 * span_s)


class Told:
    """One venue's liquidations of one coin: all ever told, and the last hour by minute."""

    def __init__(self, venue: str) -> None:
        self.limit = LIMITS.get(venue)
        self.amounts = NOTHING
        self.total_ms = 0
        """When the last total came, 0 for never."""
        self._minutes: dict[int, Minute] = {}
        self._totals: deque[Total] = deque()
        self._hours: dict[int, tuple[float, float]] = {}
        """Longs and shorts by hour, those of a total in the hour of the middle of its span."""

    def add(self, side: int, at_ms: int, usd: float) -> bool:
        """One liquidation; whether the minute is full with it."""
        minute = self._minute(at_ms)
        before = minute.amounts()
        minute.add(side, at_ms, usd, self.limit)
        self.amounts = self.amounts.plus(minute.amounts()).plus(before, -1)
        self._add_to_hour(at_ms, (0.0, usd) if side else (usd, 0.0))
        return minute.full > 0

    def add_total(self, span_s: int, at_ms: int, sides_usd: tuple[float, float]) -> None:
        """A total of the `span_s` seconds before `at_ms`, longs and shorts, of which nothing but the sum is known.

        One of more than an hour says nothing of a flush: nobody knows what of it came before.
        """
        self._add_to_hour(at_ms - 500 * span_s, sides_usd)
        if span_s > HOUR_S:
            return
        self.total_ms, usd = max(self.total_ms, at_ms), sum(sides_usd)
        self._totals.append(Total(at_ms, span_s, *sides_usd))
        while self._totals[0].at_ms <= at_ms - KEPT_MINUTES * MINUTE_MS:
            self._totals.popleft()
        self.amounts = self.amounts.plus(Amounts(usd, usd, usd))
        if span_s <= QUARTER_S:
            self._minute(at_ms).total_usd += usd

    def within(self, at_ms: int, span_s: int, longest_s: int) -> tuple[float, float]:
        """Longs and shorts told of the `span_s` seconds before `at_ms`, a day at most.

        Single ones by minute, and totals that speak of nothing else, give or take a minute, of `longest_s` at most; of
        more than an hour whatever was told of its hours.
        """
        if span_s > HOUR_S:
            first, end = (round(ms / HOUR_MS) for ms in (at_ms - 1000 * span_s, at_ms))
            hours = [usd for number, usd in self._hours.items() if first <= number < end]
            return sum(longs for longs, _ in hours), sum(shorts for _, shorts in hours)
        last, begin_ms = (at_ms - 1) // MINUTE_MS, at_ms - 1000 * span_s
        single = [minute for number, minute in self._minutes.items() if 0 <= last - number < span_s // 60]
        totals = [
            total
            for total in self._totals
            if total.span_s <= longest_s and total.at_ms <= at_ms and begin_ms - total.begin_ms < apart_ms(total.span_s)
        ]
        told: list[Minute | Total] = [*single, *totals]
        return sum(part.long_usd for part in told), sum(part.short_usd for part in told)

    def has_total_of(self, at_ms: int, span_s: int) -> bool:
        """Whether one total speaks of all of the `span_s` seconds before `at_ms`, give or take a minute."""
        begin_ms, more_ms = at_ms - 1000 * span_s, apart_ms(span_s)
        return any(one.begin_ms < begin_ms + more_ms and at_ms - more_ms < one.at_ms for one in self._totals)

    def just_told(self, now_ms: int) -> tuple[float, float]:
        """Longs and shorts of totals of more than a quarter of an hour, and an hour at most, that came just now."""
        lately = [one for one in self._totals if QUARTER_S < one.span_s <= HOUR_S]
        fresh = [one for one in lately if one.at_ms > now_ms - JUST_NOW_MS]
        return sum(one.long_usd for one in fresh), sum(one.short_usd for one in fresh)

    def before(self, now_ms: int) -> Amounts:
        """All that was told before what belongs to a flush that begins now: the last hour does, see `member`.

        Of totals of an hour those that came just now do.
        """
        now = (now_ms - 1) // MINUTE_MS
        hourly_usd = sum(self.just_told(now_ms))
        lately = Amounts(hourly_usd, hourly_usd, hourly_usd)
        for number, minute in self._minutes.items():
            if now - HOUR_MINUTES < number <= now:
                lately = lately.plus(minute.amounts(minute.total_usd))
        return self.amounts.plus(lately, -1)

    def _add_to_hour(self, at_ms: int, sides_usd: tuple[float, float]) -> None:
        number = (at_ms - 1) // HOUR_MS
        longs, shorts = self._hours.get(number, (0.0, 0.0))
        self._hours[number] = longs + sides_usd[0], shorts + sides_usd[1]
        while len(self._hours) > KEPT_HOURS:
            del self._hours[min(self._hours)]

    def _minute(self, at_ms: int) -> Minute:
        number = (at_ms - 1) // MINUTE_MS
        minute = self._minutes.get(number)
        if minute is None:
            minute = self._minutes[number] = Minute()
            for gone in [old for old in self._minutes if old <= number - KEPT_MINUTES]:
                del self._minutes[gone]
        return minute
