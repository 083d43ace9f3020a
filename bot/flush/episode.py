"""One flush as a value: when it began, how large it grew, whose positions were closed, what was seen and missing.

Several coins flushed the same way at the same time are one episode with `members`; `coin` is the one it is about:
the one that opened it, BTC once the flush is market-wide.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.flush.base_rate import BaseRate
from bot.flush.standing import Standing
from bot.market.facts import Side
from bot.market.gaps import Gap

BANDS = ("watch", "flush", "severe", "extreme")
Band = Literal["watch", "flush", "severe", "extreme"]
Scope = Literal["coin", "targeted", "broad", "market"]
Kind = Literal["long_flush", "short_squeeze", "two_sided", "slow_unwind", "venue_dislocation"]
Telling = Literal["complete", "throttled", "largest", "totals", "silent"]
"""All liquidations; at most one a second; the largest of a second; sums that include such venues; none."""

REVISION = 3
"""Raised with every change of a number or a rule of detection (docs/detector.md)."""
EndReason = Literal["calm", "prolonged", "lost", "retracted"]


class Component(msgspec.Struct, frozen=True):
    """One input of the score: its value, the coin's own level it is held against, and what it gave (0 to 1).

    `window_min` are the minutes looked back of the window that stood out most; `moved` is which of the two F speaks of.
    """

    value: float
    baseline: float | None
    share: float
    window_min: int | None = None
    moved: Literal["basis", "funding"] | None = None
    prior: bool = False
    """Whether the level is one that stands in until enough of the coin is known."""


class Ended(msgspec.Struct, frozen=True):
    """The end of a coin's part in a flush."""

    at_ms: int
    episode_id: str


class Leg(msgspec.Struct):
    """One push of an episode; a later one may be larger and then moves the anchor of the follow-ups."""

    started_ms: int
    ended_ms: int | None
    peak_ms: int
    peak_score: float
    observed_usd: float
    extreme_price: float


class Before(msgspec.Struct, frozen=True):
    """The state frozen at onset, from data known then; None is unknown."""

    at_ms: int
    price: float | None
    high_6h: float | None
    low_6h: float | None
    high_24h: float | None
    low_24h: float | None
    open_interest: dict[str, float]
    """Coins per venue: median over 60 to 10 minutes before onset."""
    open_interest_of_high: float | None
    """Share of the highest of the eleven days before, which are still kept at +72 h."""
    funding_8h: dict[str, float]
    """Per venue, decimal per 8 h."""
    funding_weighted_8h: float | None
    basis_bps: float | None
    atr_1h: float | None
    levels: tuple[tuple[float, float, tuple[str, ...]], ...] = ()
    """(price, score 0 to 100, sources) of the key levels computable at onset."""
    btc: Before | None = None
    """The same of BTC, for a flush of another coin; None where BTC is not known."""


class Forced(msgspec.Struct, frozen=True):
    """Which share of a fall of open interest is taken for forced, from how many `flushes` (0: public figures)."""

    low: float
    middle: float
    high: float
    flushes: int


class VenueTold(msgspec.Struct, frozen=True):
    """What one venue told of a flush, both sides of `coins`, in US dollars; None is unknown.

    `low_usd` to `high_usd` is what it may have been in all. `saturated`: in some minute every second held a message,
    `lost`: for some time the feed was not heard.
    """

    venue: str
    tells: Telling
    observed_usd: float | None
    low_usd: float | None
    high_usd: float | None
    saturated: bool = False
    lost: bool = False
    coins: tuple[str, ...] = ()
    """Of which coins of the flush, in alphabetical order; empty in one kept before they were noted."""


class Member(msgspec.Struct):
    """One coin's part in an episode. Amounts in US dollars are observed, so a floor; None is unknown."""

    coin: str
    onset_ms: int
    score: float
    peak_score: float
    confidence: float
    price_only: bool
    long_usd: float | None
    short_usd: float | None
    largest_usd: float | None
    prints: int | None
    reference_price: float
    """Highest price of the 6 h before onset (lowest for a squeeze)."""
    price: float
    extreme_price: float
    extreme_ms: int
    open_interest_before: float | None
    open_interest_now: float | None
    """Coins over the same venues at both ends."""
    open_interest_least: float | None
    open_interest_venues: tuple[str, ...]
    intensity: float | None
    """Liquidations of the last hour over open interest, same venues."""
    components: dict[str, Component]
    ended_ms: int | None = None
    slow: bool = False
    """Whether no hour of it would have said anything, only the day."""
    spot: bool = False
    """Whether its prices are those of spot bars, because no perpetual's were ever told."""


class Episode(msgspec.Struct):
    """One flush, as posted: one card, one thread."""

    id: str
    """Date of the onset, coin, number of that day: 2026-01-19-BTC-1."""
    coin: str
    side: Side
    kind: Kind
    scope: Scope
    state: Literal["watch", "active", "cooling", "ended"]
    onset_ms: int
    peak_ms: int
    score: float
    peak_score: float
    band: Band
    """Of the peak."""
    confidence: float
    price_only: bool
    members: dict[str, Member]
    legs: list[Leg]
    alerted_ms: int | None = None
    anchor_ms: int | None = None
    """Where follow-ups count from; fixed one hour after onset, moved only by a larger leg."""
    anchor_moved: bool = False
    ended_ms: int | None = None
    end_reason: EndReason | None = None
    """"lost": the program could not follow it any more; "retracted": the price that opened it was wrong."""
    follows: Ended | None = None
    """The flush of the same coin and side that ended within 72 hours before."""
    dislocated: str | None = None
    """The venue that nearly all liquidations came from while its mark stood apart from the others."""
    market_coins: int = 0
    """How many coins were tracked when the scope was judged."""
    before: Before | None = None
    estimate_usd: tuple[float, float] | None = None
    """Of the whole, at least and at most, over all venues; None where it adds next to nothing to what was observed."""
    told: tuple[VenueTold, ...] = ()
    forced: Forced | None = None
    """As the estimate took it."""
    venues: dict[str, str] | None = None
    """State per "venue feed", as known at the last change."""
    gaps: tuple[Gap, ...] = ()
    """When feeds of liquidations were not heard, from an hour before the first onset on: sums are too low by that."""
    character: Literal["perp_led", "spot_led", "mixed"] | None = None
    perp_multiple: float | None = None
    spot_multiple: float | None = None
    settings_revision: int = REVISION
    """Of the rules and numbers that its score came from."""
    standing: Standing | None = None
    """Its place among those before it, worked out when it ends."""
    base: BaseRate | None = None
    """How earlier ones of its kind went on; None while there are too few."""

    @property
    def lead(self) -> Member:
        """The coin it is about: the one that opened it, BTC once it is market-wide."""
        return self.members[self.coin]

    @property
    def strongest(self) -> Member:
        """The coin whose peak is the episode's score; not always the one it is about."""
        return max(self.members.values(), key=lambda member: member.peak_score)

    @property
    def observed_usd(self) -> float | None:
        """Liquidations of both sides over all members that have a feed; None when none has one."""
        known = [m for m in self.members.values() if m.long_usd is not None and m.short_usd is not None]
        return sum((m.long_usd or 0.0) + (m.short_usd or 0.0) for m in known) if known else None


def band_of(score: float) -> Band | None:
    """None (quiet) below 30, WATCH to 44, FLUSH to 64, SEVERE to 79, EXTREME from 80."""
    edges: tuple[tuple[float, Band], ...] = ((80.0, "extreme"), (65.0, "severe"), (45.0, "flush"), (30.0, "watch"))
    return next((band for edge, band in edges if score >= edge), None)
