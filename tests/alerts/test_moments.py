from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.moments import moment
from bot.message import Moment

MIDNIGHT_MS = 1_768_780_800_000  # 19 January 2026, 00:00 UTC
HOUR_MS, MINUTE_MS = 3_600_000, 60_000


def test_a_time_of_another_day_has_its_date() -> None:
    """A minute before midnight and a minute after are told apart, both ways; one day needs no date, a year its own."""
    before, after = MIDNIGHT_MS - MINUTE_MS, MIDNIGHT_MS + MINUTE_MS
    assert moment(before, after) == Moment(before, "short")
    assert moment(after, before) == Moment(after, "short")
    assert moment(MIDNIGHT_MS, MIDNIGHT_MS + 24 * HOUR_MS - 1) == Moment(MIDNIGHT_MS, "time")
    assert moment(MIDNIGHT_MS, MIDNIGHT_MS + 365 * 24 * HOUR_MS) == Moment(MIDNIGHT_MS, "both")


@given(st.integers(0, 2_000_000_000_000), st.integers(0, 2_000_000_000_000))
def test_two_moments_written_alike_are_of_one_day(first_ms: int, second_ms: int) -> None:
    """Whatever is written without a date is of the day of now, so that no reader takes it for another day."""
    assert (moment(first_ms, second_ms).form == "time") == (first_ms // 86_400_000 == second_ms // 86_400_000)
