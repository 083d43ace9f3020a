from __future__ import annotations

import pytest

from bot.aftermath.missing import Hole, Missing, Slow
from bot.aftermath.rebuild import Rebuild, check
from bot.market.history import HOUR_MS
from tests.aftermath.slots import NAN, at, before, episode, history_of, ramp


def rebuild(
    points: list[tuple[float, float]],
    due: float,
    price_recovered: float | None = 0.6,
    prices: list[float] | None = None,
) -> Rebuild:
    """Open interest along `points` from -6 h on, 100 before the flush, which ends at +2 h."""
    interest = ramp([(-6, 100.0), *points])
    closes = prices or [100.0 + number % 7 for number in range(len(interest))]
    past = history_of(at(-6), closes, interest={"okx": interest}).until(at(due))
    state = before(open_interest={"okx": 100.0})
    flush = episode((90.0, at(1)), state, ended_ms=at(2))
    found = check(flush, state, past, round(due * HOUR_MS), price_recovered)
    assert isinstance(found, Rebuild)
    return found


@pytest.mark.parametrize(
    ("now", "due", "verdict"),
    [
        (95.0, 1.5, "TOO_EARLY"),
        (94.9, 4, "TOO_EARLY"),
        (95.0, 4, "FAST"),
        (99.5, 4, "FULL"),
        (88.9, 4, "STILL_LEAVING"),
        (89.1, 4, "TOO_EARLY"),
        (92.4, 24, "SLOW"),
        (92.5, 24, "MODERATE"),
        (98.0, 24, "FAST"),
        (98.0, 48, "MODERATE"),
        (92.4, 72, "SLOW"),
        (88.9, 72, "STILL_LEAVING"),
    ],
)
def test_pace(now: float, due: float, verdict: str) -> None:
    """After a fall from 100 to 90: half back by +4 h or 80 % by +24 h is fast, under a quarter from +24 h on slow."""
    calm = [(2.0, 90.0)] if due > 2 else []
    found = rebuild([(0, 100.0), (1, 90.0), *calm, (due, now)], due)
    assert found.verdict == verdict
    assert found.rebuilt == pytest.approx((now - 90) / 10, abs=1e-3)
    assert found.fall == pytest.approx(0.1, abs=1e-5)


@pytest.mark.parametrize(("now", "verdict"), [(101.6, "GREW"), (101.4, "FLAT"), (98.6, "FLAT"), (98.4, "LATE_UNWIND")])
def test_hardly_moved(now: float, verdict: str) -> None:
    """A fall under 1.5 % has no share to come back: what counts is the level against before."""
    found = rebuild([(0, 100.0), (1, 99.0), (2, 99.0), (24, now)], 24)
    assert (found.verdict, found.rebuilt) == (verdict, None)
    assert found.change == pytest.approx(now / 100 - 1, abs=1e-5)


@pytest.mark.parametrize(
    ("recovered", "qualifier"),
    [(-0.2, "RELOADING_INTO_WEAKNESS"), (0.49, "RELOADING_INTO_WEAKNESS"), (0.6, None), (0.8, "FOLLOWING_PRICE")],
)
def test_a_fast_rebuild_is_read_against_the_price(recovered: float, qualifier: str | None) -> None:
    """Half of the positions back: into weakness while the price took back less than half, with it from 80 % on."""
    assert rebuild([(0, 100.0), (1, 90.0), (4, 96.0)], 4, recovered).qualifier == qualifier


def test_a_fast_rebuild_in_a_narrow_range_is_chop() -> None:
    """A range of the last 4 h under 1.2 ATR(1h) reads as chop."""
    points = [(0.0, 100.0), (1.0, 90.0), (14.0, 98.5)]
    wide = [100.0 + 3 * (number % 2) for number in range(16 * 12)]
    found = rebuild(points, 14, prices=wide + [100.0] * (20 * 12 + 1 - len(wide)))
    assert found.verdict == "FAST"
    assert (found.qualifier, found.chop) == ("RELEVERAGING_IN_CHOP", 0.0)


