"""How long to leave a venue alone after a failure: longer after each, never all at the same moment."""

from __future__ import annotations

import random

FIRST_S = 1.0
LONGEST_S = 60.0
MOST_DOUBLINGS = 10
"""Far beyond the longest wait; without it an outage of days grows a number that is no float any more."""
BLOCKED_S = 3600.0
"""A venue that refuses this place of the world is asked again once an hour."""


def wait_after(failures: int, first_s: float = FIRST_S, longest_s: float = LONGEST_S) -> float:
    """Seconds to wait after so many failures in a row: doubled with each, give or take a fifth."""
    doublings = min(max(failures - 1, 0), MOST_DOUBLINGS)
    return jittered(min(first_s * 2.0**doublings, longest_s), 0.2)


def jittered(seconds: float, part: float) -> float:
    """`seconds`, longer or shorter by up to this part of it, so that not everything happens at once."""
    return seconds * random.uniform(1 - part, 1 + part)  # noqa: S311 -- only to keep moments apart
