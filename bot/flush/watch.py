"""A coin above 30 that has opened nothing yet: what it would take into an episode, or into the list of watches."""

from __future__ import annotations

import msgspec

from bot.flush.episode import Component
from bot.flush.member import Base, Figures
from bot.market.facts import Side


class Watch(msgspec.Struct):
    """Since when and on which side; the figures are those of its highest score."""

    side: Side
    onset_ms: int
    base: Base
    pressed_ms: int
    peak_ms: int
    hot_ms: int | None = None
    """Since when it has been above FLUSH."""
    peak_score: float = 0.0
    confidence: float = 0.0
    price_only: bool = True
    components: dict[str, Component] = {}

    def note(self, figures: Figures, coin: str, score: float, *, pressing: bool) -> None:
        """Take in the present step."""
        self.pressed_ms = figures.now_ms if pressing else self.pressed_ms
        if score > self.peak_score:
            self.peak_score, self.peak_ms = score, figures.now_ms
            self.components, self.confidence = figures.judged(coin, self.side)
            self.price_only = figures.price_only(coin, self.side)


def watch_from(figures: Figures, coin: str, side: Side) -> Watch:
    """A watch that begins now."""
    return Watch(side, figures.now_ms, Base(figures, coin), figures.now_ms, figures.now_ms)
