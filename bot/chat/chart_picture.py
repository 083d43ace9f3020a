"""A whole chart as PNG: title, up to four panels over one time axis, the mark of origin.

Runs inside the chart worker only, because Matplotlib is slow to start and large. Plain `Figure` on the Agg canvas: no
pyplot, so no state is left behind. Sizes are chosen for a phone, where the picture is about seven centimetres wide.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.chat.chart_axes import time_ticks
from bot.chat.chart_frames import Drawing
from bot.chat.chart_marks import Panel
from bot.chat.chart_moments import draw_moments, draw_ticks
from bot.chat.chart_panels import (
    draw_funding,
    draw_liquidations,
    draw_open_interest,
    draw_price,
    last_funding,
    last_open_interest,
    last_price,
)
from bot.chat.chart_theme import PALETTES, SMALL, Palette
from bot.chat.numbers import locale_of
from bot.errors import ChartError

WIDTH_INCHES, HEIGHT_INCHES, DPI = 8.0, 5.0, 150
LEFT, TOP, BOTTOM = 0.02, 0.91, 0.105
MARGIN, MARGIN_OF_LETTER, MARGIN_AROUND = 0.125, 0.0137, 0.025  # right of the panels, for the numbers there
TITLE_POINTS, TITLE_ROOM = 14.0, 820.0  # a title of more than 58 characters is written smaller
EDGE = 0.03  # a time this near to the left edge is written to the right of its tick
CAPTION = 0.058  # room above each panel for its caption
WEIGHTS: dict[Callable[[Panel], None], float] = {
    draw_price: 3.0,
    draw_liquidations: 1.5,
    draw_open_interest: 1.35,
    draw_funding: 0.75,
}


def draw(drawing: Drawing) -> bytes:
    """The PNG of a drawing; raises `ChartError` when its columns do not fit together or hold nothing."""
    _check(drawing)
    style = {
        "font.family": "DejaVu Sans",  # the one that Matplotlib brings along, so all machines draw the same
        "font.size": SMALL,
        "text.parse_math": False,  # two dollar signs in a text are money, not a formula
        "hatch.linewidth": 1.2,
    }
    with mpl.rc_context(style):  # type: ignore[arg-type]  # the stubs list every key as a literal
        palette = PALETTES[drawing.theme]
        figure = Figure(figsize=(WIDTH_INCHES, HEIGHT_INCHES), dpi=DPI, facecolor=palette.ground)
        panels = _panels_of(drawing)
        right = 1 - _margin(drawing)
        boxes = _boxes([WEIGHTS[draw_panel] for draw_panel in panels])
        for draw_panel, (bottom, height) in zip(panels, boxes, strict=True):
            axes = figure.add_axes((LEFT, bottom, right - LEFT, height))
            is_last = draw_panel is panels[-1]
            _dress(axes, drawing, palette, with_times=is_last)
            panel = Panel(axes, drawing, palette, locale_of(drawing.language), height * HEIGHT_INCHES * 72)
            draw_panel(panel)
            draw_moments(panel, labelled=draw_panel is panels[0])
            if draw_panel is panels[0]:
                draw_ticks(panel)
        _write_frame(figure, drawing, palette, right)
        png = io.BytesIO()
        figure.savefig(png, format="png", pil_kwargs={"compress_level": 1})
        return png.getvalue()


def _check(drawing: Drawing) -> None:
    times = drawing.times_ms
    if len(times) < 2 or any(later <= sooner for sooner, later in itertools.pairwise(times)):
        raise ChartError("a chart needs at least two moments in rising order")
    for name in ("price", "long_usd", "short_usd", "open_interest", "funding"):
        column = getattr(drawing, name)
        if column and len(column) != len(times):
            raise ChartError(f"{name} has {len(column)} values for {len(times)} moments")
    if not _panels_of(drawing):
        raise ChartError("nothing in this chart is known")


def _panels_of(drawing: Drawing) -> list[Callable[[Panel], None]]:
    """What there is something to show of, from the top."""
    columns = {
        draw_price: drawing.price,
        draw_liquidations: (*drawing.long_usd, *drawing.short_usd),
        draw_open_interest: drawing.open_interest,
        draw_funding: drawing.funding,
    }
    return [panel for panel, values in columns.items() if any(value is not None for value in values)]


def _margin(drawing: Drawing) -> float:
    """As wide as the longest tag: a price of 0.000012345 must not lose its end."""
    locale = locale_of(drawing.language)
    tags = (last_price(drawing, locale), last_open_interest(drawing, locale), last_funding(drawing, locale))
    longest = max(map(len, tags))
    return max(MARGIN, MARGIN_AROUND + MARGIN_OF_LETTER * longest)


def _boxes(weights: list[float]) -> list[tuple[float, float]]:
    """(bottom, height) of each panel from the top, in parts of the figure."""
    unit = (TOP - BOTTOM - CAPTION * len(weights)) / sum(weights)
    boxes, top = [], TOP
    for weight in weights:
        height = unit * weight
        boxes.append((top - CAPTION - height, height))
        top -= CAPTION + height
    return boxes


def _dress(axes: Axes, drawing: Drawing, palette: Palette, *, with_times: bool) -> None:
    """The time axis and the shaded window. The panel draws its own grid across."""
    axes.set_axis_off()
    start, end = drawing.times_ms[0], drawing.times_ms[-1]
    axes.set_xlim(start, end)
    ticks = time_ticks(start, end, locale_of(drawing.language))
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


def _write_frame(figure: Figure, drawing: Drawing, palette: Palette, right: float) -> None:
    size = min(TITLE_POINTS, max(SMALL, TITLE_ROOM / max(1, len(drawing.title))))
    figure.text(LEFT, 0.972, drawing.title, va="top", size=size, weight="bold", color=palette.text)
    figure.text(right, 0.024, drawing.captions.zone, ha="right", size=SMALL, color=palette.muted)
    figure.text(LEFT, 0.024, drawing.note, size=SMALL, style="italic", color=palette.muted)
