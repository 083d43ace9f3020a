"""How a measurement is written down, and how two are taken side by side."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NamedTuple

ROUNDS = 9
ROUND_S = 0.03
"""A round is long enough for the clock, and short enough that both sides of it meet the same machine."""


class Measured(NamedTuple):
    """One line of the table; the unit stands at the end of the name, and everything is a cost where there is a peer."""

    name: str
    ours: float
    peer: float | None = None
    peer_name: str | None = None
    ratio: float | None = None
    """How many times ours the peer costs, median of the rounds."""
    ratio_least: float | None = None
    ratio_most: float | None = None


def measured(subject: str) -> list[Measured]:
    """What the file of that name measures."""
    found: list[Measured] = import_module(f"tests.bench.{subject}").measure()
    return found


def shown(row: Measured) -> str:
    """A line of the printed table."""
    line = f"{row.ours:12,.2f}  {row.name}"
    if row.ratio is None:
        return line
    spread_of_rounds = f"{row.ratio_least:.1f} to {row.ratio_most:.1f}"
    return f"{line}; {row.peer_name} {row.peer:,.2f}: {row.ratio:.1f} times ({spread_of_rounds})"


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def compared(name: str, ours: Sequence[float], peer: Sequence[float], peer_name: str) -> Measured:
    """What was measured in pairs, one pair a round."""
    ratios = sorted(other / own for own, other in zip(ours, peer, strict=True))
    return Measured(
        name,
        statistics.median(ours),
        statistics.median(peer),
        peer_name,
        statistics.median(ratios),
        ratios[0],
        ratios[-1],
    )


def beside(
    name: str, ours: Callable[[], object], peer: Callable[[], object], peer_name: str, scale: float = 1.0
) -> Measured:
    """Both in turn, round by round, so that a slow minute of the machine is one of both.

    Seconds of the processor times `scale`: what others do on the machine at the same time is not counted.
    """
    times: tuple[list[float], list[float]] = ([], [])
    repeats = [max(1, round(ROUND_S / timed(work))) for work in (ours, peer)]
    for _ in range(ROUNDS):
        for work, many, found in zip((ours, peer), repeats, times, strict=True):
            began = time.process_time()
            for _ in range(many):
                work()
            found.append((time.process_time() - began) / many * scale)
    return compared(name, *times, peer_name)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not exceeded by this share of all, so that none is made up between two."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def spread(name: str, times_s: Sequence[float]) -> list[Measured]:
    """Half of the times are below the first line, 99 of 100 below the second."""
    return [Measured(f"{name}, p{round(100 * share)}, ms", 1000 * quantile(times_s, share)) for share in (0.5, 0.99)]
