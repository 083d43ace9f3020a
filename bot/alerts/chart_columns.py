"""The columns of a chart of one coin's past: price, liquidations and open interest, thinned to what a picture shows."""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec
import numpy as np
import numpy.typing as npt

from bot.aftermath.interest import interest_over
from bot.market.history import Past

POINTS = 300

Floats = npt.NDArray[np.float64]
Column = tuple[float | None, ...]


class ChartColumns(msgspec.Struct, frozen=True):
    """Equally long columns as `bot.message.ChartRequest` wants them; a column of which nothing is known is empty."""

    times_ms: tuple[int, ...]
    price: Column
    long_usd: Column
    short_usd: Column
    open_interest: Column


def chart_columns(past: Past, coin: str, start_ms: int, venues: Collection[str]) -> ChartColumns | None:
    """At most 300 points from `start_ms` to the end of `past`; None when no price is known.

    Open interest is the sum in coins over those of `venues` without a hole in that time, over all others without one
    where all of these have one.
    """
    times, closes = past.column(coin, "close", start_ms, past.as_of_ms)
    if np.isnan(closes).all():
        return None
    stride = -(-times.size // POINTS)
    liquidated = [past.column(coin, name, start_ms, past.as_of_ms)[1] for name in ("long_usd", "short_usd")]
    interest = interest_over(past, coin, start_ms, past.as_of_ms)
    counted = [venue for venue in interest.whole if venue in venues] or interest.whole
    return ChartColumns(
        times_ms=tuple(int(group[-1]) for group in times[times.size % stride :].reshape(-1, stride)),
        price=_thinned(closes, stride, _last),
        long_usd=_thinned(liquidated[0], stride, _sum),
        short_usd=_thinned(liquidated[1], stride, _sum),
        open_interest=_thinned(interest.total(counted), stride, _last),
    )


def _thinned(values: Floats, stride: int, pick: Callable[[Floats], float]) -> Column:
    """One value for every `stride` slots, ending with the newest; None where nothing is known."""
    if np.isnan(values).all():
        return ()
    groups = values[values.size % stride :].reshape(-1, stride)
    known = [group[~np.isnan(group)] for group in groups]
    return tuple(pick(group) if group.size else None for group in known)


def _last(known: Floats) -> float:
    return float(known[-1])


def _sum(known: Floats) -> float:
    return float(known.sum())
