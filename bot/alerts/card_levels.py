"""Which key levels a flush ran through, judged from its extreme and the price now, while it still goes on.

The follow-ups ask for closes (`bot.aftermath.held`); a card is read minutes after onset and can only say what the
price touched.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.flush.episode import Episode
from bot.levels.sources import reasons

# The price went through a level when the extreme lies this far beyond it, a fraction of its price (domain notes,
# section 00: δ).
BEYOND = 0.001
# Levels that lie nearer to where the move began say nothing about it (same place), in ATR of an hour.
LEAST_AWAY_ATR = 0.5
# What the extreme came this close to without going through it was tested and held, in ATR of an hour.
TOUCH_ATR = 0.25
MOST_THROUGH = 2


class TouchedLevel(msgspec.Struct, frozen=True):
    """A level frozen at onset, in quote per coin: gone through and still so, gone through and `regained`, or `held`."""

    price: float
    source: str
    state: Literal["through", "regained", "held"]


def touched(episode: Episode) -> tuple[TouchedLevel, ...]:
    """The two best levels that the price went through and the first that held, in the order in which it met them."""
    before, lead = episode.before, episode.lead
    if before is None:
        return ()
    sign = 1 if episode.side == "long" else -1
    atr = before.atr_1h or 0.0
    ahead = sorted(
        (sign * (lead.reference_price - price), score, price, reasons(price, sources)[0])
        for price, score, sources in before.levels
        if sources and sign * (lead.reference_price - price) > LEAST_AWAY_ATR * atr
    )
    through, held = [], []
    for away, score, price, source in ahead:
        past_it = sign * (price - lead.extreme_price)
        if past_it > BEYOND * price:
            regained = sign * (lead.price - price) > 0
            through.append((score, away, TouchedLevel(price, source, "regained" if regained else "through")))
        elif past_it > -max(TOUCH_ATR * atr, BEYOND * price):
            held.append(TouchedLevel(price, source, "held"))
    # Of equally good ones the further: where the move came to says more than where it passed.
    best = sorted(through, key=lambda entry: (-round(entry[0], 3), -entry[1]))[:MOST_THROUGH]
    return (*(level for _, _, level in sorted(best, key=lambda entry: entry[1])), *held[:1])
