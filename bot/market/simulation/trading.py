"""What is traded, perpetual and spot: volumes, taker side and the bars they make."""

from __future__ import annotations

import msgspec
import numpy as np

from bot.market.simulation.coins import CoinTable, Floats
from bot.market.simulation.motion import DAY_S

WICK = 0.25
"""How far the extremes between two looks reach beyond them, as share of the step's move."""


class Bars(msgspec.Struct, frozen=True):
    """Bars of one market, a column entry a coin; prices in quote per coin, amounts in coins over all venues."""

    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    taker_buy: Floats


class Tape:
    """Collects the steps of one market until the bar is cut."""

    def __init__(self, log_price: Floats, day_coins: Floats, rng: np.random.Generator) -> None:
        self._rng = rng
        self._rate = day_coins / DAY_S
        self._last = log_price.copy()
        self._open = log_price.copy()
        self._high = log_price.copy()
        self._low = log_price.copy()
        self._volume = np.zeros_like(log_price)
        self._buy = np.zeros_like(log_price)

    def trade(self, log_price: Floats, heat: Floats, span_s: float, forced_buy: Floats, forced_sell: Floats) -> None:
        """One step that ended at `log_price`; `heat` is the move against its usual size, forced amounts in coins."""
        move = log_price - self._last
        wick = WICK * np.abs(move) * self._rng.random(len(move))
        self._high = np.maximum(self._high, np.maximum(log_price, self._last) + wick)
        self._low = np.minimum(self._low, np.minimum(log_price, self._last) - wick)
        lively = 0.45 + 0.7 * heat**0.9
        free = self._rate * span_s * lively * self._rng.lognormal(-0.03, 0.25, len(move))
        lean = 0.5 + 0.12 * np.tanh(0.8 * np.sign(move) * heat)
        # Each forced closure is a market order and sets off about as much trading again, on both sides.
        self._buy += free * lean + 1.5 * forced_buy + 0.5 * forced_sell
        self._volume += free + 2.0 * (forced_buy + forced_sell)
        self._last = log_price.copy()

    def cut(self) -> Bars:
        """The bar since the last cut."""
        bars = Bars(
            np.exp(self._open), np.exp(self._high), np.exp(self._low), np.exp(self._last), self._volume, self._buy
        )
        self._open = self._last.copy()
        self._high = self._last.copy()
        self._low = self._last.copy()
        self._volume = np.zeros_like(self._last)
        self._buy = np.zeros_like(self._last)
        return bars


def day_coins(table: CoinTable, market: str) -> Floats:
    """Usual volume of a day in coins over all venues."""
    perp = table.open_interest_usd * table.column("turnover") / table.price
    return perp if market == "perp" else perp * table.column("spot")
