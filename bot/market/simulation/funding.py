"""Funding as the venues compute it: F = P + clamp(I - P, ±0.05 %), P the premium of the interval so far.

P weighs later minutes more (1, 2, 3 …), as Binance does; I is 0.01 % for eight hours. The hourly venue pays an
eighth of the eight-hour rate each hour.
"""

from __future__ import annotations

import numpy as np

from bot.market.simulation.coins import VENUES, Floats

INTEREST = 0.0001
CLAMP = 0.0005
CAP = 0.02
HOUR_MS = 3_600_000


class FundingClock:
    """Running funding of every coin on every venue; rates are (coin, venue), decimal per the venue's interval."""

    def __init__(self, count: int) -> None:
        self._sum = np.zeros((count, len(VENUES)))
        self._weight = np.zeros(len(VENUES))
        self._minutes = np.zeros(len(VENUES))
        self._interval_ms = np.array([venue.funding_h * HOUR_MS for venue in VENUES])
        self._offset = np.array([venue.premium_bps * 1e-4 for venue in VENUES])

    def observe(self, premium: Floats, span_s: float) -> None:
        """Count `span_s` seconds of this premium (a fraction, one a coin)."""
        self._minutes += span_s / 60
        weight = self._minutes * span_s
        self._sum += weight * (premium[:, None] + self._offset)
        self._weight += weight

    def rates(self) -> Floats:
        """The running estimates."""
        premium = self._sum / np.maximum(self._weight, 1e-12)
        eight_hours = premium + np.clip(INTEREST - premium, -CLAMP, CLAMP)
        return np.clip(eight_hours, -CAP, CAP) * (self._interval_ms / (8 * HOUR_MS))

    def next_ms(self, now_ms: int, venue: int) -> int:
        """When the venue pays next."""
        interval = int(self._interval_ms[venue])
        return (now_ms // interval + 1) * interval

    def due(self, now_ms: int) -> list[int]:
        """Venues that pay at this moment."""
        return [venue for venue in range(len(VENUES)) if now_ms % int(self._interval_ms[venue]) == 0]

    def begin(self, venue: int) -> None:
        """Start the venue's next interval."""
        self._sum[:, venue] = 0.0
        self._weight[venue] = 0.0
        self._minutes[venue] = 0.0
