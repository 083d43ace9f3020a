"""X1: whether nearly all positions are open again although the price made no new high (domain notes, section 3.4)."""

from __future__ import annotations

import msgspec
import numpy as np

from bot.aftermath.boxes import BoxState, looks
from bot.aftermath.missing import Missing
from bot.aftermath.move import measure
from bot.aftermath.rebuild import FIRST_PACE_MS, LEAST_FALL, returned
from bot.flush.episode import Before, Episode
from bot.market.history import HOUR_MS, Past

RELOAD_TO_MS = 48 * HOUR_MS
RELOADED = 0.95
NEARLY_RELOADED = 0.75
HALF = 0.5
UNDER_HIGH = 0.002
FOUR_HOURS_MS = 4 * HOUR_MS
AGAIN = 2
"""Hourly looks in a row."""


class Reload(msgspec.Struct, frozen=True):
    """X1: nearly all positions are open again although the price made no new high. `tripped_ms` is UTC ms.

    Figures are those of the look that tripped it, else the newest. `stands` is false once it is over, here by a new
    high: the tick stays, and the reading goes on without it.

    `rebuilt` is R_OI and `change` open interest against before, `recovered` R_P, as fractions. `best_close` is the
    highest close of four hours since the extreme, None before the first, `limit` what it stayed under; quote per coin.
    """

    state: BoxState
    tripped_ms: int | None = None
    rebuilt: float | None = None
    change: float | None = None
    recovered: float | None = None
    best_close: float | None = None
    limit: float | None = None
    stands: bool = True


def reload_box(episode: Episode, before: Before, past: Past, since_ms: int) -> Reload:
    """Twice in a row: R_OI >= .95, or grown while R_P < .5, and no close of 4 h within .2 % of the high of 24 h.

    Only once the flush has ended: while it goes on, its least open interest is not known.
    """
    now, sign = _reloaded(episode, before, past), 1 if episode.side == "long" else -1
    made_high = now.best_close is not None and sign * now.best_close >= sign * (now.limit or 0.0)
    row = 0
    for at_ms in looks(episode, past, RELOAD_TO_MS, max(since_ms, episode.ended_ms or past.now_ms)):
        then = now if at_ms == past.now_ms else _reloaded(episode, before, past.until(at_ms))
        row = row + 1 if then.state == "tripped" else 0
        if row == AGAIN:
            return msgspec.structs.replace(then, tripped_ms=at_ms, stands=not made_high)
    over = past.now_ms > (episode.anchor_ms or 0) + RELOAD_TO_MS
    if now.state == "unknown":
        return now
    return msgspec.structs.replace(now, state="clear" if over or now.state == "clear" else "armed")


def _reloaded(episode: Episode, before: Before, past: Past) -> Reload:
    """One look: "tripped" where the rule holds, "armed" where it nearly does."""
    elapsed_ms = past.now_ms - (episode.anchor_ms or episode.onset_ms)
    move = measure(episode, past)
    high = before.high_24h if episode.side == "long" else before.low_24h
    interest = returned(episode, before, past, elapsed_ms)
    price = past.price_at(episode.coin, past.as_of_ms)
    if move is None or high is None or price is None or isinstance(interest, Missing):
        return Reload("unknown")
    limit = high * (1 - move.sign * UNDER_HIGH)
    best = _best_close(episode.coin, past, move.extreme_ms, move.sign)
    recovered, rebuilt = move.recovered(price), interest.rebuilt
    if best is not None and move.sign * best >= move.sign * limit:
        state: BoxState = "clear"
    elif rebuilt is None:
        state = "tripped" if interest.change >= LEAST_FALL and recovered < HALF else "clear"
    else:
        soon = HALF if elapsed_ms <= FIRST_PACE_MS else NEARLY_RELOADED
        state = "tripped" if rebuilt >= RELOADED else "armed" if rebuilt >= soon else "clear"
    return Reload(state, None, rebuilt, interest.change, recovered, best, limit)


def _best_close(coin: str, past: Past, since_ms: int, sign: int) -> float | None:
    """The highest close of four hours of the clock since a moment, the lowest with `sign` -1."""
    times, closes = past.column(coin, "close", since_ms, past.as_of_ms)
    known = closes[(times % FOUR_HOURS_MS == 0) & ~np.isnan(closes)]
    return sign * float(np.max(sign * known)) if known.size else None
