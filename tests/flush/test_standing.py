from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flush.standing import Part, Standing, standing_among
from bot.market.history import DAY_MS

PARTS = st.builds(Part, st.one_of(st.none(), st.sampled_from([0.0, 1e6, 2e6, 3e6])), st.floats(45, 100))


@pytest.mark.parametrize(
    ("own", "others", "place"),
    [
        (Part(5e6, 60.0), [], Standing(1, 1, 12, whole=False, by_score=0)),
        (Part(5e6, 60.0), [Part(9e6, 50.0), Part(5e6, 70.0), Part(1e6, 90.0)], Standing(2, 4, 12, False, 0)),
        (Part(None, 60.0), [Part(9e6, 50.0), Part(None, 70.0)], Standing(2, 3, 12, False, 2)),
        (Part(5e6, 60.0), [Part(9e6, 50.0), Part(None, 70.0)], Standing(3, 3, 12, False, 1)),
    ],
    ids=["alone", "by what was liquidated", "by score", "by both"],
)
def test_a_place_among_others(own: Part, others: list[Part], place: Standing) -> None:
    """By liquidations where both are known, else by score; what is as large does not stand before it."""
    assert standing_among(own, others, 12 * DAY_MS + 5) == place


@pytest.mark.parametrize(
    ("followed_ms", "days", "whole"),
    [(5, 1, False), (2 * DAY_MS, 2, False), (90 * DAY_MS, 90, True), (400 * DAY_MS, 90, True)],
)
def test_days_are_bounded_by_what_was_followed(followed_ms: int, days: int, *, whole: bool) -> None:
    """Ninety days at most, and the fewer that the bot has been watching; never none."""
    place = standing_among(Part(1.0, 50.0), [], followed_ms)
    assert (place.days, place.whole) == (days, whole)


@given(PARTS, st.lists(PARTS, max_size=8))
def test_a_place_is_one_of_n_and_larger_is_never_behind(own: Part, others: list[Part]) -> None:
    """1 to n; of two that agree with every other in what is known, the larger one stands no further back."""
    place = standing_among(own, others, DAY_MS)
    assert 1 <= place.rank <= place.n == len(others) + 1
    grown = Part(None if own.usd is None else own.usd + 1e6, own.score + 1)
    assert standing_among(grown, others, DAY_MS).rank <= place.rank
