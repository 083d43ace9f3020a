"""The closed five-minute slots of one coin as columns: prices, volume, and what came to open interest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bot.market.history import DAY_MS, DAYS, SLOT_MS, Floats, Past
from bot.market.view import Slots

# A change counts over at most three missed polls (domain notes, section 1.8), at a venue that speaks rarely over one
# and a half of its usual pauses: over more, the price at which positions were opened is not known.
MOST_APART = 4
MOST_OF_USUAL = 1.5


def slots_of(past: Past, coin: str, counted_since_ms: Mapping[str, int] | None = None) -> Slots | None:
    """All slots kept of a coin, None where none has a price.

    Open interest told up to a venue's moment in `counted_since_ms` is left out: it counted otherwise until then.
    """
    start_ms = past.as_of_ms - DAYS * DAY_MS
    ends, close = past.column(coin, "close", start_ms, past.as_of_ms)
    known = ~np.isnan(close)
    if not known.any():
        return None
    high, low, dollars = (
        past.column(coin, name, start_ms, past.as_of_ms)[1][known] for name in ("high", "low", "perp_usd")
    )
    added = np.full(ends.size, np.nan)
    _, told = past.open_interest(coin, start_ms, past.as_of_ms)
    for venue, coins in sorted(told.items()):
        _add(added, np.where(ends > (counted_since_ms or {}).get(venue, 0), coins, np.nan))
    return Slots(ends[known] - SLOT_MS, high, low, close[known], dollars / close[known], added[known])


def _add(added: Floats, coins: Floats) -> None:
    """Add one venue's changes to those of the others, in the slots in which it spoke."""
    places = np.flatnonzero(~np.isnan(coins))
    apart = np.diff(places)
    if not apart.size:
        return
    near = apart <= max(MOST_APART, MOST_OF_USUAL * float(np.median(apart)))
    here, change = places[1:][near], np.diff(coins[places])[near]
    added[here] = np.where(np.isnan(added[here]), change, added[here] + change)
