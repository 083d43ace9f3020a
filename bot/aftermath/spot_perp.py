"""Did perps or spot lead, and is spot traded more than usual since? Domain notes M4, as amended in section 00.

Both markets trade many times their usual volume in a flush, so neither multiple says much alone: what is judged is
how far the perps' stands above spot's, against how that ratio spreads for the coin itself.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec
import numpy as np

from bot.aftermath.missing import Missing
from bot.aftermath.usual import BEFORE_MS, LEAST_HOURS, SLOTS_OF_HOUR, Floats, Times, hours_of, same_hour, window_of
from bot.flush.episode import Episode
from bot.market.facts import Side
from bot.market.history import HOUR_MS, Past

Led = Literal["PERP_LED", "SPOT_LED", "AS_USUAL"]

LEAST_MS = HOUR_MS // 2
WINDOWS_H = (1, 4, 24)
DISTRIBUTION_TIMES = 2.5
DISTRIBUTION_NET = 0.1
TAKEN = ("spot_bought_usd", "spot_sold_usd")


class Since(msgspec.Struct, frozen=True):
    """Volumes of the last whole `hours` over those usual at the same hours of day; None is unknown.

    `demand` is what takers bought of spot minus what they sold, as a share of both, −1 to 1.
    """

    hours: int
    perp: float | None
    spot: float | None
    demand: float | None


class SpotPerp(msgspec.Struct, frozen=True):
    """Volume of the flush over the usual one: `perp` and `spot` as multiples, `ratio` the first over the second.

    `low` and `high` are the coin's own 10th and 90th percentile of that ratio over `hours_known` hours before onset.
    `hours` is how long the stretch is that was looked at, `demand` that of spot in it, None where takers' sides are not
    told; `since` what was traded after it.
    """

    verdict: Led
    perp: float
    spot: float
    ratio: float
    low: float
    high: float
    hours: float
    hours_known: int
    demand: float | None
    since: tuple[Since, ...]


class _During(NamedTuple):
    """The flush itself: multiples of both markets, hours looked at, net of spot takers."""

    perp: float
    spot: float
    hours: float
    demand: float | None


class _Market(NamedTuple):
    """Hourly volumes of one market in dollars: those before onset, by which others are held usual."""

    coin: str
    name: str
    past: Past
    ends: Times
    before: Floats

    def multiple(self, start_ms: int, end_ms: int) -> float | None:
        """Volume of the whole hours in [start_ms, end_ms] over the medians of the same hours; None where unknown."""
        ends, traded = hours_of(self.past, self.coin, self.name, start_ms, end_ms)
        return self._over_usual(ends, traded, same_hour(self.ends, self.before, ends))

    def by_slots(self, start_ms: int, end_ms: int) -> float | None:
        """The same of the slots that end in (start_ms, end_ms]; None where one of them is not told."""
        ends, traded = self.past.column(self.coin, self.name, start_ms, end_ms)
        hour_ends = -(-ends // HOUR_MS) * HOUR_MS
        return self._over_usual(ends, traded, same_hour(self.ends, self.before, hour_ends) / SLOTS_OF_HOUR)

    @staticmethod
    def _over_usual(ends: Times, traded: Floats, usual: Floats) -> float | None:
        if not ends.size or np.isnan(traded).any() or np.isnan(usual).any() or usual.sum() <= 0:
            return None
        return float(traded.sum() / usual.sum())

    def multiples(self) -> Floats:
        """Each hour before onset over the median of its hour of day."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.before / same_hour(self.ends, self.before, self.ends))


def is_distribution(volume: SpotPerp, side: Side) -> bool | None:
    """Whether spot was sold in earnest while longs were closed, or bought while shorts were; None is unknown."""
    if volume.demand is None:
        return None
    against = -volume.demand if side == "long" else volume.demand
    return volume.spot >= DISTRIBUTION_TIMES and against >= DISTRIBUTION_NET


