"""A flush as the detector keeps it, with the figures of 19 January 2026."""

from __future__ import annotations

import msgspec

from bot.flush.episode import Before, Component, Episode, Leg, Member
from bot.store.rows import EpisodeRow

ONSET_MS = 1_768_780_800_000  # 19 January 2026, 00:00 UTC
MINUTE_MS = 60_000

COMPONENTS = {
    "L": Component(53.6e6, 19.4e6, 0.489, 60),
    "P": Component(0.032, 0.015, 0.690, 60),
    "O": Component(0.043, 0.02, 0.552, 60),
    "I": Component(0.006, None, 0.308),
    "V": Component(9e8, 4e8, 0.390, 15),
    "F": Component(0.0002, None, 0.333, moved="funding"),
}


def member(coin: str = "BTC", **changes: object) -> Member:
    """One coin's part; `changes` replace fields."""
    whole = Member(
        coin=coin,
        onset_ms=ONSET_MS,
        score=58.4,
        peak_score=61.2,
        confidence=0.83,
        price_only=False,
        long_usd=52.5e6,
        short_usd=1.1e6,
        largest_usd=2.1e6,
        prints=840,
        reference_price=95_475.0,
        price=92_438.0,
        extreme_price=92_210.0,
        extreme_ms=ONSET_MS + 46 * MINUTE_MS,
        open_interest_before=97_429.0,
        open_interest_now=93_223.0,
        open_interest_least=93_000.0,
        open_interest_venues=("binance", "bybit"),
        intensity=0.006,
        components=dict(COMPONENTS),
    )
    return msgspec.structs.replace(whole, **changes)


BEFORE = Before(
    at_ms=ONSET_MS,
    price=95_300.0,
    high_6h=95_475.0,
    low_6h=94_900.0,
    high_24h=95_600.0,
    low_24h=94_700.0,
    open_interest={"binance": 97_429.0},
    open_interest_of_high=0.88,
    funding_8h={"binance": 0.000035},
    funding_weighted_8h=0.000035,
    basis_bps=-5.0,
    atr_1h=410.0,
)


def episode(lead: Member | None = None, *others: Member, **changes: object) -> Episode:
    """An open flush of BTC; `changes` replace fields."""
    lead = lead or member()
    whole = Episode(
        id="2026-01-19-BTC-1",
        coin=lead.coin,
        side="long",
        kind="long_flush",
        scope="market" if others else "coin",
        state="active",
        onset_ms=ONSET_MS,
        peak_ms=ONSET_MS + 40 * MINUTE_MS,
        score=lead.score,
        peak_score=lead.peak_score,
        band="flush",
        confidence=lead.confidence,
        price_only=lead.price_only,
        members={one.coin: one for one in (lead, *others)},
        legs=[Leg(ONSET_MS, None, ONSET_MS, 61.2, 53.6e6, 92_210.0)],
        before=BEFORE,
        venues={
            "binance liquidation": "partial",
            "bybit liquidation": "live",
            "hyperliquid oi": f"missing since {ONSET_MS - 60 * MINUTE_MS}",
        },
        settings_revision=14,
    )
    return msgspec.structs.replace(whole, **changes)


def row_of(flush: Episode) -> EpisodeRow:
    """The flush as the store keeps it."""
    body = msgspec.json.encode(flush).decode()
    return EpisodeRow(
        flush.id, flush.coin, flush.side, flush.onset_ms, flush.ended_ms, flush.peak_score, flush.band, body
    )
