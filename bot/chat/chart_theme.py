"""Colours of the charts. Sides differ in hue, brightness and direction, so that no one has to tell red from green."""

from __future__ import annotations

from typing import NamedTuple

from bot.chat.chart_frames import Theme

SMALL = 11.0  # points; the smallest text of a chart


class Palette(NamedTuple):
    """Colours of one theme, as Matplotlib takes them."""

    ground: str
    text: str
    muted: str
    grid: str
    price: str
    level: str
    longs: str
    shorts: str
    open_interest: str
    funding: str
    window: str


PALETTES: dict[Theme, Palette] = {
    "dark": Palette(
        ground="#10151c",
        text="#e8edf3",
        muted="#94a1b2",
        grid="#222b36",
        price="#f3f6fa",
        level="#8793a3",
        longs="#f59e0b",
        shorts="#38bdf8",
        open_interest="#a78bfa",
        funding="#5eead4",
        window="#ffffff17",
    ),
    "light": Palette(
        ground="#ffffff",
        text="#131a22",
        muted="#566373",
        grid="#e5e9ee",
        price="#131a22",
        level="#6b7888",
        longs="#d97706",
        shorts="#0284c7",
        open_interest="#7c3aed",
        funding="#0f766e",
        window="#0f172a12",
    ),
}
