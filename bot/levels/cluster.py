"""From many sources to a few key levels: what lies together is one level, and what many look at scores higher.

Domain notes, section 4.2, with the amendments that stand above it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from bot.levels.bars import Bars, atr_1d, atr_1h, bars_of, crossings, visits
from bot.levels.sources import Source, collect
from bot.market.history import DAY_MS
from bot.market.view import Hours

MERGE_ATR = 0.35
MERGE_FRACTION = 0.0015
LEAST_ATR = 0.5
REACH_ATR_1D = 8.0
LEAST_LEVELS = 2
# Round numbers are laid out at least this far, so that two levels are always found: a coarse step is under 11.2 %.
ROUND_REACH = 0.25
TOUCH_DAYS = 7
WORN_CROSSINGS = 4
NEAREST = 5


class Level(msgspec.Struct, frozen=True):
    """A price with its reasons, heaviest first; `low` and `high` bound them, `score` goes from 0 to 100."""

    price: float
    low: float
    high: float
    score: float
    sources: tuple[Source, ...]


class Distance(msgspec.Struct, frozen=True):
    """How far a level is from a price: a signed fraction of the price, and in ATR where that is known."""

    fraction: float
    in_atr: float | None


def distance(level: Level, price: float, atr: float | None) -> Distance:
    """Distance of a level seen from `price`, positive above it."""
    return Distance(level.price / price - 1, (level.price - price) / atr if atr else None)


def find(
    hours: Hours,
    price: float,
    now_ms: int,
    flush_extremes: Iterable[tuple[int, float, str]] = (),
    *,
    quarters: Bars | None = None,
    least_reach: float = 0.03,
    least_atr: float = LEAST_ATR,
) -> list[Level]:
    """Key levels around `price` as known at `now_ms`, nearest first.

    They lie at least `least_atr`·ATR(1h) from the price and from one another, and within 8·ATR(1d) or `least_reach`
    (a fraction of the price), whichever is wider; with fewer than two in reach the nearest two. Bars that begin at
    or after `now_ms` are not looked at; the one in which it falls must hold no more than was known. `flush_extremes`
    are (UTC ms, price, side) of known flushes, `quarters` the bars of 15 minutes where those are known.
    """
    bars = bars_of(hours).between(0, now_ms)
    hourly, daily = atr_1h(bars, now_ms), atr_1d(bars, now_ms)
    reach = max(least_reach, REACH_ATR_1D * daily / price if daily else 0.0)
    spacing = (hourly or 0.0) * LEAST_ATR
    gap = hourly * MERGE_ATR if hourly else price * MERGE_FRACTION
    laid_out = max(reach, ROUND_REACH)
    sources = collect(bars, price, now_ms, flush_extremes, laid_out, quarters=quarters, near=gap)
    levels = [level_of(group, bars, now_ms, gap) for group in grouped(sources, gap)]
    away = [level for level in levels if abs(level.price - price) >= (hourly or 0.0) * least_atr]
    strong = _spaced([level for level in away if any(source.alone for source in level.sources)], spacing)
    near = [level for level in strong if abs(level.price - price) <= reach * price]
    for further in (strong, _spaced(away, spacing)):
        rest = [level for level in _by_distance(further, price) if level not in near]
        near += rest[: max(LEAST_LEVELS - len(near), 0)]
    return _by_distance(near, price)


def nearest(
    levels: Iterable[Level], price: float, side_count: int = 3, *, among: int = NEAREST
) -> tuple[list[Level], list[Level]]:
    """(above, below): of the `among` nearest levels on each side of `price` the best `side_count`, nearest first."""
    ordered = _by_distance(levels, price)
    sides = [level for level in ordered if level.price > price], [level for level in ordered if level.price < price]
    above, below = (sorted(side[:among], key=lambda level: -round(level.score, 3))[:side_count] for side in sides)
    return _by_distance(above, price), _by_distance(below, price)


def grouped(sources: Iterable[Source], gap: float) -> list[list[Source]]:
    """Merge neighbours, closest first, while their weighted means lie within `gap`.

    Means are compared, not outer members: evenly spaced round numbers would otherwise run together into one.
    """
    ordered = sorted(sources, key=lambda source: (source.price, msgspec.structs.astuple(source)))
    groups = [[source] for source in ordered]
    means = [_mean(group) for group in groups]
    while len(groups) > 1:
        gaps = np.diff(means)
        place = int(np.argmin(gaps))
        if gaps[place] > gap:
            break
        groups[place : place + 2] = [groups[place] + groups[place + 1]]
        means[place : place + 2] = [_mean(groups[place])]
    return groups


def level_of(group: Sequence[Source], bars: Bars, now_ms: int, gap: float) -> Level:
    """One level of a group: score = 100·(1 - exp(-raw/2.5)).

    raw = sum of weights + 0.3 for each family of sources + 0.2 for each visit of the last week (at most four)
    - 0.5 when four or more closes of the last day went across it (worn). `gap` is how near a bar counts as a visit.
    """
    total = sum(source.weight for source in group)
    heaviest = max(group, key=lambda source: (source.weight, source.key))
    price = heaviest.price if heaviest.weight >= total / 2 else _mean(group)
    low, high = group[0].price, group[-1].price
    week = bars.between(now_ms - TOUCH_DAYS * DAY_MS, now_ms)
    last_day = bars.between(now_ms - DAY_MS, now_ms)
    raw = total + 0.3 * len({source.family for source in group}) + 0.2 * min(visits(week, low - gap, high + gap), 4)
    if crossings(last_day, price) >= WORN_CROSSINGS:
        raw -= 0.5
    by_weight = tuple(sorted(group, key=lambda source: (-source.weight, source.key)))
    return Level(price, low, high, 100 * (1 - math.exp(-max(raw, 0.0) / 2.5)), by_weight)


def _mean(group: Sequence[Source]) -> float:
    return sum(source.price * source.weight for source in group) / sum(source.weight for source in group)


def _spaced(levels: Iterable[Level], spacing: float) -> list[Level]:
    """Of levels closer together than `spacing` the higher score stays."""
    kept: list[Level] = []
    for level in sorted(levels, key=lambda level: (-level.score, level.price)):
        if all(abs(level.price - other.price) >= spacing for other in kept):
            kept.append(level)
    return kept


def _by_distance(levels: Iterable[Level], price: float) -> list[Level]:
    return sorted(levels, key=lambda level: (abs(level.price - price), level.price))
