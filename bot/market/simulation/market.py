"""The simulated market as a whole: one step moves prices, closes who must be closed, and lets the others react."""

from __future__ import annotations

import numpy as np

from bot.market.simulation.closures import Closures, split
from bot.market.simulation.coins import VENUES, Floats, coin_table
from bot.market.simulation.funding import FundingClock
from bot.market.simulation.motion import Motion
from bot.market.simulation.positions import LIQUIDATED, LONG, SHORT, Positions
from bot.market.simulation.scenarios import Scenario
from bot.market.simulation.trading import Tape, day_coins

PIN_S = 12 * 3600
"""How long before a pinned moment the drift towards it begins."""
SETTLE_S = 300.0
BACKGROUND = 0.0085
"""Usual small liquidations of a day as share of open interest, beside those that moves of the market cause."""
REBUILD_S = 70 * 3600.0
"""Open interest returns to its usual size with this time constant."""
CROWD_S = 12 * 3600.0
"""How fast a crowd forms as large as traders have appetite for it."""
FORGET_S = 48 * 3600.0
"""How fast they forget having been liquidated."""


class Market:
    """State after the last step; index by coin as in `table.bases`, venue as in `VENUES`."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario = scenario
        # Each part draws from its own stream, so that more closures do not change the news.
        streams = np.random.SeedSequence([seed + scenario.course, *scenario.name.encode()]).spawn(4)
        self._rng, for_motion, for_closures, for_tapes = (np.random.Generator(np.random.PCG64(s)) for s in streams)
        self._for_closures = for_closures
        self.table = coin_table(scenario.coins, self._rng)
        bases = self.table.bases
        first = np.log(self.table.price * _column(bases, scenario.first_prices))
        self._usual_coins = (self.table.open_interest_usd / self.table.price)[:, None] * self.table.shares
        self.open_interest = self._usual_coins * _column(bases, scenario.first_open_interest)[:, None]
        self.motion = Motion(self.table, for_motion, first, scenario.clusters)
        self.positions = Positions(self.table, _column(bases, scenario.leverage))
        self.positions.fill(first, self.open_interest.sum(axis=1))
        self.funding = FundingClock(len(bases))
        self.perp_tape = Tape(first, day_coins(self.table, "perp"), for_tapes)
        self.spot_tape = Tape(self.motion.log_spot, day_coins(self.table, "spot"), for_tapes)
        self.venue_offset = np.zeros((len(bases), len(VENUES)))
        self._mean_usd = scenario.closure_size * 2500 * (self.table.open_interest_usd / 1e6) ** 0.2
        self._crowd_bps = np.full(len(bases), scenario.crowd_bps[0])
        self._appetite = np.ones(len(bases))
        self._net_sold = np.zeros(len(bases))
        self._too_small = np.zeros((len(bases), 2))
        self._trend = np.zeros(len(bases))
        self._since_settled_s = 0.0
        self.price = np.exp(self.motion.log_perp)

    def step(self, after_s: int, span_s: int) -> Closures:
        """Move on by `span_s` seconds to `after_s` seconds from the start; returns the forced closures on the way."""
        before = self.price
        news, perp_news = self._news(after_s, span_s)
        activity = self.scenario.activity if after_s > self.scenario.history_s else 1.0
        self.motion.advance(span_s, news, perp_news, self._net_sold * before, self._crowd_bps, activity)
        self.price = np.exp(self.motion.log_perp)
        self.positions.cross(self.motion.log_perp)
        closed = self.positions.close(span_s)
        start_ms = self.scenario.start_ms + (after_s - span_s) * 1000
        forced = self._too_small + closed * LIQUIDATED + self._background(after_s, span_s)
        closures = split(
            self._for_closures, forced, self._mean_usd, (before, self.price), self.table.shares, start_ms, span_s
        )
        self._too_small = forced - _by_side(closures, len(before))
        self._take_off(closures, closed * (1 - LIQUIDATED), span_s)
        self.funding.observe(self.motion.premium, span_s)
        self._since_settled_s += span_s
        if self._since_settled_s >= SETTLE_S:
            self._settle(self._since_settled_s)
            self._since_settled_s = 0.0
        return closures

    def _news(self, after_s: int, span_s: int) -> tuple[Floats, Floats]:
        """Drift the scenario places in this step: (all markets, perpetuals only), log."""
        bases = self.table.bases
        news, perp_news = np.zeros(len(bases)), np.zeros(len(bases))
        for shock in self.scenario.shocks:
            if shock.after_s < after_s <= shock.after_s + shock.lasts_s:
                hit = np.array([base in shock.coins for base in bases]) if shock.coins else self.table.beta
                move = hit * shock.move * span_s / shock.lasts_s
                news += move * (1 - shock.perp_only)
                perp_news += move * shock.perp_only
        for pin in self.scenario.pins:
            remaining_s = pin.after_s - (after_s - span_s)
            if 0 < remaining_s <= PIN_S:
                target = np.log(self.table.price * _column(bases, pin.multiples))
                free = np.array([not pin.others and base not in pin.multiples for base in bases])
                news += np.where(free, 0.0, (target - self.motion.log_perp) * min(span_s / remaining_s, 1.0))
        return news, perp_news

    def _background(self, after_s: int, span_s: int) -> Floats:
        """Small liquidations that no bin explains (cross margin, odd margins): (coin, side) in coins."""
        self._trend += (self.motion.last_move * 1000 - self._trend) * (1 - np.exp(-span_s / 900))
        usual = self.scenario.background[after_s > self.scenario.history_s]
        open_interest = self.open_interest.sum(axis=1)
        long_share = 1 / (1 + np.exp(np.clip(self._trend, -2, 2)))
        day_usd = BACKGROUND * usual * open_interest * self.price
        expected = (day_usd / self._mean_usd * span_s / 86_400)[:, None] * np.column_stack([long_share, 1 - long_share])
        counts = self._for_closures.poisson(expected)
        size = self._for_closures.lognormal(-0.72, 1.2, counts.shape)
        amounts: Floats = counts * size * (self._mean_usd / self.price)[:, None]
        bounded: Floats = np.minimum(amounts, 0.001 * open_interest[:, None])
        return bounded

    def _take_off(self, closures: Closures, stops: Floats, span_s: float) -> None:
        """Open interest falls by what was liquidated, on its venue, and by the stops; both push the price."""
        shape = self.open_interest.shape
        cell = closures.coin * shape[1] + closures.venue
        liquidated = np.bincount(cell, closures.coins, shape[0] * shape[1]).reshape(shape)
        sides = _by_side(closures, shape[0]) + stops
        total = self.open_interest.sum(axis=1)
        self.open_interest -= liquidated + stops.sum(axis=1)[:, None] * self.open_interest / total[:, None]
        np.maximum(self.open_interest, 0.02 * self._usual_coins, out=self.open_interest)
        self._net_sold = sides[:, LONG] - sides[:, SHORT]
        cleared = self._net_sold / total
        self._crowd_bps -= 80.0 * cleared
        self._appetite = np.minimum(self._appetite * np.exp(-6.0 * cleared), 1.0)
        # Spot sees the news, and of the forced flow only what arbitrage passes on.
        self.perp_tape.trade(self.motion.log_perp, self.motion.heat, span_s, sides[:, SHORT], sides[:, LONG])
        nothing = np.zeros(shape[0])
        spot_heat = self.motion.news_heat + 0.25 * self.motion.heat
        self.spot_tape.trade(self.motion.log_spot, spot_heat * 0.8, span_s, nothing, nothing)

    def _settle(self, span_s: float) -> None:
        """What changes slowly: positions turn over, open interest drifts and is rebuilt, crowds form and dissolve."""
        root = np.sqrt(span_s / 3600)
        noise = self.table.column("open_interest_noise") * root
        drift = noise * self._rng.standard_normal(len(noise))
        venue_drift = 0.3 * noise[:, None] * self._rng.standard_normal(self.open_interest.shape)
        missing = np.log(self._usual_coins / self.open_interest) * span_s / REBUILD_S
        self.open_interest *= np.exp(drift[:, None] + venue_drift + missing)
        self.positions.turn_over(span_s, self.open_interest.sum(axis=1))
        keep = np.exp(-span_s / 600)
        kick = 0.8e-4 * np.sqrt(1 - keep**2) * self._rng.standard_normal(self.venue_offset.shape)
        self.venue_offset = keep * self.venue_offset + kick
        self._appetite += (1 - self._appetite) * span_s / FORGET_S
        wanted = self.scenario.crowd_bps[1] * self._appetite
        self._crowd_bps += (wanted - self._crowd_bps) * span_s / CROWD_S
        np.clip(self._crowd_bps, -16.0, 16.0, out=self._crowd_bps)


def _by_side(closures: Closures, count: int) -> Floats:
    """Closed coins: (coin, side)."""
    cell = closures.coin * 2 + closures.side
    return np.bincount(cell, closures.coins, count * 2).astype(np.float64).reshape(-1, 2)


def _column(bases: tuple[str, ...], multiples: dict[str, float]) -> Floats:
    return np.array([multiples.get(base, 1.0) for base in bases])
