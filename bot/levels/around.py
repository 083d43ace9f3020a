"""The key levels around a coin's price as a view tells it."""

from __future__ import annotations

from typing import NamedTuple

from bot.levels.bars import Bars, atr_1h, bars_of, quarters_of
from bot.levels.cluster import Level, find, nearest
from bot.market.view import CoinView, Slots


class Around(NamedTuple):
    """Levels, and what they are looked at from: a price, the usual range of an hour, bars in which they were met."""

    price: float
    atr: float | None
    bars: Bars
    now_ms: int
    found: list[Level]

    def nearest(self) -> tuple[list[Level], list[Level]]:
        """(above, below): the best three of the nearest five on each side, nearest first."""
        return nearest(self.found, self.price)


def look(view: CoinView, slots: Slots | None) -> Around | None:
    """The key levels of a coin as it stands; None where its price or past is not known well enough for any."""
    if view.price is None or view.hours is None or not view.hours.close:
        return None
    hours, quarters = bars_of(view.hours), quarters_of(slots) if slots else None
    found = find(view.hours, view.price, view.as_of_ms, view.flush_extremes, quarters=quarters)
    if not found:
        return None
    return Around(view.price, atr_1h(hours, view.as_of_ms), quarters or hours, view.as_of_ms, found)
