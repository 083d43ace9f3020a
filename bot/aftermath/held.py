"""Did the key levels hold? Domain notes M5, as amended in section 00; for a squeeze everything is mirrored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from bot.aftermath.missing import Missing
from bot.aftermath.move import Move
from bot.flush.episode import Before, Episode
from bot.levels.bars import wilder
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, Past

HeldState = Literal["UNTESTED", "HELD", "WICKED", "LOST", "LOST_CONFIRMED", "RECLAIMED", "LOST_AGAIN"]
LOST: tuple[HeldState, ...] = ("LOST", "LOST_CONFIRMED", "LOST_AGAIN")

QUARTER_MS = 3 * SLOT_MS
SHOWN = 3
LEAST_SHOWN = 2
DELTA_ATR, DELTA_SHARE = 0.25, 0.001
"""How far beyond a level a close has to be: of the range of a quarter of an hour, and of the price."""
LEAST_GAP_ATR, REACH = 0.5, 0.03
CLOSES_BACK = 2

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]


class HeldLevel(msgspec.Struct, frozen=True):
    """One frozen level and what became of it; prices in quote per coin.

    `delta` is how far beyond it a price must be to count, `reached` the furthest price since onset, `lost_ms` and
    `regained_ms` the close that lost it last and the one that took it back.
    """

    price: float
    score: float
    sources: tuple[str, ...]
    state: HeldState
    delta: float
    reached: float
    lost_ms: int | None
    regained_ms: int | None


def check(episode: Episode, before: Before, move: Move | None, past: Past) -> tuple[HeldLevel, ...] | Missing:
    """The best three levels on the flushed side, from the price before outwards.

    They lie at least 0.5·ATR(1h) from the price before and within the move plus 3 % of the price; with fewer than
    two there, the nearest two.
    """
    if move is None:
        return Missing("price")
    times, closes = past.column(episode.coin, "close", episode.onset_ms, past.as_of_ms)
    _, edges = past.column(episode.coin, "low" if move.sign > 0 else "high", episode.onset_ms, past.as_of_ms)
    chosen = _chosen(before, move)
    if not chosen or np.isnan(closes).all():
        return Missing("levels")
    delta = _delta(episode.coin, move, before, past)
    walk = _Walk(times, move.sign * closes, float(np.nanmin(move.sign * edges)), delta)
    return tuple(walk.over(level, move.sign) for level in chosen)


class Loss(msgspec.Struct, frozen=True):
    """A level lost on a close of an hour, UTC ms; `regained_ms` is None while it is."""

    confirmed_ms: int
    regained_ms: int | None


def losses(level: HeldLevel, coin: str, since_ms: int, sign: int, past: Past) -> tuple[Loss, ...]:
    """When a level was lost on a close of an hour since a moment, and taken back, oldest first."""
    times, closes = past.column(coin, "close", since_ms, past.as_of_ms)
    found: list[Loss] = []
    lost = False
    for at, state in _Walk(times, sign * closes, level.reached, level.delta).confirmed(sign * level.price):
        if lost and not state:
            found[-1] = Loss(found[-1].confirmed_ms, at)
        elif state and not lost:
            found.append(Loss(at, None))
        lost = state
    return tuple(found)


def top(levels: tuple[HeldLevel, ...] | Missing) -> HeldLevel | None:
    """The level with the highest score, of equal ones that nearest to the extreme; None when none is known."""
    if isinstance(levels, Missing) or not levels:
        return None
    return max(reversed(levels), key=lambda level: round(level.score, 3))


def _chosen(before: Before, move: Move) -> list[tuple[float, float, tuple[str, ...]]]:
    """Of equally good levels those nearer to the extreme: where the move ended says more than where it passed."""
    start = _start(before, move)
    away = [(move.sign * (start - level[0]), level) for level in before.levels]
    beyond = sorted((gap, level) for gap, level in away if gap > 0 and gap >= LEAST_GAP_ATR * (before.atr_1h or 0.0))
    reach = move.sign * (start - move.extreme) + REACH * start
    near = [entry for entry in beyond if entry[0] <= reach]
    best = sorted(near, key=lambda entry: (-round(entry[1][1], 3), abs(entry[1][0] - move.extreme)))[:SHOWN]
    return [level for _, level in (sorted(best) if len(near) >= LEAST_SHOWN else beyond[:LEAST_SHOWN])]


def _start(before: Before, move: Move) -> float:
    """The price before the move or the one frozen at onset, whichever is further: the extreme may precede onset."""
    at_onset = before.high_6h if move.sign > 0 else before.low_6h
    return move.before if at_onset is None else move.sign * max(move.sign * at_onset, move.sign * move.before)


def _delta(coin: str, move: Move, before: Before, past: Past) -> float:
    """max(0.25·ATR(15 min), 0.1 % of the price); the range is that of the day before onset."""
    quarters = [
        np.asarray(past.column(coin, name, before.at_ms - DAY_MS, before.at_ms)[1]) for name in ("high", "low", "close")
    ]
    length = quarters[0].size // 3 * 3
    high, low, close = (values[values.size - length :].reshape(-1, 3) for values in quarters)
    whole = ~np.isnan(close).any(axis=1)
    usual = wilder(high[whole].max(axis=1), low[whole].min(axis=1), close[whole][:, -1]) if whole.any() else None
    return max(DELTA_ATR * (usual or 0.0), DELTA_SHARE * move.before)


class _Walk:
    """The closes since onset, mirrored for a squeeze so that a level is always below."""

    def __init__(self, times: Times, closes: Floats, lowest: float, delta: float) -> None:
        kept = (times % QUARTER_MS == 0) & ~np.isnan(closes)
        self.quarters = [(int(at), float(close)) for at, close in zip(times[kept], closes[kept], strict=True)]
        self.last = float(closes[~np.isnan(closes)][-1])
        self.lowest = lowest
        self.delta = delta

    def over(self, level: tuple[float, float, tuple[str, ...]], sign: int) -> HeldLevel:
        price, score, sources = level
        state, lost_ms, regained_ms = self._closes(sign * price)
        if state is None:
            state = self._untaken(sign * price)
        return HeldLevel(price, score, sources, state, self.delta, sign * self.lowest, lost_ms, regained_ms)

    def _untaken(self, level: float) -> HeldState:
        if self.lowest > level + self.delta:
            return "UNTESTED"
        return "WICKED" if self.lowest < level - self.delta and self.last >= level else "HELD"

    def confirmed(self, level: float) -> Iterator[tuple[int, bool]]:
        """After each close whether the level counts as lost by an hour's close and not as taken back."""
        held = True
        for at, close, state, _, _ in self._states(level):
            if state is None or state == "RECLAIMED":
                held = True
            elif at % HOUR_MS == 0 and close < level - self.delta:
                held = False
            yield at, not held

    def _closes(self, level: float) -> tuple[HeldState | None, int | None, int | None]:
        state: HeldState | None = None
        lost_ms: int | None = None
        regained_ms: int | None = None
        for _, _, state, lost_ms, regained_ms in self._states(level):  # noqa: B007 -- the last one counts
            pass
        return state, lost_ms, regained_ms

    def _states(self, level: float) -> Iterator[tuple[int, float, HeldState | None, int | None, int | None]]:
        """15-minute closes lose a level, an hour's close confirms it, two hours' closes in a row take it back."""
        state: HeldState | None = None
        lost_ms: int | None = None
        regained_ms: int | None = None
        above = 0
        for at, close in self.quarters:
            lost, hour = close < level - self.delta, at % HOUR_MS == 0
            if hour or lost:
                above = above + 1 if close > level + self.delta else 0
            if lost and state in (None, "RECLAIMED"):
                state, lost_ms = ("LOST" if state is None else "LOST_AGAIN"), at
            if lost and hour and state == "LOST":
                state = "LOST_CONFIRMED"
            if above >= CLOSES_BACK and state in LOST:
                state, regained_ms = "RECLAIMED", at
            yield at, close, state, lost_ms, regained_ms
