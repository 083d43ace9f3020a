"""The boxes that would rule out a reset, on markets made by hand: when they trip, and that they stay as they were."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.aftermath.invalidation import Invalidation, invalidate
from bot.aftermath.propped import SpotDemand
from bot.flush.episode import Episode
from bot.market.facts import Side
from bot.market.history import Past
from tests.aftermath.slots import NAN, ONSET_MS, at, before, episode, history_of, ramp, settled

Path = Sequence[tuple[float, float]]
FALL: Path = [(-30, 100.0), (0, 100.0), (1, 90.0), (90, 90.0)]
BACK: Path = [(-30, 50.0), (0, 50.0), (1, 45.0), (6, 45.0), (7, 50.0), (90, 50.0)]
FUNDING: Path = [(-30, 1e-4), (90, 1e-4)]


def mirrored(path: Path, *, side: Side) -> list[float]:
    """Prices of every slot; for a squeeze the same move upwards."""
    return [price if side == "long" else 200.0 - price for price in ramp(path)]


def market(
    hours: float, prices: Path = FALL, interest: Path = BACK, funding: Path = FUNDING, side: Side = "long"
) -> Past:
    """What was known so many hours after onset; funding of a squeeze is the other way round."""
    rates = [rate if side == "long" else -rate for rate in ramp(funding)]
    facts = [settled(at(hour), rates[0]) for hour in range(0, 89, 8)]
    history = history_of(
        at(-30), mirrored(prices, side=side), interest={"okx": ramp(interest)}, funding_8h=rates, facts=facts
    )
    return history.until(at(hours))


def flush(side: Side = "long", **known: object) -> Episode:
    """A move of ten percent in an hour, over after two, counted from its end at one hour."""
    level = 95.0 if side == "long" else 105.0
    values: dict[str, object] = {
        "open_interest": {"okx": 50.0},
        "funding_8h": {"binance": 1e-4 if side == "long" else -1e-4},
        "high_6h": 100.0,
        "low_6h": 100.0,
        "high_24h": 100.0,
        "low_24h": 100.0,
        "levels": ((level, 60.0, ("level-round-number",)),),
    }
    extreme = 90.0 if side == "long" else 110.0
    return episode((extreme, at(1)), before(ONSET_MS, **(values | known)), side=side, ended_ms=at(2), anchor_ms=at(1))


UNTOLD = SpotDemand(None, None)


def boxes(past: Past, side: Side = "long", spot: SpotDemand = UNTOLD, **known: object) -> Invalidation:
    """The boxes of `flush` at the end of `past`."""
    one = flush(side, **known)

    found = invalidate(one, one.before, past, lambda _episode, _past: spot)
    assert found is not None
    return found


@pytest.mark.parametrize("hours", [1.25, 2, 4.99])
def test_no_box_is_looked_at_before_four_hours(hours: float) -> None:
    """Until +4 h there is nothing to be wrong about."""
    one = flush()
    assert invalidate(one, one.before, market(hours)) is None


@pytest.mark.parametrize("side", ["long", "short"])
def test_positions_back_without_a_new_price_trip_at_the_second_hour_in_a_row(side: Side) -> None:
    """All open interest is back from +6 h on: armed at the first look, tripped at the second, and from then on."""
    assert boxes(market(6.5, side=side), side).reload.state == "clear"
    assert boxes(market(7, side=side), side).reload.state == "armed"
    for hours in (8, 20, 60):
        tripped = boxes(market(hours, side=side), side).reload
        assert (tripped.state, tripped.tripped_ms) == ("tripped", at(8))
        assert tripped.rebuilt == pytest.approx(1.0)


def test_one_hour_of_reloading_is_not_enough() -> None:
    """Open interest that is back at one look and gone at the next leaves the box clear."""
    spike: Path = [(-30, 50.0), (0, 50.0), (1, 45.0), (6.8, 45.0), (7, 50.0), (7.2, 45.0), (90, 45.0)]
    assert boxes(market(7, interest=spike)).reload.state == "armed"
    assert boxes(market(9, interest=spike)).reload.state == "clear"


def test_a_close_of_four_hours_at_the_old_high_clears_the_box() -> None:
    """Positions that come back together with the price are no reload; 0.2 % under the high is near enough."""
    recovered: Path = [(-30, 100.0), (0, 100.0), (1, 90.0), (3.9, 99.9), (90, 99.9)]
    reload = boxes(market(20, prices=recovered)).reload
    assert reload.state == "clear"
    assert reload.best_close == pytest.approx(99.9)
    assert reload.limit == pytest.approx(99.8)


@pytest.mark.parametrize("side", ["long", "short"])
def test_a_reload_that_the_price_outgrew_keeps_its_tick_and_stands_no_more(side: Side) -> None:
    """Tripped at +8 h, it stands until a close of four hours reaches the old high; the tick and its moment stay."""
    late: Path = [(-30, 100.0), (0, 100.0), (1, 90.0), (11, 90.0), (11.9, 100.0), (90, 100.0)]
    before_it, after_it = (boxes(market(hours, prices=late, side=side), side).reload for hours in (11, 20))
    assert (before_it.state, before_it.tripped_ms, before_it.stands) == ("tripped", at(8), True)
    assert (after_it.state, after_it.tripped_ms, after_it.stands) == ("tripped", at(8), False)


def test_funding_that_cooled_after_its_box_tripped_stands_no_more() -> None:
    """Held up until +20 h and cool from then on: ticked, with the rate of then, and over."""
    cooling: Path = [(-30, 3e-4), (20, 3e-4), (21, 5e-5), (90, 5e-5)]
    held, cooled = (
        boxes(market(hours, funding=cooling), spot=SpotDemand(0.0, 1.0), funding_8h={"binance": 3e-4}).propped
        for hours in (18, 40)
    )
    assert (held.state, held.stands) == ("tripped", True)
    assert (cooled.state, cooled.tripped_ms, cooled.stands) == ("tripped", held.tripped_ms, False)


def test_positions_that_were_replaced_and_grew_count_as_reloaded() -> None:
    """Of hardly any fall, +2 % against before while less than half of the price is back trips as well."""
    grown: Path = [(-30, 50.0), (0, 50.0), (1, 49.8), (6, 49.8), (7, 51.0), (90, 51.0)]
    reload = boxes(market(9, interest=grown)).reload
    assert (reload.state, reload.tripped_ms, reload.rebuilt) == ("tripped", at(8), None)
    assert reload.change == pytest.approx(0.02)


def test_reloading_counts_for_two_days() -> None:
    """What comes back after +48 h trips nothing."""
    late: Path = [(-30, 50.0), (0, 50.0), (1, 45.0), (49.5, 45.0), (50, 50.0), (90, 50.0)]
    assert boxes(market(70, interest=late)).reload.state == "clear"


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize(
    ("spot", "state"),
    [
        (SpotDemand(0.0, 1.0), "tripped"),
        (SpotDemand(0.05, 1.0), "clear"),
        (SpotDemand(0.0, 1.3), "clear"),
        (SpotDemand(None, 1.3), "clear"),
        (SpotDemand(None, 1.0), "unknown"),
        (UNTOLD, "unknown"),
    ],
)
def test_high_funding_needs_absent_spot_demand(side: Side, spot: SpotDemand, state: str) -> None:
    """Funding of +0.03 % trips while spot is neither bought nor busy; what does not decide it is unknown."""
    high: Path = [(-30, 3e-4), (90, 3e-4)]
    mirrored_spot = SpotDemand(spot.bought and (spot.bought if side == "long" else -spot.bought), spot.times)
    known = {"funding_8h": {"binance": 3e-4 if side == "long" else -3e-4}}
    found = boxes(market(40, funding=high, side=side), side, mirrored_spot, **known).propped
    assert found.state == state
    assert (found.tripped_ms is not None) == (state == "tripped")


def test_funding_that_is_not_crowded_needs_no_spot() -> None:
    """Below +0.015 % the box is clear, whatever spot did."""
    assert boxes(market(40)).propped.state == "clear"


@pytest.mark.parametrize("side", ["long", "short"])
def test_a_lost_level_has_half_a_day_to_come_back(side: Side) -> None:
    """Lost on the 1 h close at 01:00: armed until 13:00, tripped from then on, at that moment."""
    assert boxes(market(12.9, side=side), side).support.state == "armed"
    for hours in (13, 40):
        tripped = boxes(market(hours, side=side), side).support
        assert (tripped.state, tripped.tripped_ms, tripped.lost_ms) == ("tripped", at(13), at(1))
        assert (tripped.coin, tripped.source) == ("BTC", "level-round-number")


def test_a_level_of_a_whole_day_has_a_day_to_come_back() -> None:
    """The low of the day before, lost at 01:00, trips a day later."""
    levels = ((95.0, 60.0, ("level-previous-day-low",)),)
    assert boxes(market(24.9), levels=levels).support.state == "armed"
    assert boxes(market(25), levels=levels).support.tripped_ms == at(25)


def test_a_level_that_was_taken_back_in_time_is_clear() -> None:
    """Two hours' closes above it end the clock; lost again later it runs anew."""
    back: Path = [(-30, 100.0), (0, 100.0), (1, 90.0), (6, 96.0), (20, 96.0), (21, 90.0), (90, 90.0)]
    assert boxes(market(18, prices=back)).support.state == "clear"
    again = boxes(market(40, prices=back)).support
    assert (again.state, again.lost_ms, again.tripped_ms) == ("tripped", at(21), at(33))


