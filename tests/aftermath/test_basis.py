from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.aftermath.basis import Basis, check
from bot.aftermath.missing import Missing
from bot.market.history import HOUR_MS
from tests.aftermath.days import FLUSHES, flush_of, real, winter_rows, written
from tests.aftermath.slots import ONSET_MS

DAY = 288
START_MS = ONSET_MS - 8 * 24 * HOUR_MS


def path(usual: float, ahead: float, least: float, now: float) -> list[float]:
    """Eight days at `usual`, the last six hours of them at `ahead`, two hours of flush down to `least`, then `now`."""
    flush = [ahead + (least - ahead) * step / 12 for step in range(13)] + [least] * 11
    return [usual] * (8 * DAY - 72) + [ahead] * 72 + flush + [now] * 24


def at_four_hours(values: list[float], before_bps: float | None, side: str = "long") -> Basis | Missing:
    """What is said four hours after onset."""
    past = written(START_MS, {"BTC": {"basis_bps": values}}).until(ONSET_MS + 4 * HOUR_MS)
    flush = flush_of(ONSET_MS, ONSET_MS + 2 * HOUR_MS, side=side, basis_bps=before_bps)
    assert flush.before is not None
    return check(flush, flush.before, past)


@pytest.mark.parametrize(
    ("ahead", "now", "verdict", "closed"),
    [
        (10.0, 5.0, "FLAT", 1 / 3),
        (10.0, 0.0, "TIGHTENED", 2 / 3),
        (10.0, 2.5, "TIGHTENED", 0.5),
        (10.0, 2.6, "FLAT", 0.4933333),
        (10.0, -7.0, "INVERTED", 0.8666667),
        (10.0, -6.9, "TIGHTENED", 0.8733333),
        (10.0, 13.75, "WIDENED", -0.25),
        (10.0, 13.7, "FLAT", -0.2466667),
        (-4.0, -4.5, "ALREADY_USUAL", None),
        (-4.0, -8.0, "WIDENED", None),
    ],
)
def test_the_deviation_from_its_own_median_is_judged(
    ahead: float, now: float, verdict: str, closed: float | None
) -> None:
    """The basis rests at −5 bp; what is halved, turned round or grown is the distance from there."""
    found = at_four_hours(path(-5.0, ahead, -30.0, now), ahead)
    assert isinstance(found, Basis)
    assert (found.verdict, found.usual_bps) == (verdict, -5.0)
    assert found.closed == (None if closed is None else pytest.approx(closed))
    assert (found.overshoot_bps, found.perp_led) == (-25.0, True)


@pytest.mark.parametrize(
    ("least", "side", "led"), [(-20.1, "long", True), (-19.9, "long", False), (10.1, "short", True)]
)
def test_an_overshoot_of_15_bp_is_led_by_the_perp(least: float, side: str, led: bool) -> None:
    """The least basis of the flush minus the usual −5 bp; a squeeze is mirrored."""
    found = at_four_hours(path(-5.0, 0.0, least, -5.0), 0.0, side)
    assert isinstance(found, Basis)
    assert found.overshoot_bps == pytest.approx(least + 5.0)
    assert found.perp_led is led


def test_without_a_basis_nothing_is_said() -> None:
    """None before, none now or less than 72 values of what is usual: missing, never zero."""
    whole = path(-5.0, 0.0, -9.0, -5.0)
    silent = [*whole[:-12], *[float("nan")] * 12]
    young = [*[float("nan")] * (8 * DAY - 72), *whole[8 * DAY - 72 :]]
    assert at_four_hours(whole, None) == Missing("basis")
    assert at_four_hours(silent, 0.0) == Missing("basis")
    assert at_four_hours(young, 0.0) == Missing("basis")


@settings(max_examples=20)
@given(st.lists(st.floats(-50, 50), min_size=12, max_size=12))
def test_what_comes_later_changes_nothing(later: list[float]) -> None:
    """An hour more of the market leaves what was said as it was."""
    whole = path(-5.0, 10.0, -30.0, 2.0)
    assert at_four_hours([*whole, *later], 10.0) == at_four_hours(whole, 10.0)


@pytest.fixture(scope="module")
def winter(recordings: Path) -> pd.DataFrame:
    """The raw lines of BTC's bars."""
    return winter_rows(recordings)


@pytest.mark.real
@pytest.mark.parametrize("day", FLUSHES)
@pytest.mark.parametrize("hours", [1, 4, 24])
def test_the_basis_of_the_winter_matches_pandas(winter: pd.DataFrame, day: str, hours: int) -> None:
    """Usual, before, now and overshoot from the raw closes of Binance's perp and spot bars."""
    event = real(winter, day)
    bars = event.rows[(event.rows.kind == "bar") & (event.rows.venue == "binance")]
    closes = bars.pivot_table(index="t", columns="market", values="close")
    basis = ((closes.perp / closes.spot - 1) * 1e4).dropna()
    onset, due = event.onset_ms, event.onset_ms + hours * HOUR_MS
    ahead = basis.loc[onset - 6 * HOUR_MS : onset - HOUR_MS // 2].median()
    usual = basis.loc[onset - 168 * HOUR_MS + 1 : onset - HOUR_MS // 2].median()
    flush = flush_of(onset, event.ended_ms, basis_bps=ahead)
    assert flush.before is not None
    found = check(flush, flush.before, event.until(due))
    assert isinstance(found, Basis)
    now = basis.loc[:due].iloc[-1]
    assert (found.usual_bps, found.now_bps) == pytest.approx((usual, now))
    least = basis.loc[onset + 1 : min(due, event.ended_ms)]
    assert found.overshoot_bps == pytest.approx(least.min() - usual)
    assert -7 < found.usual_bps < -3, "the perp rests under spot"
    assert np.sign(found.now_bps) == np.sign(now)
