"""A market built by hand: thirteen coins with and without gaps, seen live and as stored."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from bot.market.gaps import Gap
from bot.market.view import (
    Change,
    CoinView,
    FeedRow,
    FundingRow,
    Hours,
    LastDay,
    MarketView,
    OpenInterestRow,
    Slots,
    Snapshot,
    StoredView,
    VenuePast,
    snapshot,
)

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
NOW_MS = 1_768_783_200_000  # 19 January 2026, 00:40 UTC


@dataclass
class LiveView:
    """A MarketView in memory that can change under a command, as the Board does."""

    by_name: dict[str, CoinView] = field(default_factory=dict)
    feed_rows: list[FeedRow] = field(default_factory=list)
    gap_rows: list[Gap] = field(default_factory=list)
    as_of_ms: int = NOW_MS
    day: LastDay | None = None
    slot_columns: dict[str, Slots] = field(default_factory=dict)
    venue_pasts: dict[str, VenuePast] = field(default_factory=dict)

    def coins(self) -> list[str]:
        """Names in alphabetical order."""
        return sorted(self.by_name)

    def coin(self, name: str) -> CoinView | None:
        """One coin's figures."""
        return self.by_name.get(name)

    def slots(self, name: str) -> Slots | None:
        """The slots as set."""
        return self.slot_columns.get(name)

    def venue_past(self, name: str) -> VenuePast | None:
        """The last days by venue as set."""
        return self.venue_pasts.get(name)

    def feeds(self) -> list[FeedRow]:
        """Feeds as set."""
        return list(self.feed_rows)

    def gaps(self) -> list[Gap]:
        """Gaps as set."""
        return list(self.gap_rows)

    def last_day(self) -> LastDay | None:
        """The day as set."""
        return self.day


def stored(view: MarketView) -> StoredView:
    """The same market after it went through the database as JSON."""
    body = msgspec.json.encode(snapshot(view)).decode()
    return StoredView(msgspec.json.decode(body, type=Snapshot))


def hours(count: int = 24 * 14, last: float = 92_438.0) -> Hours:
    """Hourly bars that fall from 97,000 to `last`, the last one unfinished."""
    first_ms = NOW_MS // HOUR_MS * HOUR_MS - (count - 1) * HOUR_MS
    closes = [97_000 - (97_000 - last) * (place / (count - 1)) ** 4 for place in range(count)]
    opens = [97_000.0, *closes[:-1]]
    return Hours(
        start_ms=tuple(first_ms + place * HOUR_MS for place in range(count)),
        open=tuple(opens),
        high=tuple(max(pair) + 150 for pair in zip(opens, closes, strict=True)),
        low=tuple(min(pair) - 150 for pair in zip(opens, closes, strict=True)),
        close=tuple(closes),
        volume=(1000.0,) * count,
    )


BTC = CoinView(
    coin="BTC",
    as_of_ms=NOW_MS,
    price=92_438.0,
    price_at_ms=NOW_MS,
    funding=(
        FundingRow("binance", 0.000035, 8, 0.000035, False, NOW_MS, NOW_MS + 440 * MINUTE_MS),
        FundingRow("bybit", 0.000051, 8, 0.000051, False, NOW_MS - 30 * MINUTE_MS),
        FundingRow("hyperliquid", 0.000009, 1, 0.000072, False, NOW_MS, at_cap=True),
        FundingRow("kraken", 0.00001, 8, 0.00001, True, NOW_MS - 40 * MINUTE_MS),
    ),
    funding_8h=0.000038,
    funding_by=("binance", "hyperliquid"),
    funding_rank=0.3,
    funding_rank_days=30.0,
    open_interest=(
        OpenInterestRow("binance", 50_000.0, 4.62e9, NOW_MS),
        OpenInterestRow("okx", 20_000.0, 1.85e9, NOW_MS - 20 * MINUTE_MS, derived=True),
        OpenInterestRow(
            "hyperliquid", 30_000.0, 2.8e9, NOW_MS - 100 * MINUTE_MS, missing_since_ms=NOW_MS - 100 * MINUTE_MS
        ),
    ),
    open_interest_changes=(
        Change(HOUR_MS, -0.043, -0.06, ("binance",)),
        Change(DAY_MS, -0.029, -0.073, ("binance",)),
    ),
    open_interest_of_high=0.88,
    open_interest_high_days=30.0,
    hours=hours(),
    flush_extremes=((NOW_MS - 3 * DAY_MS, 92_000.0, "long"),),
)