def test_a_level_that_was_taken_back_too_late_keeps_its_tick_and_stands_no_more() -> None:
    """Lost for 19 hours and regained: what tripped at +13 h is over, and told as it was."""
    late: Path = [(-30, 100.0), (0, 100.0), (1, 90.0), (19, 90.0), (20, 96.0), (90, 96.0)]
    lost, regained = (boxes(market(hours, prices=late)).support for hours in (15, 40))
    assert (lost.state, lost.tripped_ms, lost.stands) == ("tripped", at(13), True)
    assert (regained.state, regained.tripped_ms, regained.stands) == ("tripped", at(13), False)


def test_the_box_of_another_coin_is_about_btc() -> None:
    """Where BTC is known, its best support is the one that counts; the coin's own where it is not."""
    own = boxes(market(20), levels=((95.0, 60.0, ("level-round-number",)), (92.0, 80.0, ("level-flush-low",)))).support
    assert own.price == 92.0
    frozen = before(high_6h=100.0, levels=((95.0, 60.0, ("level-round-number",)),))
    other = boxes(market(20), btc=frozen, levels=((92.0, 80.0, ("level-flush-low",)),)).support
    assert (other.coin, other.price) == ("BTC", 95.0)


def test_what_is_not_known_is_unknown() -> None:
    """Without a state before, and of a market that fell silent, no box is judged."""
    one = flush()
    none = invalidate(one, None, market(20))
    assert none is not None
    assert {box.state for box in none.boxes.values()} == {"unknown"}
    silent = history_of(at(-6), [NAN]).until(at(20))
    assert {box.state for box in boxes(silent, levels=()).boxes.values()} == {"unknown"}


def test_later_facts_change_no_earlier_answer() -> None:
    """As of every hour the boxes are the same whether the history ends there or runs on for days."""
    wild: Path = [(-30, 50.0), (0, 50.0), (1, 45.0), (10, 50.0), (30, 20.0), (90, 80.0)]
    length = (30 + 20) * 12 + 1
    whole = market(20, interest=wild)
    cut = history_of(
        at(-30),
        ramp(FALL)[:length],
        interest={"okx": ramp(wild)[:length]},
        funding_8h=ramp(FUNDING)[:length],
        facts=[settled(at(hour), 1e-4) for hour in range(0, 17, 8)],
    ).until(at(20))
    assert boxes(whole) == boxes(cut)


@pytest.mark.parametrize("hours", [7, 8, 13, 20])
def test_an_hour_that_was_looked_at_needs_no_second_look(hours: float) -> None:
    """Looked at from the hour before on, what trips at an hour is what a look at all hours finds."""
    one = flush()
    newest = invalidate(one, one.before, market(hours), since_ms=at(hours - 1))
    assert newest is not None
    first = {box for box in boxes(market(hours)).tripped if boxes(market(hours)).boxes[box].tripped_ms == at(hours)}
    assert first <= set(newest.tripped)
