"""How far a flush reaches, and whether perps or spot lead it."""

from typing import Literal

import numpy as np

from bot.flush.episode import Episode, Scope
from bot.flush.member import Figures
from bot.market.history import DAY_MS, HOUR_MS, Past

MAJORS = ("BTC", "ETH")
"""Whose moves others are held against: both together are the market."""
MARKET_BREADTH = 0.35
TARGETED_BREADTH = 0.15
MARKET_LEAST_MEMBERS = 3
ORDER: tuple[Scope, ...] = ("coin", "targeted", "broad", "market")
LEAST_HOURS = 72

Character = tuple[Literal["perp_led", "spot_led", "mixed"], float, float]


def scope_of(episode: Episode, figures: Figures) -> Scope:
    """By share of open interest that is being flushed (of coins, where no open interest is known); it only widens.

    The majors together are the market; one coin alone is only itself, however large.
    """
    members = [m.coin for m in episode.members.values() if m.ended_ms is None]
    scope: Scope = "coin"
    if set(MAJORS) <= set(members):
        scope = "market"
    elif len(episode.members) > 1:
        weights = np.nan_to_num(figures.features.open_interest_usd)
        weights = weights if weights.sum() > 0 else np.ones(len(figures.board.coins))
        breadth = weights[[figures.board.coins[coin] for coin in members]].sum() / weights.sum()
        wide = breadth >= MARKET_BREADTH and len(members) >= MARKET_LEAST_MEMBERS
        scope = "market" if wide else "targeted" if breadth < TARGETED_BREADTH else "broad"
    return max(scope, episode.scope, key=ORDER.index)


def character_of(past: Past, coin: str) -> Character | None:
    """(perp-led, spot-led or mixed; perp and spot volume of the last known hour over their usual hour).

    Judged by the ratio of perp to spot volume against the coin's own 10th and 90th percentile;
    None without three days of both.
    """
    start_ms, end_ms = past.as_of_ms // HOUR_MS * HOUR_MS - 14 * DAY_MS, past.as_of_ms // HOUR_MS * HOUR_MS
    ends, perp = past.column(coin, "perp_usd", start_ms, end_ms)
    _, spot = past.column(coin, "spot_usd", start_ms, end_ms)
    hours = (ends - 1) // HOUR_MS
    if not hours.size:
        return None
    place = hours - hours[0]
    perp_hours, spot_hours = (np.bincount(place, weights=np.nan_to_num(values)) for values in (perp, spot))
    both = (perp_hours > 0) & (spot_hours > 0)
    if np.count_nonzero(both) < LEAST_HOURS or not both[-1]:
        return None
    ratios = perp_hours[both] / spot_hours[both]
    low, high = np.quantile(ratios[:-1], (0.1, 0.9))
    word: Literal["perp_led", "spot_led", "mixed"] = "mixed"
    if ratios[-1] >= high:
        word = "perp_led"
    elif ratios[-1] <= low:
        word = "spot_led"
    return (
        word,
        float(perp_hours[-1] / np.median(perp_hours[both])),
        float(spot_hours[-1] / np.median(spot_hours[both])),
    )
