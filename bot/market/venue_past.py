"""What each venue told of one coin over the last days, for charts: open interest by the hour, funding by eight hours.

Unknown is None: an hour in which a venue told nothing, eight hours of which not every payment is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from bot.market.facts import Funding
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, Floats, Past
from bot.market.view import VenuePast

INTEREST_MS, FUNDING_MS = 7 * DAY_MS, 4 * DAY_MS
WINDOW_H = 8
WINDOW_MS = WINDOW_H * HOUR_MS
A_HOUR = HOUR_MS // SLOT_MS
WHOLE = 1e-9


def venue_past_of(past: Past, coin: str, counted_since_ms: Mapping[str, int] | None = None) -> VenuePast | None:
    """The last 7 days of open interest and 4 of funding, None where no venue told either.

    Open interest told up to a venue's moment in `counted_since_ms` is left out: it counted otherwise until then.
    """
    interest_ends, interest = _interest(past, coin, counted_since_ms or {})
    end_ms = past.as_of_ms // WINDOW_MS * WINDOW_MS
    funding_ends = tuple(range(end_ms - FUNDING_MS + WINDOW_MS, end_ms + 1, WINDOW_MS))
    paid = past.settled(coin, funding_ends[0] - WINDOW_MS, past.now_ms)
    funding = funding_of(paid, funding_ends)
    return VenuePast(interest_ends, interest, funding_ends, funding) if interest or funding else None


def funding_of(paid: Iterable[Funding], ends_ms: tuple[int, ...]) -> dict[str, tuple[float | None, ...]]:
    """By venue the mean rate per 8 h, weighted by the hours each payment is for, where these fill the eight hours.

    A payment is told seconds after its full hour, and belongs to the eight hours that end with that.
    """
    rates: dict[str, dict[int, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    for fact in paid:
        hour_ms = fact.t // HOUR_MS * HOUR_MS
        rates[fact.venue][-(-hour_ms // WINDOW_MS) * WINDOW_MS].append((fact.rate, fact.interval_h))
    told = {venue: tuple(_per_8h(windows.get(end, [])) for end in ends_ms) for venue, windows in rates.items()}
    return {venue: told[venue] for venue in sorted(told) if any(rate is not None for rate in told[venue])}


def _per_8h(payments: list[tuple[float, float]]) -> float | None:
    hours = sum(interval_h for _, interval_h in payments)
    if abs(hours - WINDOW_H) > WHOLE:
        return None
    return sum(rate for rate, _ in payments)


def _interest(
    past: Past, coin: str, counted_since_ms: Mapping[str, int]
) -> tuple[tuple[int, ...], dict[str, tuple[float | None, ...]]]:
    """(ends of full hours, the last coins told in each by venue), from the first hour in which any venue spoke."""
    end_ms = past.as_of_ms // HOUR_MS * HOUR_MS
    ends, told = past.open_interest(coin, end_ms - INTEREST_MS, end_ms)
    skipped = ends.size % A_HOUR
    hours = ends[skipped:].reshape(-1, A_HOUR)[:, -1]
    rows = {
        venue: _last_of_hours(np.where(ends > counted_since_ms.get(venue, 0), coins, np.nan)[skipped:])
        for venue, coins in sorted(told.items())
    }
    known = {venue: row for venue, row in rows.items() if not np.isnan(row).all()}
    if not known:
        return (), {}
    first = min(int(np.flatnonzero(~np.isnan(row))[0]) for row in known.values())
    # Seven figures are those that the past keeps.
    columns = {
        venue: tuple(None if np.isnan(v) else float(f"{v:.7g}") for v in row[first:]) for venue, row in known.items()
    }
    return tuple(hours[first:].tolist()), columns


def _last_of_hours(slots: Floats) -> Floats:
    """The last value of every twelve slots, NaN where all are unknown."""
    rows = slots.reshape(-1, A_HOUR)
    known = ~np.isnan(rows)
    last = A_HOUR - 1 - np.argmax(known[:, ::-1], axis=1)
    return np.asarray(rows[np.arange(rows.shape[0]), last])
