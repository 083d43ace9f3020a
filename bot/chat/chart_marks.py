"""What every panel of a chart is made of: its line, hatched holes, grid, the tag of the last value, its caption.

Runs inside the chart worker only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from babel import Locale
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.ticker import MaxNLocator

from bot.chat import chart_series
from bot.chat.chart_frames import Drawing
from bot.chat.chart_series import Run
from bot.chat.chart_theme import SMALL, Palette

ROOM = 0.09  # above and below the data, as part of their span
HOLE_WITH_WORDS = 0.09  # a hole wider than this part of the chart says what it is
FLOOR = -1e19  # below any panel
TAG_HEIGHT_POINTS = 15.0
TAG_ABOVE_POINTS, TAG_BELOW_POINTS = 7.5, 9.5  # from the value to the edges of its frame, which has room for a g
LINE_SHARE = 0.75  # of the height of a tag, what two numbers without a frame need from one to the next


class Panel(NamedTuple):
    """One panel and all that is needed to fill it."""

    axes: Axes
    drawing: Drawing
    palette: Palette
    locale: Locale
    height_points: float


def draw_line(panel: Panel, points: Run, color: str) -> None:
    """A line through what is known, interrupted where it is not; a lone value is a dot."""
    cadence = chart_series.cadence_ms([time for time, _ in points])
    parts = chart_series.runs(points, cadence)
    segments = [part for part in parts if len(part) > 1]
    line = LineCollection(segments, colors=color, linewidths=1.9, capstyle="round", joinstyle="round")
    panel.axes.add_collection(line, autolim=False)
    floors = [[(part[0][0], FLOOR), *part, (part[-1][0], FLOOR)] for part in segments]
    panel.axes.add_collection(PolyCollection(floors, facecolors=color, alpha=0.05, linewidths=0), autolim=False)
    single = [part[0] for part in parts if len(part) == 1]
    if single:
        panel.axes.plot(*zip(*single, strict=True), linestyle="none", marker="o", markersize=3, color=color)
    mark_holes(panel, parts, cadence)


def mark_holes(panel: Panel, parts: list[Run], cadence: int) -> None:
    """Hatch what is unknown, so that nothing there reads as zero or as calm."""
    start, end = panel.drawing.times_ms[0], panel.drawing.times_ms[-1]
    for left, right in chart_series.holes(parts, cadence, start, end):
        shade = panel.axes.axvspan(
            left, right, facecolor="none", edgecolor=panel.palette.grid, hatch="///", linewidth=0
        )
        shade.set_zorder(0.5)
        if right - left > HOLE_WITH_WORDS * (end - start):
            panel.axes.text(
                (left + right) / 2,
                0.5,
                panel.drawing.captions.no_data,
                transform=panel.axes.get_xaxis_transform(),
                ha="center",
                va="center",
                size=SMALL,
                color=panel.palette.muted,
                bbox={"facecolor": panel.palette.ground, "linewidth": 0, "pad": 2},
            )


def set_range(panel: Panel, values: Sequence[float]) -> None:
    """Vertical limits that hold the values with some room."""
    low, high = min(values), max(values)
    room = ROOM * (high - low) or abs(high) * 0.01 or 1.0
    panel.axes.set_ylim(low - room, high + room)


def ticks_of(panel: Panel, most: int, tag: float | None = None) -> list[float]:
    """Round values inside the panel, as many as have room, without those that the tag of the last value would cover."""
    low, high = panel.axes.get_ylim()
    covered = TAG_HEIGHT_POINTS / panel.height_points * (high - low)
    for count in range(most, 0, -1):
        ticks = MaxNLocator(count, steps=[1, 2, 5, 10]).tick_values(low, high)
        if ticks[1] - ticks[0] >= LINE_SHARE * covered:
            break
    inside = [float(tick) for tick in ticks if low + covered / 3 <= tick <= high - covered / 3]
    return [tick for tick in inside if tag is None or abs(tick - tag) > covered]


def write_ticks(panel: Panel, ticks: Sequence[float], labels: Sequence[str]) -> None:
    """Grid lines and their labels to the right; by hand, because Matplotlib's own axes take twice as long."""
    axes, palette = panel.axes, panel.palette
    axes.hlines(ticks, *axes.get_xlim(), colors=palette.grid, linewidth=0.8, zorder=0.6)
    for tick, label in zip(ticks, labels, strict=True):
        beside(panel, tick, label, palette.muted)


def beside(
    panel: Panel,
    value: float,
    text: str,
    color: str,
    *,
    va: Literal["center", "center_baseline"] = "center_baseline",
    tagged: str | None = None,
) -> None:
    """Words to the right of a panel, at the height of a value; bold on a ground of the colour `tagged`."""
    box = {"boxstyle": "round,pad=0.22,rounding_size=0.25", "facecolor": tagged, "linewidth": 0}
    panel.axes.annotate(
        text,
        (1.0, value),
        xycoords=panel.axes.get_yaxis_transform(),
        xytext=(6, 0),
        textcoords="offset points",
        va=va,
        size=SMALL,
        weight="bold" if tagged else "normal",
        color=color,
        bbox=box if tagged else None,
        annotation_clip=False,
    )


def tag(panel: Panel, value: float, text: str, color: str) -> None:
    """The last value on the axis, in the colour of its line; not so low that it would lie on the times below."""
    low, high = panel.axes.get_ylim()
    lowest = low + TAG_HEIGHT_POINTS / 2 / panel.height_points * (high - low)
    beside(panel, max(value, lowest), text, panel.palette.ground, tagged=color)


def caption(panel: Panel, words: Sequence[tuple[str, str]]) -> None:
    """Words in their colours side by side above the panel."""
    artist = panel.axes.annotate(
        words[0][0],
        (0, 1),
        xytext=(0, 3),
        xycoords="axes fraction",
        textcoords="offset points",
        size=SMALL,
        va="bottom",
    )
    artist.set_color(words[0][1])
    for text, color in words[1:]:
        artist = panel.axes.annotate(
            text,
            (1, 0),
            xycoords=artist,
            xytext=(9, 0),
            textcoords="offset points",
            size=SMALL,
            va="bottom",
            color=color,
        )
