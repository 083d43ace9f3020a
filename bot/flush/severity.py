"""How hard a coin is being flushed, 0 to 100, from what is known: components, gate, confidence (docs/detector.md).

score = 100·(1 − Π(1 − a·c)) with the weights below; an input that is missing adds nothing, so losing one never
raises a score. Each component is at its maximum over the last 60 minutes, because an hourly total arrives after the
price move it belongs to. All arrays have one column a coin; the first axis of pairs is the side that is hurt.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from bot.flush.baseline import VOLUMES, Baseline, Places
from bot.flush.day_moves import DayMoves
from bot.flush.episode import Component
from bot.flush.features import BASED, ROW, Features
from bot.market.history import History
from bot.market.rings import Flags, Floats, Highest

WEIGHTS = {"L": 0.45, "P": 0.45, "O": 0.35, "I": 0.25, "V": 0.10, "F": 0.05}
# How many times its own level an input must be for its whole weight.
FULL_TIMES = {"L": 8.0, "P": 3.0, "O": 4.0, "V": 8.0}
INTENSITY_RANGE = (0.002, 0.015)
BASIS_RANGE_BPS = (10.0, 60.0)
FUNDING_RANGE = (5e-5, 5e-4)
ALONE_TIMES = 2.0
"""Price alone must be this many times its level of an hour."""
ALONE_FLUSH_TIMES = 2.25
"""And is a FLUSH, 45, from so many on."""
ALONE_VOLUME_TIMES = 1.5
"""And a coin of which bars alone are known must have traded this many times its level."""
ALONE_FLUSH_SCORE = 45.0
DAY_TIMES = 2.8
"""A move of 24 hours is held against so many times the level of an hour."""
PRIOR_SHARE = 0.5
"""How much an input counts in the confidence while its level is a prior."""
GATED_MOST = 29.0
PRICE_ONLY_MOST = 64.0
PRICE_ONLY_CONFIDENCE = 0.3
LOW_CONFIDENCE = 0.5
"""Below it a score stays within FLUSH."""

# What is held for an hour, as it was measured: the rows of BASED, intensity of longs and shorts, moves of basis (as a
# fraction) and funding.
INTENSITY = slice(len(BASED), len(BASED) + 2)
BASIS, FUNDING = len(BASED) + 2, len(BASED) + 3
HELD = len(BASED) + 4
# What is judged: multiples of the coin's own level, but for I and F. B is the coin's own volume, for the gate of a
# coin of which only bars are known.
P, L, I, O, V, F, B = slice(0, 2), slice(2, 4), slice(4, 6), 6, 7, 8, 9  # noqa: E741 -- the components' own letters
NAMES = ("P", "P", "L", "L", "I", "I", "O", "V", "F", "B")
OF_SIDE = np.array([[0, 2, 4, 6, 7, 8], [1, 3, 5, 6, 7, 8]])
# Rows that are the highest of several windows, and what they choose from: rows of BASED, then the volumes again,
# held against their 95th percentile.
CHOOSING = np.array([0, 1, 2, 3, 6, 7, 9])
CHOSEN_FROM = np.array([*range(len(BASED)), *VOLUMES])
CHOICES = np.array([[0, 1, 1], [2, 3, 3], [4, 5, 6], [7, 8, 9], [10, 10, 10], [13, 14, 14], [11, 12, 12]])
MOVED: dict[int, Literal["basis", "funding"]] = {BASIS: "basis", FUNDING: "funding"}
# Whose prior speaks for which row of NAMES; the others are not held against a level, or only against one they earned.
PRIOR_OF = {"P": ROW["drop", 60], "L": ROW["long", 60], "O": ROW["oi_fall", 60]}
PRIOR_ROWS = np.array([PRIOR_OF.get(name, len(BASED)) for name in NAMES])
WEIGHT = np.array([WEIGHTS.get(name, 0.0) for name in NAMES])[:, None]
LOG_FULL = np.log([FULL_TIMES.get(name, np.e) for name in NAMES])[:, None]


@dataclass(frozen=True)
class Severity:
    """One step's judgement; see the module's first lines for shapes."""

    score: Floats
    price_only: Flags
    """Whether neither liquidations nor open interest confirm the price."""
    confidence: Floats
    pressing: Flags
    """Whether something is above its level right now, not only within the hour: a flush goes on."""
    slow: Flags
    """Whether the score is that of a move of 24 hours, of which no single hour would say it."""
    liquidations_known: Flags


class Judge:
    """Keeps each input's last hour, and the extremes of the day, and turns them into scores."""

    def __init__(self) -> None:
        self._held = Highest(60, (HELD, 8))
        """The minute's highest value per row and coin, −∞ where none was known."""
        self._levels = np.empty((len(CHOSEN_FROM), 0))
        self._day_moves = DayMoves()
        self._alone, self._lasting = np.empty((2, 2, 0)), np.empty(0)
        """Moves of an hour and of a day by side and coin, NaN where they may not speak by themselves; levels."""

    def judge(self, features: Features, baseline: Baseline, history: History) -> Severity:
        """Score every coin for both sides; one whose price stayed within its level scores 0 with confidence 0."""
        count = features.price.shape[0]
        self._hold(features)
        levels = self._levels = baseline.levels[:, :count]
        self._by_prior = baseline.by_prior[:, :count]
        lasting = baseline.lasting[:count]
        with np.errstate(invalid="ignore", divide="ignore"):
            now = features.based / levels[: len(BASED)] >= 1
            # By side: price of 15 minutes, of 60 where bars of an hour are all there is, liquidations of 5, 15 and 60.
            price = now[0:3:2] | (np.isnan(levels[0:3:2]) & now[1:4:2])
            pressing = price | now[4:8:3] | now[5:9:3] | now[6:10:3]
            ran = self._held.now[:4, :count]
            day = self._day_moves.measure(features, history)
            of_hour, of_day = ran[1::2] / lasting, day / (DAY_TIMES * lasting)
            over = ran >= levels[:4]
            moved = over[0::2] | over[1::2] | (of_day >= ALONE_TIMES)
            if not moved.any():
                calm = np.zeros((2, count))
                return Severity(calm, calm > 0, calm, pressing, calm > 0, features.liquidations_known)
            judged, _, _ = self._judged(slice(0, count))
            shares = _shares(judged)
            score = 100 * (1 - (1 - WEIGHT * shares)[OF_SIDE].prod(axis=1))
            bars_alone = ~features.price_from_marks & np.isnan(judged[O])
            alone = (of_hour >= ALONE_TIMES) & (~bars_alone | ~np.isnan(judged[L]) | (judged[B] >= ALONE_VOLUME_TIMES))
            score, price_only, slow = _gate(score, of_hour, of_day, judged, alone)
            self._alone, self._lasting = np.array([np.where(alone, ran[1::2], np.nan), day]), lasting
        counted = ~np.isnan(judged) * (1 - (1 - PRIOR_SHARE) * self._by_prior[PRIOR_ROWS])
        known = (WEIGHT * counted)[OF_SIDE[0]].sum(axis=0) / sum(WEIGHTS.values())
        score = np.where(known < LOW_CONFIDENCE, np.minimum(score, PRICE_ONLY_MOST), score)
        confidence = np.where(price_only, np.minimum(known, PRICE_ONLY_CONFIDENCE), known)
        if slow.any():
            pressing = pressing | (slow & self._day_moves.reached_beyond(features))
        score = np.where(moved, score, 0.0)
        return Severity(score, price_only, confidence * moved, pressing, slow, features.liquidations_known)

    def components(self, coin: int, side: int) -> dict[str, Component]:
        """What made the score of one coin: value, level and share of each input that is known."""
        if coin >= self._levels.shape[1]:
            return {}
        with np.errstate(invalid="ignore", divide="ignore"):
            judged, values, places = self._judged(slice(coin, coin + 1))
            shares = _shares(judged)
        told: dict[str, Component] = {}
        for row in (row for row in OF_SIDE[side] if not np.isnan(judged[row, 0])):
            value, share, place = float(values[row, 0]), float(shares[row, 0]), int(places[row, 0])
            if NAMES[row] in FULL_TIMES:
                level, window_min = float(self._levels[place, coin]), BASED[CHOSEN_FROM[place]][1]
                prior = NAMES[row] in PRIOR_OF and bool(self._by_prior[CHOSEN_FROM[place], coin])
                told[NAMES[row]] = Component(value, level, share, window_min, prior=prior)
            else:
                told[NAMES[row]] = Component(value, None, share, moved=MOVED.get(place))
        return told | self._by_price_alone(coin, side)

    def forget_moves(self, coin: int) -> None:
        """Take the moves of a coin's last hour, and the day's extremes, for unknown: a price among them was wrong."""
        self._held.forget(coin, slice(4))
        self._day_moves = DayMoves()

    def _by_price_alone(self, coin: int, side: int) -> dict[str, Component]:
        """Moves of an hour ("H") and of a day ("D") that score by themselves; the share is that score over 100."""
        told: dict[str, Component] = {}
        moves = self._alone[:, side, coin] if coin < self._lasting.size else ()
        for name, window_min, factor, move in zip(("H", "D"), (60, 1440), (1.0, DAY_TIMES), moves, strict=False):
            level = factor * float(self._lasting[coin])
            if move >= ALONE_TIMES * level > 0:
                share, prior = float(price_alone(move / level)) / 100, bool(self._by_prior[PRIOR_OF["P"], coin])
                told[name] = Component(float(move), level, share, window_min, prior=prior)
        return told

    def _hold(self, features: Features) -> None:
        count = features.price.shape[0]
        self._held.grow(count)
        self._held.advance(features.now_ms)
        shifts = np.abs(features.basis_shift / 1e4)[None], np.abs(features.funding_shift)[None]
        self._held.raise_to(np.concatenate([features.based, features.intensity, *shifts]))

    def _judged(self, coins: slice) -> tuple[Floats, Floats, Places]:
        """Rows as in NAMES: multiples of the level, or shares for I and F, NaN unknown; the values behind them; which.

        The last are places in CHOSEN_FROM, the row that moved for F, and of no meaning for I.
        """
        held = self._held.now[:, coins]
        held[np.isneginf(held)] = np.nan
        values, levels = held[CHOSEN_FROM], self._levels[:, coins]
        times = values / levels
        best = np.where(np.isnan(times), -np.inf, times)[CHOICES].argmax(axis=1)
        chosen = CHOICES[np.arange(len(CHOICES))[:, None], best], np.arange(held.shape[1])
        judged, told = np.empty((2, len(NAMES), held.shape[1]))
        judged[CHOOSING], told[CHOOSING] = times[chosen], values[chosen]
        judged[I] = told[I] = held[INTENSITY]
        of_basis, of_funding = _ramp(held[BASIS] * 1e4, *BASIS_RANGE_BPS), _ramp(held[FUNDING], *FUNDING_RANGE)
        judged[F] = np.fmax(of_basis, of_funding)
        by_basis = (of_basis >= of_funding) | np.isnan(of_funding)
        told[F] = np.where(by_basis, held[BASIS], held[FUNDING])
        places = np.zeros(judged.shape, dtype=np.int64)
        places[CHOOSING], places[F] = chosen[0], np.where(by_basis, BASIS, FUNDING)
        return judged, told, places


