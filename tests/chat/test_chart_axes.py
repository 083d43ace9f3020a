from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.chart_axes import MOST_TICKS, amount_labels, price_labels, time_ticks, usd_labels
from bot.chat.chart_frames import Line
from bot.chat.chart_ladder import spread
from bot.chat.chart_levels import MOST_LETTERS, label_of, levels_near, stacked, within
from bot.chat.numbers import locale_of

EN, ES = locale_of("en"), locale_of("es")
NOON = 1_768_824_000_000  # 19 January 2026, 12:00 UTC


def test_a_day_has_its_hours_and_names_the_new_day() -> None:
    """Twenty-four hours from noon are ticked every four, and midnight shows the date of the language."""
    labels = [label for _, label in time_ticks(NOON, NOON + 86_400_000, ES)]
    assert labels == ["12:00", "16:00", "20:00", "20 ene", "04:00", "08:00", "12:00"]


@given(st.integers(min_value=0, max_value=4_000_000_000_000), st.integers(min_value=60_000, max_value=10**11))
def test_ticks_are_few_and_inside(start: int, length: int) -> None:
    """Any stretch of time has at most eight ticks, all within it."""
    ticks = [ms for ms, _ in time_ticks(start, start + length, EN)]
    assert len(ticks) <= MOST_TICKS + 1
    assert all(start <= ms <= start + length for ms in ticks)


@pytest.mark.parametrize(
    ("ticks", "labels"),
    [
        ([92_000, 93_000], ["92,000", "93,000"]),
        ([1.2, 1.25], ["1.20", "1.25"]),
        ([0.00001, 0.000012], ["0.000010", "0.000012"]),
    ],
)
def test_price_labels_share_their_decimals(ticks: list[float], labels: list[str]) -> None:
    """Labels of one axis have the same number of decimals, as many as the finest needs."""
    assert price_labels(ticks, EN) == labels


def test_large_amounts_are_short() -> None:
    """Millions of coins are shortened; dollars lose their sign because the direction says the side."""
    assert amount_labels([10_000_000, 10_500_000], EN) == ["10M", "10.5M"]
    assert amount_labels([94_000, 95_000], ES) == ["94.000", "95.000"]
    assert usd_labels([-5e6, 0, 5e6], EN) == ["$5M", "$0", "$5M"]


def test_a_level_far_away_is_left_out() -> None:
    """Levels that would flatten the price line are not drawn; the others come lowest first."""
    lines = [Line(80_000, "far"), Line(95_000, "upper"), Line(92_500, "lower")]
    assert [line.label for line in levels_near(lines, [92_000, 96_000])] == ["lower", "upper"]


def test_a_label_names_its_price_once() -> None:
    """The price is added to a label that does not hold it, and only to that."""
    assert label_of(Line(92_500, "flush low"), EN) == "92,500 flush low"
    assert label_of(Line(92_500, "flush low 92,500"), EN) == "flush low 92,500"


def test_a_long_label_has_short_lines_of_about_the_same_length() -> None:
    """It is broken between words, into no more lines than it needs."""
    label = label_of(Line(71_852, "mínimo del día anterior, perdido otra vez"), ES)
    assert label == "71.852 mínimo del día\nanterior, perdido otra vez"
    assert max(map(len, label.splitlines())) <= MOST_LETTERS


@given(st.lists(st.tuples(st.floats(-20, 120), st.floats(10, 40)), max_size=6), st.floats(0, 120))
def test_labels_beside_a_chart_stand_apart(boxes: list[tuple[float, float]], room: float) -> None:
    """As many as have room keep their order, touch nowhere and stay inside; a lonely one stands where it is wanted."""
    wanted = sorted(middle for middle, _ in boxes)
    heights = within([height for _, height in boxes], room)
    places = stacked(wanted[: len(heights)], heights, room)
    edges = [(place - height / 2, place + height / 2) for place, height in zip(places, heights, strict=True)]
    assert all(later[0] >= sooner[1] - 1e-9 for sooner, later in pairwise(edges))
    assert all(low >= -1e-9 and high <= room + 1e-9 for low, high in edges)
    assert stacked([30.0], [20.0], 100.0) == [30.0]


@given(st.lists(st.floats(min_value=0, max_value=1), max_size=6))
def test_labels_do_not_overlap(wanted: list[float]) -> None:
    """Six labels of a tenth of the height keep their order, their distance and stay inside."""
    places = spread(sorted(wanted), 0.1)
    assert all(later - sooner > 0.1 - 1e-9 for sooner, later in pairwise(places))
    assert all(0.05 - 1e-9 <= place <= 0.95 + 1e-9 for place in places)
