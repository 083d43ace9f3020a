"""The last 24 hours of the whole market in a few figures, from closed slots alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from bot.market.board import Board
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, History
from bot.market.rings import Floats
from bot.market.view import LastDay

HOURS = DAY_MS // HOUR_MS
HOUR_SLOTS = HOUR_MS // SLOT_MS


def last_day(history: History, board: Board, at_ms: int, totals_usd: Mapping[int, float]) -> LastDay:
    """The 24 h up to `at_ms`, the end of a closed slot; `totals_usd` are the highest 24 h totals by UTC day."""
    longs, shorts, seconds = (
        np.nansum(history.block(name, at_ms - DAY_MS, at_ms), axis=1)
        for name in ("long_usd", "short_usd", "liquidation_s")
    )
    usd = float(longs.sum() + shorts.sum())
    known = [total for number, total in totals_usd.items() if number < at_ms // DAY_MS]
    interest = _open_interest(history, board, at_ms)
    return LastDay(
        at_ms=at_ms,
        hours_kept=min(float(HOURS), max(0.0, at_ms / SLOT_MS - history.oldest_slot) / HOUR_SLOTS),
        hours_heard=min(float(HOURS), float(seconds.max(initial=0.0)) / 3600),
        long_usd=float(longs.sum()),
        short_usd=float(shorts.sum()),
        open_interest_usd=float(interest[-1]) if interest.size else None,
        open_interest_fall=float(1 - interest[-1] / interest.max()) if interest.size else None,
        btc_return=_change(history, "close", at_ms, relative=True),
        funding_shift=_change(history, "funding_8h", at_ms, relative=False),
        days_known=len(known),
        rank=float(np.mean([total < usd for total in known])) if known else None,
    )


def _change(history: History, name: str, at_ms: int, *, relative: bool) -> float | None:
    """Of BTC, between the last value of this hour and that of the same hour a day ago."""
    past = history.until(at_ms)
    ends = []
    for end_ms in (at_ms - DAY_MS, at_ms):
        _, values = past.column("BTC", name, end_ms - HOUR_MS, end_ms)
        known = values[~np.isnan(values)]
        if not known.size:
            return None
        ends.append(float(known[-1]))
    return ends[1] / ends[0] - 1 if relative else ends[1] - ends[0]


def _open_interest(history: History, board: Board, at_ms: int) -> Floats:
    """Dollars at the end of each of 25 hours, at the prices of now; empty where no venue is known at both ends.

    A venue that counts in another way since less than a day is left out, and a gap is bridged by what was told last.
    """
    block = history.open_interest_block(at_ms - DAY_MS - HOUR_MS, at_ms)
    slots = (HOURS + 1) * HOUR_SLOTS
    prices = history.block("close", at_ms - HOUR_MS, at_ms)
    if block.shape[2] < slots or not prices.size:
        return np.empty(0)
    hours = ends_of_hours(block.reshape(*block.shape[:2], HOURS + 1, HOUR_SLOTS))
    both = ~np.isnan(hours[..., 0]) & ~np.isnan(hours[..., -1])
    for venue, column in history.venues.items():
        both[:, column] &= board.last_recount_ms(venue) <= at_ms - DAY_MS - HOUR_MS
    price = last_known(prices)[:, -1]
    both &= ~np.isnan(price)[:, None]
    if not both.any():
        return np.empty(0)
    coins = np.where(both[..., None], last_known(hours), 0.0).sum(axis=1)
    return np.asarray((coins * np.nan_to_num(price)[:, None]).sum(axis=0))


def ends_of_hours(slots: npt.NDArray[np.floating]) -> Floats:
    """What was told last in each hour: mostly in its last slot, so that few steps back find it."""
    ends = slots[..., -1]
    for place in range(slots.shape[-1] - 2, -1, -1):
        ends = np.where(np.isnan(ends), slots[..., place], ends)
    return ends.astype(np.float64)


def last_known(values: Floats) -> Floats:
    """Along the last axis, what was told last in place of what is unknown; NaN before anything was told."""
    places = np.maximum.accumulate(np.where(np.isnan(values), 0, np.arange(values.shape[-1])), axis=-1)
    return np.asarray(np.take_along_axis(values, places, axis=-1))
