"""A score as it is told keeps to its band."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.score_number import score_number
from bot.chat.wording import Wording
from bot.flush.episode import band_of
from bot.message import Phrase


@pytest.mark.parametrize(
    ("score", "digits", "told"),
    [(79.6, 0, "79"), (79.4, 0, "79"), (80.0, 0, "80"), (80.6, 0, "81"), (64.5, 0, "64"), (79.97, 1, "79.9")],
)
def test_no_score_is_told_as_one_of_the_next_band(score: float, digits: int, told: str) -> None:
    """Below an edge it is rounded down, everywhere else to the nearest."""
    words = Wording("en", strict=True).text(Phrase("card-leg-score", {"score": score_number(score, digits)}))
    assert told in words.replace("/", " ").split()


@given(st.floats(0.0, 100.0), st.sampled_from([0, 1]))
def test_what_is_told_has_the_band_of_the_score(score: float, digits: int) -> None:
    """And is less than one step away from it."""
    number = score_number(score, digits)
    assert band_of(round(number.value, digits)) == band_of(score)
    assert abs(number.value - score) < 10**-digits
