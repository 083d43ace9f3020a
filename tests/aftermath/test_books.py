from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.aftermath.books import Books, check
from bot.aftermath.missing import Missing
from bot.market.history import HOUR_MS
from tests.aftermath.days import Floats, flush_of, written
from tests.aftermath.slots import ONSET_MS

DAYS = 4
START_MS = ONSET_MS - DAYS * 24 * HOUR_MS


def depth(now: float, least: float = 10.0, scale: float = 1.0) -> Floats:
    """Four days of books that hold 100 by night and 200 from noon on, an hour at `least`, and three hours at `now`."""
    day = np.repeat([100.0, 200.0], 144)
    return np.asarray(scale * np.concatenate([np.tile(day, DAYS), np.full(12, least), np.full(36, now)]))


def at_four_hours(values: Floats, **others: Floats) -> Books | Missing:
    """What is said four hours after onset, at night."""
    past = written(START_MS, {"BTC": {"depth_usd": values, **others}}).until(ONSET_MS + 4 * HOUR_MS)
    return check(flush_of(ONSET_MS, ONSET_MS + HOUR_MS), past)


@pytest.mark.parametrize(
    ("now", "verdict"),
    [(49.9, "THIN"), (50.0, "RECOVERING"), (79.9, "RECOVERING"), (80.0, "NORMAL"), (130.0, "NORMAL")],
)
def test_books_are_held_against_the_same_hour(now: float, verdict: str) -> None:
    """By night 100 is usual, whatever the days hold; under half is thin, from four fifths on normal."""
    found = at_four_hours(depth(now))
    assert isinstance(found, Books)
    assert (found.verdict, found.usual_usd, found.days) == (verdict, 100.0, DAYS)
    assert found.share == pytest.approx(now / 100)
    assert found.least == pytest.approx(0.1)


def test_books_that_are_not_told_are_missing() -> None:
    """Not told now, never told, or told for less than three days: nothing is said of books."""
    silent, young = depth(80.0), depth(80.0)
    silent[-3:] = np.nan
    young[: 144 * 3] = np.nan
    young[144 * 4 : 144 * 5] = np.nan
    for values in (silent, young, np.full(silent.size, np.nan)):
        assert at_four_hours(values) == Missing("depth")


@pytest.mark.parametrize(("now", "usd", "cleaner"), [(90.0, 29.0, True), (90.0, 31.0, False), (70.0, 29.0, False)])
def test_trading_is_cleaner_with_full_books_and_little_forced(now: float, usd: float, cleaner: bool) -> None:
    """Less than 0.3 % of 10,000 traded in the last hour was forced, over books at four fifths or more."""
    values = depth(now)
    told = {"perp_usd": 10_000.0, "long_usd": usd, "short_usd": 0.0, "liquidation_s": 3600.0}
    columns = {name: np.full(values.size, value / 12) for name, value in told.items()}
    found = at_four_hours(values, **columns)
    assert isinstance(found, Books)
    assert found.forced == pytest.approx(usd / 10_000)
    assert found.cleaner is cleaner


def test_without_liquidations_nothing_is_called_cleaner() -> None:
    """Full books alone are normal, no more."""
    found = at_four_hours(depth(100.0))
    assert isinstance(found, Books)
    assert (found.verdict, found.forced, found.cleaner) == ("NORMAL", None, False)


@settings(max_examples=20)
@given(st.floats(1e-3, 1e9), st.lists(st.floats(0, 1e9), min_size=1, max_size=12))
def test_neither_scale_nor_what_comes_later_changes_books(scale: float, later: list[float]) -> None:
    """The same shares of any amount; what is told after the due time is not looked at."""
    told, scaled = at_four_hours(depth(60.0)), at_four_hours(depth(60.0, scale=scale))
    assert isinstance(told, Books)
    assert isinstance(scaled, Books)
    assert scaled.verdict == told.verdict
    assert scaled.share == pytest.approx(told.share)
    assert at_four_hours(np.concatenate([depth(60.0), later])) == told
