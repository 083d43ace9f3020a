"""Who holds what with how much leverage: books of positions over their liquidation prices, and what crossing costs.

A book is a histogram over liquidation prices, in bins of 10 basis points of log price. A long opened at E with
leverage L is liquidated at E(1-1/L)/(1-m), a short at E(1+1/L)/(1+m), m the maintenance margin (isolated linear
contracts; the published formula of the exchanges).
"""

from __future__ import annotations

import numpy as np

from bot.market.simulation.coins import CoinTable, Floats, Integers

BIN = 0.001
BELOW, ABOVE = 1800, 1000
REACH = 700
LONG, SHORT = 0, 1
LIQUIDATED = 0.55
"""Share of a crossed bin that the venue closes; the rest is closed by its owners' stops just before."""
CLOSING_S = 60.0
"""A closing engine works off what it has to close with this time constant."""
TURNOVER_S = 30 * 3600.0
"""Mean life of a leveraged position."""
REFILL_S = 24 * 3600.0
"""How fast the leveraged share of open interest returns to its usual size."""


class Positions:
    """Leveraged positions of all coins in coins; `books` is (side, coin, bin), `waiting` (coin, side) to be closed."""

    def __init__(self, table: CoinTable, long_leverage: Floats) -> None:
        self._count = len(table.bases)
        self._rows = np.arange(self._count)[:, None]
        self._origin = np.log(table.price) - BELOW * BIN
        self._at_risk = table.column("at_risk")
        leverage, highest = table.column("leverage"), table.column("highest_leverage")
        maintenance = table.column("maintenance")
        self._kernels = (
            _kernel(leverage * long_leverage, highest, maintenance, LONG),
            _kernel(leverage, highest, maintenance, SHORT),
        )
        self.place = np.full(self._count, 0, dtype=np.int64)
        self.books = np.zeros((2, self._count, BELOW + ABOVE))
        self.waiting = np.zeros((self._count, 2))

    def fill(self, log_price: Floats, open_interest: Floats) -> None:
        """Open the positions of the weeks before, at entries spread around the first price."""
        self.place = self._bin(log_price)
        amounts = open_interest * self._at_risk
        entries = np.arange(-50, 51)
        weights = np.exp(-0.5 * (entries / 22.0) ** 2)
        for entry, weight in zip(entries, weights / weights.sum(), strict=True):
            for side in (LONG, SHORT):
                self._add(side, self.place + entry, amounts * weight)
        bins = np.arange(BELOW + ABOVE)
        self.books[LONG][bins >= self.place[:, None]] = 0.0
        self.books[SHORT][bins <= self.place[:, None]] = 0.0
        self.books *= (amounts / self.books.sum(axis=2))[:, :, None]

    def cross(self, log_price: Floats) -> None:
        """Move every position whose liquidation price the mark has reached from its book to `waiting`."""
        place = self._bin(log_price)
        width = int(np.abs(place - self.place).max())
        if width == 0:
            return
        steps = np.arange(width)
        down = place[:, None] + steps
        crossed = self.books[LONG][self._rows, down] * (down < self.place[:, None])
        self.books[LONG][self._rows, down] -= crossed
        self.waiting[:, LONG] += crossed.sum(axis=1)
        up = place[:, None] - steps
        crossed = self.books[SHORT][self._rows, up] * (up > self.place[:, None])
        self.books[SHORT][self._rows, up] -= crossed
        self.waiting[:, SHORT] += crossed.sum(axis=1)
        self.place = place

    def close(self, span_s: float) -> Floats:
        """Take from `waiting` what is closed in `span_s` seconds: (coin, side) in coins, stops included."""
        closed: Floats = self.waiting * (1 - np.exp(-span_s / CLOSING_S))
        self.waiting -= closed
        return closed

    def turn_over(self, span_s: float, open_interest: Floats) -> None:
        """Let positions be closed and opened anew at the current price; `open_interest` in coins per coin."""
        wanted = open_interest * self._at_risk
        for side in (LONG, SHORT):
            book = self.books[side]
            held = book.sum(axis=1)
            kept = np.minimum(np.exp(-span_s / TURNOVER_S), open_interest / np.maximum(held, 1e-12))
            book *= kept[:, None]
            missing = np.maximum(wanted - held, 0.0) * (1 - np.exp(-span_s / REFILL_S))
            self._add(side, self.place, np.minimum(held, wanted) * (1 - np.exp(-span_s / TURNOVER_S)) + missing)

    def _add(self, side: int, place: Integers, amounts: Floats) -> None:
        kernel = self._kernels[side]
        offsets = np.arange(1, kernel.shape[1] + 1)
        bins = place[:, None] + (-offsets if side == LONG else offsets)
        bins = np.clip(bins, 0, BELOW + ABOVE - 1)
        # Clipped bins repeat, so a plain += would lose all but the last; they lie beyond any price reached.
        self.books[side][self._rows, bins] += kernel * amounts[:, None]

    def _bin(self, log_price: Floats) -> Integers:
        return np.clip((log_price - self._origin) / BIN, 0, BELOW + ABOVE - 1).astype(np.int64)


def _kernel(leverage: Floats, highest: Floats, maintenance: Floats, side: int) -> Floats:
    """Share of new positions per distance of their liquidation price in bins: (coin, REACH), lognormal leverage."""
    ladder = np.exp(np.linspace(np.log(1.5), np.log(100.0), 1200))
    margin = maintenance[:, None]
    distance = np.abs(np.log((1 - 1 / ladder) / (1 - margin) if side == LONG else (1 + 1 / ladder) / (1 + margin)))
    weight = np.exp(-0.5 * (np.log(ladder / leverage[:, None]) / 0.6) ** 2)
    weight[(ladder > highest[:, None]) | (distance <= BIN)] = 0.0
    bins = np.clip((distance / BIN).astype(np.int64) - 1, 0, REACH - 1)
    kernel = np.zeros((len(leverage), REACH))
    np.add.at(kernel, (np.arange(len(leverage))[:, None], bins), weight)
    kernel[:, -1] = 0.0  # everything farther than REACH is not liquidated in any scenario
    scale: Floats = weight.sum(axis=1, keepdims=True)
    return kernel / scale
