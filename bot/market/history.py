"""Closed five-minute slots per coin: what follow-ups and levels read, and nothing later than they may know.

A slot ends at a multiple of five minutes and holds what became known after its begin, up to and including its end.
NaN is unknown. Fifteen days are kept in memory, so that the previous ISO week is whole on any day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from bot.market.facts import Bar, Funding
from bot.market.hours import hours_of
from bot.market.view import Hours

SLOT_MS = 300_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000
DAYS = 15
SLOTS = DAYS * DAY_MS // SLOT_MS

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Slots = npt.NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)

# close, high, low: quote per coin. basis_bps: perp against index. funding_8h: decimal per 8 h, OI-weighted.
# long_usd, short_usd: liquidations known in the slot; liquidation_s: seconds of feed behind them (an hourly total
# brings 3600 at once). perp_usd, spot_usd: traded notional known in the slot. spot_bought_usd, spot_sold_usd: what of
# spot takers bought and sold, of the bars that tell it. depth_usd: order books within 1 % of mid, both sides, all
# venues that tell them; unknown while one of those is silent.
LATEST = ("close", "high", "low", "basis_bps", "funding_8h")
AMOUNTS = ("long_usd", "short_usd", "liquidation_s", "perp_usd", "spot_usd", "spot_bought_usd", "spot_sold_usd")
COLUMNS = (*LATEST, *AMOUNTS, "depth_usd")
LIQUIDATED = slice(5, 7)
HIGH_AND_LOW = slice(1, 3)


class History:
    """The rings behind `until`; the engine writes one slot column per detector step."""

    def __init__(self) -> None:
        self.coins: dict[str, int] = {}
        self.venues: dict[str, int] = {}
        self.columns = np.full((len(COLUMNS), 8, SLOTS), np.nan)
        self.venue_coins = np.full((8, 8, SLOTS), np.nan, dtype=np.float32)
        self.changes = 0
        """Steps and facts so far: what was worked out from here holds until there are more."""
        self.slot = 0
        """Number of the open slot: the one that ends next."""
        self.first_slot = 0
        self._settled: dict[str, deque[Funding]] = defaultdict(deque)
        self._hour_bars: dict[str, deque[Bar]] = defaultdict(deque)

    def enter(self, coins: dict[str, int], venues: dict[str, int], now_ms: int) -> int:
        """Make room for the Board's coins and venues and open the slot of `now_ms`; returns its place in the rings."""
        self.changes += 1
        self._know(coins, venues)
        slot = (now_ms - 1) // SLOT_MS
        if self.slot == 0:
            self.slot = slot - 1
            self.first_slot = slot
        if slot > self.slot:
            fresh = places(max(self.slot + 1, slot - SLOTS + 1), slot + 1, SLOTS)
            self.columns[:, :, fresh] = np.nan
            self.venue_coins[:, :, fresh] = np.nan
            self.slot = slot
        return slot % SLOTS

    def write(self, place: int, latest: Floats) -> None:
        """Put one step into the open slot: close, high, low, basis, funding by row, one column a coin."""
        cell = self.columns[:5, : latest.shape[1], place]
        told = ~np.isnan(latest)
        higher, lower = np.fmax(cell[1], latest[1]), np.fmin(cell[2], latest[2])
        np.copyto(cell, latest, where=told)
        cell[1], cell[2] = higher, lower

    def add(self, place: int, amounts: Floats) -> None:
        """Add rows of AMOUNTS, from its first on, to the open slot; NaN adds nothing and leaves unknown unknown."""
        cell = self.columns[5 : 5 + amounts.shape[0], : amounts.shape[1], place]
        np.copyto(cell, np.where(np.isnan(cell), amounts, cell + amounts), where=~np.isnan(amounts))

    def write_open_interest(self, place: int, coins: Floats) -> None:
        """Latest open interest, shape (coins, venues), in coins; NaN where nothing came in the slot."""
        rows, columns = coins.shape
        np.copyto(self.venue_coins[:rows, :columns, place], coins, where=~np.isnan(coins), casting="same_kind")

    def write_depth(self, place: int, usd: Floats) -> None:
        """Latest depth of the order books by coin; NaN where it is not known in full."""
        np.copyto(self.columns[-1, : usd.shape[0], place], usd, where=~np.isnan(usd))

    def apply(self, fact: Bar | Funding) -> None:
        """Keep what slots cannot hold: settled funding payments and hourly perp bars of the coin's first venue."""
        self.changes += 1
        oldest = fact.t - DAYS * DAY_MS
        if isinstance(fact, Funding):
            if fact.settled:
                kept = self._settled[fact.base]
                kept.append(fact)
                while kept and kept[0].t < oldest:
                    kept.popleft()
        elif fact.market == "perp" and fact.span_s == HOUR_MS // 1000:
            bars = self._hour_bars[fact.base]
            if not bars or bars[-1].venue == fact.venue:
                bars.append(fact)
            while bars and bars[0].t < oldest:
                bars.popleft()

    def correct(self, coin: str, span_ms: tuple[int, int], edges: tuple[float, float]) -> None:
        """Hold the prices of a span within the (lowest, highest) that was traded in it: one of them was wrong."""
        places = np.arange(span_ms[0] // SLOT_MS, (span_ms[1] - 1) // SLOT_MS + 1) % SLOTS
        for name in ("close", "high", "low"):
            cells = self.columns[COLUMNS.index(name), self.coins[coin]]
            cells[places] = np.clip(cells[places], *edges)

    def unheard(self, row: int, slots: Slots) -> npt.NDArray[np.bool_]:
        """In which of these slots no price of a coin was heard."""
        return np.asarray(np.isnan(self.columns[COLUMNS.index("close"), row, slots % SLOTS]))

    def learn(self, other: History, rows: Mapping[int, int], span: range) -> None:
        """Fill what is unknown in some slots from another past of the same market; `rows` are its coins and ours.

        Liquidations are added, because it knows those of venues that were not heard then.
        """
        self.changes += 1
        span = range(max(span.start, self.slot - SLOTS + 1), min(span.stop, self.slot))
        self.first_slot = min(self.first_slot, span.start) if span else self.first_slot
        places = np.array(span, dtype=np.int64) % SLOTS
        venues = [(column, self.venues[venue]) for venue, column in other.venues.items() if venue in self.venues]
        for theirs, ours in rows.items():
            cells = self.columns[:, ours, places]
            told = other.columns[:, theirs, places]
            filled = np.where(np.isnan(cells), told, cells)
            both = ~np.isnan(cells[LIQUIDATED]) & ~np.isnan(told[LIQUIDATED])
            filled[LIQUIDATED] = np.where(both, cells[LIQUIDATED] + told[LIQUIDATED], filled[LIQUIDATED])
            self.columns[:, ours, places] = filled
            for column, place in venues:
                coins = self.venue_coins[ours, place, places]
                theirs_told = other.venue_coins[theirs, column, places]
                self.venue_coins[ours, place, places] = np.where(np.isnan(coins), theirs_told, coins)

    def block(self, name: str, start_ms: int, end_ms: int) -> Floats:
        """One column, shape (coins, slots that end in (start_ms, end_ms]); slots that are not kept are left out.

        To be read only: it may lie where the history itself does.
        """
        rows = self.columns[COLUMNS.index(name), : len(self.coins)]
        parts = [rows[:, part] for part in self._parts(start_ms, end_ms)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)

    def range_of(self, start_ms: int, end_ms: int) -> Floats:
        """Highest and lowest price by coin in the slots that end in (start_ms, end_ms], shape (2, coins)."""
        rows = self.columns[HIGH_AND_LOW, : len(self.coins)]
        highest, lowest = np.full((2, rows.shape[1]), np.nan)
        for part in self._parts(start_ms, end_ms):
            highest = np.fmax(highest, np.fmax.reduce(rows[0, :, part], axis=1, initial=np.nan))
            lowest = np.fmin(lowest, np.fmin.reduce(rows[1, :, part], axis=1, initial=np.nan))
        return np.array([highest, lowest])

    def open_interest_block(self, start_ms: int, end_ms: int) -> npt.NDArray[np.float32]:
        """Coins of open interest, shape (coins, venues, slots that end in (start_ms, end_ms]), as `block`."""
        rows = self.venue_coins[: len(self.coins), : len(self.venues)]
        return np.concatenate([rows[..., part] for part in self._parts(start_ms, end_ms)], axis=2)

    def at(self, name: str, end_ms: int, oldest_ms: int) -> Floats | None:
        """One column of all coins in the last slot that ends in (oldest_ms, end_ms]; None where none is kept."""
        slot = min(end_ms // SLOT_MS, self.slot + 1) - 1
        if slot < max(oldest_ms // SLOT_MS, self.oldest_slot):
            return None
        return self.columns[COLUMNS.index(name), : len(self.coins), slot % SLOTS]

    def until(self, now_ms: int) -> Past:
        """What was known at `now_ms`, to the last closed slot."""
        return Past(self, now_ms)

    @property
    def oldest_slot(self) -> int:
        """The first slot that is kept."""
        return max(self.first_slot, self.slot - SLOTS + 1)

    def _parts(self, start_ms: int, end_ms: int) -> list[slice]:
        """Where the slots that end in (start_ms, end_ms] and are kept stand in the rings: one slice, or two."""
        first = max(start_ms // SLOT_MS, self.oldest_slot)
        count = max(0, min(end_ms // SLOT_MS, self.slot + 1) - first)
        begin = first % SLOTS
        if begin + count <= SLOTS:
            return [slice(begin, begin + count)]
        return [slice(begin, SLOTS), slice(begin + count - SLOTS)]

    def make_room(self, coins: dict[str, int], venues: dict[str, int], slot: int, first_slot: int) -> None:
        """Have a place for each of these slots, which hold nothing yet."""
        self.slot, self.first_slot = slot, first_slot
        self._know(coins, venues)

    def _know(self, coins: dict[str, int], venues: dict[str, int]) -> None:
        """Take over the Board's places; not the Board's own lists, which may grow before the next step."""
        if len(coins) != len(self.coins) or len(venues) != len(self.venues):
            self.coins, self.venues = dict(coins), dict(venues)
            self._grow(len(coins), len(venues))

    def _grow(self, coins: int, venues: int) -> None:
        rows = self.venue_coins.shape[0]
        if coins > rows:
            self.columns = _padded(self.columns, 1, coins)
            self.venue_coins = _padded(self.venue_coins, 0, coins)
        if venues > self.venue_coins.shape[1]:
            self.venue_coins = _padded(self.venue_coins, 1, venues)


class Past:
    """A read-only view of History that ends at `now_ms`; whatever is added later changes none of its answers."""

    def __init__(self, history: History, now_ms: int) -> None:
        self._history = history
        self.now_ms = now_ms
        self.as_of_ms = now_ms // SLOT_MS * SLOT_MS

    @property
    def coins(self) -> tuple[str, ...]:
        """Every coin that was ever told of; one that was first told of later has no figures here."""
        return tuple(self._history.coins)

    def until(self, now_ms: int) -> Past:
        """What was known at an earlier moment."""
        return Past(self._history, min(now_ms, self.now_ms))

    def column(self, coin: str, name: str, start_ms: int, end_ms: int) -> tuple[Times, Floats]:
        """(slot ends, values) of the slots that end in (start_ms, end_ms], clipped to what is known and kept."""
        row = self._history.coins.get(coin)
        ends, places = self._places(start_ms, end_ms)
        if row is None:
            return ends[:0], np.empty(0)
        return ends, self._history.columns[COLUMNS.index(name), row, places]

    def open_interest(self, coin: str, start_ms: int, end_ms: int) -> tuple[Times, dict[str, Floats]]:
        """(slot ends, coins per venue); NaN in slots in which that venue told nothing; silent venues left out."""
        row = self._history.coins.get(coin)
        ends, places = self._places(start_ms, end_ms)
        if row is None:
            return ends[:0], {}
        block = self._history.venue_coins[row][:, places].astype(np.float64)
        told = {venue: block[column] for venue, column in self._history.venues.items()}
        return ends, {venue: values for venue, values in told.items() if not np.isnan(values).all()}

    def open_interest_at(self, coin: str, at_ms: int, max_age_ms: int = 2 * SLOT_MS) -> dict[str, float]:
        """Each venue's last open interest in coins known at `at_ms` and not older than `max_age_ms`."""
        _, told = self.open_interest(coin, at_ms - max_age_ms, at_ms)
        return {venue: float(values[~np.isnan(values)][-1]) for venue, values in told.items()}

    def price_at(self, coin: str, at_ms: int, max_age_ms: int = HOUR_MS) -> float | None:
        """Last close known at `at_ms`, None when older than `max_age_ms`."""
        _, closes = self.column(coin, "close", at_ms - max_age_ms, at_ms)
        known = closes[~np.isnan(closes)]
        return float(known[-1]) if known.size else None

    def settled(self, coin: str, start_ms: int, end_ms: int) -> list[Funding]:
        """Funding payments made in (start_ms, end_ms], oldest first."""
        end_ms = min(end_ms, self.now_ms)
        return [fact for fact in self._history._settled.get(coin, ()) if start_ms < fact.t <= end_ms]  # noqa: SLF001 -- as above

    def hours(self, coin: str) -> Hours | None:
        """Hourly bars of the days kept: the venue's own where it sends them, else built from the slots."""
        start_ms = self.as_of_ms - DAYS * DAY_MS
        ends, closes = self.column(coin, "close", start_ms, self.as_of_ms)
        highs, lows, dollars = (
            self.column(coin, name, start_ms, self.as_of_ms)[1] for name in ("high", "low", "perp_usd")
        )
        return hours_of(ends, (closes, highs, lows, dollars), self._bars(coin))

    def _bars(self, coin: str) -> list[Bar]:
        bars = list(self._history._hour_bars.get(coin, ()))  # noqa: SLF001 -- as above
        return bars[: bisect_right([bar.t for bar in bars], self.now_ms)]

    def _places(self, start_ms: int, end_ms: int) -> tuple[Times, npt.NDArray[np.int64]]:
        newest = self._history.slot
        oldest = max(newest - SLOTS + 1, self._history.first_slot)
        first = max(start_ms // SLOT_MS, oldest)
        last = min(end_ms // SLOT_MS, self.as_of_ms // SLOT_MS, newest + 1)
        slots = np.arange(first, max(first, last), dtype=np.int64)
        return (slots + 1) * SLOT_MS, slots % SLOTS


def places(first: int, end: int, size: int) -> int | Times:
    """Where slots from `first` to before `end` stand in a ring; one alone as a number, several times faster."""
    return first % size if end - first == 1 else np.arange(first, end) % size


def _padded(array: npt.NDArray[Kind], axis: int, least: int) -> npt.NDArray[Kind]:
    size = max(least, array.shape[axis] + max(4, array.shape[axis] // 4))  # fifteen days of a coin take half a megabyte
    shape = list(array.shape)
    shape[axis] = size - array.shape[axis]
    return np.concatenate([array, np.full(shape, np.nan, dtype=array.dtype)], axis=axis)
