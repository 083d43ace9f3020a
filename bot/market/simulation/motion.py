"""How prices move: fundamental news, the perpetual's premium over spot, and books that thin out under stress.

log perpetual = news + displacement + premium. Forced closures hit the premium against the depth of the book;
arbitrage carries the premium into spot (`displacement`), and buyers bring part of that back within hours.
"""

from __future__ import annotations

import numpy as np

from bot.market.simulation.coins import CoinTable, Floats

DAY_S = 86_400.0
MARKET_VOLATILITY = 0.019
"""Daily, of the factor all coins share."""
TAIL = 5
"""Degrees of freedom of the Student draws behind every move."""
ARBITRAGE_S = 100.0
EAGER = 0.0025
"""A premium this far from its rest doubles the speed of arbitrage."""
PASSED_ON = 0.7
"""Share of a closing premium that moves spot; the rest is the perpetual coming back."""
RETURN_S = 2.5 * 3600.0
LASTING = 0.25
"""Share of a displacement that stays."""
STRESS_S = 300.0
THINNEST = 0.06
REFILLING = 0.4
"""A thin book is filled up again while it is being hit: impact grows less than the visible depth shrinks."""
VALUE_STEP = 3.0
"""Days' volatility away from the news at which buyers of value double the book."""
PRICE_BAND = 0.03
REFILL_S = 50 * 60.0
REST_BPS = -4.0
"""Where the premium rests when nobody is crowded (perpetuals of the majors rest a little below spot)."""


class Motion:
    """Prices and liquidity of all coins; log prices, `premium` as log difference, `liquidity` 1 is a full book.

    `clusters` is the standard deviation of the log levels of volatility.
    """

    def __init__(self, table: CoinTable, rng: np.random.Generator, log_price: Floats, clusters: float) -> None:
        count = len(log_price)
        self._rng = rng
        self._clusters = clusters
        self._beta = table.beta
        self._own = table.own_volatility
        self._usual_day = np.hypot(table.beta * MARKET_VOLATILITY, table.own_volatility)
        self._usual = self._usual_day / np.sqrt(DAY_S)
        self._noise = table.column("premium_noise_bps") * 1e-4
        self._depth_usd = table.column("depth") * table.open_interest_usd
        self._market_heat = 0.0
        self._own_heat = np.zeros(count)
        self._run = np.zeros(count)
        self._news = log_price - REST_BPS * 1e-4
        self._displacement = np.zeros(count)
        self.premium = np.full(count, REST_BPS * 1e-4)
        self.liquidity = np.ones(count)
        self.last_move = np.zeros(count)
        """Change of the log perpetual in the last step."""
        self.last_news = np.zeros(count)
        self.span_s = 60.0

    @property
    def log_spot(self) -> Floats:
        """Log of the index price."""
        log_spot: Floats = self._news + self._displacement
        return log_spot

    @property
    def log_perp(self) -> Floats:
        """Log of the perpetual, the middle of all venues."""
        log_perp: Floats = self.log_spot + self.premium
        return log_perp

    @property
    def depth_usd(self) -> Floats:
        """Order book within 1 % of one side over all venues, in US dollars."""
        depth: Floats = self._depth_usd * self.liquidity
        return depth

    @property
    def heat(self) -> Floats:
        """Size of the last step's move against its usual size."""
        return self._against_usual(self.last_move)

    @property
    def news_heat(self) -> Floats:
        """The same for the part of the move that was news and not forced flow."""
        return self._against_usual(self.last_news)

    def advance(
        self, span_s: float, news: Floats, perp_news: Floats, forced_usd: Floats, crowd_bps: Floats, activity: float
    ) -> None:
        """One step of `span_s` seconds.

        `news` is drift placed by the scenario (log), `perp_news` the part of it that only perpetuals trade,
        `forced_usd` what closures sold net since the last step, `crowd_bps` how far crowding lifts the premium.
        """
        self.span_s = span_s
        before = self.log_perp
        self._warm(span_s)
        root = np.sqrt(span_s / DAY_S) * activity
        draws = self._rng.standard_t(TAIL, len(before) + 1) / np.sqrt(TAIL / (TAIL - 2))
        random = self._beta * MARKET_VOLATILITY * np.exp(self._market_heat) * draws[0]
        random = (random + self._own * np.exp(self._own_heat) * draws[1:]) * root
        self.last_news = random + news
        self._news += self.last_news
        rest = (REST_BPS + crowd_bps) * 1e-4
        self.premium += perp_news - self._impact(forced_usd)
        eager = 1 + np.abs(self.premium - rest) / EAGER
        gap = (self.premium - rest) * (1 - np.exp(-span_s * eager / ARBITRAGE_S))
        keep = np.sqrt(1 - np.exp(-2 * span_s / ARBITRAGE_S))
        self.premium += self._noise * keep * self._rng.standard_normal(len(before)) - gap
        # Only a premium beyond ordinary noise is worth trading against spot.
        moved = np.where(np.abs(self.premium - rest) > 4 * self._noise, gap * PASSED_ON, 0.0)
        self._displacement += moved
        back = self._displacement * (1 - np.exp(-span_s / RETURN_S))
        self._displacement -= back
        self._news += LASTING * back
        self.last_move = self.log_perp - before
        self._thin(span_s)

    def _against_usual(self, move: Floats) -> Floats:
        heat: Floats = np.abs(move) / (self._usual * np.sqrt(self.span_s))
        return heat

    def _impact(self, forced_usd: Floats) -> Floats:
        """Fall of the log price by net forced selling.

        One per cent for each depth within one per cent; the farther from what the news are worth, the more buyers
        (sellers) stand in the way, and venues refuse orders outside their price bands.
        """
        away = (self._displacement + self.premium) / (VALUE_STEP * self._usual_day)
        depth_usd = self._depth_usd * self.liquidity**REFILLING * (1 + away**2)
        impact = 0.01 * forced_usd / depth_usd
        banded: Floats = PRICE_BAND * np.tanh(impact / PRICE_BAND)
        return banded

    def _warm(self, span_s: float) -> None:
        """Volatility comes in clusters: log levels that fade within hours."""
        keep = np.exp(-span_s / (3 * 3600.0))
        kick = np.sqrt(1 - keep**2)
        self._market_heat = keep * self._market_heat + self._clusters * kick * float(self._rng.standard_normal())
        self._own_heat = keep * self._own_heat + self._clusters * kick * self._rng.standard_normal(len(self._own_heat))

    def _thin(self, span_s: float) -> None:
        """Makers leave at once when prices run and come back slowly."""
        keep = np.exp(-span_s / STRESS_S)
        self._run = keep * self._run + self.last_move
        # Of a random walk the faded sum of moves has the standard deviation sigma * sqrt(STRESS_S / 2).
        ratio = np.abs(self._run) / (self._usual * np.sqrt(STRESS_S / 2))
        target = np.clip(1 / (1 + 0.5 * np.maximum(ratio - 3.0, 0.0)), THINNEST, 1.0)
        towards = np.where(target < self.liquidity, 1 - np.exp(-span_s / 30.0), 1 - np.exp(-span_s / REFILL_S))
        self.liquidity += (target - self.liquidity) * towards
