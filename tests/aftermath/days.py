"""Fifteen days of slots written as columns, and the raw rows of the real winter beside the same slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd  # type: ignore[import-untyped]  # ships no types

from bot.flush.episode import Episode, Leg
from bot.market.history import COLUMNS, HOUR_MS, SLOT_MS, SLOTS, History, Past
from tests.aftermath.raw import raw_rows
from tests.aftermath.slots import before, episode

Floats = npt.NDArray[np.float64]
RECORDING = "2025-12_2026-03_btc_eth_sol.jsonl.gz"
DAYS_BEFORE = 14


def written(start_ms: int, coins: Mapping[str, Mapping[str, Sequence[float] | Floats]]) -> History:
    """A history whose first slot ends one slot after `start_ms`; by coin and column one value a slot, NaN unknown."""
    history = History()
    places = {coin: place for place, coin in enumerate(coins)}
    count = max(len(values) for columns in coins.values() for values in columns.values())
    history.enter(places, {}, start_ms + SLOT_MS)
    history.enter(places, {}, start_ms + count * SLOT_MS)
    slots = np.arange(history.slot - count + 1, history.slot + 1) % SLOTS
    for coin, columns in coins.items():
        for name, values in columns.items():
            history.columns[COLUMNS.index(name), places[coin], slots[: len(values)]] = values
    return history


def hourly(values: Sequence[float] | Floats) -> Floats:
    """One value an hour, in the slot that ends with it."""
    slots = np.full(len(values) * 12, np.nan)
    slots[11::12] = values
    return slots


def flush_of(
    onset_ms: int,
    ended_ms: int | None,
    *,
    side: str = "long",
    basis_bps: float | None = None,
    peak_ms: int | None = None,
    legs_ms: Sequence[int] = (),
) -> Episode:
    """A flush of BTC with only its times, legs and basis before."""
    flush = episode((90.0, onset_ms + HOUR_MS), before(at_ms=onset_ms, basis_bps=basis_bps), ended_ms=ended_ms)
    flush.side = "long" if side == "long" else "short"
    flush.onset_ms = flush.lead.onset_ms = onset_ms
    flush.peak_ms = flush.anchor_ms = onset_ms if peak_ms is None else peak_ms
    flush.legs = [Leg(at, None, at, 0.0, 0.0, 90.0) for at in legs_ms]
    return flush


class Real(NamedTuple):
    """One flush of the winter recording: its raw rows of fourteen days before to three after, and when it was."""

    rows: pd.DataFrame
    onset_ms: int
    ended_ms: int

    def until(self, due_ms: int) -> Past:
        """What was known then, slots filled as the engine does; the basis is Binance's perp over its spot, hourly."""
        start_ms = due_ms // HOUR_MS * HOUR_MS - DAYS_BEFORE * 24 * HOUR_MS
        rows = self.rows[(self.rows.t > start_ms) & (self.rows.t <= due_ms)]
        columns = {name: np.full((due_ms - start_ms) // SLOT_MS, np.nan) for name in COLUMNS}
        spot_close: dict[int, float] = {}
        for row in rows.sort_values(["t", "market"], ascending=[True, False]).itertuples():
            place = (row.t - start_ms) // SLOT_MS - 1
            if row.kind == "bar":
                traded = columns[f"{row.market}_usd"]
                traded[place] = np.nan_to_num(traded[place]) + row.volume * row.close
                if row.market == "spot":
                    spot_close[row.t] = row.close
                elif row.venue == "binance" and row.t in spot_close:
                    columns["basis_bps"][place] = (row.close / spot_close[row.t] - 1) * 1e4
            else:
                columns["long_usd"][place], columns["short_usd"][place] = row.long_usd, row.short_usd
                columns["liquidation_s"][place] = row.span_s
        return written(start_ms, {"BTC": columns}).until(due_ms)


FLUSHES = {
    "2026-01-19": ((2026, 1, 19, 0, 0), 130),
    "2026-01-31": ((2026, 1, 31, 17, 5), 150),
    "2026-02-05": ((2026, 2, 5, 15, 0), 600),
}
"""Onset and minutes to the end, by hand from the list of known events."""


def winter_rows(recordings: Path) -> pd.DataFrame:
    """The raw lines of BTC's bars and liquidation totals."""
    rows = raw_rows(recordings / RECORDING, "BTC")
    return rows[rows.kind.isin(["bar", "liquidations"])].dropna(axis="columns", how="all")


def real(winter: pd.DataFrame, day: str) -> Real:
    """A flush of the winter by its date."""
    when, minutes = FLUSHES[day]
    onset_ms = int(datetime(*when, tzinfo=UTC).timestamp() * 1000)
    span = winter[(winter.t > onset_ms - 16 * 24 * HOUR_MS) & (winter.t <= onset_ms + 3 * 24 * HOUR_MS)]
    return Real(span, onset_ms, onset_ms + minutes * 60_000)
