"""What is known of a column of a chart, and where its holes are.

A column may be slower than the chart: hourly totals in five-minute slots fill every twelfth place. The places between
are then no holes. A column's own cadence is the median distance between its known values.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median_low

Run = list[tuple[int, float]]
Stretch = tuple[int, int]


def known(times_ms: Sequence[int], values: Sequence[float | None]) -> Run:
    """(time, value) where there is a value; an empty column is unknown throughout."""
    return [(time, value) for time, value in zip(times_ms, values, strict=False) if value is not None]


def cadence_ms(times_ms: Sequence[int]) -> int:
    """The usual distance between neighbours of rising times; 0 for fewer than two."""
    steps = [later - sooner for sooner, later in pairwise(times_ms)]
    return median_low(steps) if steps else 0


def runs(points: Run, cadence: int) -> list[Run]:
    """Points split where more than one and a half cadences are missing."""
    split: list[Run] = []
    for point in points:
        if split and point[0] - split[-1][-1][0] <= 1.5 * cadence:
            split[-1].append(point)
        else:
            split.append([point])
    return split


def holes(parts: list[Run], cadence: int, start_ms: int, end_ms: int) -> list[Stretch]:
    """Stretches without data between runs and at both ends of a chart, where longer than the cadence allows."""
    edges = [start_ms, *(time for part in parts for time in (part[0][0], part[-1][0])), end_ms]
    stretches = zip(edges[::2], edges[1::2], strict=True)
    return [(left, right) for left, right in stretches if right - left > 1.5 * cadence]
