"""Was it the whole board, single names, or the majors? Domain notes M6, M6b and as much of M6c as is known.

All moves are those of the flush: from the highest price of the 6 h before to the low (mirrored in a squeeze).
"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from bot.aftermath.board_moves import CoinMove, interest_usd, moves_of
from bot.aftermath.missing import Missing
from bot.aftermath.usual import window_of
from bot.flush.episode import Episode
from bot.flush.scope import MAJORS
from bot.market.history import DAY_MS, Past

Reach = Literal["UNIFORM", "TARGETED", "MIXED"]
Lead = Literal["HIGH_BETA_HIT", "MAJORS_LED", "TOGETHER"]
Tail = Literal["tail", "others"]

LARGE_RANK = 20
LEAST_COINS = 5
"""With fewer coins outside the majors, or in the tail, their middle is no picture of a board."""
UNIFORM, TARGETED = 0.7, 0.3
HIGH_BETA, MAJORS_LED = 1.5, 0.8
LEAST_MAJORS_MOVE = 0.005
"""Less than half a percent of the majors is no measure for others."""
WORST = 3

STRESS_SHARE = 0.02
STRESS_MOVE = 0.02
STRESS_HEARD_S = 20 * 3600
IMPLAUSIBLE_TURNS = 40.0


class Residual(msgspec.Struct, frozen=True):
    """One coin's move as a signed fraction, its beta, and what beta times BTC's move leaves of it."""

    coin: str
    move: float
    beta: float
    residual: float


class Stress(msgspec.Struct, frozen=True):
    """Observed liquidations of 24 h as a share of open interest, of a coin whose price hardly moved (`move`, 24 h)."""

    coin: str
    share: float
    move: float


class HighBeta(msgspec.Struct, frozen=True):
    """The board in a flush: `verdict` by the share that fell unusually far, `lead` by who fell further.

    `majors` and `high_beta` are median moves of BTC and ETH and of the `tail` (ranks from 21 by open interest) or, with
    fewer than five coins there, of all others. `times` is H, the second over the first; None where the majors moved by
    less than half a percent, or not to the hurt side. `breadth` is the share of `coins` that went 2 % and 1.5 of their
    own usual days. `worst` are beta-adjusted, `stressed` the hidden stress, `implausible` coins whose told volume of
    24 h is over 40 times their open interest.
    """

    verdict: Reach
    lead: Lead | None
    majors: float
    large: float | None
    high_beta: float
    group: Tail
    times: float | None
    breadth: float
    coins: int
    spread: float
    """Interquartile range of the moves."""
    worst: tuple[Residual, ...]
    stressed: tuple[Stress, ...]
    implausible: tuple[str, ...]


def check(episode: Episode, past: Past) -> HighBeta | Missing:
    """Over every coin whose price is known; BTC and five coins outside the majors are needed."""
    sign = 1 if episode.side == "long" else -1
    board = moves_of(past, window_of(episode, past), sign)
    others = [entry for entry in board if entry.coin not in MAJORS]
    if len(others) < LEAST_COINS:
        return Missing("coins")
    ranked = sorted((entry for entry in others if entry.interest_usd is not None), key=_by_interest)
    large, tail = ranked[: LARGE_RANK - len(MAJORS)], ranked[LARGE_RANK - len(MAJORS) :]
    group: Tail = "tail" if len(tail) >= LEAST_COINS else "others"
    majors = _median([entry for entry in board if entry.coin in MAJORS])
    high_beta = _median(tail if group == "tail" else others)
    times = high_beta / majors if -sign * majors >= LEAST_MAJORS_MOVE else None
    breadth = sum(entry.unusual for entry in board) / len(board)
    quartiles = np.quantile([entry.move for entry in board], (0.25, 0.75))
    return HighBeta(
        verdict="UNIFORM" if breadth >= UNIFORM else "TARGETED" if breadth < TARGETED else "MIXED",
        lead=_lead(times),
        majors=majors,
        large=_median(large) if group == "tail" else None,
        high_beta=high_beta,
        group=group,
        times=times,
        breadth=breadth,
        coins=len(board),
        spread=float(quartiles[1] - quartiles[0]),
        worst=_worst(others, sign),
        stressed=_stressed(past),
        implausible=_implausible(past),
    )


def _by_interest(entry: CoinMove) -> float:
    return -(entry.interest_usd or 0.0)


def _median(moves: list[CoinMove]) -> float:
    return float(np.median([entry.move for entry in moves]))


def _lead(times: float | None) -> Lead | None:
    if times is None:
        return None
    return "HIGH_BETA_HIT" if times >= HIGH_BETA else "MAJORS_LED" if times <= MAJORS_LED else "TOGETHER"


def _worst(others: list[CoinMove], sign: int) -> tuple[Residual, ...]:
    """The three that went furthest beyond what their beta says, to the hurt side."""
    beyond = sorted((entry for entry in others if sign * entry.residual < 0), key=lambda entry: sign * entry.residual)
    return tuple(Residual(entry.coin, entry.move, entry.beta, entry.residual) for entry in beyond[:WORST])


def _stressed(past: Past) -> tuple[Stress, ...]:
    """Coins of which 2 % of the open interest were liquidated within 24 h while the price is less than 2 % away."""
    found = []
    for coin in past.coins:
        sums = [_sum_24h(past, coin, name) for name in ("long_usd", "short_usd", "liquidation_s")]
        interest = interest_usd(past, coin, past.as_of_ms)
        now, then = (past.price_at(coin, past.as_of_ms - age_ms) for age_ms in (0, DAY_MS))
        if interest is None or now is None or then is None or sums[2] < STRESS_HEARD_S:
            continue
        share, move = (sums[0] + sums[1]) / interest, now / then - 1
        if share >= STRESS_SHARE and abs(move) < STRESS_MOVE:
            found.append(Stress(coin, share, move))
    return tuple(sorted(found, key=lambda entry: -entry.share))


def _implausible(past: Past) -> tuple[str, ...]:
    """Of M6c: by coin, because the slots hold volume over all venues; spreads and prices by venue are not kept."""
    turned = [(coin, interest_usd(past, coin, past.as_of_ms), _sum_24h(past, coin, "perp_usd")) for coin in past.coins]
    return tuple(coin for coin, interest, usd in turned if interest and usd / interest > IMPLAUSIBLE_TURNS)


def _sum_24h(past: Past, coin: str, name: str) -> float:
    return float(np.nansum(past.column(coin, name, past.as_of_ms - DAY_MS, past.as_of_ms)[1]))
