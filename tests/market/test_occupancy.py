"""What a feed leaves out is told by its silent seconds: against figures worked out by hand, and made-up markets."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.occupancy import (
    FULL,
    FULL_MOST,
    LARGEST_FULL,
    SECONDS,
    largest,
    one_a_second,
    per_second,
    throttled,
)
from bot.market.told import Told

START_MS = 1_768_780_800_000
OCCUPANCIES = st.floats(0.0, 1.0)


@pytest.mark.parametrize(("rate", "captured"), [(0.2, 0.906), (1.0, 0.632), (3.0, 0.317), (4.0, 0.245)])
def test_the_factor_undoes_what_one_a_second_captures(rate: float, captured: float) -> None:
    """With λ a second, 1 − exp(−λ) of the seconds hold one, which is captured·λ: the factor is one over that share."""
    occupancy = 1 - exp(-rate)
    assert per_second(occupancy) == pytest.approx(rate)
    assert one_a_second(occupancy) == pytest.approx(1 / captured, rel=2e-3)


def test_a_full_minute_has_a_least_and_a_most() -> None:
    """As if half a second of it were silent: ln 120 over 119/120, 4.8. From 9.2 a second on no minute tells more."""
    assert one_a_second(1.0) == pytest.approx(log(120) / (119 / 120)) == pytest.approx(4.828, abs=1e-3)
    assert one_a_second(1.0, FULL_MOST) == pytest.approx(9.2, abs=0.02)
    assert throttled(SECONDS, SECONDS) == (one_a_second(1.0), one_a_second(1.0, FULL_MOST))
    assert throttled(SECONDS - 1, SECONDS - 1)[0] == throttled(SECONDS - 1, SECONDS - 1)[1] < 4.2


@given(OCCUPANCIES, OCCUPANCIES)
def test_the_factor_grows_with_occupancy_up_to_its_cap(one: float, two: float) -> None:
    """A busier minute leaves out no less; nothing counts beyond a half-silent second."""
    low, high = sorted((one, two))
    assert 1.0 <= one_a_second(low) <= one_a_second(high) + 1e-12
    assert one_a_second(high) <= one_a_second(FULL) <= one_a_second(FULL, FULL_MOST)


@given(st.floats(0.0, 1e-3))
def test_a_rare_message_stands_for_itself(occupancy: float) -> None:
    """Where seconds with a message are rare the factor is 1, to half the occupancy."""
    assert one_a_second(occupancy) == pytest.approx(1.0, abs=occupancy + 1e-6)


@given(st.integers(0, SECONDS), st.integers(0, 4 * SECONDS))
def test_more_contracts_leave_out_less(seconds: int, more: int) -> None:
    """Messages of several contracts in one second are a larger part of the whole; what was seen is the least."""
    alone, several = throttled(seconds, seconds), throttled(seconds, seconds + more)
    assert all(1.0 <= few <= one for few, one in zip(several, alone, strict=True))


@pytest.mark.parametrize(
    ("seconds", "factors"),
    [(0, (1.0, 1.05)), (29, (1.0, 1.05)), (30, (1.05, 1.2)), (53, (1.05, 1.2)), (54, (1.2, 1.5)), (60, LARGEST_FULL)],
)
def test_the_largest_of_each_second_carry_most(seconds: int, factors: tuple[float, float]) -> None:
    """At most 1.05, 1.2, 1.5 and 2.5 times the shown, in classes from half and nine tenths of the seconds on."""
    assert largest(seconds) == factors


def shown_shares(rate: float, seconds: int) -> tuple[float, float]:
    """Of lognormal sizes (σ = 1.9), `rate` a second: the share that the latest and the largest of a second show."""
    rng = np.random.default_rng(5)
    counts = rng.poisson(rate, seconds)
    sizes = rng.lognormal(0.0, 1.9, int(counts.sum()))
    starts = np.concatenate([[0], counts.cumsum()[:-1]])[counts > 0]
    latest = sizes[np.append(starts[1:], sizes.size) - 1].sum()
    return latest / sizes.sum(), np.maximum.reduceat(sizes, starts).sum() / sizes.sum()


@pytest.mark.parametrize(
    ("rate", "latest", "most"),
    [(0.2, 0.87, None), (1, 0.70, 0.92), (3, 0.31, 0.81), (10, 0.10, 0.63), (50, 0.02, 0.37)],
)
def test_captured_shares(rate: float, latest: float, most: float | None) -> None:
    """What reaches us of a thousand liquidations, by both kinds of feed, is near the shares in the domain notes."""
    of_latest, of_largest = shown_shares(rate, max(3000, round(200_000 / rate)))
    assert of_latest == pytest.approx((1 - exp(-rate)) / rate, abs=0.02)
    assert of_latest == pytest.approx(latest, abs=0.08)
    assert most is None or of_largest == pytest.approx(most, abs=0.04)


def told_of(rate: float, minutes: int, *, clustered: bool = False) -> tuple[Told, float]:
    """A one-a-second feed that heard a Poisson market for some minutes, and what was liquidated in truth."""
    rng = np.random.default_rng(3)
    rates = rate * rng.gamma(0.5, 2.0, minutes * SECONDS) if clustered else np.full(minutes * SECONDS, rate)
    told, truth = Told("binance"), 0.0
    for second, count in enumerate(rng.poisson(rates).tolist()):
        sizes = rng.exponential(1e4, count)
        truth += float(sizes.sum())
        if count:
            told.add(int(rng.integers(2)), START_MS + (second + 1) * 1000, float(sizes[-1]))
    return told, truth


@pytest.mark.parametrize("rate", [0.2, 1.0, 2.0])
def test_a_market_of_independent_liquidations_is_found_again(rate: float) -> None:
    """Up to a few a second the whole is estimated within a tenth, from a part that shrinks to less than half."""
    told, truth = told_of(rate, 60)
    assert told.amounts.usd == pytest.approx(truth * (1 - exp(-rate)) / rate, rel=0.1)
    assert told.amounts.low_usd == pytest.approx(truth, rel=0.1)
    assert told.amounts.low_usd <= told.amounts.high_usd <= 1.1 * truth


def test_a_full_feed_is_a_lower_bound_with_an_open_end() -> None:
    """At ten a second every minute is full: at least half of the whole, at most nine tenths to all of it."""
    told, truth = told_of(10.0, 30)
    assert told.amounts.full == 30
    assert 0.4 * truth < told.amounts.low_usd < 0.6 * truth
    assert 0.85 * truth < told.amounts.high_usd < 1.1 * truth


def test_clusters_leave_the_estimate_a_lower_bound() -> None:
    """Where liquidations set off each other more of them share a second, and the estimate stays below the whole."""
    told, truth = told_of(2.0, 60, clustered=True)
    assert told.amounts.usd < told.amounts.low_usd < 0.9 * truth
