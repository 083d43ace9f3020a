"""Forced closures one by one, and what each venue's feed shows of them."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from bot.market.simulation.coins import VENUES, Floats, Integers

SIZE_SPREAD = 1.6
"""Sigma of the lognormal sizes: a few large closures carry most of the amount."""
MOST_PER_CELL = 40
"""Closures of one coin and side in one step; beyond it they are larger instead of more."""
SMALLEST = 0.2
"""Amounts under this share of a mean closure wait until more has come together."""


class Closures(msgspec.Struct, frozen=True):
    """Forced closures of one step as equally long columns in the order of `t_ms`; coin, venue and side are indices."""

    t_ms: Integers
    coin: Integers
    venue: Integers
    side: Integers
    price: Floats
    coins: Floats

    def __len__(self) -> int:
        return len(self.t_ms)


def split(
    rng: np.random.Generator,
    amounts: Floats,
    mean_usd: Floats,
    prices: tuple[Floats, Floats],
    shares: Floats,
    start_ms: int,
    span_s: float,
) -> Closures:
    """Break `amounts` (coin, side; in coins) into single closures within the `span_s` seconds after `start_ms`.

    `prices` are before and after the step, `shares` (coin, venue). The closures of a cell add up to its amount;
    small amounts give none.
    """
    usd = amounts * prices[1][:, None]
    counts = np.ceil(usd / mean_usd[:, None])
    counts = np.where(usd < SMALLEST * mean_usd[:, None], 0, np.clip(counts, 1, MOST_PER_CELL)).astype(np.int64).ravel()
    total = int(counts.sum())
    cell = np.repeat(np.arange(counts.size), counts)
    weight = rng.lognormal(0.0, SIZE_SPREAD, total)
    coins = weight / np.bincount(cell, weight, counts.size)[cell] * amounts.ravel()[cell]
    after = rng.integers(1, int(span_s * 1000) + 1, total)
    order = np.argsort(after, kind="stable")
    cell, coins, after = cell[order], coins[order], after[order]
    coin = cell // 2
    passed = after / (span_s * 1000)
    price = prices[0][coin] * (1 - passed) + prices[1][coin] * passed
    venue = (rng.random(total)[:, None] > shares.cumsum(axis=1)[coin, :-1]).sum(axis=1)
    return Closures(start_ms + after, coin, venue, cell % 2, price, coins)


def shown(closures: Closures) -> tuple[npt.NDArray[np.intp], Integers]:
    """Which closures the venues publish (indices) and when each becomes known (ms).

    A feed with one message a second and symbol sends the latest of each second, at the second's end.
    """
    feeds = [venue.feed for venue in VENUES]
    every = np.array([feed == "every" for feed in feeds])[closures.venue]
    one = np.flatnonzero(np.array([feed == "one a second" for feed in feeds])[closures.venue])
    second = (closures.t_ms[one] - 1) // 1000
    newest = second[::-1] * 4096 + closures.coin[one][::-1] * len(VENUES) + closures.venue[one][::-1]
    _, last = np.unique(newest, return_index=True)
    kept = np.concatenate([np.flatnonzero(every), one[::-1][last]])
    known = np.where(every[kept], closures.t_ms[kept], ((closures.t_ms[kept] - 1) // 1000 + 1) * 1000)
    order = np.lexsort((kept, known))
    return kept[order], known[order]
