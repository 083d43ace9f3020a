"""What commands may ask of the market: one coin's figures as of one moment, and the state of the feeds.

`MarketView` has two sources that answer alike: the Board of the running engine and a stored snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from bot.market.gaps import Gap


class FundingRow(msgspec.Struct, frozen=True):
    """One venue's funding: `rate` as decimal per `interval_h`, `rate_8h` rescaled; `settled` as in `facts.Funding`."""

    venue: str
    rate: float
    interval_h: float
    rate_8h: float
    settled: bool
    at_ms: int
    next_ms: int | None = None
    at_cap: bool = False


class OpenInterestRow(msgspec.Struct, frozen=True):
    """One venue's open interest now, or since when it has been missing.

    With `missing_since_ms` the amounts are the last known and belong in no sum. `derived` marks coins computed from
    dollars by the median mark.
    """

    venue: str
    coins: float
    usd: float
    at_ms: int
    derived: bool = False
    missing_since_ms: int | None = None


class Change(msgspec.Struct, frozen=True):
    """Change over `span_ms` over the same venues at both ends, as fractions: in coins and in dollars."""

    span_ms: int
    coins: float
    usd: float
    venues: tuple[str, ...]


class PriceMove(msgspec.Struct, frozen=True):
    """Change of the price over `span_ms`, as a fraction."""

    span_ms: int
    fraction: float


class Hours(msgspec.Struct, frozen=True):
    """Hourly bars, oldest first, equally long columns; `start_ms` is each bar's begin, the last may be unfinished.

    Prices in quote per coin, `volume` in coins (None where no bar told it).
    """

    start_ms: tuple[int, ...]
    open: tuple[float, ...]
    high: tuple[float, ...]
    low: tuple[float, ...]
    close: tuple[float, ...]
    volume: tuple[float | None, ...]


class VenuePast(msgspec.Struct, frozen=True):
    """What each venue told over the last days, columns over full hours and windows of 8 h, oldest first; None unknown.

    `open_interest` in coins at the end of each hour, `funding_8h` as decimal paid in each 8 h.
    """

    interest_end_ms: tuple[int, ...]
    open_interest: dict[str, tuple[float | None, ...]]
    funding_end_ms: tuple[int, ...]
    funding_8h: dict[str, tuple[float | None, ...]]


@dataclass(frozen=True)
class Slots:
    """Closed slots of five minutes as columns, oldest first, without those of which no price is known.

    `start_ms` is each slot's begin (UTC), prices in quote per coin, `volume` traded perpetuals in coins, `added` the
    change of open interest in coins over the venues that told it at both ends. NaN is unknown.
    """

    start_ms: npt.NDArray[np.int64]
    high: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    close: npt.NDArray[np.float64]
    volume: npt.NDArray[np.float64]
    added: npt.NDArray[np.float64]


class LiquidationSums(msgspec.Struct, frozen=True):
    """Observed liquidations of the last `span_ms`; `known_ms` of that time were covered by at least one feed.

    The rest is known of single liquidations alone, None where only sums were told: how many, the largest, and what all
    may have been by how often feeds that show only some spoke. `high_usd` is None where such a feed was at its limit.
    """

    span_ms: int
    long_usd: float
    short_usd: float
    known_ms: int
    prints: int | None = None
    largest_usd: float | None = None
    low_usd: float | None = None
    high_usd: float | None = None

    @property
    def usd(self) -> float:
        """Both sides, as observed."""
        return self.long_usd + self.short_usd


class FeedRow(msgspec.Struct, frozen=True):
    """One venue's feed: kind of fact, state, since when, and when it last spoke.

    `perps` says of bars whether any of them was of a perpetual, not of spot.
    """

    venue: str
    feed: str
    state: str
    since_ms: int
    last_ms: int
    perps: bool = False


class CoinView(msgspec.Struct, frozen=True):
    """All a command may say about one coin, as of `as_of_ms`. None or empty is unknown, never zero."""

    coin: str
    as_of_ms: int
    price: float | None = None
    price_at_ms: int | None = None
    """When it was heard; where there is no price now, when the last one was."""
    price_venues: int = 0
    """How many venues' marks it is the median of; 1 where it is the close of bars."""
    price_moves: tuple[PriceMove, ...] = ()
    basis_bps: float | None = None
    basis_usual_bps: float | None = None
    funding: tuple[FundingRow, ...] = ()
    funding_8h: float | None = None
    """OI-weighted over the venues that have both, else their median."""
    funding_by: tuple[str, ...] = ()
    """The venues whose open interest weighs in it; none where it is a median."""
    funding_rank: float | None = None
    """Share of the last `funding_rank_days` days with lower funding, 0 to 1."""
    funding_rank_days: float | None = None
    open_interest: tuple[OpenInterestRow, ...] = ()
    open_interest_changes: tuple[Change, ...] = ()
    open_interest_of_high: float | None = None
    """Now as share of the highest of the last `open_interest_high_days` days."""
    open_interest_high_days: float | None = None
    liquidations: tuple[LiquidationSums, ...] = ()
    hours: Hours | None = None
    flush_extremes: tuple[tuple[int, float, str], ...] = ()
    """(ms, price, side) of the extremes of known flushes, newest last."""


