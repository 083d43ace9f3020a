"""Moments on the time axis: a line through every panel, with its label in the first one; ticks above that one.

Runs inside the chart worker only.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.chart_frames import Mark
from bot.chat.chart_marks import Panel
from bot.chat.chart_theme import SMALL

WIDTH_POINTS = 480.0  # of a panel without labels beside it, about
LETTER_POINTS, LABEL_HEIGHT_POINTS = 6.5, 14.0
NEAR_RIGHT = 0.85  # beyond this part of the chart a label stands to the left of its line


def draw_moments(panel: Panel, *, labelled: bool) -> None:
    """The marks of a drawing; labels that would lie on each other stand in rows below each other."""
    shown = _inside(panel, tick=False)
    if not shown:
        return
    start, end = panel.drawing.times_ms[0], panel.drawing.times_ms[-1]
    across = panel.axes.get_xaxis_transform()
    times = [mark.at_ms for mark in shown]
    panel.axes.vlines(times, 0, 1, transform=across, colors=panel.palette.level, linewidth=1.1, zorder=1.4)
    for mark, row in zip(shown, rows_of(shown, start, end), strict=True) if labelled else ():
        right = mark.at_ms - start > NEAR_RIGHT * (end - start)
        panel.axes.annotate(
            mark.label,
            (mark.at_ms, 0),
            xycoords=across,
            xytext=(-4 if right else 4, 4 + row * LABEL_HEIGHT_POINTS),
            textcoords="offset points",
            ha="right" if right else "left",
            va="bottom",
            size=SMALL,
            color=panel.palette.text,
            bbox={"facecolor": panel.palette.ground, "alpha": 0.75, "linewidth": 0, "pad": 1},
            zorder=3,
        )


def draw_ticks(panel: Panel) -> None:
    """Short ticks on the upper edge of a panel, with their labels where there is room, of the latest first."""
    shown, across = _inside(panel, tick=True), panel.axes.get_xaxis_transform()
    if not shown:
        return
    start, end = panel.drawing.times_ms[0], panel.drawing.times_ms[-1]
    times = [mark.at_ms for mark in shown]
    panel.axes.vlines(
        times, 0.96, 1.0, transform=across, colors=panel.palette.text, linewidth=1.6, zorder=2.5, clip_on=False
    )
    room_from = LETTER_POINTS * len(panel.drawing.captions.price) + 8
    for mark in with_room(shown, start, end, room_from):
        panel.axes.annotate(
            mark.label,
            (mark.at_ms, 1),
            xycoords=across,
            xytext=(1, 3),
            textcoords="offset points",
            ha="right",
            va="bottom",
            size=SMALL,
            color=panel.palette.text,
            annotation_clip=False,
        )


def with_room(marks: Sequence[Mark], start_ms: int, end_ms: int, from_points: float = 0.0) -> list[Mark]:
    """Of rising marks those whose labels, ending there, lie neither on a later one nor before `from_points`."""
    kept: list[Mark] = []
    free_to = WIDTH_POINTS
    for mark in reversed(marks):
        right = WIDTH_POINTS * (mark.at_ms - start_ms) / (end_ms - start_ms)
        left = right - LETTER_POINTS * len(mark.label) - 8
        if right <= free_to and left >= from_points:
            kept.append(mark)
            free_to = left
    return kept[::-1]


def _inside(panel: Panel, *, tick: bool) -> list[Mark]:
    """The marks of one kind within the time of the chart, oldest first."""
    start, end = panel.drawing.times_ms[0], panel.drawing.times_ms[-1]
    inside = (mark for mark in panel.drawing.marks if mark.tick is tick and start <= mark.at_ms <= end)
    return sorted(inside, key=lambda mark: mark.at_ms)


def rows_of(marks: list[Mark], start_ms: int, end_ms: int) -> list[int]:
    """A row for each of rising marks, the lowest in which it keeps clear of those before it."""
    free_from: list[float] = []
    rows = []
    for mark in marks:
        width = LETTER_POINTS * len(mark.label) + 8
        at = WIDTH_POINTS * (mark.at_ms - start_ms) / (end_ms - start_ms)
        left = at - width if at > NEAR_RIGHT * WIDTH_POINTS else at
        row = next((row for row, free in enumerate(free_from) if free <= left), len(free_from))
        free_from[row : row + 1] = [left + width]
        rows.append(row)
    return rows
