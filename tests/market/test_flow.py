from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from bot.market.facts import Bar
from bot.market.flow import DAY_MS, Flow, span_class
from bot.market.history import HOUR_MS
from bot.market.rings import MINUTE_MS

NOW_MS = 1_768_780_800_000
LIVE, SILENT = np.array([True]), np.array([False])


def bar(t: int, span_s: int, close: float, *, high: float | None = None, low: float | None = None) -> Bar:
    """A perp bar that opens at its low."""
    low = close if low is None else low
    return Bar(
        t=t,
        venue="binance",
        base="BTC",
        market="perp",
        span_s=span_s,
        open=low,
        high=high or close,
        low=low,
        close=close,
        volume=2.0,
    )


@pytest.mark.parametrize(
    ("span_s", "place"), [(1, 0), (60, 0), (61, 1), (300, 1), (900, 2), (901, 3), (3600, 3), (3601, None)]
)
def test_a_total_feeds_only_windows_as_long_as_itself(span_s: int, place: int | None) -> None:
    """Spans fall into the finest class that holds them, and beyond an hour into none."""
    assert span_class(span_s) == place


def test_unknown_amounts_are_not_zero() -> None:
    """Without a feed nothing is known of a step; with a live one a calm step is a true zero."""
    silent, live = Flow(1, 1), Flow(1, 1)
    for now_ms in (NOW_MS, NOW_MS + MINUTE_MS):
        of_silent, of_live = silent.take_amounts(now_ms, SILENT), live.take_amounts(now_ms, LIVE)
    assert of_silent is None
    assert of_live is not None
    assert of_live[:3, 0].tolist() == [0.0, 0.0, 60.0]
    assert np.isnan(of_live[3:]).all()


def test_amounts_are_given_out_once() -> None:
    """Each step gets what came since the one before: single ones, totals with their span, volume in dollars."""
    flow = Flow(1, 1)
    flow.take_amounts(NOW_MS, SILENT)
    flow.add_liquidation(0, 0, 0, NOW_MS + 1, 500.0)
    flow.add_liquidations(0, 0, 3600, NOW_MS + 1, (1000.0, 70.0))
    flow.add_bar(0, 0, bar(NOW_MS + 1, 60, 100.0))
    first, second = flow.take_amounts(NOW_MS + 5, SILENT), flow.take_amounts(NOW_MS + 10, SILENT)
    assert first is not None
    assert first[:4, 0].tolist() == [1500.0, 70.0, 3600.0, 200.0]
    assert second is None


def test_what_spot_takers_bought_and_sold_is_known_where_it_is_told() -> None:
    """Of 2 coins traded at 100 takers bought 0.5: 50 dollars bought, 150 sold. Zero of one side is known too."""
    flow, expected = Flow(4, 1), {0: (50.0, 150.0), 1: (0.0, 200.0), 2: (math.nan, math.nan), 3: (math.nan, math.nan)}
    for coin, (taker_buy, market) in enumerate([(0.5, "spot"), (0.0, "spot"), (None, "spot"), (0.5, "perp")]):
        flow.add_bar(coin, 0, msgspec.structs.replace(bar(NOW_MS, 60, 100.0), market=market, taker_buy=taker_buy))
    amounts = flow.take_amounts(NOW_MS, np.zeros(4, bool))
    assert amounts is not None
    for coin, both in expected.items():
        np.testing.assert_array_equal(amounts[5:, coin], both)


def test_prices_come_from_the_shortest_bars() -> None:
    """Once a coin has minute bars, hourly bars no longer move its prices; a step's bars join to one."""
    flow = Flow(1, 2)
    flow.add_bar(0, 0, bar(NOW_MS, 3600, 50.0))
    flow.add_bar(0, 1, bar(NOW_MS + 1, 60, 100.0, high=105.0, low=99.0))
    flow.add_bar(0, 0, bar(NOW_MS + 2, 3600, 60.0))
    assert flow.bar_close(NOW_MS + 2)[0] == 100.0
    unknown = np.array([np.nan])
    flow.close_step(NOW_MS + 3, unknown, SILENT, np.full((1, 2), np.nan))
    flow.add_bar(0, 1, bar(NOW_MS + 60_000, 60, 98.0, high=101.0, low=97.0))
    flow.add_bar(0, 1, bar(NOW_MS + 120_000, 60, 103.0, high=104.0, low=98.0))
    prices = flow.close_step(NOW_MS + 120_000, unknown, SILENT, np.full((1, 2), np.nan))
    assert prices[:, 0].tolist() == [97.0, 104.0, 97.0]


