from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aftermath.missing import Missing
from bot.aftermath.move import measure
from bot.aftermath.recovery import Recovery, check
from bot.market.facts import Bar, Side
from bot.market.history import HOUR_MS
from tests.aftermath.slots import at, before, episode, history_of, ramp


def recovery(points: list[tuple[float, float]], extreme: float, side: Side = "long", due: float = 4.0) -> Recovery:
    """R_P at `due` hours of a path whose extreme is reached one hour after onset, with which the flush is over."""
    past = history_of(at(points[0][0]), ramp(points)).until(at(due))
    flush = episode((extreme, at(1)), before(high_24h=120.0, low_24h=80.0), side=side, ended_ms=at(1))
    found = check(flush, measure(flush, past), past, round(due * HOUR_MS))
    assert isinstance(found, Recovery)
    return found


@pytest.mark.parametrize(
    ("price", "share", "verdict"),
    [
        (89.0, -0.1, "NEW_EXTREME"),
        (91.5, 0.15, "NONE"),
        (95.0, 0.5, "PARTIAL"),
        (98.0, 0.8, "V_SHAPE"),
        (103, 1.3, "V_SHAPE"),
    ],
)
def test_share_taken_back(price: float, share: float, verdict: str) -> None:
    """From 100 to 90, a price at +4 h has taken back its distance from 90 in tenths."""
    found = recovery([(-6, 100.0), (0, 100.0), (1, 90.0), (4, price)], 90.0)
    assert found.recovered == pytest.approx(share)
    assert found.verdict == verdict
    assert (found.before, found.extreme) == (100.0, 90.0)


def test_the_same_share_later_is_no_v_shape() -> None:
    """Ninety percent back at +24 h is a recovery, and no longer a V."""
    assert recovery([(-6, 100.0), (0, 100.0), (1, 90.0), (24, 99.0)], 90.0, due=24).verdict == "RECOVERED"


def test_price_before_is_the_highest_of_six_hours() -> None:
    """A high four and a half hours before onset counts, one of seven hours before does not."""
    found = recovery([(-8, 130.0), (-7, 130.0), (-6.5, 105.0), (-4.5, 110.0), (0, 100.0), (1, 90.0), (4, 95.0)], 90.0)
    assert found.before == pytest.approx(110.0)


@pytest.mark.parametrize(("side", "sign"), [("long", 1), ("short", -1)])
def test_a_flush_of_nine_hours_is_measured_from_before_its_onset(side: Side, sign: int) -> None:
    """From 100 to 80 in nine hours, then 88: two fifths are back, though the last 6 h alone saw nothing above 94."""
    closes = [100 + sign * (close - 100) for close in ramp([(-7, 100.0), (0, 100.0), (9, 80.0), (24, 88.0)])]
    past = history_of(at(-7), closes).until(at(24))
    flush = episode((100 - sign * 20.0, at(9)), before(), side=side)
    found = check(flush, measure(flush, past), past, 15 * HOUR_MS)
    assert isinstance(found, Recovery)
    assert found.before == pytest.approx(100.0)
    assert found.recovered == pytest.approx(0.4)
    assert found.verdict == "PARTIAL"


def test_new_low_is_named_with_its_time() -> None:
    """A low of 85 at +2 h is 5.6 % under the flush low of 90, also when the price has come back above it."""
    found = recovery([(-6, 100.0), (0, 100.0), (1, 90.0), (2, 85.0), (4, 92.0)], 90.0)
    assert (found.beyond_price, found.beyond_ms) == (85.0, at(2))
    assert found.beyond == pytest.approx(5 / 90)
    assert found.verdict == "NONE"