def test_growth_without_a_fall_counts_as_reloading() -> None:
    """Open interest above before with a price under half way is reloading too."""
    found = rebuild([(0, 100.0), (1, 99.5), (2, 99.5), (4, 103.0)], 4, 0.1)
    assert (found.verdict, found.qualifier) == ("GREW", "RELOADING_INTO_WEAKNESS")


def test_a_slow_rebuild_has_no_qualifier() -> None:
    """Weakness is only read where positions come back."""
    assert rebuild([(0, 100.0), (1, 90.0), (24, 91.0)], 24, 0.1).qualifier is None


def test_a_venue_with_a_hole_is_left_out_of_both_ends_and_named() -> None:
    """OKX falls silent at -1 h: only Gate is compared, and OKX is said to be missing since then."""
    told = ramp([(-6, 100.0), (4, 100.0)])
    silent = [value if number <= 60 else NAN for number, value in enumerate(told)]
    gate = ramp([(-6, 50.0), (0, 50.0), (1, 40.0), (4, 45.0)])
    past = history_of(at(-6), told, interest={"okx": silent, "gate": gate}).until(at(4))
    state = before(open_interest={"okx": 100.0, "gate": 50.0})
    found = check(episode((90.0, at(1)), state, ended_ms=at(2)), state, past, 4 * HOUR_MS, None)
    assert isinstance(found, Rebuild)
    assert found.venues == ("gate",)
    assert (found.before, found.least, found.now) == (50.0, 40.0, 45.0)
    assert found.left_out == (Hole("okx", at(-1), None),)


def test_a_venue_unknown_before_is_not_compared() -> None:
    """A venue of which nothing was known before cannot add to what is there now."""
    told = ramp([(-6, 100.0), (1, 90.0), (4, 95.0)])
    past = history_of(at(-6), told, interest={"okx": told, "gate": told}).until(at(4))
    state = before(open_interest={"okx": 100.0})
    found = check(episode((90.0, at(1)), state, ended_ms=at(2)), state, past, 4 * HOUR_MS, None)
    assert isinstance(found, Rebuild)
    assert found.venues == ("okx",)


@pytest.mark.parametrize(("due", "venues"), [(0.25, ("okx",)), (1, ("okx",)), (4, ("hourly", "okx"))])
def test_an_hourly_venue_counts_once_it_had_the_time_to_speak(due: float, venues: tuple[str, ...]) -> None:
    """At +15 min and +1 h its last word may be older than the flush, so it is named instead of summed as unchanged."""
    told = ramp([(-6, 100.0), (0, 100.0), (0.25, 90.0), (4, 90.0)])
    hourly = [50.0 if number % 12 == 0 else NAN for number in range(len(told))]
    past = history_of(at(-6), told, interest={"okx": told, "hourly": hourly}).until(at(due))
    state = before(open_interest={"okx": 100.0, "hourly": 50.0})
    found = check(episode((90.0, at(0.25)), state), state, past, round(due * HOUR_MS), None)
    assert isinstance(found, Rebuild)
    assert found.venues == venues
    assert found.left_out == (() if "hourly" in venues else (Slow("hourly", HOUR_MS),))
    assert found.fall == pytest.approx(0.1 if due < 4 else 10 / 150, abs=1e-5)


def test_without_a_common_venue_it_is_missing_with_names() -> None:
    """No venue at both ends: open interest is missing, and the venues are said."""
    told = ramp([(-6, 100.0), (4, 100.0)])
    past = history_of(at(-6), told, interest={"okx": told}).until(at(4))
    state = before(open_interest={"bybit": 100.0})
    flush = episode((90.0, at(1)), state)
    assert check(flush, state, past, 4 * HOUR_MS, None) == Missing("open_interest", ("bybit", "okx"))
