"""Horizontal price lines with their labels, kept apart from each other and, where possible, from the price line."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale

from bot.chat import numbers
from bot.chat.chart_frames import Line
from bot.chat.chart_marks import Panel
from bot.chat.chart_series import Run
from bot.chat.chart_theme import SMALL

REACH = 0.4  # of the price span; a level farther away would flatten the price line
MOST = 6
LABEL_HEIGHT_POINTS = 15.0


def levels_near(lines: Sequence[Line], prices: Sequence[float]) -> list[Line]:
    """The levels that fit the picture, at most six, nearest to the last price; lowest first."""
    low, high = min(prices), max(prices)
    reach = REACH * (high - low) or 0.01 * high
    near = [line for line in lines if low - reach <= line.price <= high + reach]
    return sorted(sorted(near, key=lambda line: abs(line.price - prices[-1]))[:MOST], key=lambda line: line.price)


def draw_levels(panel: Panel, lines: Sequence[Line], points: Run) -> None:
    """Dashed lines; each label stands at the end of the chart where the price keeps away from it."""
    axes, palette = panel.axes, panel.palette
    low, high = axes.get_ylim()
    gap = LABEL_HEIGHT_POINTS / panel.height_points
    ends: dict[bool, list[Line]] = {False: [], True: []}
    for line in lines:
        axes.axhline(line.price, color=palette.level, linewidth=1.0, dashes=(5, 3), zorder=1.5)
        ends[_is_free_on_right(line.price, points)].append(line)
    for right, there in ends.items():
        wanted = [(line.price - low) / (high - low) for line in there]
        for line, place in zip(there, spread(wanted, gap), strict=True):
            axes.text(
                0.992 if right else 0.008,
                place,
                label_of(line, panel.locale),
                transform=axes.transAxes,
                ha="right" if right else "left",
                va="center_baseline",
                size=SMALL,
                color=palette.text,
                bbox={"facecolor": palette.ground, "alpha": 0.75, "linewidth": 0, "pad": 1.5},
                zorder=3,
            )


def label_of(line: Line, locale: Locale) -> str:
    """The label with its price, unless it names it already."""
    price = numbers.price(line.price, locale)
    return line.label if price in line.label else f"{price} {line.label}"


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


def _is_free_on_right(level: float, points: Run) -> bool:
    third = max(1, len(points) // 3)
    left, right = (min(abs(price - level) for _, price in part) for part in (points[:third], points[-third:]))
    return right > left