def small(coin: str, rate_8h: float, usd: float = 1e7) -> CoinView:
    """A coin with one venue."""
    return CoinView(
        coin=coin,
        as_of_ms=NOW_MS,
        price=1.0,
        price_at_ms=NOW_MS,
        funding=(FundingRow("bybit", rate_8h, 8, rate_8h, False, NOW_MS),),
        funding_8h=rate_8h,
        funding_by=("bybit",),
        open_interest=(OpenInterestRow("bybit", usd, usd, NOW_MS),),
    )


HYPE = CoinView(
    coin="HYPE",
    as_of_ms=NOW_MS,
    price=25.0,
    price_at_ms=NOW_MS,
    open_interest=(
        OpenInterestRow("hyperliquid", 1e6, 2.5e7, NOW_MS - 19 * HOUR_MS, missing_since_ms=NOW_MS - 19 * HOUR_MS),
    ),
)
BARE = CoinView(coin="NEW", as_of_ms=NOW_MS)
FEEDS = [
    FeedRow("binance", "mark", "live", NOW_MS - DAY_MS, NOW_MS),
    FeedRow("binance", "liquidation", "partial", NOW_MS - DAY_MS, NOW_MS),
    FeedRow("bybit", "oi", "live", NOW_MS - DAY_MS, NOW_MS),
    FeedRow("hyperliquid", "oi", "stale", NOW_MS - 100 * MINUTE_MS, NOW_MS - 100 * MINUTE_MS),
]


GAPS = [
    Gap("bybit", "liquidation", NOW_MS - 10 * HOUR_MS, NOW_MS - 10 * HOUR_MS + 7 * MINUTE_MS),
    Gap("hyperliquid", "oi", NOW_MS - 100 * MINUTE_MS),
]


def btc_past() -> VenuePast:
    """Three days of open interest, of which Hyperliquid told none for six hours, and two of funding with holes."""
    ends = tuple(NOW_MS // HOUR_MS * HOUR_MS - hours_ago * HOUR_MS for hours_ago in range(71, -1, -1))
    windows = tuple(NOW_MS // (8 * HOUR_MS) * 8 * HOUR_MS - ago * 8 * HOUR_MS for ago in range(5, -1, -1))
    return VenuePast(
        ends,
        {
            "binance": tuple(52_000.0 - 20 * place for place in range(72)),
            "hyperliquid": tuple(None if 40 <= place < 46 or place > 69 else 30_000.0 for place in range(72)),
            "okx": tuple(20_000.0 + 5 * place for place in range(72)),
        },
        windows,
        {
            "binance": (0.0001, 0.0001, 0.00035, -0.00002, 0.0, 0.00005),
            "hyperliquid": (None, 0.0001, 0.00012, -0.0004, None, None),
        },
    )


def market(*, charted: bool = True) -> LiveView:
    """Thirteen coins: one whole, ten with one venue, one whose venue is silent, one of which nothing is known.

    `charted` gives BTC days by venue, so that its funding and open interest are answered with charts.
    """
    pasts = {"BTC": btc_past()} if charted else {}
    names = ("ETH", "SOL", "XRP", "DOGE", "ADA", "BTT", "ETHW", "1000PEPE", "WIF", "ORDI")
    coins = [BTC, HYPE, BARE, *(small(name, 0.0001 * (place - 4)) for place, name in enumerate(names))]
    return LiveView({view.coin: view for view in coins}, list(FEEDS), list(GAPS), venue_pasts=pasts)
