"""Key levels as a ladder: the price in the middle, levels as rungs at their true distance, the way there beside them.

Runs inside the chart worker only.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.chat import chart_series, numbers
from bot.chat.chart_frames import Drawing, Line
from bot.chat.chart_layout import BOTTOM, HEIGHT_INCHES, LEFT, TOP, dress, write_frame
from bot.chat.chart_marks import Panel, caption, draw_line
from bot.chat.chart_theme import PALETTES, SMALL
from bot.errors import ChartError

RIGHT, HIGHEST = 0.98, TOP - 0.055
MOST_TIMES = 3
PATH = 0.3  # of the width, for the way of the price
RUNG_TO, JOINT_TO, TEXT_FROM = 0.4, 0.42, 0.427
LARGE = 13.0
LABEL_HEIGHT_POINTS, PRICE_HEIGHT_POINTS = 31.0, 22.0
THICK = 7.0  # points, of a rung
REACH = 1.08  # beyond the farthest level
MOST_LETTERS = 52  # of reasons beside each other
BAND = 0.00125  # half of a band of the model, as a fraction of its price
DARKEST = 0.45


def draw_ladder(figure: Figure, drawing: Drawing) -> None:
    """The whole picture; raises `ChartError` where no price or no level is known."""
    points = chart_series.known(drawing.times_ms, drawing.price)
    if not points or not drawing.lines:
        raise ChartError("a ladder needs a price and levels")
    palette, price = PALETTES[drawing.theme], points[-1][1]
    whole = (RIGHT - LEFT, HIGHEST - BOTTOM)
    ladder = figure.add_axes((LEFT, BOTTOM, *whole))
    path = figure.add_axes((LEFT, BOTTOM, PATH * whole[0], whole[1]))
    dress(path, drawing, palette, with_times=True, most_times=MOST_TIMES)
    ladder.set_axis_off()
    ladder.set_xlim(0, 1)
    height = whole[1] * HEIGHT_INCHES * 72
    limits = limits_of(price, [line.price for line in drawing.lines])
    for axes in (ladder, path):
        axes.set_ylim(limits)
        axes.patch.set_alpha(0)
    _shade(ladder, drawing)
    panel = Panel(path, drawing, palette, numbers.locale_of(drawing.language), height)
    draw_line(panel, points, palette.price)
    words = [drawing.captions.price, *([drawing.captions.model] if drawing.shades else [])]
    caption(panel, [(text, palette.muted) for text in words])
    _draw_rungs(ladder, drawing, price, height)
    write_frame(figure, drawing, palette, RIGHT)


def limits_of(price: float, levels: Sequence[float]) -> tuple[float, float]:
    """Lowest and highest price of the picture: as far to both sides, so that the price is in the middle."""
    reach = REACH * max(abs(level - price) for level in levels) or 0.01 * abs(price) or 1.0
    return price - reach, price + reach


def fitting(reasons: str, most: int = MOST_LETTERS) -> str:
    """As many of the reasons, heaviest first, as have room beside each other; the first one always."""
    while len(reasons) > most and ", " in reasons:
        reasons = reasons.rpartition(", ")[0]
    return reasons


def places_of(price: float, levels: Sequence[float], height_points: float) -> list[float]:
    """Where the words of rising levels stand, 0 to 1: at their level as far as they and those of the price fit."""
    low, high = limits_of(price, levels)
    gap = LABEL_HEIGHT_POINTS / height_points
    half = 0.5 - PRICE_HEIGHT_POINTS / height_points / 2
    wanted = [(level - low) / (high - low) for level in levels]
    below = spread([place / half for place in wanted if place < 0.5], gap / half)
    above = spread([1 - (1 - place) / half for place in wanted if place >= 0.5], gap / half)
    return [*(place * half for place in below), *(1 - (1 - place) * half for place in above)]


def _shade(axes: Axes, drawing: Drawing) -> None:
    """The bands of the model behind the way of the price and the rungs."""
    palette, limits = PALETTES[drawing.theme], axes.get_ylim()
    inside = [shade for shade in drawing.shades if limits[0] < shade.price < limits[1]]
    for shade in inside:
        color = palette.longs if shade.side == "long" else palette.shorts
        edges = shade.price * (1 - BAND), shade.price * (1 + BAND)
        axes.axhspan(*edges, xmax=RUNG_TO, facecolor=color, alpha=DARKEST * shade.strength, linewidth=0, zorder=0.3)


def _draw_rungs(axes: Axes, drawing: Drawing, price: float, height: float) -> None:
    palette, locale = PALETTES[drawing.theme], numbers.locale_of(drawing.language)
    low, high = axes.get_ylim()
    lines = sorted(drawing.lines, key=lambda line: line.price)
    places = places_of(price, [line.price for line in lines], height)
    for line, place in zip(lines, places, strict=True):
        color = palette.shorts if line.price > price else palette.longs
        end = PATH + (RUNG_TO - PATH) * line.strength
        axes.axhline(line.price, xmax=PATH, color=color, linewidth=0.9, dashes=(5, 3), zorder=1.4)
        axes.hlines(line.price, PATH, end, colors=color, linewidth=THICK, zorder=2)
        at = low + place * (high - low)
        axes.plot((end, RUNG_TO, JOINT_TO), (line.price, line.price, at), color=color, linewidth=0.9, zorder=1.6)
        _write(axes, line, at, f"{numbers.price(line.price, locale)}  {_away(line, price, drawing)}", drawing)
    axes.axhline(price, color=palette.price, linewidth=1.4, zorder=1.8)
    axes.text(
        TEXT_FROM,
        price,
        numbers.price(price, locale),
        va="center_baseline",
        size=LARGE,
        weight="bold",
        color=palette.ground,
        bbox={"boxstyle": "round,pad=0.22,rounding_size=0.25", "facecolor": palette.price, "linewidth": 0},
        zorder=3,
    )


def _away(line: Line, price: float, drawing: Drawing) -> str:
    return numbers.percent(line.price / price - 1, 1, numbers.locale_of(drawing.language), plus=True)


def _write(axes: Axes, line: Line, at: float, heading: str, drawing: Drawing) -> None:
    """Price and distance, and below them why it is a level."""
    palette = PALETTES[drawing.theme]
    below = (
        ("bottom", heading, LARGE, "bold", palette.text),
        ("top", fitting(line.label), SMALL, "normal", palette.muted),
    )
    for side, text, size, weight, color in below:
        axes.annotate(
            text,
            (TEXT_FROM, at),
            xytext=(0, 0),
            textcoords="offset points",
            va=side,
            size=size,
            weight=weight,
            color=color,
            annotation_clip=False,
        )


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Places of rising order, moved apart to at least `gap` and kept inside 0 to 1 as far as they fit."""
    places: list[float] = []
    for place in wanted:
        places.append(max(place, places[-1] + gap if places else gap / 2))
    ceiling = 1 - gap / 2
    for index in range(len(places) - 1, -1, -1):
        places[index] = min(places[index], ceiling)
        ceiling = places[index] - gap
    return places
