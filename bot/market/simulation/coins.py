"""The coins and four venues of the simulated market: what is fixed before anything moves.

Sizes are of the order seen in early 2026; `price` is where the scenario `article` ends and `cascade` begins.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Tier = Literal["major", "large", "meme"]


class Venue(msgspec.Struct, frozen=True):
    """One venue: its share of open interest, hours between funding payments and what its liquidation feed shows."""

    name: str
    share: float
    funding_h: int
    feed: Literal["every", "one a second", "none"]
    premium_bps: float
    """Resting difference of its perpetual to the others."""


VENUES = (
    Venue("binance", 0.40, 8, "one a second", 0.0),
    Venue("bybit", 0.25, 8, "every", 0.4),
    Venue("okx", 0.18, 8, "one a second", -0.4),
    Venue("hyperliquid", 0.17, 1, "none", 0.2),
)


class TierTraits(msgspec.Struct, frozen=True):
    """What coins of one tier share."""

    leverage: float
    """Median leverage of the positions that can be liquidated."""
    highest_leverage: float
    maintenance: float
    """Maintenance margin as share of the position."""
    at_risk: float
    """Share of open interest that is leveraged; the rest is hedged and is never liquidated."""
    depth: float
    """Order book within 1 % on one side, all venues, as share of open interest."""
    turnover: float
    """Perpetual volume of a day over open interest."""
    spot: float
    """Spot volume over perpetual volume."""
    premium_noise_bps: float
    open_interest_noise: float
    """Standard deviation of an hour's change, as share."""
    spread_bps: float


TIERS: dict[Tier, TierTraits] = {
    "major": TierTraits(5.0, 100, 0.005, 0.5, 0.045, 4.0, 0.20, 1.2, 0.0012, 0.2),
    "large": TierTraits(4.5, 50, 0.010, 0.5, 0.040, 4.0, 0.15, 2.0, 0.0018, 1.0),
    "meme": TierTraits(4.0, 30, 0.020, 0.55, 0.042, 5.0, 0.10, 3.5, 0.0025, 4.0),
}


class Coin(msgspec.Struct, frozen=True):
    """One coin; `own_volatility` is the daily part of its moves that the market does not explain."""

    base: str
    tier: Tier
    price: float
    open_interest_usd: float
    beta: float
    own_volatility: float


COINS = (
    Coin("BTC", "major", 72226, 7.8e9, 1.00, 0.004),
    Coin("ETH", "major", 2106, 5.2e9, 1.25, 0.009),
    Coin("SOL", "large", 90.0, 1.9e9, 1.35, 0.012),
    Coin("XRP", "large", 1.42, 1.2e9, 1.20, 0.012),
    Coin("BNB", "large", 654, 7.2e8, 0.85, 0.009),
    Coin("DOGE", "large", 0.0982, 7.0e8, 1.40, 0.014),
    Coin("HYPE", "large", 33.4, 6.4e8, 1.30, 0.022),
    Coin("SUI", "large", 1.04, 3.3e8, 1.50, 0.018),
    Coin("ADA", "large", 0.271, 3.1e8, 1.35, 0.015),
    Coin("LINK", "large", 9.21, 2.9e8, 1.35, 0.015),
    Coin("AVAX", "large", 9.63, 2.2e8, 1.40, 0.016),
    Coin("LTC", "large", 55.4, 2.0e8, 1.05, 0.014),
    Coin("BCH", "large", 463, 2.0e8, 1.05, 0.015),
    Coin("AAVE", "large", 117, 1.6e8, 1.45, 0.018),
    Coin("NEAR", "large", 1.36, 1.5e8, 1.45, 0.018),
    Coin("UNI", "large", 3.92, 1.4e8, 1.40, 0.018),
    Coin("PEPE", "meme", 3.86e-6, 2.1e8, 1.60, 0.022),
    Coin("FARTCOIN", "meme", 0.203, 1.5e8, 1.70, 0.030),
    Coin("PENGU", "meme", 0.00748, 1.4e8, 1.65, 0.028),
    Coin("BONK", "meme", 6.42e-6, 1.2e8, 1.60, 0.024),
    Coin("WIF", "meme", 0.212, 1.1e8, 1.60, 0.025),
    Coin("SHIB", "meme", 6.01e-6, 9.5e7, 1.35, 0.017),
    Coin("TRUMP", "meme", 3.31, 9.0e7, 1.20, 0.024),
    Coin("ORDI", "meme", 2.64, 7.2e7, 1.45, 0.027),
    Coin("PEOPLE", "meme", 0.00781, 6.1e7, 1.50, 0.027),
    Coin("POPCAT", "meme", 0.0612, 5.8e7, 1.65, 0.028),
    Coin("FLOKI", "meme", 3.13e-5, 5.5e7, 1.55, 0.024),
    Coin("BOME", "meme", 0.000521, 5.2e7, 1.55, 0.028),
    Coin("TURBO", "meme", 0.00122, 4.4e7, 1.60, 0.028),
    Coin("NEIRO", "meme", 8.24e-5, 4.3e7, 1.65, 0.030),
)


def _small_cap(number: int) -> Coin:
    """The coin that comes so many places after the thirty: smaller, and more on its own."""
    rng = np.random.Generator(np.random.PCG64(number))
    return Coin(
        base=f"ALT{number:03}",
        tier="meme" if number % 3 else "large",
        price=float(np.round(10 ** rng.uniform(-3, 1.5), 6)),
        open_interest_usd=4.0e7 / (1 + number / 20),
        beta=float(rng.uniform(1.1, 1.7)),
        own_volatility=float(rng.uniform(0.018, 0.036)),
    )


SMALL_CAPS = tuple(_small_cap(number) for number in range(1, 271))
"""With the thirty above, a market as wide as the large venues list."""


class CoinTable(msgspec.Struct, frozen=True):
    """The chosen coins as columns, one entry a coin; `shares` is (coin, venue) and sums to one a coin."""

    bases: tuple[str, ...]
    tiers: tuple[Tier, ...]
    price: Floats
    open_interest_usd: Floats
    beta: Floats
    own_volatility: Floats
    shares: Floats

    def column(self, name: str) -> Floats:
        """One trait of the coins' tiers."""
        return np.array([getattr(TIERS[tier], name) for tier in self.tiers], dtype=np.float64)


def coin_table(bases: tuple[str, ...], rng: np.random.Generator) -> CoinTable:
    """Columns of the named coins; venue shares differ a little from coin to coin."""
    by_base = {coin.base: coin for coin in (*COINS, *SMALL_CAPS)}
    coins = [by_base[base] for base in bases]
    shares = np.array([venue.share for venue in VENUES]) * np.exp(0.2 * rng.standard_normal((len(coins), len(VENUES))))
    return CoinTable(
        bases,
        tuple(coin.tier for coin in coins),
        np.array([coin.price for coin in coins]),
        np.array([coin.open_interest_usd for coin in coins]),
        np.array([coin.beta for coin in coins]),
        np.array([coin.own_volatility for coin in coins]),
        shares / shares.sum(axis=1, keepdims=True),
    )
