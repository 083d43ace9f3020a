"""How far each coin of the board moved in a flush, and how far it usually moves, from hourly closes before it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bot.aftermath.usual import BEFORE_MS, Floats
from bot.flush.breadth import LEAST_MOVE, NORMAL, USUAL_TIMES
from bot.market.history import HOUR_MS, SLOT_MS, Past

PRIOR_BETA = 1.3
PRIOR_HOURS = 72
"""So many hours weigh as much as the prior does."""
LEAST_BETA, MOST_BETA = 0.3, 3.0
RANKED_AGE_MS = HOUR_MS


class CoinMove(NamedTuple):
    """One coin: `move` is signed, from the highest of the 6 h before to the low of the flush (mirrored in a squeeze).

    `beta` against BTC, `residual` the move minus beta times that of BTC, `interest_usd` at onset (None unknown),
    `unusual` whether it went 2 % and 1.5 of its own usual days to the hurt side.
    """

    coin: str
    move: float
    beta: float
    residual: float
    interest_usd: float | None
    unusual: bool


def moves_of(past: Past, span_ms: tuple[int, int], sign: int) -> list[CoinMove]:
    """Every coin whose price is known before and in the span (onset, end); none without BTC's."""
    onset_ms, end_ms = span_ms
    moves = {coin: move for coin in past.coins if (move := _move(past, coin, onset_ms, end_ms, sign)) is not None}
    if "BTC" not in moves:
        return []
    steps = {coin: _hourly_steps(past, coin, onset_ms - BEFORE_MS, onset_ms) for coin in moves}
    found = []
    for coin, move in moves.items():
        beta = 1.0 if coin == "BTC" else shrunk_beta(steps[coin], steps["BTC"])
        beyond, interest = move - beta * moves["BTC"], interest_usd(past, coin, onset_ms)
        found.append(CoinMove(coin, move, beta, beyond, interest, _unusual(move, steps[coin], sign)))
    return found


def shrunk_beta(own: Floats, of_btc: Floats) -> float:
    """Slope of hourly returns on those of BTC (OLS), drawn to 1.3 as by 72 more hours, between 0.3 and 3."""
    known = ~np.isnan(own) & ~np.isnan(of_btc)
    hours = int(known.sum())
    spread = float(np.var(of_btc[known])) if hours > 1 else 0.0
    if spread <= 0:
        return PRIOR_BETA
    slope = float(np.mean((own[known] - own[known].mean()) * (of_btc[known] - of_btc[known].mean()))) / spread
    drawn = (hours * slope + PRIOR_HOURS * PRIOR_BETA) / (hours + PRIOR_HOURS)
    return min(max(drawn, LEAST_BETA), MOST_BETA)


def interest_usd(past: Past, coin: str, at_ms: int) -> float | None:
    """Open interest in US dollars over the venues known within the hour before; None where none or no price is."""
    coins = past.open_interest_at(coin, at_ms, RANKED_AGE_MS)
    price = past.price_at(coin, at_ms)
    return sum(coins.values()) * price if coins and price is not None else None


def _move(past: Past, coin: str, onset_ms: int, end_ms: int, sign: int) -> float | None:
    """(extreme − before) / before, with the price before as in M9."""
    near, far = ("high", "low") if sign > 0 else ("low", "high")
    times, extremes = past.column(coin, far, onset_ms, end_ms)
    if not extremes.size or np.isnan(extremes).all():
        return None
    place = int(np.nanargmin(sign * extremes))
    _, edges = past.column(coin, near, onset_ms - 6 * HOUR_MS, int(times[place]))
    if np.isnan(edges).all():
        return None
    before = sign * float(np.nanmax(sign * edges))
    return float(extremes[place]) / before - 1


def _hourly_steps(past: Past, coin: str, start_ms: int, end_ms: int) -> Floats:
    """Log returns from hour to hour of the last close known in each; NaN where one of the two is unknown."""
    first, last = -(-start_ms // HOUR_MS), end_ms // HOUR_MS
    closes = np.full(max(0, last - first) * (HOUR_MS // SLOT_MS), np.nan)
    times, values = past.column(coin, "close", first * HOUR_MS, last * HOUR_MS)
    closes[times // SLOT_MS - 1 - first * (HOUR_MS // SLOT_MS)] = values
    by_hour = closes.reshape(-1, HOUR_MS // SLOT_MS)[:, ::-1]
    last_known = np.argmax(~np.isnan(by_hour), axis=1)
    return np.asarray(np.diff(np.log(by_hour[np.arange(by_hour.shape[0]), last_known])))


def _unusual(move: float, steps: Floats, sign: int) -> bool:
    """A usual day is made of usual hours, as on the board of a derivatives-led day."""
    known = np.abs(steps[~np.isnan(steps)])
    usual = NORMAL * float(np.median(known)) * np.sqrt(24) if known.size else 0.0
    return bool(-sign * move >= max(LEAST_MOVE, USUAL_TIMES * usual))
