from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.aftermath.missing import Missing
from bot.aftermath.spot_perp import SpotPerp, check, is_distribution
from bot.market.facts import Side
from bot.market.history import HOUR_MS
from tests.aftermath.days import FLUSHES, Floats, flush_of, hourly, real, winter_rows, written
from tests.aftermath.slots import ONSET_MS

HOURS = 10 * 24
START_MS = ONSET_MS - HOURS * HOUR_MS


def usual_hours() -> tuple[Floats, Floats]:
    """Ten days: perp trades 100 to 120 by the hour of day, spot 20; their ratio spreads by ±20 % from day to day."""
    hour = np.arange(HOURS, dtype=np.float64)
    return 100.0 + hour % 24, 20.0 * (1 + 0.2 * np.sin(hour // 24))


def found_after(
    perp: list[float], spot: list[float], *, hours: int = 2, scale: float = 1.0, cut: int = 0
) -> SpotPerp | Missing:
    """What is said `hours` after onset of a flush of an hour; `perp` and `spot` are the hours from onset on."""
    before = usual_hours()
    columns = {
        name: hourly(scale * np.concatenate([usual[cut:], after]))
        for name, usual, after in zip(("perp_usd", "spot_usd"), before, (perp, spot), strict=True)
    }
    past = written(START_MS + cut * HOUR_MS, {"BTC": columns}).until(ONSET_MS + hours * HOUR_MS)
    return check(flush_of(ONSET_MS, ONSET_MS + HOUR_MS), past, hours * HOUR_MS)


@pytest.mark.parametrize(
    ("perp", "spot", "verdict"), [(900.0, 80.0, "PERP_LED"), (450.0, 160.0, "SPOT_LED"), (900.0, 178.0, "AS_USUAL")]
)
def test_the_ratio_of_the_multiples_says_who_led(perp: float, spot: float, verdict: str) -> None:
    """Both markets trade many times their usual; nine times perp beside four times spot is perp-led."""
    found = found_after([perp, 200.0], [spot, 30.0])
    assert isinstance(found, SpotPerp)
    assert (found.verdict, found.hours, found.hours_known) == (verdict, 1, HOURS)
    assert found.perp == pytest.approx(perp / 100)
    assert found.ratio == pytest.approx(found.perp / found.spot)
    assert 0.8 < found.low < 1 < found.high < 1.3


def test_what_is_traded_since_is_told_by_windows_that_have_passed() -> None:
    """At +4 h the last hour and the last four, at +2 h only the last; each over the same hours of day."""
    perp, spot = [900.0, 202.0, 102.0, 206.0], [80.0, 30.0, 20.0, 40.0]
    found = found_after(perp, spot, hours=4)
    assert isinstance(found, SpotPerp)
    assert [since.hours for since in found.since] == [1, 4]
    assert found.since[0].perp == pytest.approx(2.0)
    assert found.since[1].perp == pytest.approx((900 + 202 + 102 + 206) / (100 + 101 + 102 + 103))
    middle = float(np.median(usual_hours()[1]))
    assert found.since[1].spot == pytest.approx(170 / 4 / middle)
    early = found_after(perp[:2], spot[:2])
    assert isinstance(early, SpotPerp)
    assert [since.hours for since in early.since] == [1]


def test_a_market_that_is_not_told_is_missing() -> None:
    """Without spot in the flush, or with less than three days of both, nothing is said; later holes are None."""
    nan = float("nan")
    assert found_after([900.0, 200.0], [nan, 30.0]) == Missing("volume")
    assert found_after([nan, 200.0], [80.0, 30.0]) == Missing("volume")
    assert found_after([900.0, 200.0], [80.0, 30.0], cut=HOURS - 71) == Missing("volume")
    found = found_after([900.0, 200.0], [80.0, nan])
    assert isinstance(found, SpotPerp)
    assert [(since.hours, since.spot) for since in found.since] == [(1, None)]
    assert found.since[0].perp == pytest.approx(200 / 101)


def test_a_flush_told_by_five_minutes_is_looked_at_by_those() -> None:
    """Half an hour at twelve times the usual perp volume and four times spot's, in an hour that is calm otherwise."""
    usual = [np.repeat(values / 12, 12) for values in usual_hours()]
    during = {"perp_usd": 1200.0 / 12, "spot_usd": 80.0 / 12}
    columns = {
        name: np.concatenate([values, np.full(6, usd), np.full(6, values[0])])
        for (name, usd), values in zip(during.items(), usual, strict=True)
    }
    flush = flush_of(ONSET_MS, ONSET_MS + HOUR_MS // 6)
    found = check(flush, written(START_MS, {"BTC": columns}).until(ONSET_MS + HOUR_MS), HOUR_MS)
    assert isinstance(found, SpotPerp)
    middle = float(np.median(usual_hours()[1]))
    assert (found.perp, found.spot, found.hours) == pytest.approx((12.0, 80 / middle, 0.5))
    assert found.verdict == "PERP_LED"


def test_an_hour_with_a_hole_in_its_bars_is_unknown() -> None:
    """Five-minute bars with half an hour missing are not taken for an hour in which less was traded."""
    usual = [np.repeat(values / 12, 12) for values in usual_hours()]
    whole = [np.concatenate([values, np.full(12, 50.0)]) for values in usual]
    holed = [values.copy() for values in whole]
    holed[0][-9:-3] = np.nan
    for columns, is_known in ((whole, True), (holed, False)):
        written_out = {"BTC": dict(zip(("perp_usd", "spot_usd"), columns, strict=True))}
        past = written(START_MS, written_out).until(ONSET_MS + HOUR_MS)
        found = check(flush_of(ONSET_MS, ONSET_MS + HOUR_MS // 2), past, HOUR_MS)
        assert isinstance(found, SpotPerp) is is_known


@pytest.mark.parametrize(
    ("bought", "sold", "demand"), [([30.0, 18.0], [50.0, 12.0], 0.2), ([0.0, 15.0], [80.0, 15.0], 0.0)]
)
def test_spot_demand_is_what_takers_bought_over_what_they_sold(
    bought: list[float], sold: list[float], demand: float
) -> None:
    """Of the hour of the flush and of the last one; hours whose takers are not told have none."""
    before = usual_hours()
    told = {"perp_usd": [900.0, 200.0], "spot_usd": [80.0, 30.0], "spot_bought_usd": bought, "spot_sold_usd": sold}
    nothing = np.full(HOURS, np.nan)
    columns = {
        name: hourly(np.concatenate([usual, after]))
        for (name, after), usual in zip(told.items(), (*before, nothing, nothing), strict=True)
    }
    flush = flush_of(ONSET_MS, ONSET_MS + HOUR_MS)
    found = check(flush, written(START_MS, {"BTC": columns}).until(ONSET_MS + 2 * HOUR_MS), 2 * HOUR_MS)
    assert isinstance(found, SpotPerp)
    assert found.demand == pytest.approx((bought[0] - sold[0]) / 80)
    assert found.since[0].demand == pytest.approx(demand)
    untold = found_after([900.0, 200.0], [80.0, 30.0])
    assert isinstance(untold, SpotPerp)
    assert untold.demand is untold.since[0].demand is None


@settings(max_examples=20)
@given(st.floats(1e-3, 1e6), st.lists(st.floats(1, 1e4), min_size=1, max_size=3))
def test_neither_scale_nor_what_comes_later_changes_a_verdict(scale: float, later: list[float]) -> None:
    """Ten times the volume everywhere is the same flush; hours after the due time are not looked at."""
    told = found_after([900.0, 200.0], [80.0, 30.0])
    scaled = found_after([900.0, 200.0], [80.0, 30.0], scale=scale)
    assert isinstance(told, SpotPerp)
    assert isinstance(scaled, SpotPerp)
    assert scaled.verdict == told.verdict
    assert scaled.perp == pytest.approx(told.perp)
    assert found_after([900.0, 200.0, *later], [80.0, 30.0, *later]) == told


@pytest.fixture(scope="module")
def winter(recordings: Path) -> pd.DataFrame:
    """The raw lines of BTC's bars."""
    return winter_rows(recordings)


@pytest.mark.real
@pytest.mark.parametrize("day", FLUSHES)
def test_the_volumes_of_the_winter_match_pandas(winter: pd.DataFrame, day: str) -> None:
    """Multiples, ratio and quantiles from the raw hourly bars of three perp markets and one spot market."""
    event = real(winter, day)
    bars = event.rows[event.rows.kind == "bar"].assign(usd=lambda frame: frame.volume * frame.close)
    traded = bars.pivot_table(index="t", columns="market", values="usd", aggfunc="sum")
    due = event.onset_ms + 24 * HOUR_MS
    first = event.onset_ms // HOUR_MS * HOUR_MS
    last = -(-event.ended_ms // HOUR_MS) * HOUR_MS
    earlier = traded.loc[first - 11 * 24 * HOUR_MS + 1 : first]
    medians = earlier.groupby(earlier.index // HOUR_MS % 24).median()
    of_hour = medians.loc[traded.index // HOUR_MS % 24].set_axis(traded.index)
    during = traded.loc[first + 1 : last].sum() / of_hour.loc[first + 1 : last].sum()
    ratios = (earlier / of_hour.loc[earlier.index]).eval("perp / spot")
    found = check(flush_of(event.onset_ms, event.ended_ms), event.until(due), 24 * HOUR_MS)
    assert isinstance(found, SpotPerp)
    assert (found.perp, found.spot) == pytest.approx((during.perp, during.spot))
    assert (found.low, found.high) == pytest.approx(tuple(ratios.quantile([0.1, 0.9])))
    assert found.hours == len(traded.loc[first + 1 : last])
    ratio = during.perp / during.spot
    expected = "PERP_LED" if ratio >= found.high else "SPOT_LED" if ratio <= found.low else "AS_USUAL"
    assert found.verdict == expected
    later = check(flush_of(event.onset_ms, event.ended_ms), event.until(due + 48 * HOUR_MS), 72 * HOUR_MS)
    assert isinstance(later, SpotPerp)
    assert (later.perp, later.spot, later.low, later.high) == (found.perp, found.spot, found.low, found.high)
    for since in found.since:
        window = slice(due // HOUR_MS * HOUR_MS - since.hours * HOUR_MS + 1, due)
        assert since.spot == pytest.approx(traded.loc[window].spot.sum() / of_hour.loc[window].spot.sum())


@pytest.mark.parametrize(
    ("side", "spot", "demand", "told"),
    [
        ("long", 2.5, -0.10, True),
        ("long", 2.4, -0.50, False),
        ("long", 9.0, -0.09, False),
        ("long", 9.0, 0.50, False),
        ("short", 2.5, 0.10, True),
        ("short", 9.0, -0.50, False),
        ("long", 9.0, None, None),
    ],
)
def test_distribution_is_spot_sold_in_earnest(
    side: Side, spot: float, demand: float | None, *, told: bool | None
) -> None:
    """From 2.5 times the usual volume and a tenth net sold on, mirrored in a squeeze; unknown without takers' sides."""
    volume = SpotPerp("AS_USUAL", 5.0, spot, 5.0 / spot, 0.5, 1.5, 1.0, 300, demand, ())
    assert is_distribution(volume, side) is told
