"""Where leveraged positions would be liquidated, estimated: a model, and to be called one wherever it is shown.

Domain notes, section 4.6. Nobody publishes entries and leverages; they are guessed from rises of open interest and a
fixed mix of leverages. So only the relative size of bands means anything, and no level rests on them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from bot.market.history import DAY_MS, SLOT_MS
from bot.market.view import Slots

Floats = npt.NDArray[np.float64]
Side = Literal["long", "short"]

# Maintenance margin of the lowest tier of BTC, as a fraction of the position.
MARGIN = 0.005
LEVERAGES = np.array([100.0, 50.0, 25.0, 10.0, 5.0])
LEVERAGE_SHARES = np.array([0.10, 0.15, 0.30, 0.30, 0.15])
LEAST_LONG, MOST_LONG = 0.3, 0.7
FADING = 2 ** (-SLOT_MS / (5 * DAY_MS))
# Width of a bin as a fraction of its price: half of the way to the nearest liquidations, those at 100×.
BIN = 0.0025
LEAST_APART = 0.01


class Band(msgspec.Struct, frozen=True):
    """A price at which positions of `side` would be closed; `intensity` is 1 for the strongest band of both sides."""

    price: float
    side: Side
    intensity: float


@dataclass(frozen=True)
class Interest:
    """What the model reads, in bars of five minutes, equally long and oldest first.

    Prices in quote per coin, best of the mark. `added_coins` is the change of open interest over the bar, NaN where
    it is not known over the same venues at both ends. `taker_buy` is the share of volume that bought, NaN unknown.
    """

    high: Floats
    low: Floats
    close: Floats
    added_coins: Floats
    taker_buy: Floats


def liquidation_price(entry: float, leverage: float, side: Side, *, margin: float = MARGIN) -> float:
    """Liquidation price of an isolated linear position: E·(1 ∓ 1/L)/(1 ∓ m), upper signs for a long."""
    sign = -1 if side == "long" else 1
    return entry * (1 + sign / leverage) / (1 + sign * margin)


def inverse_liquidation_price(entry: float, leverage: float, side: Side, *, margin: float = MARGIN) -> float:
    """The same of a position margined in coins: E·L·(1 ± m)/(L ± 1), upper signs for a long.

    A short without leverage is never liquidated: infinite.
    """
    sign = 1 if side == "long" else -1
    return entry * leverage * (1 + sign * margin) / (leverage + sign) if leverage + sign > 0 else math.inf


def estimate(interest: Interest, *, margin: float = MARGIN) -> list[Band]:
    """The bands that remain after the last bar, by price; empty where open interest never rose.

    Each bar in turn: what is there fades; a rise of open interest opens positions at the typical price, longs and
    shorts by the takers' share, at a fixed mix of leverages; a fall closes positions of the side that the price hurts,
    everywhere in the same proportion; and what the bar's range reached is gone. Bars without a price are left out.
    """
    known = ~np.isnan(interest.close)
    if not known.any():
        return []
    typical = ((interest.high + interest.low + interest.close) / 3)[known]
    moved = np.diff(typical, prepend=typical[0])
    dollars = np.nan_to_num(interest.added_coins[known] * typical)
    bought = np.nan_to_num(np.clip(interest.taker_buy[known], LEAST_LONG, MOST_LONG), nan=0.5)
    longs = _Side("long", typical, interest.low[known], bought, margin)
    shorts = _Side("short", typical, interest.high[known], 1 - bought, margin)
    for place in range(typical.size):
        for side in (longs, shorts):
            side.fade()
            if dollars[place] > 0:
                side.open(place, dollars[place])
            elif side.sign * moved[place] < 0:
                side.close(-dollars[place])
            side.pass_through(place)
    most = float(max(longs.usd.max(), shorts.usd.max()))
    return [*longs.bands(most), *shorts.bands(most)]


def interest_of(slots: Slots) -> Interest:
    """What slots tell of a coin; what takers bought is not among it, so that half of each rise counts as long."""
    return Interest(slots.high, slots.low, slots.close, slots.added, np.full(slots.close.size, np.nan))


def strongest(bands: list[Band], side: Side, count: int = 3) -> list[Band]:
    """The strongest bands of one side at least 1 % apart, strongest first."""
    kept: list[Band] = []
    for band in sorted((band for band in bands if band.side == side), key=lambda band: (-band.intensity, band.price)):
        if len(kept) < count and all(abs(band.price / other.price - 1) >= LEAST_APART for other in kept):
            kept.append(band)
    return kept


class _Side:
    """The open positions of one side: dollars by the bin of their liquidation price.

    Bin i is the prices first·1.0025^i up to first·1.0025^(i + 1), with the first entry.
    """

    def __init__(self, side: Side, entry: Floats, adverse: Floats, share: Floats, margin: float) -> None:
        self.side, self.share, self.first_entry = side, share, float(entry[0])
        self.sign = 1 if side == "long" else -1
        factors = np.array([liquidation_price(1.0, leverage, side, margin=margin) for leverage in LEVERAGES])
        bins = np.floor(self._steps(entry[:, None] * factors)).astype(np.int64)
        self.first_bin = int(bins.min())
        self.bins = bins - self.first_bin
        self.usd = np.zeros(int(self.bins.max()) + 1)
        # A bin is gone when its middle was reached; of longs every bin from there up, of shorts every one down.
        middle = self._steps(adverse) - 0.5 - self.first_bin
        edge = np.ceil(middle) if side == "long" else np.floor(middle) + 1
        self.edge = np.clip(edge, 0, self.usd.size).astype(np.int64)

    def fade(self) -> None:
        """Five minutes of age."""
        self.usd *= FADING

    def open(self, place: int, usd: float) -> None:
        """The part of new positions that is this side's, spread over the leverages."""
        np.add.at(self.usd, self.bins[place], usd * self.share[place] * LEVERAGE_SHARES)

    def close(self, usd: float) -> None:
        """Take `usd` out of all bins in the same proportion."""
        total = float(self.usd.sum())
        if total > 0:
            self.usd *= max(0.0, 1 - usd / total)

    def pass_through(self, place: int) -> None:
        """Empty what the bar reached, and all behind it: a gap in prices leaves nothing standing."""
        gone = slice(self.edge[place], None) if self.side == "long" else slice(self.edge[place])
        self.usd[gone] = 0.0

    def bands(self, most: float) -> list[Band]:
        """What is left, lowest price first, against the strongest bin of both sides."""
        places = np.flatnonzero(self.usd)
        prices = self.first_entry * np.exp((places + self.first_bin + 0.5) * math.log1p(BIN))
        return [
            Band(float(price), self.side, float(usd) / most)
            for price, usd in zip(prices, self.usd[places], strict=True)
        ]

    def _steps(self, price: Floats) -> Floats:
        return np.asarray(np.log(price / self.first_entry) / math.log1p(BIN))
