"""A whole chart as PNG: title, up to four panels over one time axis, the mark of origin.

Runs inside the chart worker only, because Matplotlib is slow to start and large. Plain `Figure` on the Agg canvas: no
pyplot, so no state is left behind. Sizes are chosen for a phone, where the picture is about seven centimetres wide.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable

import matplotlib as mpl
from matplotlib.figure import Figure

from bot.chat.chart_frames import Drawing
from bot.chat.chart_heat import draw_heat
from bot.chat.chart_ladder import draw_ladder
from bot.chat.chart_layout import BOTTOM, DPI, HEIGHT_INCHES, LEFT, TOP, WIDTH_INCHES, dress, write_frame
from bot.chat.chart_levels import level_labels
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
from bot.chat.chart_theme import PALETTES, SMALL
from bot.chat.chart_venues import draw_venues
from bot.chat.numbers import locale_of
from bot.errors import ChartError

MARGIN, MARGIN_AROUND = 0.125, 0.025  # right of the panels, for what stands there
MARGIN_OF_LETTER, MARGIN_OF_SMALL = 0.0137, 0.0112  # of a tag, which is bold, and of a label
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
        ground = PALETTES[drawing.theme].ground
        figure = Figure(figsize=(WIDTH_INCHES, HEIGHT_INCHES), dpi=DPI, facecolor=ground)
        FORMS[drawing.form](figure, drawing)
        png = io.BytesIO()
        figure.savefig(png, format="png", pil_kwargs={"compress_level": 1})
        return png.getvalue()


def _draw_panels(figure: Figure, drawing: Drawing) -> None:
    palette = PALETTES[drawing.theme]
    panels = _panels_of(drawing)
    right = 1 - _margin(drawing)
    boxes = _boxes([WEIGHTS[draw_panel] for draw_panel in panels])
    for draw_panel, (bottom, height) in zip(panels, boxes, strict=True):
        axes = figure.add_axes((LEFT, bottom, right - LEFT, height))
        is_last = draw_panel is panels[-1]
        dress(axes, drawing, palette, with_times=is_last)
        panel = Panel(axes, drawing, palette, locale_of(drawing.language), height * HEIGHT_INCHES * 72)
        draw_panel(panel)
        draw_moments(panel, labelled=draw_panel is panels[0])
        if draw_panel is panels[0]:
            draw_ticks(panel)
    write_frame(figure, drawing, palette, right)


def _check(drawing: Drawing) -> None:
    times = drawing.times_ms
    if len(times) < 2 or any(later <= sooner for sooner, later in itertools.pairwise(times)):
        raise ChartError("a chart needs at least two moments in rising order")
    for name in ("price", "long_usd", "short_usd", "open_interest", "funding"):
        column = getattr(drawing, name)
        if column and len(column) != len(times):
            raise ChartError(f"{name} has {len(column)} values for {len(times)} moments")
    for venue in drawing.venues:
        if len(venue.values) != len(times):
            raise ChartError(f"{venue.name} has {len(venue.values)} values for {len(times)} moments")
    if drawing.form == "panels" and not _panels_of(drawing):
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
    """As wide as the longest tag, a price of 0.000012345 must not lose its end, or the longest line of a label."""
    locale = locale_of(drawing.language)
    tags = (last_price(drawing, locale), last_open_interest(drawing, locale), last_funding(drawing, locale))
    words = [line for label in level_labels(drawing, locale) for line in label.splitlines()]
    widths = (MARGIN_OF_LETTER * max(map(len, tags)), MARGIN_OF_SMALL * max(map(len, words), default=0))
    return max(MARGIN, MARGIN_AROUND + max(widths))


def _boxes(weights: list[float]) -> list[tuple[float, float]]:
    """(bottom, height) of each panel from the top, in parts of the figure."""
    unit = (TOP - BOTTOM - CAPTION * len(weights)) / sum(weights)
    boxes, top = [], TOP
    for weight in weights:
        height = unit * weight
        boxes.append((top - CAPTION - height, height))
        top -= CAPTION + height
    return boxes


FORMS: dict[str, Callable[[Figure, Drawing], None]] = {
    "panels": _draw_panels,
    "ladder": draw_ladder,
    "venues": draw_venues,
    "heat": draw_heat,
}
