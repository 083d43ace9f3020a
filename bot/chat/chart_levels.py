"""Horizontal price lines with their labels, which stand beside the chart: over it they would hide the price.

Runs inside the chart worker only, but for the choice of levels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from babel import Locale

from bot.chat import numbers
from bot.chat.chart_frames import Drawing, Line
from bot.chat.chart_marks import TAG_ABOVE_POINTS, TAG_BELOW_POINTS, Panel, beside

REACH = 0.4  # of the price span; a level farther away would flatten the price line
MOST = 6
MOST_LETTERS = 26  # of one line of a label; a longer one goes on in the next
LINE_POINTS, AROUND_POINTS = 13.0, 1.0
LEAD = 0.012  # of the panel's width, from the end of a line to its label
BEYOND_POINTS = 20.0  # above and below the panel, where nothing else stands at the right


def levels_near(lines: Sequence[Line], prices: Sequence[float]) -> list[Line]:
    """The levels that fit the picture, at most six, nearest to the last price; lowest first."""
    low, high = min(prices), max(prices)
    reach = REACH * (high - low) or 0.01 * high
    near = [line for line in lines if low - reach <= line.price <= high + reach]
    return sorted(sorted(near, key=lambda line: abs(line.price - prices[-1]))[:MOST], key=lambda line: line.price)


def level_labels(drawing: Drawing, locale: Locale) -> list[str]:
    """The labels of a drawing, each in as many lines as it needs; none without a price."""
    prices = [price for price in drawing.price if price is not None]
    return [label_of(line, locale) for line in levels_near(drawing.lines, prices)] if prices else []


def draw_levels(panel: Panel, lines: Sequence[Line], last: float) -> list[tuple[float, float]]:
    """Dashed lines with their labels on the right, clear of the tag of the last price; where these stand, in prices.

    What has no room there is not drawn, the farthest from the last price first.
    """
    ordered = sorted(lines, key=lambda line: abs(line.price - last))
    above = [line for line in ordered if line.price >= last]
    below = [line for line in ordered if line.price < last]
    return [*_draw_side(panel, above, last, 1), *_draw_side(panel, below, last, -1)]


def _draw_side(panel: Panel, lines: Sequence[Line], last: float, sign: int) -> Iterator[tuple[float, float]]:
    """The levels above the last price (`sign` 1) or below it (-1), nearest first; heights are counted from its tag."""
    low, high = panel.axes.get_ylim()
    point, tag = (high - low) / panel.height_points, TAG_ABOVE_POINTS if sign > 0 else TAG_BELOW_POINTS
    room = sign * ((high if sign > 0 else low) - last) / point + BEYOND_POINTS - tag
    labels = [label_of(line, panel.locale) for line in lines]
    heights = within([AROUND_POINTS + LINE_POINTS * len(label.splitlines()) for label in labels], room)
    wanted = [abs(line.price - last) / point - tag for line in lines[: len(heights)]]
    for line, label, height, place in zip(lines, labels, heights, stacked(wanted, heights, room), strict=False):
        middle = last + sign * (tag + place) * point
        _draw_level(panel, line.price, label, middle)
        half = (height + LINE_POINTS) / 2 * point  # with half of what is written next to it
        yield middle - half, middle + half


def _draw_level(panel: Panel, price: float, label: str, middle: float) -> None:
    axes, color = panel.axes, panel.palette.level
    axes.axhline(price, color=color, linewidth=1.0, dashes=(5, 3), zorder=1.5)
    beside(panel, middle, label, panel.palette.text, va="center")
    lead = (1.0, 1.0 + LEAD), (price, middle)
    axes.plot(*lead, color=color, linewidth=1.0, transform=axes.get_yaxis_transform(), clip_on=False)


def label_of(line: Line, locale: Locale) -> str:
    """The label with its price, unless it names it already, in few lines of about the same length."""
    price = numbers.price(line.price, locale)
    label = line.label if price in line.label else f"{price} {line.label}"
    fewest = len(wrap(label, MOST_LETTERS))
    return "\n".join(next(lines for width in range(1, MOST_LETTERS + 1) if len(lines := wrap(label, width)) <= fewest))


def within(heights: Sequence[float], room: float) -> list[float]:
    """The first of some heights, as many as have room."""
    kept: list[float] = []
    for height in heights:
        if sum(kept) + height > room:
            break
        kept.append(height)
    return kept


def stacked(wanted: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Middles of boxes from 0 to `room`, which holds them all: in rising order, as near to those wanted as can be."""
    places: list[float] = []
    edge = 0.0
    for middle, height in zip(wanted, heights, strict=True):
        places.append(max(middle, edge + height / 2))
        edge = places[-1] + height / 2
    edge = room
    for index in range(len(places) - 1, -1, -1):
        places[index] = min(places[index], edge - heights[index] / 2)
        edge = places[index] - heights[index] / 2
    return places
