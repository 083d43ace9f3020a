"""Prices that many people look at, from hourly bars alone: calendar highs and lows, opens, VWAP, round numbers.

Definitions and weights are those of the domain notes, section 4.1: highs and lows of a day 1.0, a week 1.5, a month
2.0; opens and closes 0.7; the day's VWAP 0.8 and its bands 0.4; extremes of flushes 1.5, halved every 30 days.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from bot.levels.bars import Bars
from bot.levels.vwap import vwap
from bot.market.history import DAY_MS, HOUR_MS

OPEN_WEIGHT = 0.7
EXTREME_WEIGHT = 1.5
EXTREME_DAYS = 30.0
FINE_WEIGHT, COARSER_WEIGHT, ROUND_WEIGHT = 0.6, 0.9, 1.5


class Source(msgspec.Struct, frozen=True):
    """One reason to look at a price: `key` names it in `locales/*/levels.ftl`.

    `weight` is what it is worth now. `alone` is false for the finer round numbers: there is one every percent, so
    they strengthen a level and do not make one.
    """

    key: str
    family: str
    price: float
    weight: float
    alone: bool = True


def collect(
    bars: Bars, price: float, now_ms: int, flush_extremes: Iterable[tuple[int, float, str]], reach: float
) -> list[Source]:
    """Every source known at `now_ms`; round numbers only within `reach` (a fraction) of `price`."""
    known = bars.between(0, now_ms)
    found = [
        *_calendar(known, now_ms),
        *_vwap(known, now_ms),
        *_rounds(price, reach),
        *_flushes(flush_extremes, now_ms),
    ]
    return [source for source in found if source.price > 0]


def round_step(price: float) -> float:
    """The step of {1, 2, 2.5, 5, 10}·10^n that is nearest to 1 % of the price, by ratio."""
    return _nearest_step(price / 100, (1.0, 2.0, 2.5, 5.0, 10.0))


def coarse_step(price: float) -> float:
    """The step of {1, 5}·10^n that is nearest to 5 % of the price, by ratio: 60,000, 65,000, 70,000."""
    return _nearest_step(price / 20, (1.0, 5.0, 10.0))


def _nearest_step(target: float, mantissas: tuple[float, ...]) -> float:
    power = math.floor(math.log10(target))
    nearest = min(mantissas, key=lambda mantissa: abs(math.log(mantissa) + power * math.log(10) - math.log(target)))
    return float(f"{nearest:g}e{power}")


def _calendar(bars: Bars, now_ms: int) -> Iterator[Source]:
    now = datetime.fromtimestamp(now_ms // 1000, UTC)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    week = day - timedelta(days=day.weekday())
    month = day.replace(day=1)
    periods = (
        ("day", 1.0, day - timedelta(days=1), day),
        ("week", 1.5, week - timedelta(days=7), week),
        ("month", 2.0, (month - timedelta(days=1)).replace(day=1), month),
    )
    for name, weight, before, start in periods:
        yield from _previous(bars, name, weight, (_ms(before), _ms(start)))
        first = bars.between(_ms(start), _ms(start) + HOUR_MS)
        if first.open.size:
            yield Source(f"level-{name}-open", name, float(first.open[0]), OPEN_WEIGHT)


def _previous(bars: Bars, name: str, weight: float, span: tuple[int, int]) -> Iterator[Source]:
    start_ms, end_ms = span
    if not bars.cover(start_ms, end_ms):
        return
    inside = bars.between(start_ms, end_ms)
    yield Source(f"level-previous-{name}-high", name, float(inside.high.max()), weight)
    yield Source(f"level-previous-{name}-low", name, float(inside.low.min()), weight)
    if inside.start_ms[0] == start_ms:
        yield Source(f"level-previous-{name}-open", name, float(inside.open[0]), OPEN_WEIGHT)
    if name == "day" and inside.start_ms[-1] == end_ms - HOUR_MS:
        yield Source("level-previous-day-close", name, float(inside.close[-1]), OPEN_WEIGHT)


def _vwap(bars: Bars, now_ms: int) -> Iterator[Source]:
    """The average of the day from 00:00 UTC and one standard deviation around it; absent without volume."""
    midnight = now_ms // DAY_MS * DAY_MS
    average = vwap(bars.between(midnight, now_ms)) if bars.cover(midnight, now_ms) else None
    if average is None:
        return
    yield Source("level-day-vwap", "vwap", average.price, 0.8)
    if average.sigma > 0:
        yield Source("level-day-vwap-above", "vwap", average.price + average.sigma, 0.4)
        yield Source("level-day-vwap-below", "vwap", average.price - average.sigma, 0.4)


def _rounds(price: float, reach: float) -> Iterator[Source]:
    fine = round_step(price)
    coarser = _next_step(fine)
    coarse = coarse_step(price)
    numbers: dict[float, float] = {}
    for step, weight in ((fine, FINE_WEIGHT), (coarser, COARSER_WEIGHT), (coarse, 0.0)):
        for number in _multiples(step, price, reach):
            numbers[number] = max(weight, numbers.get(number, 0.0))
    heavy = set(_multiples(coarse, price, reach))
    for number, weight in numbers.items():
        extra = ROUND_WEIGHT if number in heavy else 0.0
        yield Source("level-round-number", "round", number, weight + extra, alone=number in heavy)


def _next_step(step: float) -> float:
    mantissa, _, power = f"{step:.1e}".partition("e")
    following = {"1.0": "2", "2.0": "2.5", "2.5": "5", "5.0": "10"}
    return float(f"{following[mantissa]}e{power}")


def _multiples(step: float, price: float, reach: float) -> list[float]:
    first, last = math.ceil(price * (1 - reach) / step), math.floor(price * (1 + reach) / step)
    return [float(f"{count * step:.12g}") for count in range(max(first, 1), last + 1)]


def _flushes(extremes: Iterable[tuple[int, float, str]], now_ms: int) -> Iterator[Source]:
    for at_ms, price, side in extremes:
        age_days = (now_ms - at_ms) / DAY_MS
        if 0 <= age_days <= EXTREME_DAYS:
            key = "level-flush-low" if side == "long" else "level-flush-high"
            yield Source(key, "flush", price, EXTREME_WEIGHT * float(np.exp2(-age_days / EXTREME_DAYS)))


def _ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000
