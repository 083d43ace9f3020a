"""Moments marked on a chart, and where their labels stand."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.chart_frames import Mark
from bot.chat.chart_moments import LETTER_POINTS, NEAR_RIGHT, WIDTH_POINTS, rows_of, with_room
from bot.chat.chart_picture import draw
from bot.chat.charts import drawing_of
from bot.chat.wording import Wording
from bot.message import ChartMark, ChartRequest, Phrase

START_MS, END_MS = 1_768_780_800_000, 1_768_788_000_000
TITLE = Phrase("kind-long-flush")
TIMES_MS = tuple(range(START_MS, END_MS + 1, 1_800_000))
REQUEST = ChartRequest(TITLE, TITLE, TIMES_MS, (95_000.0, 94_000.0, 92_500.0, 93_100.0, 93_000.0))
PLACES = st.lists(st.integers(START_MS, END_MS), min_size=1, max_size=6)


def picture(*marks: ChartMark) -> bytes:
    """The chart with these marks."""
    return draw(drawing_of(msgspec.structs.replace(REQUEST, marks=marks), Wording("en", strict=True), "dark", None))


def test_marks_inside_the_time_are_drawn() -> None:
    """A mark changes the picture, one outside the chart's time does not."""
    plain = picture()
    assert picture(ChartMark(TIMES_MS[1], Phrase("chart-mark-alert"))) != plain
    assert picture(ChartMark(END_MS + 1, Phrase("chart-mark-end"))) == plain


def test_lonely_labels_share_the_first_row() -> None:
    """Labels far from each other stand side by side, those of one moment below each other."""
    far = [Mark(START_MS, "onset"), Mark((START_MS + END_MS) // 2, "peak"), Mark(END_MS, "end")]
    near = [Mark(START_MS, "onset"), Mark(START_MS, "alert"), Mark(START_MS, "peak")]
    assert rows_of(far, START_MS, END_MS) == [0, 0, 0]
    assert rows_of(near, START_MS, END_MS) == [0, 1, 2]


@given(places=PLACES)
def test_no_label_lies_on_another(places: list[int]) -> None:
    """In each row every label ends before the next begins."""
    marks = [Mark(place, "alert") for place in sorted(places)]
    width = LETTER_POINTS * len("alert")
    ends: dict[int, float] = {}
    for mark, row in zip(marks, rows_of(marks, START_MS, END_MS), strict=True):
        at = WIDTH_POINTS * (mark.at_ms - START_MS) / (END_MS - START_MS)
        left = at - width if at > NEAR_RIGHT * WIDTH_POINTS else at
        assert left >= ends.get(row, left)
        ends[row] = left + width


def test_a_tick_stands_above_the_first_panel_only() -> None:
    """A tick changes the picture otherwise than a mark at the same moment, and one outside the time not at all."""
    plain = picture()
    tick = picture(ChartMark(TIMES_MS[2], Phrase("chart-mark-alert"), tick=True))
    assert tick not in {plain, picture(ChartMark(TIMES_MS[2], Phrase("chart-mark-alert")))}
    assert picture(ChartMark(END_MS + 1, Phrase("chart-mark-alert"), tick=True)) == plain


@given(places=PLACES)
def test_labels_of_ticks_keep_apart_and_the_latest_is_kept(places: list[int]) -> None:
    """No label that is kept begins before the one to its left ends or before the caption, and the last one stays."""
    marks = [Mark(place, "+24 h", tick=True) for place in sorted(places)]
    kept = with_room(marks, START_MS, END_MS, 40.0)
    rights = [WIDTH_POINTS * (mark.at_ms - START_MS) / (END_MS - START_MS) for mark in kept]
    lefts = [right - LETTER_POINTS * len("+24 h") for right in rights]
    assert all(left >= right for left, right in zip(lefts[1:], rights, strict=False))
    assert all(left >= 40.0 for left in lefts)
    assert with_room([Mark(END_MS, "+24 h")], START_MS, END_MS, 40.0)
