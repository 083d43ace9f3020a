"""How hard a coin is being flushed, 0 to 100, from what is known: components, gate, confidence (domain §00, §2.5).

score = 100·(1 − Π(1 − a·c)) with the weights below; an input that is missing adds nothing, so losing one never
raises a score. Each component is at its maximum over the last 60 minutes, because an hourly total arrives after the
price move it belongs to. All arrays have one column a coin; the first axis of pairs is the side that is hurt.
"""

from dataclasses import dataclass

import numpy as np

from bot.flush.baseline import Baseline
from bot.flush.episode import Component
from bot.flush.features import BASED, ROW, Features
from bot.market.rings import Flags, Floats, MinuteRing

WEIGHTS = {"L": 0.45, "P": 0.45, "O": 0.35, "I": 0.25, "V": 0.10, "F": 0.05}
# How many times its own level an input must be for its whole weight.
FULL_TIMES = {"L": 8.0, "P": 3.0, "O": 4.0, "V": 8.0}
INTENSITY_RANGE = (0.002, 0.015)
BASIS_RANGE_BPS = (10.0, 60.0)
FUNDING_RANGE = (5e-5, 5e-4)
ALONE_TIMES = 2.0
"""Price alone must be this many times its level."""
GATED_MOST = 29.0
PRICE_ONLY_MOST = 64.0
PRICE_ONLY_CONFIDENCE = 0.3
LOW_CONFIDENCE = 0.5
"""Below it a score stays within FLUSH."""

# Rows of what is held for an hour. I and F are held as they are, the others as multiples of their level; B is the
# coin's own volume, for the gate of a coin of which only bars are known.
P, L, I, O, V, F, B = slice(0, 2), slice(2, 4), slice(4, 6), 6, 7, 8, 9  # noqa: E741 -- the components' own letters
NAMES = ("P", "P", "L", "L", "I", "I", "O", "V", "F", "B")
OF_SIDE = np.array([[0, 2, 4, 6, 7, 8], [1, 3, 5, 6, 7, 8]])
# Rows that are the highest of several windows, and what they choose from: rows of BASED, then the volumes again,
# held against their 95th percentile.
CHOOSING = np.array([0, 1, 2, 3, 6, 7, 9])
CHOSEN_FROM = np.array([*range(len(BASED)), ROW["volume", 15], ROW["volume", 60]])
CHOICES = np.array([[0, 1, 1], [2, 3, 3], [4, 5, 6], [7, 8, 9], [10, 10, 10], [13, 14, 14], [11, 12, 12]])
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
    liquidations_known: Flags


class Judge:
    """Keeps each input's last hour and turns it into scores."""

    def __init__(self) -> None:
        self._held = MinuteRing((2, len(NAMES), 8), -np.inf)
        """Ratio and value per row and coin: those of the minute's highest ratio, −∞ where none was known."""

    def judge(self, features: Features, baseline: Baseline) -> Severity:
        """Score every coin for both sides."""
        count = features.price.shape[0]
        with np.errstate(invalid="ignore", divide="ignore"):
            now, quick = _ratios(features, baseline)
            self._hold(features.now_ms, now)
            held = self._held.window(60)[0, :, :count].max(axis=-1)
            held[np.isneginf(held)] = np.nan
            shares = _shares(held)
            score = 100 * (1 - (1 - WEIGHT * shares)[OF_SIDE].prod(axis=1))
            bars_alone = ~features.price_from_marks & np.isnan(held[O])
            score, price_only = _gate(score, held, bars_alone)
            pressing = (quick >= 1) | (now[0, L] >= 1)
        confidence = (WEIGHT * ~np.isnan(held))[OF_SIDE[0]].sum(axis=0) / sum(WEIGHTS.values())
        score = np.where(confidence < LOW_CONFIDENCE, np.minimum(score, PRICE_ONLY_MOST), score)
        confidence = np.where(price_only, np.minimum(confidence, PRICE_ONLY_CONFIDENCE), confidence)
        return Severity(score, price_only, confidence, pressing, features.liquidations_known)

    def components(self, coin: int, side: int) -> dict[str, Component]:
        """What made the score of one coin: value, level and share of each input that is known."""
        window = self._held.window(60)[:, :, coin]
        told: dict[str, Component] = {}
        for row in OF_SIDE[side]:
            ratios = window[0, row]
            best = int(ratios.argmax())
            ratio, value = float(ratios[best]), float(window[1, row, best])
            if np.isneginf(ratio):
                continue
            with np.errstate(divide="ignore"):
                share = float(_shares(np.full((len(NAMES), 1), ratio))[row, 0])
            level = value / ratio if NAMES[row] in FULL_TIMES and ratio > 0 else None
            told[NAMES[row]] = Component(value, level, share)
        return told

    def _hold(self, now_ms: int, now: Floats) -> None:
        count = now.shape[2]
        if count > self._held.cells.shape[2]:
            self._held.grow(2, 2 * count)
        self._held.advance(now_ms)
        cell = self._held.window(1)[:, :, :count, 0]
        self._held.put(now_ms, np.where(now[0] > cell[0], now, cell))


def _ratios(features: Features, baseline: Baseline) -> tuple[Floats, Floats]:
    """(ratio and value of every row, shape (2, rows, coins); the 15-minute moves over their level, both sides)."""
    count = features.price.shape[0]
    values = features.based[CHOSEN_FROM]
    times = values / np.concatenate([baseline.levels[:, :count], baseline.volume_q95[:, :count]])
    best = np.where(np.isnan(times), -np.inf, times)[CHOICES].argmax(axis=1)
    chosen = np.take_along_axis(CHOICES, best, axis=1), np.arange(count)
    now = np.empty((2, len(NAMES), count))
    now[0, CHOOSING], now[1, CHOOSING] = times[chosen], values[chosen]
    now[:, I] = features.intensity
    now[:, F] = _funding_and_basis(features)
    return now, times[[0, 2]]


def _funding_and_basis(features: Features) -> Floats:
    """Share and value of whichever moved more: basis (as a fraction) or funding per 8 h."""
    basis, funding = np.abs(features.basis_shift), np.abs(features.funding_shift)
    of_basis, of_funding = _ramp(basis, *BASIS_RANGE_BPS), _ramp(funding, *FUNDING_RANGE)
    by_basis = (of_basis >= of_funding) | np.isnan(of_funding)
    return np.stack([np.fmax(of_basis, of_funding), np.where(by_basis, basis / 1e4, funding)])


def _ramp(values: Floats, low: float, high: float) -> Floats:
    return np.minimum(np.maximum((values - low) / (high - low), 0.0), 1.0)


def _shares(held: Floats) -> Floats:
    """What each row gives, 0 to 1; unknown gives nothing."""
    shares = np.log(held) / LOG_FULL
    shares[I] = _ramp(held[I], *INTENSITY_RANGE)
    shares[F] = held[F]
    return np.clip(np.where(np.isnan(shares), 0.0, shares), 0, 1)


def _gate(score: Floats, held: Floats, bars_alone: Flags) -> tuple[Floats, Flags]:
    """Price and positions must both be above their level, or price alone far above it (then at most FLUSH)."""
    positions = (held[L] >= 1) | (held[O] >= 1)
    both = (held[P] >= 1) & positions
    volume_speaks = ~bars_alone | ~np.isnan(held[L]) | (held[B] >= 1)
    alone = (held[P] >= ALONE_TIMES) & ~both & volume_speaks
    capped = np.minimum(score, np.where(alone, PRICE_ONLY_MOST, GATED_MOST))
    return np.where(both, score, capped), ~both
