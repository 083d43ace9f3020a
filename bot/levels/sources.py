"""Prices that many people look at, from bars alone: calendar highs and lows, averages, volume, swings, round numbers.

Definitions and weights are those of the domain notes, section 4.1: highs and lows of a day 1.0, a week 1.5, a month
2.0; opens and closes 0.7; the day's VWAP 0.8 and its bands 0.4, an anchored one 1.2; most traded price 1.5, value area
1.2, other nodes 0.6, halved every 7 days; swings 1.0 and 0.25 for each visit, extremes of flushes 1.5, halved every 30.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from bot.levels.bars import Bars, wilder
from bot.levels.profile import geometric_edges, nodes, value_area, volume_profile
from bot.levels.swings import Swing, swings
from bot.levels.vwap import vwap
from bot.market.history import DAY_MS, HOUR_MS

OPEN_WEIGHT = 0.7
EXTREME_WEIGHT = 1.5
EXTREME_DAYS = 30.0
SWING_WEIGHT, TOUCH_WEIGHT, MOST_TOUCHES = 1.0, 0.25, 4
SWING_HALF_LIFE_DAYS = 30.0
BAND_SIGMAS = (1, 2)
ANCHORED_WEIGHT = 1.2
CONTROL_WEIGHT, AREA_WEIGHT, NODE_WEIGHT = 1.5, 1.2, 0.6
PROFILE_HALF_LIFE_DAYS = 7.0
# The longer profile takes what is kept of 30 days, and says nothing new before that is two weeks.
PROFILE_DAYS, LONG_DAYS, LEAST_LONG_DAYS = 7, 30, 14
BIN_ATR, LEAST_BIN = 0.1, 0.001
FINE_WEIGHT, COARSER_WEIGHT, ROUND_WEIGHT = 0.6, 0.9, 1.5
ROUND = "level-round-number"


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
    bars: Bars,
    price: float,
    now_ms: int,
    flush_extremes: Iterable[tuple[int, float, str]],
    reach: float,
    *,
    quarters: Bars | None = None,
    near: float = 0.0,
) -> list[Source]:
    """Every source known at `now_ms`; round numbers only within `reach` (a fraction) of `price`.

    Volume is read from `quarters`, bars of 15 minutes, as far as they reach, else from the hourly ones. What comes
    within `near` of a swing visits it.
    """
    known = bars.between(0, now_ms)
    traded = [finer.between(0, now_ms).traded() for finer in (quarters, bars) if finer is not None]
    extremes = [extreme for extreme in flush_extremes if extreme[0] <= now_ms]
    turns = swings(known, now_ms, near)
    found = [
        *_calendar(known, now_ms),
        *_vwap(traded, now_ms),
        *_anchored(traded, _anchors(extremes, turns, now_ms), now_ms),
        *_profiles(traded, now_ms),
        *_swings(turns, now_ms),
        *_rounds(price, reach),
        *_flushes(extremes, now_ms),
    ]
    return [source for source in found if source.price > 0]


def round_step(price: float) -> float:
    """The step of {1, 2, 2.5, 5, 10}·10^n that is nearest to 1 % of the price, by ratio."""
    return _nearest_step(price / 100, (1.0, 2.0, 2.5, 5.0, 10.0))


def coarse_step(price: float) -> float:
    """The step of {1, 5}·10^n that is nearest to 5 % of the price, by ratio: 60,000, 65,000, 70,000."""
    return _nearest_step(price / 20, (1.0, 5.0, 10.0))


def reasons(price: float, keys: Iterable[str]) -> tuple[str, ...]:
    """The keys of a level's sources in the order in which they are told, each once.

    A round number comes last where the price of the level is none, since the level is named by a mean then.
    """
    told = tuple(dict.fromkeys(keys))
    steps = (round_step(price), _next_step(round_step(price)), coarse_step(price))
    if any(math.isclose(price, round(price / step) * step, rel_tol=1e-9) for step in steps):
        return told
    return tuple(sorted(told, key=lambda key: key == ROUND))


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


def _vwap(traded: list[Bars], now_ms: int) -> Iterator[Source]:
    """The average of the day from 00:00 UTC, and one and two standard deviations around it."""
    today = _since(traded, now_ms // DAY_MS * DAY_MS, now_ms)
    average = vwap(today) if today else None
    if average is None:
        return
    yield Source("level-day-vwap", "vwap", average.price, 0.8)
    for count in BAND_SIGMAS if average.sigma > 0 else ():
        ending = "" if count == 1 else f"-{count}"
        yield Source(f"level-day-vwap-above{ending}", "vwap", average.price + count * average.sigma, 0.4)
        yield Source(f"level-day-vwap-below{ending}", "vwap", average.price - count * average.sigma, 0.4)


def _anchors(extremes: list[tuple[int, float, str]], turns: list[Swing], now_ms: int) -> Iterator[tuple[str, int]]:
    """What people measure an average from, each with its moment: the last flush, swing high and turn of the month."""
    if extremes:
        yield "flush", max(extremes)[0]
    highs = [swing.at_ms for swing in turns if swing.high]
    if highs:
        yield "high", max(highs)
    midnight = datetime.fromtimestamp(now_ms // DAY_MS * DAY_MS // 1000, UTC)
    if midnight.day > 1:  # on the first it is the average of the day, which is there already
        yield "month", _ms(midnight.replace(day=1))


def _anchored(traded: list[Bars], anchors: Iterable[tuple[str, int]], now_ms: int) -> Iterator[Source]:
    for name, at_ms in anchors:
        since = _since(traded, at_ms, now_ms)
        average = vwap(since) if since else None
        if average is not None:
            yield Source(f"level-vwap-since-{name}", "anchored", average.price, ANCHORED_WEIGHT)


def _profiles(traded: list[Bars], now_ms: int) -> Iterator[Source]:
    """Most traded prices of 7 days, and of as much of 30 as is kept; the age is that of the middle of the time."""
    oldest_ms = min((int(bars.start_ms[0]) for bars in traded if bars.start_ms.size), default=now_ms)
    long_ms = max(now_ms - LONG_DAYS * DAY_MS, oldest_ms)
    spans = [("week", now_ms - PROFILE_DAYS * DAY_MS)]
    if now_ms - long_ms >= LEAST_LONG_DAYS * DAY_MS:
        spans.append(("weeks", long_ms))
    for name, start_ms in spans:
        inside = _since(traded, start_ms, now_ms)
        if inside and inside.volume.any():
            fading = 2 ** (-(now_ms - start_ms) / 2 / DAY_MS / PROFILE_HALF_LIFE_DAYS)
            yield from _profile(inside, name, fading)


def _profile(bars: Bars, name: str, fading: float) -> Iterator[Source]:
    usual = wilder(bars.high, bars.low, bars.close) or 0.0
    low = float(bars.low.min())
    edges = geometric_edges(low, float(bars.high.max()), max(BIN_ATR * usual / float(bars.close[-1]), LEAST_BIN))
    profile = volume_profile(bars, edges)
    control = profile.point_of_control
    bottom, top = value_area(profile)
    yield Source(f"level-most-traded-{name}", "profile", profile.middle(control), CONTROL_WEIGHT * fading)
    yield Source(f"level-value-low-{name}", "profile", bottom, AREA_WEIGHT * fading)
    yield Source(f"level-value-high-{name}", "profile", top, AREA_WEIGHT * fading)
    for place in nodes(profile)[0]:
        if abs(place - control) > 1:  # smoothing may shift the highest by one
            yield Source(f"level-much-traded-{name}", "profile", profile.middle(place), NODE_WEIGHT * fading)


def _since(traded: list[Bars], start_ms: int, now_ms: int) -> Bars | None:
    """The bars from the one of `start_ms` on, of the finest that cover the time; None where none do."""
    for bars in traded:
        begin_ms = start_ms // bars.span_ms * bars.span_ms
        if bars.cover(begin_ms, now_ms):
            return bars.between(begin_ms, now_ms)
    return None


def _swings(turns: Iterable[Swing], now_ms: int) -> Iterator[Source]:
    for swing in turns:
        weight = SWING_WEIGHT + TOUCH_WEIGHT * min(swing.touches, MOST_TOUCHES)
        fading = 2 ** (-(now_ms - swing.at_ms) / DAY_MS / SWING_HALF_LIFE_DAYS)
        yield Source(f"level-swing-{'high' if swing.high else 'low'}", "swing", swing.price, weight * fading)


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
        yield Source(ROUND, "round", number, weight + extra, alone=number in heavy)


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
