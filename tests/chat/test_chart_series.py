from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.chat import chart_series

times = st.lists(st.integers(min_value=0, max_value=10_000), min_size=2, max_size=60, unique=True).map(sorted)


def test_a_missing_value_splits_a_line() -> None:
    """Five-minute values with a gap are two runs, and the gap is the hole."""
    points = chart_series.known([0, 5, 10, 15, 20, 25], [1.0, 2.0, None, None, 3.0, 4.0])
    parts = chart_series.runs(points, chart_series.cadence_ms([time for time, _ in points]))
    assert parts == [[(0, 1.0), (5, 2.0)], [(20, 3.0), (25, 4.0)]]
    assert chart_series.holes(parts, 5, 0, 25) == [(5, 20)]


def test_a_slow_column_has_no_holes_between_its_values() -> None:
    """Hourly totals in five-minute slots are one run; only the hour that never came is a hole."""
    moments = range(0, 7 * 60, 5)
    values = [1.0 if minute % 60 == 0 and minute != 180 else None for minute in moments]
    points = chart_series.known(moments, values)
    parts = chart_series.runs(points, chart_series.cadence_ms([time for time, _ in points]))
    assert [[time for time, _ in part] for part in parts] == [[0, 60, 120], [240, 300, 360]]
    assert chart_series.holes(parts, 60, 0, 415) == [(120, 240)]


def test_edges_without_data_are_holes() -> None:
    """A column that starts late and ends early says so at both ends."""
    assert chart_series.holes([[(50, 1.0), (55, 1.0)]], 5, 0, 100) == [(0, 50), (55, 100)]


def test_one_value_has_no_cadence() -> None:
    """A lone value is a run of its own with holes to both sides."""
    parts = chart_series.runs([(50, 1.0)], chart_series.cadence_ms([50]))
    assert parts == [[(50, 1.0)]]
    assert chart_series.holes(parts, 0, 0, 100) == [(0, 50), (50, 100)]


@given(times, st.integers(min_value=1, max_value=500))
def test_no_value_is_lost_in_runs(moments: list[int], cadence: int) -> None:
    """Runs joined again are the points, and neighbours in different runs are far apart."""
    points = [(time, 1.0) for time in moments]
    parts = chart_series.runs(points, cadence)
    assert [point for part in parts for point in part] == points
    assert all(later[0][0] - sooner[-1][0] > 1.5 * cadence for sooner, later in pairwise(parts))
