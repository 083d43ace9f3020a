from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.levels.bars import Bars
from bot.levels.profile import Profile, geometric_edges, nodes, value_area, volume_profile
from bot.levels.vwap import vwap

GOLDEN = (
    (102.0, 100.0, 101.0, 10.0),
    (104.0, 101.0, 103.0, 40.0),
    (103.0, 101.0, 102.0, 30.0),
    (101.0, 99.0, 100.0, 20.0),
)
UNIT_EDGES = np.arange(99.0, 105.0)

Row = tuple[float, float, float, float]
CENTS = st.integers(9_000, 11_000).map(lambda cents: cents / 100)
ROWS = st.lists(
    st.tuples(CENTS, CENTS, st.floats(0, 1), st.integers(0, 100)).map(
        lambda row: (max(row[:2]), min(row[:2]), min(row[:2]) + row[2] * abs(row[0] - row[1]), float(row[3]))
    ),
    min_size=1,
    max_size=20,
)


def bars(rows: list[Row] | tuple[Row, ...]) -> Bars:
    """Bars of (high, low, close, volume), which open at their close."""
    high, low, close, volume = (np.array(column) for column in zip(*rows, strict=True))
    return Bars(np.arange(len(rows), dtype=np.int64), close, high, low, close, volume)


def slow_profile(rows: list[Row], edges: list[float]) -> list[float]:
    """Every bar against every bin."""
    traded = [0.0] * (len(edges) - 1)
    for high, low, _, volume in rows:
        for place, (start, end) in enumerate(pairwise(edges)):
            if high > low:
                traded[place] += volume * max(0.0, min(high, end) - max(low, start)) / (high - low)
            elif start <= low < end or (low == end and place == len(traded) - 1):
                traded[place] += volume
    return traded


def test_profile_golden() -> None:
    """The four bars of the domain notes, section 4.1, in bins of one from 99 to 104: most is traded in [101, 102)."""
    profile = volume_profile(bars(GOLDEN), UNIT_EDGES)
    assert profile.volume == pytest.approx([10, 15, 100 / 3, 85 / 3, 40 / 3])
    place = profile.point_of_control
    assert (profile.edges[place], profile.edges[place + 1]) == (101, 102)
    assert profile.middle(place) == 101.5


def test_value_area_golden() -> None:
    """From 33.33 first up to 28.33 and then down to 15, because 13.33 is less: 76.67 of 100 lie in [100, 103)."""
    assert value_area(volume_profile(bars(GOLDEN), UNIT_EDGES)) == (100.0, 103.0)


@pytest.mark.parametrize(
    ("volume", "area"),
    [
        ([0.0, 2.0, 5.0, 2.0, 0.0], (101.0, 103.0)),
        ([1.0, 4.0, 5.0, 0.0, 0.0], (100.0, 102.0)),
        ([5.0, 0.0, 5.0], (99.0, 102.0)),
        ([3.0], (99.0, 100.0)),
    ],
)
def test_value_area_goes_up_when_both_sides_are_equal(volume: list[float], area: tuple[float, float]) -> None:
    """Of equal neighbours the upper one is taken first, of equal bins the upper one is the point of control."""
    assert value_area(Profile(np.arange(99.0, 100.0 + len(volume)), np.array(volume))) == area


@given(ROWS, st.floats(0.002, 0.1))
def test_profile_equals_the_slow_way(rows: list[Row], width: float) -> None:
    """Bins hold what comes out when each bar is held against each bin, and all volume is in one of them."""
    given_bars = bars(rows)
    edges = geometric_edges(float(given_bars.low.min()), float(given_bars.high.max()), width)
    profile = volume_profile(given_bars, edges)
    assert profile.volume == pytest.approx(slow_profile(rows, edges.tolist()))
    assert profile.volume.sum() == pytest.approx(given_bars.volume.sum())


