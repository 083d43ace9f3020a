from __future__ import annotations

import numpy as np
import pytest

from tests.bench.live import flood

pytestmark = [pytest.mark.soak, pytest.mark.wire, pytest.mark.timeout(300)]

SECONDS, RATE = 60.0, 10_000
MOST_MB = 8.0
"""Far below what a hundred bytes kept of each closure would come to; windows of repeats fill in the first seconds."""
MOST_MS = 25.0


async def test_a_minute_of_ten_thousand_closures_a_second() -> None:
    """Every closure is heard, and the last third of the minute takes no more memory or time than the first."""
    told = await flood(SECONDS, RATE)
    assert told.sent == told.heard == SECONDS * RATE
    first, _, last = np.array_split(np.array(told.resident_mb), 3)
    assert last.mean() - first.mean() < MOST_MB
    first, _, last = np.array_split(np.array(told.lags_ms), 3)
    assert np.median(last) < np.median(first) + MOST_MS
