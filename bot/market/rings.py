"""Sums and extremes over the last minutes, for all coins at once.

A ring has one cell a minute and keeps 64 of them; a window of `w` minutes at `now` is the last `w` cells, the
running one included. Every cell is stored twice, 64 apart, so that a window is one slice and never a copy.
"""

import numpy as np
import numpy.typing as npt

MINUTE_MS = 60_000
CELLS = 64

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class MinuteRing:
    """Cells per minute on the last axis of an array of shape (…, coins, 128); old cells return to `empty`."""

    def __init__(self, shape: tuple[int, ...], empty: float) -> None:
        self.cells = np.full((*shape, 2 * CELLS), empty)
        self._empty = empty
        self._minute = 0
        self._filled: set[int] = set()
        """Minutes whose cells are not empty, so that nothing else has to be emptied."""
        self._oldest = 0
        """No later than any of them."""

    def advance(self, now_ms: int) -> None:
        """Open the cell that holds `now_ms`; a minute ends with its last millisecond."""
        minute = (now_ms - 1) // MINUTE_MS
        if minute <= self._minute:
            return
        self._minute = minute
        if self._oldest > minute - CELLS or not self._filled:
            return
        gone = [filled for filled in self._filled if filled <= minute - CELLS]
        self._filled.difference_update(gone)
        self._oldest = min(self._filled, default=0)
        if not self._filled:
            self.cells[...] = self._empty
            return
        both = self._both()
        for filled in gone:
            both[..., filled % CELLS] = self._empty

    def holds(self, at_ms: int) -> bool:
        """Whether the cell of `at_ms` is open and not yet gone."""
        return self._minute - CELLS < (at_ms - 1) // MINUTE_MS <= self._minute

    def add(self, place: tuple[int | slice, ...], at_ms: int, amount: float | Floats) -> None:
        """Add to the cell of `at_ms`."""
        cell = self._fill(at_ms)
        self.cells[(*place, cell)] += amount
        self.cells[(*place, cell + CELLS)] += amount

    def raise_to(self, at_ms: int, values: Floats, place: tuple[int, ...] = ()) -> None:
        """Let the cell of `at_ms` be at least `values`; NaN changes nothing."""
        cell = self._fill(at_ms)
        both = self._both()[place]
        if values.ndim:
            both = both[..., : values.shape[-1], :, :]
        both[..., cell] = np.fmax(both[..., 0, cell], values)[..., None]

    def put(self, at_ms: int, values: Floats) -> None:
        """Replace the cell of `at_ms`."""
        cell = self._fill(at_ms)
        both = self._both()[tuple(slice(0, size) for size in values.shape)]
        both[..., cell] = values[..., None]

    def window(self, minutes: int) -> Floats:
        """The last `minutes` cells, oldest first: a view of shape (…, coins, minutes)."""
        end = self._minute % CELLS + CELLS + 1
        return self.cells[..., end - minutes : end]

    def _fill(self, at_ms: int) -> int:
        minute = (at_ms - 1) // MINUTE_MS
        if minute not in self._filled:
            self._filled.add(minute)
            self._oldest = min(self._filled)
        return minute % CELLS

    def _both(self) -> Floats:
        """The two copies of every cell on an axis of their own, so that one write reaches both."""
        return self.cells.reshape(*self.cells.shape[:-1], 2, CELLS)

    def grow(self, axis: int, size: int) -> None:
        """Make room for more coins (or venues) along `axis`."""
        missing = size - self.cells.shape[axis]
        if missing > 0:
            shape = list(self.cells.shape)
            shape[axis] = missing
            self.cells = np.concatenate([self.cells, np.full(shape, self._empty)], axis=axis)


class Highest:
    """The highest values of the last minutes, the running one included; −∞ where none was known.

    Whatever the window, a step costs a few operations: minutes are cut into blocks as long as the window, so that it
    always is the end of one block and the begin of the next. `_ends` are the highest values from each minute of the
    last block to its end, `_begin` that of the running block so far (van Herk, Pattern Recognition Letters 13, 1992).
    """

    def __init__(self, minutes: int, shape: tuple[int, ...]) -> None:
        self._minutes = minutes
        self._minute = 0
        self._cells = np.full((minutes, *shape), -np.inf)
        self._ends = np.full((minutes + 1, *shape), -np.inf)
        self._begin = np.full(shape, -np.inf)

    @property
    def now(self) -> Floats:
        """The highest of the window that ends with the running minute, shape (…, coins)."""
        return np.asarray(np.maximum(self._begin, self._ends[self._minute % self._minutes + 1]))

    def advance(self, now_ms: int) -> None:
        """Let the minute of `now_ms` be the running one; a minute ends with its last millisecond."""
        minute = (now_ms - 1) // MINUTE_MS
        if minute <= self._minute:
            return
        blocks = minute // self._minutes - self._minute // self._minutes
        self._minute = minute
        if blocks == 0:
            return
        self._ends[...] = -np.inf
        if blocks == 1:
            np.maximum.accumulate(self._cells[::-1], axis=0, out=self._ends[-2::-1])
        self._cells[...] = -np.inf
        self._begin[...] = -np.inf

    def raise_to(self, values: Floats) -> None:
        """Let the running minute be at least `values`; NaN changes nothing."""
        among = slice(values.shape[-1])
        for part in (self._cells[self._minute % self._minutes], self._begin):
            np.fmax(part[..., among], values, out=part[..., among])

    def forget(self, coin: int, rows: slice = slice(None)) -> None:
        """Take some rows of every minute of a coin for unknown."""
        for part in (self._cells, self._ends, self._begin):
            part[..., rows, coin] = -np.inf

    def grow(self, coins: int) -> None:
        """Make room for more coins."""
        missing = coins - self._begin.shape[-1]
        if missing > 0:
            for name in ("_cells", "_ends", "_begin"):
                part = getattr(self, name)
                more = np.full((*part.shape[:-1], missing), -np.inf)
                setattr(self, name, np.concatenate([part, more], axis=-1))
