"""What happens in each scenario: when, which shocks, how crowded. Amounts and recoveries come out of the model."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType

import msgspec

from bot.market.simulation.coins import COINS

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86_400
ALL_COINS = tuple(coin.base for coin in COINS)
MEMES = tuple(coin.base for coin in COINS if coin.tier == "meme")


class Shock(msgspec.Struct, frozen=True):
    """News that moves prices by `move` (log, times beta for a shock to all coins) within `lasts_s` seconds."""

    after_s: int
    lasts_s: int
    move: float
    coins: tuple[str, ...] = ()
    """Empty: the whole market."""
    perp_only: float = 0.0
    """Share of the move that is traded in perpetuals only and leaves spot to arbitrage."""


class Pin(msgspec.Struct, frozen=True):
    """Prices to be reached after `after_s`, as multiples of the coins' table prices; drift leads there for hours."""

    after_s: int
    multiples: dict[str, float]
    """Coins not named are free, unless `others`."""
    others: bool = False
    """The coins not named are led to their table price."""


class Cadence(msgspec.Struct, frozen=True):
    """How often each venue tells each thing, in seconds; `spread_s` lets the venues take turns."""

    step_s: int
    spread_s: int
    mark_s: int
    index_s: int
    open_interest_s: int
    funding_s: int
    depth_s: int
    bar_s: int = 300


