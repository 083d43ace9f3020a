"""The state before a flush, frozen at onset from what was known then: every later check compares with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec
import numpy as np
import numpy.typing as npt

from bot.aftermath.interest import interest_over
from bot.aftermath.usual import BEFORE_MS
from bot.flush.episode import Before
from bot.levels.bars import atr_1h, bars_of, quarters_of
from bot.levels.cluster import find
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, Past
from bot.market.slots import slots_of
from bot.market.view import Hours, Slots

MINUTE_MS = 60_000
BTC = "BTC"


Extremes = Iterable[tuple[int, float, str]]
"""(UTC ms, price, side) of flushes known so far."""


def state_before(past: Past, coin: str, extremes: Callable[[str], Extremes]) -> Before:
    """The state of a coin at the end of `past`, with that of BTC, whose support says how the market stands."""
    before = freeze(past, coin, past.now_ms, _earlier(extremes(coin), past))
    if coin == BTC or past.price_at(BTC, past.now_ms) is None:
        return before
    return msgspec.structs.replace(before, btc=freeze(past, BTC, past.now_ms, _earlier(extremes(BTC), past)))


def _earlier(extremes: Extremes, past: Past) -> Extremes:
    return tuple(entry for entry in extremes if entry[0] < past.now_ms)


def freeze(past: Past, coin: str, now_ms: int, extremes: Extremes = ()) -> Before:
    """What `past` says about a coin at `now_ms`.

    Price and open interest are medians of the stretch from 60 to 10 minutes earlier, the basis of the one from 6 h
    to 30 minutes (domain notes, section 3.1): the first minutes of the flush itself are not "before".
    """
    start, end = now_ms - 60 * MINUTE_MS - 1, now_ms - 10 * MINUTE_MS
    _, told = past.open_interest(coin, start, end)
    interest = {venue: float(np.nanmedian(values)) for venue, values in sorted(told.items())}
    rates = settled_8h(past, coin, now_ms)
    hours = past.hours(coin)
    high, low = _range(past, coin, now_ms, 6)
    high_24h, low_24h = _range(past, coin, now_ms, 24)
    running = last_known(past.column(coin, "funding_8h", now_ms - HOUR_MS, now_ms)[1])
    return Before(
        at_ms=now_ms,
        price=_median(past.column(coin, "close", start, end)[1]),
        high_6h=high,
        low_6h=low,
        high_24h=high_24h,
        low_24h=low_24h,
        open_interest=interest,
        open_interest_of_high=_share_of_high(past, coin, now_ms, tuple(interest)),
        funding_8h=rates,
        funding_weighted_8h=running if running is not None else weighted(rates, interest),
        basis_bps=_median(past.column(coin, "basis_bps", now_ms - 6 * HOUR_MS - 1, now_ms - 30 * MINUTE_MS)[1]),
        atr_1h=atr_1h(bars_of(hours), now_ms) if hours else None,
        levels=_levels(hours, slots_of(past, coin), (low, high), now_ms, tuple(extremes)),
    )


def settled_8h(past: Past, coin: str, at_ms: int) -> dict[str, float]:
    """Each venue's last settled funding of the 24 h up to `at_ms`, rescaled to 8 h."""
    facts = past.settled(coin, at_ms - DAY_MS, at_ms)
    return {fact.venue: fact.rate * 8 / fact.interval_h for fact in facts}


def weighted(rates: Mapping[str, float], interest: Mapping[str, float]) -> float | None:
    """Mean of the rates by open interest over the venues that have both, else the median; None without rates."""
    both = counted(rates, interest)
    if any(interest.get(venue, 0.0) > 0 for venue in both):
        return float(np.average([rates[venue] for venue in both], weights=[interest[venue] for venue in both]))
    return float(np.median(list(rates.values()))) if rates else None


def counted(venues: Iterable[str], interest: Mapping[str, float]) -> tuple[str, ...]:
    """The venues behind a weighted rate: those with open interest, or all of them when none has any."""
    known = tuple(sorted(venues))
    return tuple(venue for venue in known if interest.get(venue, 0.0) > 0) or known


def last_known(values: npt.NDArray[np.float64]) -> float | None:
    """The newest value that is known, None when none is."""
    known = values[~np.isnan(values)]
    return float(known[-1]) if known.size else None


def _median(values: npt.NDArray[np.float64]) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else None


def _range(past: Past, coin: str, now_ms: int, hours: int) -> tuple[float | None, float | None]:
    _, highs = past.column(coin, "high", now_ms - hours * HOUR_MS, now_ms)
    _, lows = past.column(coin, "low", now_ms - hours * HOUR_MS, now_ms)
    if np.isnan(highs).all():
        return None, None
    return float(np.nanmax(highs)), float(np.nanmin(lows))


def _share_of_high(past: Past, coin: str, now_ms: int, venues: tuple[str, ...]) -> float | None:
    """Open interest now over the highest of the days that cards look back on, where the same venues were known."""
    interest = interest_over(past, coin, now_ms - BEFORE_MS, now_ms)
    total = interest.total(venues)
    fresh = total[interest.times > now_ms - 4 * SLOT_MS]
    now = last_known(fresh)
    return now / float(np.nanmax(total)) if now is not None else None


def _levels(
    hours: Hours | None,
    slots: Slots | None,
    between: tuple[float | None, float | None],
    now_ms: int,
    extremes: tuple[tuple[int, float, str], ...],
) -> tuple[tuple[float, float, tuple[str, ...]], ...]:
    """All levels in reach of the middle of the last 6 h; a check picks those on its side of the price before."""
    low, high = between
    if hours is None or low is None or high is None:
        return ()
    quarters = quarters_of(slots) if slots else None
    levels = find(hours, (low + high) / 2, now_ms, extremes, quarters=quarters, least_atr=0.0)
    return tuple(
        (level.price, level.score, tuple(dict.fromkeys(source.key for source in level.sources))) for level in levels
    )
