from __future__ import annotations

import numpy as np
import pytest

from bot.market.books import Books

START_MS = 1_773_000_000_000
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
STEADY, LATE = 0, 1


def told(books: Books, venue: int, usd: float, from_ms: int, to_ms: int, every_ms: int = MINUTE_MS) -> None:
    """A venue tells the first coin's book again and again, the last time at `to_ms`."""
    for at_ms in range(from_ms, to_ms + 1, every_ms):
        books.put(0, venue, usd, at_ms)


def whole(books: Books, now_ms: int) -> float:
    """The first coin's books, all venues."""
    found = books.whole(now_ms)
    assert found is not None
    return float(found[0])


def beginning(hours: float) -> tuple[Books, int]:
    """One venue that has told its book for so long, and the moment until when."""
    books, until_ms = Books(1, 2), START_MS + int(hours * HOUR_MS)
    told(books, STEADY, 100.0, START_MS, until_ms)
    return books, until_ms


def test_nothing_is_known_before_the_first() -> None:
    """Where no venue ever told a book there is no sum, not even an unknown one."""
    assert Books(1, 2).whole(START_MS) is None


def test_venues_that_begin_together_are_summed_at_once() -> None:
    """Two venues whose first books come within an hour are one sum from then on."""
    books, now_ms = beginning(0.9)
    books.put(0, LATE, 30.0, now_ms)
    assert whole(books, now_ms) == 130.0


def test_a_book_that_shows_only_while_it_is_thin_does_not_move_the_sum() -> None:
    """Told for half an hour in the middle of a flush, then not: the sum stays that of the steady venue throughout."""
    books, now_ms = beginning(5)
    for at_ms in range(now_ms, now_ms + 2 * HOUR_MS, MINUTE_MS):
        books.put(0, STEADY, 100.0, at_ms)
        if at_ms < now_ms + HOUR_MS / 2:
            books.put(0, LATE, 500.0, at_ms)
        assert whole(books, at_ms) == 100.0


@pytest.mark.parametrize(("hours", "expected"), [(23.9, 100.0), (24.0, 600.0)])
def test_a_late_venue_counts_after_a_day(hours: float, expected: float) -> None:
    """One that came hours after the first is summed once it was told for a whole day."""
    books, now_ms = beginning(5)
    end_ms = now_ms + int(hours * HOUR_MS)
    told(books, STEADY, 100.0, now_ms, end_ms)
    told(books, LATE, 500.0, now_ms, end_ms)
    assert whole(books, end_ms) == expected


@pytest.mark.parametrize(("pause_ms", "expected"), [(10 * MINUTE_MS, 600.0), (10 * MINUTE_MS + 1, 100.0)])
def test_a_pause_begins_the_day_anew(pause_ms: int, expected: float) -> None:
    """More than ten minutes of silence, for which a book is fresh at most, and the day is counted from its end."""
    books, now_ms = beginning(5)
    middle_ms, end_ms = now_ms + 12 * HOUR_MS, now_ms + 24 * HOUR_MS
    told(books, STEADY, 100.0, now_ms, end_ms)
    told(books, LATE, 500.0, now_ms, middle_ms)
    told(books, LATE, 500.0, middle_ms + pause_ms, end_ms)
    books.put(0, LATE, 500.0, end_ms)
    assert whole(books, end_ms) == expected


def test_a_venue_that_counts_is_missed_and_counts_again_at_once() -> None:
    """Its silence makes the sum unknown, not smaller, and the first book after it makes the sum whole."""
    books, now_ms = beginning(0.5)
    told(books, LATE, 30.0, START_MS, now_ms)
    for later_ms in (HOUR_MS, 14 * DAY_MS):
        books.put(0, STEADY, 100.0, now_ms + later_ms)
        assert np.isnan(whole(books, now_ms + later_ms))
    books.put(0, LATE, 40.0, now_ms + 14 * DAY_MS)
    assert whole(books, now_ms + 14 * DAY_MS) == 140.0


def test_a_venue_silent_for_fifteen_days_is_forgotten() -> None:
    """The others are the sum again; when it comes back it has to be told for a day as a new one has."""
    books, now_ms = beginning(0.5)
    told(books, LATE, 30.0, START_MS, now_ms)
    back_ms = now_ms + 15 * DAY_MS + MINUTE_MS
    told(books, STEADY, 100.0, back_ms - HOUR_MS, back_ms)
    books.put(0, LATE, 30.0, back_ms)
    assert whole(books, back_ms) == 100.0


def test_what_counts_stays_so_when_room_is_made() -> None:
    """More coins and venues change no sum, and a coin of which none was told is unknown."""
    books, now_ms = beginning(0.5)
    books.put(0, LATE, 30.0, now_ms)
    books.grow(3, 9)
    found = books.whole(now_ms)
    assert found is not None
    np.testing.assert_array_equal(found, [130.0, np.nan, np.nan])
