from __future__ import annotations

import pytest

from bot.market.latest import Latest

MINUTE_MS = 60_000


@pytest.mark.parametrize(
    ("every_min", "stands_min"),
    [(0.1, 0.3), (0.05, 0.25), (1, 3), (5, 10), (10, 10), (20, 30), (60, 90), (66, 99), (67, 10)],
)
def test_the_last_word_stands_until_the_next_is_overdue(every_min: float, stands_min: float) -> None:
    """Three gaps within bounds; by the hour one and a half; what comes more seldom is fresh for ten minutes."""
    latest, last_ms = Latest(1, 1), round(10 * every_min * MINUTE_MS)
    for number in range(11):
        latest.put(0, 0, float(number), round(number * every_min * MINUTE_MS))
    until_ms = last_ms + round(stands_min * MINUTE_MS)
    told = [float(latest.standing(at_ms)[0, 0]) for at_ms in (last_ms, until_ms, until_ms + 1)]
    assert told == pytest.approx([10.0, 10.0, float("nan")], nan_ok=True)


def test_values_of_one_moment_leave_the_rhythm_as_it_is() -> None:
    """A value that is told twice at once replaces itself, and nothing speaks more often for it."""
    latest = Latest(1, 1)
    for at_ms, value in ((MINUTE_MS, 1.0), (2 * MINUTE_MS, 2.0), (2 * MINUTE_MS, 3.0)):
        latest.put(0, 0, value, at_ms)
    assert (latest.value[0, 0], latest.gap_ms[0, 0]) == (3.0, MINUTE_MS)
