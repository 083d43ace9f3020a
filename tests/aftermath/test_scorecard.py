"""Counting our own calls: rates, intervals, comparisons."""

from __future__ import annotations

import random
from math import sqrt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aftermath.outcomes import Figures, Outcome, Sample
from bot.aftermath.scorecard import Called, Rate, by_kind, is_quiet, score
from bot.aftermath.verdict import Reading
from bot.flush.episode import Kind


def called(number: int = 1, *outcomes: Figures, call: str = "alert", **changes: object) -> Called:
    """A call with these outcomes at 4, 24, 48 and 72 h, and at random moments a price that never went further."""
    still = (Sample(1, Figures(0.0, 0.0, 0.01, 0.0, "held", "none")), Sample(2, Figures(0.02, 0.006, None, 0.0, None)))
    by_hours = {hours: Outcome(found, still) for hours, found in zip((4, 24, 48, 72), outcomes, strict=False)}
    values: dict[str, object] = {"coin": "BTC", "kind": "long_flush", "call": call, "outcomes": by_hours}
    return Called(episode_id=f"e{number}", **(values | changes))  # type: ignore[arg-type]  # the fields are those of Called


WENT = Figures(-0.02, 0.02, -0.03, -0.02, "lost", "support")
STAYED = Figures(0.01, -0.001, -0.01, -0.001, "held", "none")


# Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3.
@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_the_published_ones(x: int, n: int, low: float, high: float) -> None:
    """Those by which the method was compared with others."""
    assert Rate(x, n).interval == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_ends_where_the_score_test_does(case: tuple[int, int]) -> None:
    """Each end inside (0, 1) is the share from which the observed one is 1.96 standard errors away."""
    x, n = case
    for end in Rate(x, n).interval:
        if 0 < end < 1:
            assert abs(x / n - end) == pytest.approx(1.959964 * sqrt(end * (1 - end) / n), abs=1e-6)


def test_nothing_of_nothing_says_nothing() -> None:
    """The interval is everything."""
    assert Rate(0, 0).interval == (0.0, 1.0)


def test_the_counts_of_a_few_calls() -> None:
    """Two alerts, one of which went further, one retracted, and a reading: worked out by hand."""
    calls = [
        called(1, STAYED, WENT, WENT, WENT),
        called(2, STAYED, STAYED, STAYED, STAYED),
        called(3, retracted=True),
        called(1, STAYED, WENT, call="24h", reading="RESET_CLEAN"),
    ]
    found = score(calls)
    assert (found.alerts, found.retracted) == (3, 1)
    assert found.further[4].found == Rate(0, 2)
    assert found.further[24].found == Rate(1, 2)
    assert found.further[24].random == Rate(2, 4)
    assert found.false_alarms.found == Rate(2, 3)
    assert found.false_alarms.random == Rate(2, 4)
    assert found.lighter[24].found == Rate(2, 2)
    assert found.lighter[24].random == Rate(0, 2)
    assert found.lost[72].found == Rate(1, 2)
    assert found.lost[72].random == Rate(0, 2)
    assert (found.change[24].n, found.change[24].random_n) == (2, 4)
    assert found.change[24].found == pytest.approx(-0.005)
    assert found.change[24].random == pytest.approx(0.01)
    assert found.boxes["support"].found == found.boxes["none"].found == Rate(1, 2)
    assert found.boxes["none"].random == Rate(2, 2)
    assert found.readings["RESET_CLEAN"].found == Rate(1, 1)


@pytest.mark.parametrize(
    ("beyond", "least", "quiet"),
    [
        (0.004, -0.004, True),
        (0.006, -0.004, False),
        (0.004, -0.006, False),
        (0.006, None, None),
        (None, -0.006, None),
        (0.004, None, None),
        (None, -0.004, None),
        (None, None, None),
    ],
)
def test_an_alert_is_false_only_where_both_are_known(
    beyond: float | None, least: float | None, *, quiet: bool | None
) -> None:
    """Price and open interest both stayed; where one is unknown neither a calm nor a move of the other is counted."""
    assert is_quiet(Figures(beyond=beyond, interest_least=least)) is quiet


shares = st.none() | st.floats(-0.1, 0.1)
some_figures = st.builds(
    Figures,
    shares,
    shares,
    shares,
    shares,
    st.sampled_from([None, "held", "lost", "untested"]),
    st.sampled_from([None, "none", "reload", "support"]),
)
outcomes = st.builds(
    Outcome, some_figures, st.lists(st.builds(Sample, st.integers(1, 9), some_figures), max_size=3).map(tuple)
)
calls = st.builds(
    Called,
    st.sampled_from(["a", "b", "c", "d"]),
    st.sampled_from(["BTC", "ETH"]),
    st.sampled_from(get_args(Kind)),
    st.sampled_from(["alert", "4h", "24h"]),
    st.none() | st.sampled_from(get_args(Reading)),
    st.booleans(),
    st.dictionaries(st.sampled_from([4, 24, 48, 72]), outcomes, max_size=4),
)


@given(st.lists(calls, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_calls_changes_nothing(some: list[Called], shuffled: random.Random) -> None:
    """Neither of all nor by coin and kind."""
    other = shuffled.sample(some, len(some))
    assert score(other) == score(some)
    assert by_kind(other) == by_kind(some)


@given(st.lists(calls, max_size=8), st.sampled_from(["a", "b", "c", "d"]))
def test_a_flush_taken_away_takes_its_own_counts(some: list[Called], gone: str) -> None:
    """What is counted of it alone is what is missing without it."""
    whole = score(some)
    rest = score([call for call in some if call.episode_id != gone])
    alone = score([call for call in some if call.episode_id == gone])
    assert whole.alerts == rest.alerts + alone.alerts
    for name in ("further", "lighter", "lost", "boxes", "readings"):
        for key, both in getattr(whole, name).items():
            parts = getattr(rest, name)[key], getattr(alone, name)[key]
            for side in ("found", "random"):
                x, n = (sum(getattr(getattr(part, side), field) for part in parts) for field in ("x", "n"))
                assert getattr(both, side) == Rate(x, n)
    false = rest.false_alarms, alone.false_alarms
    assert whole.false_alarms.found == Rate(sum(one.found.x for one in false), sum(one.found.n for one in false))
