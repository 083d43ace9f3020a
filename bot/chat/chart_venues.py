"""Open interest venue by venue: a strip each over one time axis, its name and last value at the end of its line.

Venues differ in size a hundredfold, so that on one scale most lines would be flat. Runs inside the chart worker only.
"""

from __future__ import annotations

from matplotlib.figure import Figure

from bot.chat import chart_series, numbers
from bot.chat.chart_axes import amount_labels
from bot.chat.chart_frames import Drawing, Venue
from bot.chat.chart_layout import BOTTOM, HEIGHT_INCHES, LEFT, TOP, dress, write_frame
from bot.chat.chart_marks import Panel, caption, draw_line, set_range
from bot.chat.chart_series import Run
from bot.chat.chart_theme import PALETTES, SMALL
from bot.errors import ChartError

RIGHT, HIGHEST = 0.745, TOP - 0.055
MOST = 8
GAP = 0.016
APART_POINTS = 1.5  # from the middle to either line of words, so that no y reaches into the figures


def draw_venues(figure: Figure, drawing: Drawing) -> None:
    """The whole picture; raises `ChartError` where no venue told anything."""
    shown = [venue for venue in drawing.venues if any(value is not None for value in venue.values)][:MOST]
    if not shown:
        raise ChartError("nothing in this chart is known")
    palette = PALETTES[drawing.theme]
    height = (HIGHEST - BOTTOM - GAP * (len(shown) - 1)) / len(shown)
    for place, venue in enumerate(shown):
        bottom = HIGHEST - height - place * (height + GAP)
        axes = figure.add_axes((LEFT, bottom, RIGHT - LEFT, height))
        dress(axes, drawing, palette, with_times=venue is shown[-1])
        panel = Panel(axes, drawing, palette, numbers.locale_of(drawing.language), height * HEIGHT_INCHES * 72)
        points = chart_series.known(drawing.times_ms, venue.values)
        draw_line(panel, points, palette.open_interest)
        set_range(panel, [coins for _, coins in points])
        _write_end(panel, venue, points)
        if place == 0:
            caption(panel, [(drawing.captions.venues, palette.muted)])
    write_frame(figure, drawing, palette, 0.98)


def _write_end(panel: Panel, venue: Venue, points: Run) -> None:
    """The name, and below it the last value with its change; where the last is missing, that there is no data."""
    now = points[-1][0] == panel.drawing.times_ms[-1]
    text = _last(panel, points) if now else panel.drawing.captions.no_data
    palette = panel.palette
    for side, up, words, weight, color in (
        ("bottom", 1, venue.name, "bold", palette.text),
        ("top", -1, text, "normal", palette.open_interest if now else palette.muted),
    ):
        panel.axes.annotate(
            words,
            (1, 0.5),
            xycoords="axes fraction",
            xytext=(7, up * APART_POINTS),
            textcoords="offset points",
            va=side,
            size=SMALL,
            weight=weight,
            color=color,
            annotation_clip=False,
        )


def _last(panel: Panel, points: Run) -> str:
    first, last = points[0][1], points[-1][1]
    amount = amount_labels([float(f"{last:.5g}")], panel.locale)[0]
    if not first:
        return amount
    return f"{amount} {numbers.percent(last / first - 1, 1, panel.locale, plus=True)}"