@given(st.data(), ROWS)
def test_order_of_bars_does_not_matter(data: st.DataObject, rows: list[Row]) -> None:
    """Bars in any order trade as much at each price, and at the same average."""
    shuffled = data.draw(st.permutations(rows))
    edges = np.linspace(90, 110, 30)
    assert volume_profile(bars(shuffled), edges).volume == pytest.approx(volume_profile(bars(rows), edges).volume)
    one, other = vwap(bars(rows)), vwap(bars(shuffled))
    assert (one and list(one)) == (other and pytest.approx(list(other), abs=1e-6))


@given(ROWS, st.sampled_from((0.25, 2.0, 1024.0)))
def test_levels_scale_with_prices(rows: list[Row], factor: float) -> None:
    """Prices in another unit move point of control, value area, nodes and average by the same factor."""
    far_rows = [(high * factor, low * factor, close * factor, volume) for high, low, close, volume in rows]
    near, far = (
        volume_profile(given, geometric_edges(float(given.low.min()), float(given.high.max()), 0.01))
        for given in (bars(rows), bars(far_rows))
    )
    assert far.middle(far.point_of_control) == pytest.approx(near.middle(near.point_of_control) * factor)
    assert value_area(far) == pytest.approx([edge * factor for edge in value_area(near)])
    assert [places.tolist() for places in nodes(far)] == [places.tolist() for places in nodes(near)]
    one, other = vwap(bars(rows)), vwap(bars(far_rows))
    assert (one and [value * factor for value in one]) == (other and pytest.approx(list(other), abs=1e-6))


@given(st.lists(st.integers(0, 100), min_size=1, max_size=40).filter(lambda volume: sum(volume) > 0))
def test_value_area_holds_its_share_and_the_point_of_control(volume: list[int]) -> None:
    """The area holds at least 70 % of all volume and the bin in which most was traded."""
    profile = Profile(np.arange(1.0, len(volume) + 2), np.array(volume, dtype=np.float64))
    low, high = value_area(profile)
    inside = profile.volume[int(low) - 1 : int(high) - 1]
    assert low <= profile.edges[profile.point_of_control] < high
    assert inside.sum() >= 0.7 * profile.volume.sum() * (1 - 1e-9)


def test_nodes_are_hills_and_the_valley_between_them() -> None:
    """Two hills of volume are nodes of high volume, the valley one of low volume, and a bump of 5 % is neither."""
    hills = np.array([0, 20, 60, 100, 60, 20, 10, 20, 30, 50, 30, 20, 15, 16, 15, 5], dtype=np.float64)
    high, low = nodes(Profile(np.arange(99.0, 116.0), hills))
    assert high.tolist() == [3, 9]
    assert low.tolist() == [6]


def test_one_bin_is_a_node_of_its_own() -> None:
    """With all volume at one price there is one node and no valley."""
    high, low = nodes(Profile(np.array([99.0, 100.0]), np.array([7.0])))
    assert (high.tolist(), low.tolist()) == ([0], [])


def test_a_price_on_an_edge_counts_once() -> None:
    """Bars without a range count in the bin that begins at their price, at the top edge in the last one."""
    flat = [(100.0, 100.0, 100.0, 1.0), (101.0, 101.0, 101.0, 2.0), (104.0, 104.0, 104.0, 4.0)]
    assert volume_profile(bars(flat), UNIT_EDGES).volume.tolist() == [0, 1, 2, 0, 4]


def test_average_golden() -> None:
    """The four bars with closes 101, 103, 102 and 100 traded at 101.7667 on average (domain notes, section 4.1)."""
    average = vwap(bars(GOLDEN))
    assert average is not None
    assert average.price == pytest.approx(101.7667, abs=5e-5)
    typical, volume = (101.0, 308 / 3, 102.0, 100.0), (10.0, 40.0, 30.0, 20.0)
    squares = sum(price**2 * traded for price, traded in zip(typical, volume, strict=True)) / 100
    assert average.sigma**2 == pytest.approx(squares - average.price**2)


@pytest.mark.parametrize("volume", [0.0, float("nan")])
def test_no_average_without_volume(volume: float) -> None:
    """Where nothing was traded, or it is not known how much, there is no average."""
    assert vwap(bars([(102.0, 100.0, 101.0, volume)])) is None
