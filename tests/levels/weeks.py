"""Bars to look for levels in: random walks that are the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from bot.levels.bars import QUARTER_MS, Bars, merged
from bot.market.history import HOUR_MS
from bot.market.view import Hours

MINUTE_MS = 60_000
THURSDAY_MS = int(datetime(2026, 1, 15, 6, tzinfo=UTC).timestamp()) * 1000


def random_hours(end_ms: int = THURSDAY_MS, count: int = 360, *, price: float = 90_000.0, seed: int = 7) -> Hours:
    """`count` hours up to `end_ms` around `price`."""
    noise = np.random.default_rng(seed)
    close = price * np.exp(np.cumsum(noise.normal(0, 0.004, count)))
    opened = np.concatenate(([price], close[:-1]))
    high = np.maximum(opened, close) * (1 + noise.uniform(0, 0.003, count))
    low = np.minimum(opened, close) * (1 - noise.uniform(0, 0.003, count))
    starts = range(end_ms - count * HOUR_MS, end_ms, HOUR_MS)
    prices = [tuple(float(value) for value in column) for column in (opened, high, low, close)]
    volume = tuple(float(value) for value in noise.uniform(10, 500, count))
    return Hours(tuple(starts), prices[0], prices[1], prices[2], prices[3], volume)


def scaled(hours: Hours, factor: float) -> Hours:
    """The same bars at `factor` times the price."""
    prices = [tuple(value * factor for value in column) for column in (hours.open, hours.high, hours.low, hours.close)]
    return Hours(hours.start_ms, prices[0], prices[1], prices[2], prices[3], hours.volume)


def chosen(hours: Hours, places: Sequence[int]) -> Hours:
    """The bars at `places`, in that order."""
    prices = [tuple(column[place] for place in places) for column in (hours.open, hours.high, hours.low, hours.close)]
    starts, volume = (tuple(hours.start_ms[p] for p in places), tuple(hours.volume[p] for p in places))
    return Hours(starts, prices[0], prices[1], prices[2], prices[3], volume)


def cut(hours: Hours, start: int, end: int) -> Hours:
    """The bars with places in [start, end)."""
    return chosen(hours, range(start, end))


def random_minutes(days: int, end_ms: int = THURSDAY_MS) -> Bars:
    """A random walk in bars of one minute up to `end_ms`."""
    noise, count = np.random.default_rng(11), days * 1440
    close = 90_000 * np.exp(np.cumsum(noise.normal(0, 0.0006, count)))
    opened = np.concatenate(([90_000.0], close[:-1]))
    high, low = np.maximum(opened, close) * 1.0003, np.minimum(opened, close) * 0.9997
    start_ms = end_ms - MINUTE_MS * np.arange(count, 0, -1)
    return Bars(start_ms, opened, high, low, close, noise.uniform(1, 50, count), MINUTE_MS)


def hours_of(bars: Bars) -> Hours:
    """The same bars as a view tells them."""
    columns = (bars.start_ms, bars.open, bars.high, bars.low, bars.close, bars.volume)
    return Hours(*(tuple(column.tolist()) for column in columns))


MINUTES = random_minutes(30)
QUARTERS = merged(MINUTES, QUARTER_MS)
HOURS = merged(MINUTES, HOUR_MS)
