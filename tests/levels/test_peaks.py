from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.levels.peaks import peaks, prominence

ROW = st.lists(st.integers(0, 8).map(float), max_size=30)


def slow_peaks(row: list[float]) -> list[int]:
    """Every value against its neighbours, equal ones skipped."""
    found = []
    for start in range(1, len(row)):
        end = start
        while end + 1 < len(row) and row[end + 1] == row[start]:
            end += 1
        if row[start - 1] < row[start] and end + 1 < len(row) and row[end + 1] < row[start]:
            found.append((start + end) // 2)
    return found


def slow_prominence(row: list[float], place: int) -> float:
    """Step by step to either side, until something higher stands there."""
    bases = []
    for step in (-1, 1):
        at, base = place, row[place]
        while 0 <= at < len(row) and row[at] <= row[place]:
            base = min(base, row[at])
            at += step
        bases.append(base)
    return row[place] - max(bases)


@given(ROW)
def test_peaks_and_their_prominence_equal_the_slow_way(row: list[float]) -> None:
    """The same places and depths as a walk over every value gives."""
    values = np.array(row)
    assert peaks(values).tolist() == slow_peaks(row)
    assert [prominence(values, place) for place in slow_peaks(row)] == [
        slow_prominence(row, place) for place in slow_peaks(row)
    ]


@pytest.mark.parametrize(("place", "depth"), [(1, 2.0), (3, 4.0), (6, 5.0)])
def test_prominence_golden(place: int, depth: float) -> None:
    """Of the summits 3, 5 and 6 the highest stands 5 above the lower end, the others above the dip before a higher."""
    assert prominence(np.array([0.0, 3.0, 1.0, 5.0, 1.0, 2.0, 6.0, 1.0]), place) == depth
