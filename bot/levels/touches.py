"""What the price did at a level: in the last day, and over a past, how often a first touch held (notes, 4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import numpy as np

from bot.levels.bars import Bars, finished, wilder
from bot.levels.cluster import Level, find
from bot.market.history import DAY_MS
from bot.market.view import Hours

State = Literal["untested", "held", "pierced", "crossed"]

# How far beyond a level a price must be to count: 0.25·ATR(15 min), at least 0.1 % (domain notes, section 00).
BEYOND_ATR, BEYOND_FRACTION = 0.25, 0.001
LEAST_TOUCHES = 30
# A profile of a week has to be known before levels are looked for in the past.
LEARNING_DAYS = 7


class Held(NamedTuple):
    """Of `touched` first touches that were decided, `held` bounced before a close went through."""

    held: int
    touched: int


def beyond(bars: Bars, price: float, now_ms: int) -> float:
    """δ in quote per coin: how far past a level counts; from the range of the day before `now_ms`."""
    return max(BEYOND_ATR * (_day_range(bars, now_ms) or 0.0), BEYOND_FRACTION * price)


def state(level: Level, price: float, bars: Bars, now_ms: int) -> State | None:
    """What a level went through in the 24 h before `now_ms`, seen from `price`; None if not known.

    It is the band from its lowest to its highest source. "crossed": a bar closed beyond all of it by more than δ;
    "pierced": one reached so far and none closed there; "held": one came within δ of the band.
    """
    day = finished(bars, now_ms).between(now_ms - DAY_MS, now_ms)
    if not day.cover(now_ms - DAY_MS, now_ms - bars.span_ms + 1):
        return None
    delta = beyond(bars, price, now_ms)
    sign, near, far = (1, level.high, level.low) if level.price < price else (-1, level.low, level.high)
    furthest = float((sign * (day.low if sign > 0 else day.high)).min())
    if float((sign * (day.close - far)).min()) < -delta:
        return "crossed"
    if furthest < sign * far - delta:
        return "pierced"
    return "held" if furthest <= sign * near + delta else "untested"


def first_touch(level: float, price: float, bars: Bars, delta: float, bounce: float) -> bool | None:
    """Whether the first touch held: True when the price came back by `bounce` before a bar closed past δ.

    `bars` begin where `level` was known, at `price`; the touch has to come within a day. None without a touch, or
    while it is not decided. Within the bar of the touch only its close counts, because the order is not known.
    """
    sign = 1 if level < price else -1
    adverse, back = (bars.low, bars.high) if sign > 0 else (bars.high, bars.low)
    touches = np.flatnonzero(sign * (adverse - level) <= delta)
    if not touches.size or bars.start_ms[touches[0]] >= bars.start_ms[0] + DAY_MS:
        return None
    first = int(touches[0])
    through = np.flatnonzero(sign * (bars.close[first:] - level) < -delta)
    far = sign * (back[first:] - level)
    far[0] = sign * (bars.close[first] - level)
    bounced = np.flatnonzero(far >= bounce)
    if not through.size and not bounced.size:
        return None
    return bool(bounced.size and (not through.size or bounced[0] < through[0]))


def walk(
    hours: Hours, quarters: Bars, now_ms: int, extremes: Iterable[tuple[int, float, str]] = ()
) -> Iterator[tuple[str, bool]]:
    """Every midnight of the past kept: the levels known then, and what became of each one's first touch since.

    Gives (family, held) for each family behind a level, and once ("all", held); and, to measure that by, the same of
    the place as far away on the other side of the price as ("mirrored", held). Nothing later than a midnight has a part
    in its levels.
    """
    flushes = tuple(extremes)
    if not quarters.start_ms.size or not hours.start_ms:
        return
    first_ms = max(int(quarters.start_ms[0]), min(hours.start_ms)) + LEARNING_DAYS * DAY_MS
    for at_ms in range(-(-first_ms // DAY_MS) * DAY_MS, now_ms - DAY_MS + 1, DAY_MS):
        before = quarters.between(at_ms - DAY_MS, at_ms)
        usual = _day_range(quarters, at_ms)
        if usual is None:
            continue
        price = float(before.close[-1])
        later = finished(quarters, now_ms).between(at_ms, at_ms + 2 * DAY_MS)
        for level in find(hours, price, at_ms, flushes, quarters=quarters):
            for place, names in ((level.price, ("all", *_families(level))), (2 * price - level.price, ("mirrored",))):
                held = first_touch(place, price, later, beyond(quarters, price, at_ms), usual)
                if held is not None:
                    yield from ((name, held) for name in names)


def hold_rates(touches: Iterable[tuple[str, bool]]) -> dict[str, Held]:
    """What `walk` gave, added up by family; the most touched first."""
    rates: dict[str, Held] = {}
    for name, held in touches:
        known = rates.get(name, Held(0, 0))
        rates[name] = Held(known.held + held, known.touched + 1)
    return dict(sorted(rates.items(), key=lambda entry: (-entry[1].touched, entry[0])))


def _families(level: Level) -> list[str]:
    return sorted({source.family for source in level.sources})


def _day_range(bars: Bars, now_ms: int) -> float | None:
    day = finished(bars, now_ms).between(now_ms - DAY_MS - bars.span_ms, now_ms)
    return wilder(day.high, day.low, day.close)