def _ramp(values: Floats, low: float, high: float) -> Floats:
    return np.minimum(np.maximum((values - low) / (high - low), 0.0), 1.0)


def _shares(held: Floats) -> Floats:
    """What each row gives, 0 to 1; unknown gives nothing."""
    shares = np.log(held) / LOG_FULL
    shares[I] = _ramp(held[I], *INTENSITY_RANGE)
    shares[F] = held[F]
    return np.clip(np.where(np.isnan(shares), 0.0, shares), 0, 1)


def _gate(score: Floats, of_hour: Floats, of_day: Floats, held: Floats, alone: Flags) -> tuple[Floats, Flags, Flags]:
    """Price and positions must both be above their level, or price alone far above that of an hour or of a day.

    Returns the scores, where price is alone, and where it is the day that speaks.
    """
    both = (held[P] >= 1) & ((held[L] >= 1) | (held[O] >= 1))
    rest = np.minimum(score, np.where(alone, PRICE_ONLY_MOST, GATED_MOST))
    fast = np.fmax(np.where(both, score, rest), np.where(alone, price_alone(of_hour), 0.0))
    by_day = np.where(of_day >= ALONE_TIMES, price_alone(of_day), 0.0)
    return np.fmax(fast, by_day), ~both, (by_day > fast) & (fast < ALONE_FLUSH_SCORE)


def price_alone(times: Floats) -> Floats:
    """What a move of so many times its level of an hour scores by itself: 45 at 2.25 times, at most 64."""
    return np.asarray(np.minimum(ALONE_FLUSH_SCORE * np.log(times) / np.log(ALONE_FLUSH_TIMES), PRICE_ONLY_MOST))