@pytest.mark.parametrize(("side", "sign"), [("long", 1), ("short", -1)])
@pytest.mark.parametrize(("ended", "extreme", "beyond"), [(None, 15.0, None), (3.0, 15.0, None), (1.5, 10.0, 15.0)])
def test_a_new_low_while_it_goes_on_is_its_own(
    side: Side, sign: int, ended: float | None, extreme: float, beyond: float | None
) -> None:
    """A low of 85 at +2 h, seen then with a kept low of 90, is that of the flush unless it had ended before."""
    closes = [100 + sign * (close - 100) for close in ramp([(-6, 100.0), (0, 100.0), (1, 90.0), (2, 85.0)])]
    past = history_of(at(-6), closes).until(at(2))
    ended_ms = None if ended is None else at(ended)
    flush = episode((100 - sign * 10.0, at(1)), before(), side=side, ended_ms=ended_ms)
    found = check(flush, measure(flush, past), past, 2 * HOUR_MS)
    assert isinstance(found, Recovery)
    assert found.extreme == 100 - sign * extreme
    assert found.beyond_price == (None if beyond is None else 100 - sign * beyond)
    assert (found.recovered < 0) == (ended == 1.5)


def test_a_tick_under_the_low_is_no_new_low() -> None:
    """Two watchers of the same low may differ by a tick: less than 0.05 % is not told as news."""
    found = recovery([(-6, 100.0), (0, 100.0), (1, 89.97), (4, 95.0)], 90.0)
    assert found.beyond_price is None


def test_distance_to_the_high_of_the_day_before() -> None:
    """At 96 the price is 20 % under the 24 h high of 120."""
    assert recovery([(-6, 100.0), (0, 100.0), (1, 90.0), (4, 96.0)], 90.0).from_high == pytest.approx(-0.2)


@given(st.floats(85, 105))
def test_a_squeeze_is_the_mirror(price: float) -> None:
    """Prices mirrored at 100 give the same share, and the distance is told to the low."""
    fall = recovery([(-6, 100.0), (0, 100.0), (1, 90.0), (4, price)], 90.0)
    rise = recovery([(-6, 100.0), (0, 100.0), (1, 110.0), (4, 200 - price)], 110.0, "short")
    assert rise.recovered == pytest.approx(fall.recovered, abs=1e-9)
    assert rise.verdict == fall.verdict
    assert rise.from_high == pytest.approx((200 - price) / 80 - 1)


def test_a_low_after_the_due_time_is_not_seen() -> None:
    """Posted late, a follow-up of +1 h takes the low known then, not the one of +3 h that the episode has by now."""
    closes = ramp([(-6, 100.0), (0, 100.0), (1, 95.0), (3, 80.0), (4, 80.0)])
    flush = episode((80.0, at(3)), before())
    past = history_of(at(-6), closes).until(at(1))
    move = measure(flush, past)
    assert move is not None
    assert (move.extreme, move.extreme_ms) == (95.0, at(1))


@pytest.mark.parametrize("closes", [[(-6, 100.0), (0, 100.0), (1, 90.0), (3, 95.0)], [(3.9, 89.0), (4, 88.0)]])
def test_price_is_missing_when_stale_or_unknown_before(closes: list[tuple[float, float]]) -> None:
    """No price within 15 minutes, or none in the 6 h before the low: missing, not a guess."""
    past = history_of(at(closes[0][0]), ramp(closes)).until(at(4))
    flush = episode((90.0, at(1)), before(), ended_ms=at(1))
    assert check(flush, measure(flush, past), past, 4 * HOUR_MS) == Missing("price")


def test_wick_of_the_hour_of_the_low() -> None:
    """An hour from 100 to 96 with a low of 90 and a high of 100 left 60 % of its range under the body."""
    closes = ramp([(-6, 100.0), (0, 100.0), (1, 96.0), (4, 96.0)])
    bar = Bar(at(1), "binance", "BTC", "perp", 3600, 100.0, 100.0, 90.0, 96.0, 10.0)
    flush = episode((90.0, at(0.5)), before())
    past = history_of(at(-6), closes, facts=[bar]).until(at(4))
    found = check(flush, measure(flush, past), past, 4 * HOUR_MS)
    assert isinstance(found, Recovery)
    assert found.wick == pytest.approx(0.6)
