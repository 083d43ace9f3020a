"""Funding venue by venue as a heat map: a cell for each eight hours, in colours that tell signs and rest apart.

Runs inside the chart worker only.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from bot.chat import numbers
from bot.chat.chart_axes import DAY_MS, HOUR_MS
from bot.chat.chart_frames import Drawing, Venue
from bot.chat.chart_layout import BOTTOM, LEFT, TOP, WIDTH_INCHES, write_frame
from bot.chat.chart_panels import NEUTRAL_8H
from bot.chat.chart_theme import PALETTES, SMALL, Palette
from bot.errors import ChartError

NAMES, RIGHT, HIGHEST = 0.17, 0.98, TOP - 0.055
MOST = 8
WINDOW_MS = 8 * HOUR_MS
AT_REST = 5e-7  # what is written with four decimals of a percent as the resting rate
STRONGEST = 0.001  # per 8 h, from where on a colour is as strong as it gets
WEAKEST = 0.18
LETTER_POINTS = 7.2
MARGIN = 0.04  # between cells, as a part of one
TALLEST = 0.22  # of the picture, a row


def draw_heat(figure: Figure, drawing: Drawing) -> None:
    """The whole picture; raises `ChartError` where no venue told anything."""
    shown = [venue for venue in drawing.venues if any(rate is not None for rate in venue.values)][:MOST]
    if not shown:
        raise ChartError("nothing in this chart is known")
    palette, columns = PALETTES[drawing.theme], len(drawing.times_ms)
    height = min(HIGHEST - BOTTOM, TALLEST * len(shown))
    axes = figure.add_axes((NAMES, HIGHEST - height, RIGHT - NAMES, height))
    axes.set_axis_off()
    axes.set_xlim(0, columns)
    axes.set_ylim(len(shown), 0)
    cell_points = (RIGHT - NAMES) * WIDTH_INCHES * 72 / columns
    for row, venue in enumerate(shown):
        axes.text(-0.12, row + 0.5, venue.name, ha="right", va="center_baseline", size=SMALL, color=palette.text)
    _draw_cells(axes, shown, drawing, cell_points)
    _write_times(axes, drawing, palette, len(shown))
    figure.text(LEFT, HIGHEST + 0.012, drawing.captions.heat, size=SMALL, color=palette.muted)
    write_frame(figure, drawing, palette, RIGHT)


def color_of(rate: float, palette: Palette) -> tuple[float, float, float]:
    """Orange where longs pay, blue where shorts pay, stronger the more; grey of its own where funding rests."""
    ground = to_rgb(palette.ground)
    if abs(rate - NEUTRAL_8H) < AT_REST:
        return _mixed(ground, to_rgb(palette.muted), 0.45)
    share = WEAKEST + (1 - WEAKEST) * min(1.0, (abs(rate) / STRONGEST) ** 0.5)
    if rate == 0:
        return _mixed(ground, to_rgb(palette.muted), 0.15)
    return _mixed(ground, to_rgb(palette.longs if rate > 0 else palette.shorts), share)


def number_of(rate: float, language: str) -> str:
    """Hundredths of a percent, with one decimal below ten."""
    hundredths = rate * 1e4
    return numbers.fixed(hundredths, 1 if abs(hundredths) < 9.95 else 0, numbers.locale_of(language))


def _draw_cells(axes: Axes, shown: list[Venue], drawing: Drawing, cell_points: float) -> None:
    """All cells at once, because a patch each takes half as long again; then the numbers that fit."""
    palette = PALETTES[drawing.theme]
    cells = [(column, row, rate) for row, venue in enumerate(shown) for column, rate in enumerate(venue.values)]
    known = [(column, row, rate, color_of(rate, palette)) for column, row, rate in cells if rate is not None]
    unknown = [_cell(column, row) for column, row, rate in cells if rate is None]
    squares, colors = [_cell(column, row) for column, row, _, _ in known], [color for *_, color in known]
    axes.add_collection(PolyCollection(squares, facecolors=colors, linewidths=0), autolim=False)
    hatched = PolyCollection(unknown, facecolors="none", edgecolors=palette.level, hatch="///", linewidths=0)
    axes.add_collection(hatched, autolim=False)
    for column, row, rate, color in known:
        text = number_of(rate, drawing.language)
        if LETTER_POINTS * len(text) <= cell_points:
            ink = readable_on(color)
            axes.text(column + 0.5, row + 0.5, text, ha="center", va="center_baseline", size=SMALL, color=ink)


def _cell(column: int, row: int) -> list[tuple[float, float]]:
    left, right, top, bottom = column + MARGIN, column + 1 - MARGIN, row + MARGIN, row + 1 - MARGIN
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def readable_on(color: tuple[float, float, float]) -> str:
    """Black or white, whichever stands out more (relative luminance of WCAG 2)."""
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if luminance > 0.179 else "#ffffff"


def _write_times(axes: Axes, drawing: Drawing, palette: Palette, rows: int) -> None:
    """Each day where its first eight hours begin."""
    locale = numbers.locale_of(drawing.language)
    for column, end_ms in enumerate(drawing.times_ms):
        start_ms = end_ms - WINDOW_MS
        if start_ms % DAY_MS == 0:
            label = numbers.short_date(start_ms, locale)
            axes.text(column + MARGIN, rows + 0.0, label, va="top", size=SMALL, color=palette.muted)
            axes.vlines(column, 0, rows, colors=palette.level, linewidth=1.0)


def _mixed(
    ground: tuple[float, float, float], ink: tuple[float, float, float], share: float
) -> tuple[float, float, float]:
    red, green, blue = (low + (high - low) * share for low, high in zip(ground, ink, strict=True))
    return red, green, blue
