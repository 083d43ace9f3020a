"""The checks of a follow-up worked out with pandas from the raw lines of a recording: no slot, no Board, no engine.

Written from the rules in docs/checks.md and docs/post-mortem.md, so that it can disagree with the program.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # ships no types

MINUTE_MS = 60_000
SLOT_MS = 5 * MINUTE_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
USUAL_MS = 14 * DAY_MS
"""So far before onset the rows are read."""


def raw_rows(path: Path, base: str, start_ms: int = 0, end_ms: int = 2**62) -> pd.DataFrame:
    """The lines of one coin in (start_ms, end_ms], as they stand in the file."""
    marked = f'"base":"{base}"'.encode()
    with gzip.open(path) as file:
        lines = (msgspec.json.decode(line) for line in file if marked in line)
        return pd.DataFrame([line for line in lines if start_ms < line["t"] <= end_ms])


class Known(NamedTuple):
    """A flush by its times alone, and what was known of it at one due time; UTC ms, quote per coin."""

    rows: pd.DataFrame
    onset_ms: int
    peak_ms: int
    ended_ms: int
    due_ms: int

    @property
    def end_ms(self) -> int:
        """The end of the flush, or the due time where that comes first."""
        return min(self.ended_ms, self.due_ms)

    def of(self, kind: str) -> pd.DataFrame:
        """Lines of one kind up to the due time."""
        return self.rows[(self.rows.kind == kind) & (self.rows.t <= self.due_ms)]

    @property
    def marks(self) -> pd.Series:
        """Binance's mark every five minutes."""
        return self.of("mark").set_index("t").price

    def recovery(self) -> dict[str, Any]:
        """M9: how much of the way from the price before to the extreme is gone back."""
        marks = self.marks
        during = marks.loc[self.onset_ms + 1 : self.end_ms]
        extreme, extreme_ms = during.min(), int(during.idxmin())
        before = marks.loc[min(self.onset_ms, extreme_ms) - 6 * HOUR_MS + 1 : extreme_ms].max()
        since = marks.loc[extreme_ms + 1 :]
        beyond = 1 - since.min() / extreme if len(since) else 0.0
        passed = beyond >= 0.001
        return {
            "price": marks.iloc[-1],
            "before": before,
            "extreme": extreme,
            "extreme_ms": extreme_ms,
            "recovered": (marks.iloc[-1] - extreme) / (before - extreme),
            "beyond_price": since.min() if passed else None,
            "beyond_ms": int(since.idxmin()) if passed else None,
            "beyond": beyond if passed else None,
            "from_high": marks.iloc[-1] / marks.loc[self.onset_ms - DAY_MS + 1 : self.onset_ms].max() - 1,
        }

    def interest(self) -> pd.DataFrame:
        """Open interest in coins, a column a venue, as told; dollars are divided by the mark of the same moment."""
        told = self.of("oi").merge(self.marks.rename("mark").reset_index(), on="t", how="left").sort_values("t")
        told["told"] = told.coins.fillna(told.usd / told["mark"].ffill())
        return told.pivot_table(index="t", columns="venue", values="told", aggfunc="last")

    def whole(self, told: pd.Series, elapsed_ms: int) -> bool:
        """Whether a venue spoke without a hole from an hour before the onset on, and often enough to know of it."""
        times = told.dropna().loc[self.onset_ms - 7 * HOUR_MS + 1 :].index.to_numpy()
        period = np.median(np.diff(times))
        edges = np.append(times, self.due_ms // SLOT_MS * SLOT_MS)
        gaps = np.diff(edges)
        hole = (gaps > max(4 * SLOT_MS, 1.5 * period)) & (edges[1:] > self.onset_ms - HOUR_MS)
        return not hole.any() and (period <= 3 * SLOT_MS or period < elapsed_ms)

    def rebuild(self, elapsed_ms: int) -> dict[str, Any]:
        """M3: open interest before, least in the flush and now, over the venues that are whole."""
        interest = self.interest()
        venues = [venue for venue in interest if self.whole(interest[venue], elapsed_ms)]
        hour = interest.loc[self.onset_ms - HOUR_MS : self.onset_ms - 10 * MINUTE_MS, venues]
        before = hour.median().sum()
        total = interest[venues].ffill().sum(axis=1)
        during = total.loc[self.onset_ms + 1 : self.end_ms]
        least, now = during.min(), total.iloc[-1]
        fall = 1 - least / before
        return {
            "venues": venues,
            "before": before,
            "least": least,
            "least_ms": int(during.idxmin()),
            "now": now,
            "fall": fall,
            "change": now / before - 1,
            "rebuilt": (now - least) / (before - least) if fall >= 0.015 else None,
        }

    def follow_through(self) -> dict[str, Any]:
        """M8: liquidations of the flush and of the last four hours against the coin's own 90th percentile."""
        totals = self.of("liquidations").set_index("t")
        both = totals.long_usd + totals.short_usd
        flush = both.loc[self.onset_ms // SLOT_MS * SLOT_MS : self.end_ms]
        half_ms = int((flush.cumsum() >= flush.sum() / 2).idxmax())
        longs = totals.long_usd  # the side that was hurt in all three
        first = -(-(self.onset_ms - 11 * 24 * HOUR_MS) // HOUR_MS) * HOUR_MS
        usual = longs.loc[first + 1 : self.onset_ms]
        hours = [longs.loc[end - HOUR_MS + 1 : end].sum() for end in self._ends() if self._heard(both, end)]
        q90 = usual.quantile(0.9)
        last = [self._hour(totals, end) if self._heard(both, end) else None for end in self._ends()[:2]]
        return {
            "total_usd": flush.sum(),
            "half_min": max(0, half_ms - self.peak_ms) / MINUTE_MS,
            "q90_usd": q90,
            "heard": len(hours),
            "above": sum(usd >= q90 for usd in hours),
            "last": last[0],
            "previous": last[1],
        }

    def _ends(self) -> list[int]:
        return [self.due_ms - back * HOUR_MS for back in range(4)]

    def _heard(self, both: pd.Series, end_ms: int) -> bool:
        return len(both.loc[end_ms - HOUR_MS + 1 : end_ms]) > 0

    def _hour(self, totals: pd.DataFrame, end_ms: int) -> dict[str, float]:
        hour = totals.loc[end_ms - HOUR_MS + 1 : end_ms]
        return {"hurt_usd": hour.long_usd.sum(), "other_usd": hour.short_usd.sum()}

    def funding_8h(self, venues: Iterable[str]) -> pd.Series:
        """M2 by payments: the last one of each venue, weighted by the open interest before; at each payment."""
        weights = self.interest().loc[self.onset_ms - HOUR_MS : self.onset_ms - 10 * MINUTE_MS].median()
        facts = self.of("funding").sort_values("t", kind="stable")
        facts = facts[facts.venue.isin(list(venues))].assign(rate_8h=lambda frame: frame.rate * 8 / frame.interval_h)
        paid = facts.pivot_table(index="t", columns="venue", values="rate_8h", aggfunc="last").ffill()
        return (paid * weights[paid.columns]).sum(axis=1) / weights[paid.columns].sum()

    def funding_told_8h(self, venues: list[str]) -> pd.Series:
        """M2 by the rates last told, each moment weighted by the open interest of that moment; every five minutes."""
        grid = pd.Index(range(self.onset_ms // SLOT_MS * SLOT_MS, self.due_ms + 1, SLOT_MS))
        facts = self.of("funding").assign(rate_8h=lambda frame: frame.rate * 8 / frame.interval_h)
        paid = facts.pivot_table(index="t", columns="venue", values="rate_8h", aggfunc="last")[venues].ffill()
        paid, weights = (frame.reindex(frame.index.union(grid)).ffill().loc[grid] for frame in (paid, self.interest()))
        return (paid * weights[venues]).sum(axis=1) / weights[venues].sum(axis=1)

    def settlements(self) -> dict[str, int]:
        """How many payments each venue made since the onset."""
        facts = self.of("funding")
        return dict(facts[facts.t > self.onset_ms].groupby("venue").size())

    def delta(self, before: float) -> float:
        """How far beyond a level counts: a quarter of the ATR of 15 minutes of the day before, 0.1 % at least."""
        day = self.marks.loc[self.onset_ms - DAY_MS + 1 : self.onset_ms]
        quarters = day.groupby((day.index - 1) // (15 * MINUTE_MS))
        high, low, close = quarters.max(), quarters.min(), quarters.last().shift()
        ranges = pd.concat([high - low, (high - close).abs(), (low - close).abs()], axis=1).max(axis=1).iloc[1:]
        usual = ranges.iloc[14:].ewm(alpha=1 / 14, adjust=False).mean()
        seed = ranges.iloc[:14].mean() - ranges.iloc[14]
        atr = usual.iloc[-1] + seed * (13 / 14) ** (len(ranges) - 14)
        return float(max(0.25 * atr, 0.001 * before))

    def level(self, price: float, delta: float) -> dict[str, Any]:
        """M5: what became of a level by the closes of 15 minutes and of an hour since the onset."""
        since = self.marks.loc[self.onset_ms + 1 :]
        closes = since[since.index % (15 * MINUTE_MS) == 0]
        under, over = closes < price - delta, closes > price + delta
        state, lost_ms, regained_ms, hours_over = None, None, None, 0
        for at_ms in closes.index:
            on_the_hour = at_ms % HOUR_MS == 0
            hours_over = (
                hours_over + 1 if on_the_hour and over[at_ms] else 0 if on_the_hour or under[at_ms] else hours_over
            )
            if under[at_ms] and state in (None, "RECLAIMED"):
                state, lost_ms = "LOST" if state is None else "LOST_AGAIN", at_ms
            if under[at_ms] and on_the_hour and state == "LOST":
                state = "LOST_CONFIRMED"
            if hours_over >= 2 and state not in (None, "RECLAIMED"):
                state, regained_ms = "RECLAIMED", at_ms
        lowest, last = since.min(), since.iloc[-1]
        if state is None:
            pierced = lowest < price - delta and last >= price
            state = "UNTESTED" if lowest > price + delta else "WICKED" if pierced else "HELD"
        return {"state": state, "reached": lowest, "lost_ms": lost_ms, "regained_ms": regained_ms}
