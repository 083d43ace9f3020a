"""What one venue said at one moment, normalised: a line of a recording, a live message and a simulated tick alike.

Every fact carries `t`, the UTC millisecond at which it became known, and may carry `at`, the venue's own time for
it. A bar and a liquidation total are known at their end. Amounts are in coins or US dollars as their name says,
open interest counts one side, `side` is the side whose position was closed.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Side = Literal["long", "short"]
Market = Literal["perp", "spot"]
FeedState = Literal["live", "partial", "stale", "blocked", "recount"]

# Above any price, amount or dollar value that has existed, below what overflows when two are multiplied.
Positive = Annotated[float, msgspec.Meta(gt=0, le=1e18)]
NotNegative = Annotated[float, msgspec.Meta(ge=0, le=1e18)]
FundingRate = Annotated[float, msgspec.Meta(ge=-1, le=1)]
Milliseconds = Annotated[int, msgspec.Meta(ge=1_262_304_000_000, le=4_102_444_800_000)]  # 2010 to 2100
SpanSeconds = Annotated[int, msgspec.Meta(gt=0, le=604_800)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Mark(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="mark", omit_defaults=True):
    """Mark price in quote currency per coin."""

    t: Milliseconds
    venue: Word
    base: Word
    price: Positive
    at: Milliseconds | None = None


class Index(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="index", omit_defaults=True):
    """Index (spot reference) price in quote currency per coin."""

    t: Milliseconds
    venue: Word
    base: Word
    price: Positive
    at: Milliseconds | None = None


class OpenInterest(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="oi", omit_defaults=True):
    """Open interest, one side counted, in coins, in US dollars or both."""

    t: Milliseconds
    venue: Word
    base: Word
    coins: NotNegative | None = None
    usd: NotNegative | None = None
    at: Milliseconds | None = None


class Funding(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="funding", omit_defaults=True):
    """Funding rate as decimal per `interval_h` hours: `settled` is a payment made, otherwise the running estimate."""

    t: Milliseconds
    venue: Word
    base: Word
    rate: FundingRate
    interval_h: Annotated[float, msgspec.Meta(gt=0, le=24)]
    settled: bool
    next_t: Milliseconds | None = None
    cap: FundingRate | None = None
    floor: FundingRate | None = None
    interest: FundingRate | None = None
    at: Milliseconds | None = None


class Bar(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="bar", omit_defaults=True):
    """Traded prices of the `span_s` seconds before `t`; `volume` and `taker_buy` in coins."""

    t: Milliseconds
    venue: Word
    base: Word
    market: Market
    span_s: SpanSeconds
    open: Positive
    high: Positive
    low: Positive
    close: Positive
    volume: NotNegative
    taker_buy: NotNegative | None = None
    at: Milliseconds | None = None


class LiquidationTotal(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="liquidations", omit_defaults=True):
    """Liquidations of the `span_s` seconds before `t` in US dollars; `venue` may be a sum ("binance+bybit+okx")."""

    t: Milliseconds
    venue: Word
    base: Word
    span_s: SpanSeconds
    long_usd: NotNegative
    short_usd: NotNegative
    at: Milliseconds | None = None


class Liquidation(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="liquidation", omit_defaults=True):
    """One forced closure; `side` is the position that was closed."""

    t: Milliseconds
    venue: Word
    base: Word
    side: Side
    price: Positive
    coins: Positive
    usd: Positive
    at: Milliseconds | None = None


class Depth(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="depth", omit_defaults=True):
    """Order book notional within 1 % of mid, and the spread."""

    t: Milliseconds
    venue: Word
    base: Word
    bid_usd: NotNegative
    ask_usd: NotNegative
    spread_bps: NotNegative
    at: Milliseconds | None = None


class Turnover(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="turnover", omit_defaults=True):
    """Traded notional of the last 24 h in US dollars."""

    t: Milliseconds
    venue: Word
    base: Word
    market: Market
    usd: NotNegative
    at: Milliseconds | None = None


class Feed(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="feed", omit_defaults=True):
    """Health of one feed of one venue; `feed` is the kind of fact it carries ("liquidation", "oi", …)."""

    t: Milliseconds
    venue: Word
    feed: Word
    state: FeedState
    since: Milliseconds
    base: Word | None = None
    at: Milliseconds | None = None


# gc=False above: a fact holds no reference that could lead back to it, and millions of them pass through.
Fact = Mark | Index | OpenInterest | Funding | Bar | LiquidationTotal | Liquidation | Depth | Turnover | Feed
KINDS = frozenset({"mark", "index", "oi", "funding", "bar", "liquidations", "liquidation", "depth", "turnover", "feed"})