def test_a_venue_that_falls_silent_gives_way() -> None:
    """Another's bars give prices once two of its own are missing, as far as they lie after its last one."""
    flow = Flow(1, 2)
    flow.add_bar(0, 0, bar(NOW_MS + HOUR_MS // 2, 300, 100.0))
    flow.add_bar(0, 1, bar(NOW_MS + HOUR_MS, 3600, 50.0))
    assert flow.bar_source[0] == 0
    flow.add_bar(0, 1, bar(NOW_MS + 2 * HOUR_MS, 3600, 60.0))
    assert flow.bar_close(NOW_MS + 2 * HOUR_MS)[0] == 60.0
    flow.add_bar(0, 0, bar(NOW_MS + 2 * HOUR_MS + 300_000, 300, 61.0))
    assert flow.bar_close(NOW_MS + 2 * HOUR_MS + 300_000)[0] == 61.0


@pytest.mark.parametrize("venue", [0, 1])
def test_a_bar_that_is_a_little_shorter_is_no_finer_one(venue: int) -> None:
    """What is made of hourly marks, of this venue or another, may come early, and has no high and low."""
    flow = Flow(1, 2)
    flow.add_bar(0, 0, bar(NOW_MS, 3600, 100.0))
    flow.take_prices(0, venue, bar(NOW_MS + 2_000, 3_595, 100.0))
    flow.add_bar(0, 0, bar(NOW_MS + HOUR_MS, 3600, 99.0, high=104.0, low=90.0))
    assert flow.last_bar[:, 0].tolist() == [90.0, 104.0, 90.0, 99.0]


def test_a_close_is_forgotten_after_two_of_its_bars() -> None:
    """A bar's close stands for two spans and no longer."""
    flow = Flow(1, 1)
    flow.add_bar(0, 0, bar(NOW_MS, 60, 100.0))
    assert flow.bar_close(NOW_MS + 120_000)[0] == 100.0
    assert np.isnan(flow.bar_close(NOW_MS + 120_001)[0])


def test_marks_go_before_bars() -> None:
    """A step of a coin with a fresh mark takes the mark's price, however far the bar reached."""
    flow = Flow(1, 1)
    flow.add_bar(0, 0, bar(NOW_MS, 60, 100.0, high=120.0))
    assert flow.close_step(NOW_MS, np.array([101.0]), LIVE, np.full((1, 1), np.nan))[:, 0].tolist() == [101.0] * 3


def test_a_feed_is_live_as_it_said_else_for_a_day_after_an_event() -> None:
    """Feed health decides where there is any; otherwise an event speaks for 24 hours, silence for nothing."""
    flow = Flow(1, 3)
    flow.add_liquidation(0, 0, 0, NOW_MS, 10.0)
    flow.liquidation_feed[1] = 1
    flow.liquidation_feed[2] = -1
    listed = np.array([[True, True, True]])
    assert flow.liquidations_live(NOW_MS + DAY_MS, listed)[0].tolist() == [True, True, False]
    assert flow.liquidations_live(NOW_MS + DAY_MS + 1, listed)[0].tolist() == [False, True, False]
    assert not flow.liquidations_live(NOW_MS, np.zeros((1, 3), dtype=np.bool_))[0, 1]


def test_late_liquidations_count_in_the_total_but_in_no_window() -> None:
    """What comes more than an hour late is part of what was ever seen, and moves no window of now."""
    flow = Flow(1, 1)
    flow.add_liquidation(0, 0, 0, NOW_MS, 10.0)
    flow.add_liquidation(0, 0, 0, NOW_MS - 2 * HOUR_MS, 500.0)
    assert flow.liquidated.window(60)[0, 0, 0].sum() == 10.0
    assert flow.liquidated_usd[0, 0] == 510.0


def test_growing_changes_no_figure() -> None:
    """The same events into a small flow that grows and into a large one leave the same windows."""
    small, large = Flow(1, 1), Flow(4, 3)
    for flow in (small, large):
        flow.add_liquidation(0, 0, 1, NOW_MS, 10.0)
        flow.add_bar(0, 0, bar(NOW_MS, 60, 100.0))
        flow.grow(4, 3)
        flow.add_liquidation(3, 2, 0, NOW_MS + 1, 20.0)
        flow.add_liquidations(3, 2, 300, NOW_MS + 1, (1.0, 2.0))
    for name in ("liquidated", "liquidated_by_venue", "largest", "traded"):
        assert np.array_equal(vars(small)[name].window(60), vars(large)[name].window(60)), name
    of_small, of_large = (flow.take_amounts(NOW_MS + 2, np.ones(4, bool)) for flow in (small, large))
    assert of_small is not None
    assert of_large is not None
    assert np.array_equal(of_small, of_large, equal_nan=True)


def test_closed_minutes_of_open_interest() -> None:
    """The highest sum of the venues that speak now, and the minute before the hour; anew when anything changes."""
    flow, all_venues, price = Flow(1, 2), slice(0, 2), np.array([100.0])
    for number, coins in enumerate((900.0, 700.0, *(500.0,) * 58, 400.0)):
        flow.close_step(NOW_MS + number * MINUTE_MS, price, LIVE, np.array([[coins, coins / 10]]))
    neither, second = np.array([[False], [False]]), np.array([[False], [True]])
    assert [part.tolist() for part in flow.closed_open_interest(all_venues, neither)] == [[770.0], [990.0]]
    assert [part.tolist() for part in flow.closed_open_interest(all_venues, second)] == [[700.0], [900.0]]
    flow.rescale_open_interest(0, 0, 0.5)
    assert [part.tolist() for part in flow.closed_open_interest(all_venues, second)] == [[350.0], [450.0]]
    for coins in (1, 3):  # more coins within a minute, before any venue tells of open interest
        flow.grow(coins, 2)
        assert flow.closed_open_interest(slice(0, 0), np.zeros((0, coins), np.bool_))[0].shape == (coins,)