HISTORY = Cadence(60, 0, 300, 300, 300, 900, 900)
MINUTES = Cadence(60, 60, 120, 180, 240, 900, 300)
SECONDS = Cadence(5, 5, 20, 20, 15, 60, 30)


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch of simulated market; times of day are UTC, `*_s` count from its start."""

    name: str
    about: str
    start_ms: int
    lasts_s: int
    coins: tuple[str, ...] = ALL_COINS
    first_prices: dict[str, float] = {}
    """Multiples of the table prices at the start."""
    first_open_interest: dict[str, float] = {}
    """Multiples of the usual open interest at the start."""
    leverage: dict[str, float] = {}
    """Multiples of the usual leverage of longs: who is crowded."""
    crowd_bps: tuple[float, float] = (0.0, 0.0)
    """How far crowding lifts the premium, at the start and at the onset."""
    shocks: tuple[Shock, ...] = ()
    pins: tuple[Pin, ...] = ()
    background: tuple[float, float] = (1.0, 1.0)
    """Ordinary small liquidations against usual, in the history and after it."""
    activity: float = 1.0
    """Volatility after the history against usual."""
    clusters: float = 0.22
    """How unevenly volatility comes: standard deviation of its log level."""
    course: int = 0
    """Added to the seed: which of the possible courses seed 7 stands for."""
    closure_size: float = 1.0
    """Size of single closures against usual; larger ones are fewer."""
    history_s: int = 3 * DAY_S
    onset_s: int | None = None
    seconds_s: int = 0
    """How long after the onset venues are read every few seconds (from five minutes before it)."""
    cadences: tuple[Cadence, Cadence, Cadence] = (HISTORY, MINUTES, SECONDS)

    @property
    def end_ms(self) -> int:
        """UTC millisecond of the last step."""
        return self.start_ms + self.lasts_s * 1000

    @property
    def onset_ms(self) -> int | None:
        """UTC millisecond of the first shock, None where nothing happens."""
        return None if self.onset_s is None else self.start_ms + self.onset_s * 1000

    def cadence(self, after_s: int) -> Cadence:
        """How the venues are read at `after_s` seconds from the start."""
        history, minutes, seconds = self.cadences
        if self.onset_s is not None and -5 * MINUTE_S <= after_s - self.onset_s < self.seconds_s:
            return seconds
        return history if after_s < self.history_s else minutes


def _utc(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * 1000


ONSET_S = 3 * DAY_S + 5 * HOUR_S
# The board of the day: what the coins are up or down by its end. The four that are hit fall by more on the way.
DAY_CHANGE = {
    "BTC": 0.004, "ETH": 0.006, "BNB": 0.005, "SOL": 0.008, "XRP": 0.003, "DOGE": -0.009, "HYPE": 0.026,
    "SUI": -0.018, "ADA": 0.011, "LINK": 0.014, "AVAX": -0.006, "LTC": 0.002, "BCH": -0.004, "AAVE": 0.019,
    "NEAR": -0.015, "UNI": -0.008, "PEPE": 0.021, "FARTCOIN": -0.034, "PENGU": 0.017, "BONK": -0.012,
    "WIF": -0.085, "SHIB": 0.004, "TRUMP": -0.021, "ORDI": -0.085, "PEOPLE": -0.092, "POPCAT": 0.028,
    "FLOKI": 0.009, "BOME": -0.080, "TURBO": -0.026, "NEIRO": 0.031,
}  # fmt: skip
DAY_OPEN = {base: 1 / (1 + change) for base, change in DAY_CHANGE.items()}
HIT = {"ORDI": (0, -0.105), "PEOPLE": (6, -0.15), "WIF": (11, -0.09), "BOME": (17, -0.09)}
"""Minutes after the onset, and the move."""

CALM = Scenario(
    name="calm",
    about="Four quiet days: ordinary moves, ordinary small liquidations, nothing to report",
    start_ms=_utc(2026, 3, 2),
    lasts_s=4 * DAY_S,
    activity=0.8,
    course=3,
)

ARTICLE = Scenario(
    name="article",
    about="A day with more liquidations than usual while the majors are green; four memecoins are flushed",
    start_ms=_utc(2026, 3, 9),
    lasts_s=4 * DAY_S,
    first_prices=DAY_OPEN,
    leverage=dict.fromkeys(HIT, 0.95),
    shocks=tuple(
        Shock(ONSET_S + minutes * MINUTE_S, 25 * MINUTE_S, move, (base,), perp_only=0.7)
        for base, (minutes, move) in HIT.items()
    ),
    pins=(Pin(3 * DAY_S, DAY_OPEN), Pin(4 * DAY_S, {}, others=True)),
    background=(1.0, 3.0),
    activity=0.78,
    onset_s=ONSET_S,
    seconds_s=100 * MINUTE_S,
)

CASCADE = Scenario(
    name="cascade",
    about="Crowded longs meet bad news: three waves within an hour, thin books, and three days of aftermath",
    start_ms=ARTICLE.end_ms,
    lasts_s=ONSET_S + 74 * HOUR_S,
    first_open_interest=dict.fromkeys(HIT, 0.93),
    leverage=dict.fromkeys(ALL_COINS, 0.75) | dict.fromkeys(MEMES, 0.5) | {"BTC": 1.45, "ETH": 1.3},
    course=1,
    crowd_bps=(11.0, 12.0),
    shocks=(
        Shock(ONSET_S, 10 * MINUTE_S, -0.02),
        Shock(ONSET_S + 22 * MINUTE_S, 8 * MINUTE_S, -0.03),
        Shock(ONSET_S + 24 * MINUTE_S, 12 * MINUTE_S, -0.14, ALL_COINS[2:]),
        Shock(ONSET_S + 30 * MINUTE_S, 18 * MINUTE_S, -0.16, MEMES),
        Shock(ONSET_S + 44 * MINUTE_S, 6 * MINUTE_S, -0.025),
    ),
    onset_s=ONSET_S,
    seconds_s=150 * MINUTE_S,
)

# Fewer facts for a file that is kept: five coins, read every five minutes outside the event.
_SLOW = Cadence(60, 300, 600, 1800, 600, 3600, 1800, 1800)
SMALL = Scenario(
    name="small",
    about="Five coins: three quiet days, one long flush of the whole market and thirty hours after it",
    start_ms=_utc(2026, 3, 2),
    lasts_s=ONSET_S + 30 * HOUR_S + 30 * MINUTE_S,
    coins=("BTC", "ETH", "SOL", "DOGE", "WIF"),
    leverage=dict.fromkeys(("BTC", "ETH", "SOL", "DOGE", "WIF"), 1.8),
    crowd_bps=(11.0, 11.5),
    shocks=(
        Shock(ONSET_S, 15 * MINUTE_S, -0.018),
        Shock(ONSET_S + 20 * MINUTE_S, 12 * MINUTE_S, -0.02),
    ),
    onset_s=ONSET_S,
    seconds_s=45 * MINUTE_S,
    activity=0.6,
    closure_size=150.0,
    cadences=(_SLOW, _SLOW, Cadence(5, 5, 20, 60, 60, 300, 120, 1800)),
)

SCENARIOS = MappingProxyType({scenario.name: scenario for scenario in (CALM, ARTICLE, CASCADE, SMALL)})
