"""Local maxima of a row of numbers and how far they stand out, as topographers measure it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


def peaks(values: Floats) -> Places:
    """Places of the local maxima, of a plateau its middle; neither end is one, because nothing is known beyond it."""
    if values.size < 3:
        return np.empty(0, dtype=np.int64)
    begins = np.concatenate(([0], np.flatnonzero(np.diff(values)) + 1))
    ends = np.concatenate((begins[1:], [values.size])) - 1
    level = values[begins]
    summit = np.flatnonzero((level[1:-1] > level[:-2]) & (level[1:-1] > level[2:])) + 1
    return np.asarray((begins[summit] + ends[summit]) // 2, dtype=np.int64)


def prominence(values: Floats, place: int) -> float:
    """How deep one has to go down from `place` before one can reach anything higher, in the unit of the values.

    On each side the lowest value up to the next higher one, or up to the end; the higher of both counts.
    """
    here = values[place]
    left, right = values[: place + 1][::-1], values[place:]
    return float(here - max(_lowest(left, here), _lowest(right, here)))


def _lowest(outwards: Floats, here: np.float64) -> np.float64:
    """The lowest value from `here` outwards, before anything higher."""
    higher = outwards > here
    end = int(higher.argmax()) if higher.any() else outwards.size
    return np.float64(outwards[:end].min())
