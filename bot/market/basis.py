"""The gap between the price of a perpetual and its index, in basis points, where both are of the same moment."""

from __future__ import annotations

import numpy as np

from bot.market.board import Board
from bot.market.latest import median_of_known
from bot.market.rings import Flags, Floats

APART_MS = 90_000
"""Between prices further apart lies a move of the market, and what looks like a basis is that move."""


def basis_bps(board: Board, price: Floats, by_bars: Flags, now_ms: int) -> Floats:
    """Of each coin, `price` against the median of the fresh index prices of its moment; NaN where there is none.

    `price` and `by_bars` are those of `board` now.
    """
    index = board.index
    if not np.count_nonzero(index.heard):
        return np.full(price.shape[0], np.nan)
    price_ms = np.where(by_bars, board.flow.bar_close_ms, board.mark.newest()[0])
    of_then = np.abs(index.at_ms[:, index.among] - price_ms[:, None]) <= APART_MS
    known = of_then & (index.until_ms[:, index.among] >= now_ms)
    return np.asarray((price / median_of_known(np.where(known, index.value[:, index.among], np.nan)) - 1) * 1e4)
