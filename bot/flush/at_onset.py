"""Where each venue stood when a coin's part in a flush began: what it had told, and its open interest since."""

from __future__ import annotations

from math import isnan

import numpy as np

from bot.market.board import Board
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, Past
from bot.market.rings import Floats
from bot.market.told import Amounts

USUAL_MOVE_LEAST = 0.0005 * (60 / 5) ** 0.5
"""Of an hour, where prices hardly move or are not known for three days."""
USUAL_DAYS = 14
LEAST_HOURS = 72
HOUR_SLOTS = HOUR_MS // SLOT_MS


class AtOnset:
    """By venue; `told` leaves out the hour before, which belongs to the flush."""

    def __init__(self, board: Board, coin: str, now_ms: int) -> None:
        self.told: dict[str, Amounts] = {v: told.before(now_ms) for v, told in board.told.get(coin, {}).items()}
        self.coins_before: dict[str, float] = {}
        self.coins_least = np.empty(0)
        """Least since, in the order of `coins_before`; NaN where nothing was heard."""
        self._columns: dict[str, int] = {}
        self.usual_move = USUAL_MOVE_LEAST
        self.heard = 1.0
        """Least share of open interest at venues whose liquidations were all heard."""

    def begin(self, past: Past, coin: str, coins_before: dict[str, float]) -> None:
        """The flush is opened: from here on its open interest is followed."""
        self.coins_before = dict(sorted(coins_before.items()))
        self._columns = {venue: column for column, venue in enumerate(self.coins_before)}
        self.coins_least = np.full(len(coins_before), np.nan)
        self.usual_move = usual_move(past, coin)

    def follow(self, coins: Floats) -> None:
        """Open interest now, by venue as in `coins_before`; NaN is not heard."""
        self.coins_least = np.fmin(self.coins_least, coins)

    def fall(self, venue: str) -> tuple[float, float] | None:
        """(fall in coins, the same as share of before), at least 0; None where it is not known."""
        if venue not in self.coins_before:
            return None
        before, least = self.coins_before[venue], float(self.coins_least[self._columns[venue]])
        return None if isnan(least) or before <= 0 else (max(0.0, before - least), max(0.0, 1 - least / before))


def usual_move(past: Past, coin: str) -> float:
    """A coin's usual move within an hour, as a fraction: 1.4826 times the median of fourteen days, at least 0.17 %."""
    _, closes = past.column(coin, "close", past.as_of_ms - USUAL_DAYS * DAY_MS, past.as_of_ms)
    moves = np.abs(np.diff(np.log(closes[::-1][::HOUR_SLOTS])))
    known = moves[~np.isnan(moves)]
    return max(USUAL_MOVE_LEAST, 1.4826 * float(np.median(known))) if known.size >= LEAST_HOURS else USUAL_MOVE_LEAST


def heard_share(board: Board, now_ms: int) -> Floats:
    """Per coin, the share of open interest at venues whose liquidation feeds are neither down nor full, 0 to 1.

    By the last open interest that each venue told, however old: losing that too must not make a feed that is down
    count for less. Where it is unknown how much a feed that is down stands for, nothing counts as heard.
    """
    coins = board.open_interest.value
    listed = (board.mark.at_ms > 0) | (board.open_interest.at_ms > 0)
    down = np.zeros(coins.shape[1], dtype=np.bool_)
    for (venue, kind), feed in board.feeds.items():
        if kind == "liquidation" and feed.state in ("stale", "blocked") and venue in board.venues:
            down[board.venues[venue]] = True
    full = (board.flow.full_ms > 0) & (now_ms - board.flow.full_ms <= HOUR_MS)
    unheard = (down[None] | full) & listed
    if not unheard.any():
        return np.ones(coins.shape[0])
    known = np.nan_to_num(coins)
    with np.errstate(invalid="ignore"):
        share = 1 - np.where(unheard, known, 0.0).sum(axis=1) / known.sum(axis=1)
    share[~unheard.any(axis=1)] = 1.0
    share[(unheard & np.isnan(coins)).any(axis=1)] = 0.0
    return np.asarray(share)
