"""What is usual for a coin: its own hours of the days kept before a flush, from data known by then."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.flush.episode import Episode
from bot.market.facts import Side
from bot.market.history import DAY_MS, DAYS, HOUR_MS, SLOT_MS, Past
from bot.market.latest import median_of_known

LEAST_HOURS = 72
"""Three days: fewer hours are not called usual (domain notes, section 2.3)."""
LEAST_DAYS = 3
BEFORE_MS = (DAYS - 4) * DAY_MS
"""So far before onset: what is still kept at +72 h, so that every follow-up of a flush looks back on the same hours."""
SLOTS_OF_HOUR = HOUR_MS // SLOT_MS
HEARD = 0.8
"""The part of an hour in which liquidations must have been heard to know their sum."""

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]


def window_of(episode: Episode, past: Past) -> tuple[int, int]:
    """(onset, end or now) of the part of the coin that the episode is about, UTC ms, as known at the end of `past`."""
    ended_ms = episode.lead.ended_ms or episode.ended_ms or past.as_of_ms
    return episode.onset_ms, max(episode.onset_ms, min(ended_ms, past.as_of_ms))


def hours_of(past: Past, coin: str, name: str, start_ms: int, end_ms: int) -> tuple[Times, Floats]:
    """(ends, sums) of the whole UTC hours in [start_ms, end_ms]; NaN where not all of an hour was told.

    Whole hours, because bars may come once an hour: what is known at an hour's end is that hour's. Where they come more
    often, a pause in them that is longer than their own makes the hour unknown.
    """
    ends, cells = _cells(past, coin, name, start_ms, end_ms)
    told = ~np.isnan(cells)
    count = told.sum(axis=1)
    with np.errstate(divide="ignore"):
        whole = (count > 0) & (_longest_pause(told) <= SLOTS_OF_HOUR / count + 1)
    return ends, np.where(whole, np.nansum(cells, axis=1), np.nan)


def liquidated(past: Past, coin: str, side: Side, start_ms: int, end_ms: int) -> tuple[Times, Floats]:
    """(ends, dollars of one side) of whole hours; NaN where less than four fifths of an hour were heard."""
    names = (f"{side}_usd", "liquidation_s")
    (ends, amounts), (_, heard_s) = (_cells(past, coin, name, start_ms, end_ms) for name in names)
    known = np.nansum(heard_s, axis=1) >= HEARD * HOUR_MS / 1000
    return ends, np.where(known, np.nansum(amounts, axis=1), np.nan)


def same_hour(ends: Times, values: Floats, wanted: Times) -> Floats:
    """For each wanted end of an hour the median of `values` at the same hour of day; NaN with fewer than three days."""
    if not ends.size:
        return np.full(wanted.size, np.nan)
    days = ends // DAY_MS
    by_hour = np.full((24, int(days[-1] - days[0]) + 1), np.nan)
    by_hour[ends // HOUR_MS % 24, days - days[0]] = values
    enough = np.count_nonzero(~np.isnan(by_hour), axis=1) >= LEAST_DAYS
    return np.asarray(np.where(enough, median_of_known(by_hour), np.nan)[wanted // HOUR_MS % 24])


def _cells(past: Past, coin: str, name: str, start_ms: int, end_ms: int) -> tuple[Times, Floats]:
    """(ends, values by slot) of the whole hours in [start_ms, end_ms]; shape (hours, 12)."""
    first, last = -(-start_ms // HOUR_MS), end_ms // HOUR_MS
    hours = max(0, last - first)
    cells = np.full(hours * SLOTS_OF_HOUR, np.nan)
    times, values = past.column(coin, name, first * HOUR_MS, last * HOUR_MS)
    cells[times // SLOT_MS - 1 - first * SLOTS_OF_HOUR] = values
    return (first + 1 + np.arange(hours, dtype=np.int64)) * HOUR_MS, cells.reshape(hours, SLOTS_OF_HOUR)


def _longest_pause(told: npt.NDArray[np.bool_]) -> Times:
    """The most slots from one told slot of an hour to the next, counted from its begin and to its end."""
    slots = np.arange(1, SLOTS_OF_HOUR + 1)
    last = np.maximum.accumulate(np.where(told, slots, 0), axis=1)
    before = np.concatenate((np.zeros((told.shape[0], 1), dtype=np.int64), last[:, :-1]), axis=1)
    pauses = np.where(told, slots - before, 0).max(axis=1, initial=0)
    return np.asarray(np.maximum(pauses, SLOTS_OF_HOUR - last[:, -1]))
