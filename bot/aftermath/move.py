"""A flush as a price move: from the price before it to its extreme, as known at a later moment."""

from __future__ import annotations

import msgspec
import numpy as np

from bot.flush.episode import Episode
from bot.market.history import HOUR_MS, Past


class Move(msgspec.Struct, frozen=True):
    """`before` is the highest mark from 6 h before onset to the extreme (the lowest for a squeeze); quote per coin.

    `sign` is 1 for a long flush and -1 for a squeeze, so that price·sign falls in both.
    """

    sign: int
    before: float
    extreme: float
    extreme_ms: int

    @property
    def drop(self) -> float:
        """Size of the move as a positive fraction of the price before."""
        return abs(self.before - self.extreme) / self.before

    def recovered(self, price: float) -> float:
        """R_P = (P - P_ext) / (P_pre - P_ext): 0 at the extreme, 1 at the price before."""
        return (price - self.extreme) / (self.before - self.extreme)


def measure(episode: Episode, past: Past) -> Move | None:
    """The move of the coin the episode is about, BTC in a market-wide flush; None when unknown or when it did not move.

    The price before is looked for from 6 h before onset on (before the extreme, where that came first) to the extreme:
    however long the flush goes on, its fall is the whole fall. While it goes on its extreme is the furthest price so
    far: what was last kept of an open flush may be older than the end of `past`.
    """
    sign = 1 if episode.side == "long" else -1
    extreme = episode.lead.extreme_price, episode.lead.extreme_ms
    if extreme[1] > past.now_ms:  # a follow-up posted late must not see a low that came after its due time
        found = furthest(episode.coin, past, episode.onset_ms, sign)
        if found is None:
            return None
        extreme = found
    elif _goes_on(episode, past.now_ms):
        since = furthest(episode.coin, past, extreme[1], sign)
        extreme = since if since is not None and sign * (extreme[0] - since[0]) > 0 else extreme
    return _to(past, episode.coin, min(episode.lead.onset_ms, extreme[1]) - 6 * HOUR_MS, extreme, sign)


def _goes_on(episode: Episode, now_ms: int) -> bool:
    """Whether the part of the coin the episode is about was not over yet."""
    ended_ms = episode.lead.ended_ms or episode.ended_ms
    return ended_ms is None or ended_ms > now_ms


def measure_of(coin: str, episode: Episode, past: Past) -> Move | None:
    """The move of another coin while an episode lasted; its own part in it where it has one."""
    if coin in episode.members:
        return measure(msgspec.structs.replace(episode, coin=coin), past)
    sign = 1 if episode.side == "long" else -1
    ended_ms = min(episode.ended_ms or past.now_ms, past.now_ms)
    found = furthest(coin, past.until(ended_ms), episode.onset_ms, sign)
    if found is None:
        return None
    return _to(past, coin, min(episode.onset_ms, found[1]) - 6 * HOUR_MS, found, sign)


def _to(past: Past, coin: str, start_ms: int, extreme: tuple[float, int], sign: int) -> Move | None:
    price, price_ms = extreme
    _, values = past.column(coin, "high" if sign > 0 else "low", start_ms, price_ms)
    if np.isnan(values).all():
        return None
    before = sign * float(np.nanmax(sign * values))
    return Move(sign, before, price, price_ms) if sign * (before - price) > 0 else None


def furthest(coin: str, past: Past, start_ms: int, sign: int) -> tuple[float, int] | None:
    """(price, slot end) of the lowest price after `start_ms`, the highest with `sign` -1; None when none is known."""
    times, values = past.column(coin, "low" if sign > 0 else "high", start_ms, past.now_ms)
    if np.isnan(values).all():
        return None
    place = int(np.nanargmin(sign * values))
    return float(values[place]), int(times[place])
