"""How much of its move did the price take back? Domain notes M9, as amended in section 00."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.aftermath.missing import Missing
from bot.aftermath.move import Move, furthest
from bot.flush.episode import Episode
from bot.market.history import HOUR_MS, Past

RecoveryVerdict = Literal["NEW_EXTREME", "NONE", "PARTIAL", "V_SHAPE", "RECOVERED"]
FRESH_MS = HOUR_MS // 4
# Less is no new extreme: the detector and the slots may have seen the same one a tick apart.
LEAST_BEYOND = 0.0005
PARTIAL, RECOVERED = 0.3, 0.8


class Recovery(msgspec.Struct, frozen=True):
    """`recovered` is R_P; below 0 the price is beyond the flush extreme. All prices in quote per coin.

    `beyond_price` is the furthest price since the extreme where it lies past it, `beyond` that distance as a
    fraction. `from_high` is the signed distance to the high of the 24 h before onset (the low for a squeeze).
    `wick` is the share of the extreme hour's range that its body left open; None is unknown.
    """

    verdict: RecoveryVerdict
    price: float
    at_ms: int
    before: float
    extreme: float
    extreme_ms: int
    recovered: float
    beyond_price: float | None
    beyond_ms: int | None
    beyond: float | None
    from_high: float | None
    wick: float | None


def check(episode: Episode, move: Move | None, past: Past, elapsed_ms: int) -> Recovery | Missing:
    """R_P at the end of `past`; V_SHAPE is 80 % within 4 h of the anchor, the same later is RECOVERED."""
    price = past.price_at(episode.coin, past.as_of_ms, FRESH_MS)
    if move is None or price is None:
        return Missing("price")
    recovered = move.recovered(price)
    since = furthest(episode.coin, past, move.extreme_ms, move.sign)
    passed = since if since is not None and _beyond(move, since[0]) >= LEAST_BEYOND else None
    before = episode.before
    far = None if before is None else before.high_24h if move.sign > 0 else before.low_24h
    return Recovery(
        verdict=_verdict(recovered, elapsed_ms),
        price=price,
        at_ms=past.as_of_ms,
        before=move.before,
        extreme=move.extreme,
        extreme_ms=move.extreme_ms,
        recovered=recovered,
        beyond_price=passed[0] if passed else None,
        beyond_ms=passed[1] if passed else None,
        beyond=_beyond(move, passed[0]) if passed else None,
        from_high=price / far - 1 if far else None,
        wick=_wick(episode.coin, move, past),
    )


def _beyond(move: Move, price: float) -> float:
    return move.sign * (1 - price / move.extreme)


def _verdict(recovered: float, elapsed_ms: int) -> RecoveryVerdict:
    if recovered < 0:
        return "NEW_EXTREME"
    if recovered < PARTIAL:
        return "NONE"
    if recovered < RECOVERED:
        return "PARTIAL"
    return "V_SHAPE" if elapsed_ms <= 4 * HOUR_MS else "RECOVERED"


def _wick(coin: str, move: Move, past: Past) -> float | None:
    """(min(open, close) - low) / (high - low) of the ended hour that holds the extreme; mirrored for a squeeze."""
    hours = past.hours(coin)
    start = (move.extreme_ms - 1) // HOUR_MS * HOUR_MS
    if hours is None or start not in hours.start_ms or start + HOUR_MS > past.now_ms:
        return None
    place = hours.start_ms.index(start)
    high, low = hours.high[place], hours.low[place]
    body = (hours.open[place], hours.close[place])
    if high <= low:
        return None
    return ((min(body) - low) if move.sign > 0 else (high - max(body))) / (high - low)