def spot_lately(episode: Episode, past: Past, hours: int) -> Since:
    """What was traded in the last whole `hours` before the end of `past`."""
    onset_hour_ms = episode.onset_ms // HOUR_MS * HOUR_MS
    perp, spot = (_market(episode.coin, name, past, onset_hour_ms) for name in ("perp_usd", "spot_usd"))
    return _since(perp, spot, past, hours)


def check(episode: Episode, past: Past, elapsed_ms: int) -> SpotPerp | Missing:
    """v/s of the flush, half an hour of it at least, against its own q10 and q90 by hours."""
    onset_ms, end_ms = window_of(episode, past)
    end_ms = min(max(end_ms, onset_ms + LEAST_MS), past.as_of_ms)
    perp, spot = (_market(episode.coin, name, past, onset_ms // HOUR_MS * HOUR_MS) for name in ("perp_usd", "spot_usd"))
    during = _during(perp, spot, onset_ms, end_ms)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = perp.multiples() / spot.multiples()
    ratios = ratios[np.isfinite(ratios)]
    if during is None or ratios.size < LEAST_HOURS:
        return Missing("volume")
    low, high = (float(edge) for edge in np.quantile(ratios, (0.1, 0.9)))
    ratio = during.perp / during.spot
    return SpotPerp(
        verdict="PERP_LED" if ratio >= high else "SPOT_LED" if ratio <= low else "AS_USUAL",
        perp=during.perp,
        spot=during.spot,
        ratio=ratio,
        low=low,
        high=high,
        hours=during.hours,
        hours_known=int(ratios.size),
        demand=during.demand,
        since=tuple(_since(perp, spot, past, hours) for hours in WINDOWS_H if hours * HOUR_MS <= elapsed_ms),
    )


def _during(perp: _Market, spot: _Market, onset_ms: int, end_ms: int) -> _During | None:
    """By slots where both markets are told in each of them, else by the whole hours that were touched and are over."""
    past, coin = perp.past, perp.coin
    v, s = perp.by_slots(onset_ms, end_ms), spot.by_slots(onset_ms, end_ms)
    if v is not None and s:
        bought, sold = (past.column(coin, name, onset_ms, end_ms)[1] for name in TAKEN)
        return _During(v, s, bought.size / SLOTS_OF_HOUR, _net(bought, sold))
    first = onset_ms // HOUR_MS * HOUR_MS
    last = min(-(-end_ms // HOUR_MS), past.as_of_ms // HOUR_MS) * HOUR_MS
    v, s = perp.multiple(first, last), spot.multiple(first, last)
    return _During(v, s, (last - first) / HOUR_MS, _demand(coin, past, first, last)) if v is not None and s else None


def _market(coin: str, name: str, past: Past, onset_hour_ms: int) -> _Market:
    return _Market(coin, name, past, *hours_of(past, coin, name, onset_hour_ms - BEFORE_MS, onset_hour_ms))


def _since(perp: _Market, spot: _Market, past: Past, hours: int) -> Since:
    end_ms = past.as_of_ms // HOUR_MS * HOUR_MS
    start_ms = end_ms - hours * HOUR_MS
    demand = _demand(spot.coin, past, start_ms, end_ms)
    return Since(hours, perp.multiple(start_ms, end_ms), spot.multiple(start_ms, end_ms), demand)


def _demand(coin: str, past: Past, start_ms: int, end_ms: int) -> float | None:
    """Net of spot takers in the whole hours of [start_ms, end_ms]; None with a hole."""
    bought, sold = (hours_of(past, coin, name, start_ms, end_ms)[1] for name in TAKEN)
    return _net(bought, sold)


def _net(bought: Floats, sold: Floats) -> float | None:
    """(bought − sold) / (bought + sold); None where one is unknown."""
    taken = float((bought + sold).sum())
    return float((bought - sold).sum()) / taken if taken > 0 else None  # NaN is not above zero
