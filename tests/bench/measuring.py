"""How a measurement is written down."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Measured(NamedTuple):
    """One line of the table; the unit stands at the end of the name."""

    name: str
    ours: float


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not exceeded by this share of all, so that none is made up between two."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def spread(name: str, times_s: Sequence[float]) -> list[Measured]:
    """Half of the times are below the first line, 99 of 100 below the second."""
    return [Measured(f"{name}, p{round(100 * share)}, ms", 1000 * quantile(times_s, share)) for share in (0.5, 0.99)]