class LastDay(msgspec.Struct, frozen=True):
    """All coins together over the 24 h up to `at_ms`. Dollars are observed, so a floor; None is unknown.

    `hours_kept` of them were followed at all, in `hours_heard` some feed told liquidations (of the coin best known).
    Open interest is in dollars of the prices now, over the venues known at both ends; its fall is that from the highest
    hour. Return and shift of funding (decimal per 8 h) are those of BTC. `rank` is the share of the `days_known`
    before with less liquidated.
    """

    at_ms: int
    hours_kept: float
    hours_heard: float
    long_usd: float = 0.0
    short_usd: float = 0.0
    open_interest_usd: float | None = None
    open_interest_fall: float | None = None
    btc_return: float | None = None
    funding_shift: float | None = None
    days_known: int = 0
    rank: float | None = None

    @property
    def usd(self) -> float:
        """Both sides."""
        return self.long_usd + self.short_usd


class MarketView(Protocol):
    """The market as known at `as_of_ms`."""

    @property
    def as_of_ms(self) -> int:
        """UTC millisecond of the last fact behind the answers."""
        ...

    def coins(self) -> list[str]:
        """Every coin with at least one fact, in alphabetical order."""
        ...

    def coin(self, name: str) -> CoinView | None:
        """Figures of one coin, None when nothing is known of it."""
        ...

    def slots(self, name: str) -> Slots | None:
        """The five-minute slots kept of one coin, None where there are none to be had."""
        ...

    def venue_past(self, name: str) -> VenuePast | None:
        """The last days of one coin by venue, None where no venue told any."""
        ...

    def feeds(self) -> list[FeedRow]:
        """Every feed ever heard of, by venue and kind."""
        ...

    def gaps(self) -> list[Gap]:
        """Times of the last 24 h in which a feed was not heard, oldest first."""
        ...

    def last_day(self) -> LastDay | None:
        """The last 24 h of all coins together, None before anything is known."""
        ...


class StoredView:
    """A MarketView over what `snapshot()` saved earlier: answers while no engine runs, with its own as-of time."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._by_name = {view.coin: view for view in snapshot.coins}

    @property
    def as_of_ms(self) -> int:
        """UTC millisecond at which the snapshot was taken."""
        return self._snapshot.as_of_ms

    def coins(self) -> list[str]:
        """Coins of the snapshot."""
        return sorted(self._by_name)

    def coin(self, name: str) -> CoinView | None:
        """Figures of one coin as they were."""
        return self._by_name.get(name)

    def slots(self, name: str) -> Slots | None:  # noqa: ARG002 -- a snapshot keeps none: they are a hundred times its size
        """None: hourly bars are what is saved."""
        return None

    def venue_past(self, name: str) -> VenuePast | None:
        """The last days by venue as they were."""
        return self._snapshot.venue_pasts.get(name)

    def feeds(self) -> list[FeedRow]:
        """Feeds as they were."""
        return list(self._snapshot.feeds)

    def gaps(self) -> list[Gap]:
        """Gaps as they were."""
        return list(self._snapshot.gaps)

    def last_day(self) -> LastDay | None:
        """The day as it was."""
        return self._snapshot.last_day


class Snapshot(msgspec.Struct, frozen=True):
    """A whole MarketView as one value, for the store."""

    as_of_ms: int
    coins: tuple[CoinView, ...]
    feeds: tuple[FeedRow, ...]
    gaps: tuple[Gap, ...] = ()
    last_day: LastDay | None = None
    venue_pasts: dict[str, VenuePast] = {}


def snapshot(view: MarketView) -> Snapshot:
    """Freeze any view."""
    coins = [view.coin(name) for name in view.coins()]
    known = tuple(coin for coin in coins if coin is not None)
    pasts = {coin.coin: view.venue_past(coin.coin) for coin in known}
    told = {name: past for name, past in pasts.items() if past is not None}
    return Snapshot(view.as_of_ms, known, tuple(view.feeds()), tuple(view.gaps()), view.last_day(), told)
