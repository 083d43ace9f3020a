from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.aftermath.follow_through import FollowThrough, Hour, check
from bot.aftermath.missing import Missing
from bot.market.history import HOUR_MS
from tests.aftermath.days import FLUSHES, flush_of, real, winter_rows, written
from tests.aftermath.slots import ONSET_MS

SLOTS = 5 * 288
START_MS = ONSET_MS - 5 * 24 * HOUR_MS
FLUSH = [(4.0, 0.0)] * 3 + [(40.0, 4.0)] * 3 + [(6.0, 6.0)] * 6
"""One hour by slots: longs and shorts; 216 dollars, of which half are seen after 30 minutes."""


def columns(after: list[tuple[float, float]], scale: float = 1.0) -> dict[str, list[float]]:
    """Five days in which 1 to 12 dollars an hour are liquidated, then the slots given; all of it heard."""
    usual = [(float(slot // 12 % 12 + 1) / 12, 0.0) for slot in range(SLOTS)]
    longs, shorts = zip(*usual, *after, strict=True)
    told = {"long_usd": longs, "short_usd": shorts}
    return {name: [scale * usd for usd in side] for name, side in told.items()} | {
        "liquidation_s": [300.0] * len(longs)
    }


def at_hours(hours: int, told: dict[str, list[float]], side: str = "long") -> FollowThrough | Missing:
    """What is said so many hours after the peak, which is ten minutes after onset."""
    past = written(START_MS, {"BTC": told}).until(ONSET_MS + hours * HOUR_MS)
    flush = flush_of(
        ONSET_MS, ONSET_MS + HOUR_MS, side=side, peak_ms=ONSET_MS + 600_000, legs_ms=(ONSET_MS, ONSET_MS + 900_000)
    )
    return check(flush, past)


def calm(hours: int, usd: float = 1.0) -> list[tuple[float, float]]:
    """Hours in which so many dollars of longs are liquidated each."""
    return [(usd / 12, 0.0)] * (12 * hours)


def test_half_of_a_flush_is_counted_from_its_peak() -> None:
    """217 dollars, half of them seen 30 minutes after onset: 20 minutes after the peak, known to five.

    One of them came in the slot that ended with the onset.
    """
    found = at_hours(5, columns([*FLUSH, *calm(4)]))
    assert isinstance(found, FollowThrough)
    assert found.total_usd == pytest.approx(1 + 3 * 4 + 3 * 44 + 6 * 12)
    assert (found.half_min, found.step_min, found.aftershocks) == (20.0, 5.0, 1)
    assert found.q90_usd == pytest.approx(11.0)


@pytest.mark.parametrize(
    ("after", "verdict", "above", "trend"),
    [
        (calm(4), "FADED", 0, "STEADY"),
        (calm(1, 11.0) + calm(3), "PERSISTENT", 1, "STEADY"),
        (calm(3) + calm(1, 10.9), "FADED", 0, "RISING"),
        (calm(2) + calm(1, 1.25) + calm(1), "FADED", 0, "FADING"),
    ],
)
def test_four_hours_under_the_own_90th_percentile_are_faded(
    after: list[tuple[float, float]], verdict: str, above: int, trend: str
) -> None:
    """One hour at 11 dollars, the coin's own 90th percentile, is persistent; 1.25 times the hour before is rising."""
    found = at_hours(5, columns([*FLUSH, *after]))
    assert isinstance(found, FollowThrough)
    assert (found.verdict, found.above, found.heard, found.trend) == (verdict, above, 4, trend)


def test_what_comes_from_a_feed_that_is_said_to_be_down_counts() -> None:
    """Liquidations that were told while no feed was live are a sum all the same; the hours are not heard."""
    told = columns([*FLUSH, *calm(4)])
    told["liquidation_s"][SLOTS - 1 :] = [float("nan")] * (len(told["liquidation_s"]) - SLOTS + 1)
    found = at_hours(5, told)
    assert isinstance(found, FollowThrough)
    assert (found.verdict, found.heard, found.step_min) == ("NOT_HEARD", 0, 5.0)
    assert found.total_usd == pytest.approx(1 + 3 * 4 + 3 * 44 + 6 * 12)


def test_hours_without_any_are_faded_where_most_hours_have_none() -> None:
    """Where longs are liquidated in one hour of twenty the 90th percentile is 0, and silence does not reach it."""
    told = columns([*FLUSH, *calm(4, 0.0)])
    told["long_usd"] = [usd if slot >= SLOTS or slot % 240 == 0 else 0.0 for slot, usd in enumerate(told["long_usd"])]
    found = at_hours(5, told)
    assert isinstance(found, FollowThrough)
    assert (found.q90_usd, found.above, found.verdict) == (0.0, 0, "FADED")


def test_the_other_side_of_a_bounce_is_named() -> None:
    """60 % of the last hour's liquidations on the other side are a flip, less is none; mirrored for a squeeze."""
    bounce = [(4 / 12, 6 / 12)] * 12
    for side, flipped, last in (("long", True, Hour(4.0, 6.0)), ("short", False, Hour(6.0, 4.0))):
        found = at_hours(5, columns([*FLUSH, *calm(3), *bounce]), side)
        assert isinstance(found, FollowThrough)
        assert found.flipped is flipped
        assert found.last is not None
        assert (found.last.hurt_usd, found.last.other_usd) == pytest.approx((last.hurt_usd, last.other_usd))


def test_what_was_not_heard_is_not_calm() -> None:
    """Hours without a feed are neither faded nor persistent; a flush that was not heard at all is missing."""
    told = columns([*FLUSH, *calm(4)])
    deaf = {name: [*values[:-24], *[float("nan")] * 24] for name, values in told.items()}
    found = at_hours(5, deaf)
    assert isinstance(found, FollowThrough)
    assert (found.verdict, found.heard, found.last, found.trend) == ("NOT_HEARD", 2, None, None)
    silent = {name: [*values[: SLOTS - 1], *[float("nan")] * 61] for name, values in told.items()}
    young = {name: [*[float("nan")] * (SLOTS - 71 * 12), *values[SLOTS - 71 * 12 :]] for name, values in told.items()}
    assert at_hours(5, silent) == at_hours(5, young) == Missing("liquidations")


def test_a_bounce_that_closes_the_other_side_is_no_flush_going_on() -> None:
    """Four hours of heavy liquidations of shorts after a long flush: it faded, and they are named as the other side."""
    found = at_hours(5, columns([*FLUSH, *[(0.0, 50.0)] * 48]))
    assert isinstance(found, FollowThrough)
    assert (found.verdict, found.above, found.flipped) == ("FADED", 0, True)


def test_before_four_hours_it_is_too_early() -> None:
    """The hour of the flush itself must not count as one after it."""
    found = at_hours(3, columns([*FLUSH, *calm(2)]))
    assert isinstance(found, FollowThrough)
    assert found.verdict == "TOO_EARLY"


@settings(max_examples=20)
@given(st.floats(1e-2, 1e6), st.lists(st.floats(0, 1e4), min_size=1, max_size=12))
def test_neither_scale_nor_what_comes_later_changes_a_verdict(scale: float, later: list[float]) -> None:
    """A thousand times the dollars everywhere is the same course; slots after the due time are not looked at."""
    after = [*FLUSH, *calm(4)]
    told, scaled = at_hours(5, columns(after)), at_hours(5, columns(after, scale))
    assert isinstance(told, FollowThrough)
    assert isinstance(scaled, FollowThrough)
    assert (scaled.verdict, scaled.half_min) == (told.verdict, told.half_min)
    assert at_hours(5, columns([*after, *((usd, usd) for usd in later)])) == told


@pytest.fixture(scope="module")
def winter(recordings: Path) -> pd.DataFrame:
    """The raw lines of BTC's liquidation totals."""
    return winter_rows(recordings)


@pytest.mark.real
@pytest.mark.parametrize("day", FLUSHES)
@pytest.mark.parametrize("hours", [4, 24])
def test_the_follow_through_of_the_winter_matches_pandas(winter: pd.DataFrame, day: str, hours: int) -> None:
    """Total, half, hours above the 90th percentile and the last two hours from the raw hourly totals."""
    event = real(winter, day)
    rows = event.rows[event.rows.kind == "liquidations"].set_index("t")
    usd = rows.long_usd + rows.short_usd
    peak = int(usd.loc[event.onset_ms : event.ended_ms].idxmax())
    due = peak + hours * HOUR_MS
    end = min(event.ended_ms, due)
    during = usd.loc[event.onset_ms : end]
    half_ms = int((during.cumsum() >= during.sum() / 2).idxmax())
    first = -(-(event.onset_ms - 11 * 24 * HOUR_MS) // HOUR_MS) * HOUR_MS  # whole hours
    q90 = rows.long_usd.loc[first + 1 : event.onset_ms].quantile(0.9)
    found = check(flush_of(event.onset_ms, event.ended_ms, peak_ms=peak), event.until(due))
    assert isinstance(found, FollowThrough)
    assert found.total_usd == pytest.approx(during.sum())
    assert (found.half_min, found.step_min) == (max(0, half_ms - peak) / 60_000, 60.0)
    assert found.q90_usd == pytest.approx(q90)
    known = rows.long_usd.reindex([due - back * HOUR_MS for back in range(4)])
    assert (found.above, found.heard) == ((known >= q90).sum(), known.notna().sum())
    for told, at in ((found.last, due), (found.previous, due - HOUR_MS)):
        assert (told is None) == np.isnan(usd.get(at, np.nan))
        assert told is None or (told.hurt_usd, told.other_usd) == (rows.long_usd[at], rows.short_usd[at])
