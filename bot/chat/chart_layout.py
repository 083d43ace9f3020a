"""What every form of a chart has in common: its place on the picture, the time axis, title and mark of origin.

Runs inside the chart worker only.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.chat.chart_axes import MOST_TICKS, time_ticks
from bot.chat.chart_frames import Drawing
from bot.chat.chart_theme import SMALL, Palette
from bot.chat.numbers import locale_of

WIDTH_INCHES, HEIGHT_INCHES, DPI = 8.0, 5.0, 150
LEFT, TOP, BOTTOM = 0.02, 0.91, 0.105
TITLE_POINTS, TITLE_ROOM = 14.0, 820.0  # a title of more than 58 characters is written smaller
EDGE = 0.03  # a time this near to the left edge is written to the right of its tick


def dress(axes: Axes, drawing: Drawing, palette: Palette, *, with_times: bool, most_times: int = MOST_TICKS) -> None:
    """The time axis and the shaded window. The panel draws its own grid across."""
    axes.set_axis_off()
    start, end = drawing.times_ms[0], drawing.times_ms[-1]
    axes.set_xlim(start, end)
    ticks = time_ticks(start, end, locale_of(drawing.language), most_times)
    across = axes.get_xaxis_transform()
    axes.vlines([ms for ms, _ in ticks], 0, 1, transform=across, colors=palette.grid, linewidth=0.8, zorder=0.6)
    for ms, label in ticks if with_times else ():
        axes.annotate(
            label,
            (ms, 0),
            xycoords=across,
            xytext=(0, -6),
            textcoords="offset points",
            va="top",
            ha="left" if ms - start < EDGE * (end - start) else "center",
            size=SMALL,
            color=palette.muted,
            annotation_clip=False,
        )
    if drawing.window_ms is not None:
        axes.axvspan(*drawing.window_ms, facecolor=palette.window, linewidth=0, zorder=0.4)


def write_frame(figure: Figure, drawing: Drawing, palette: Palette, right: float) -> None:
    """Title above, mark of origin and date below."""
    size = min(TITLE_POINTS, max(SMALL, TITLE_ROOM / max(1, len(drawing.title))))
    figure.text(LEFT, 0.972, drawing.title, va="top", size=size, weight="bold", color=palette.text)
    figure.text(right, 0.024, drawing.captions.zone, ha="right", size=SMALL, color=palette.muted)
    figure.text(LEFT, 0.024, drawing.note, size=SMALL, style="italic", color=palette.muted)
