"""A market written slot by slot, as the engine writes it, and an episode in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from bot.flush.episode import Before, Episode, Member
from bot.market.facts import Bar, Funding, Side
from bot.market.history import HOUR_MS, SLOT_MS, History

ONSET_MS = int(datetime(2026, 1, 19, tzinfo=UTC).timestamp()) * 1000
NAN = float("nan")


def history_of(
    start_ms: int,
    closes: Sequence[float],
    *,
    interest: Mapping[str, Sequence[float]] | None = None,
    funding_8h: Sequence[float] | None = None,
    facts: Iterable[Bar | Funding] = (),
) -> History:
    """BTC with one close a slot from the slot that ends at `start_ms` on; NaN is a slot that nothing was told in."""
    history = History()
    venues = {venue: place for place, venue in enumerate(interest or {})}
    for number, close in enumerate(closes):
        place = history.enter({"BTC": 0}, venues, start_ms + number * SLOT_MS)
        rate = funding_8h[number] if funding_8h else NAN
        history.write(place, np.array([[close], [close], [close], [NAN], [rate]]))
        if interest:
            history.write_open_interest(place, np.array([[values[number] for values in interest.values()]]))
    for fact in facts:
        history.apply(fact)
    return history


def settled(at_ms: int, rate: float, venue: str = "binance", interval_h: float = 8) -> Funding:
    """One funding payment."""
    return Funding(t=at_ms, venue=venue, base="BTC", rate=rate, interval_h=interval_h, settled=True)


def before(at_ms: int = ONSET_MS, **known: object) -> Before:
    """A frozen state in which only what is given is known."""
    values: dict[str, object] = {
        "price": None,
        "high_6h": None,
        "low_6h": None,
        "high_24h": None,
        "low_24h": None,
        "open_interest": {},
        "open_interest_of_high": None,
        "funding_8h": {},
        "funding_weighted_8h": None,
        "basis_bps": None,
        "atr_1h": None,
    }
    return Before(at_ms=at_ms, **(values | known))  # type: ignore[arg-type]  # the fields are those of Before


def episode(
    extreme: tuple[float, int],
    state: Before | None,
    *,
    side: Side = "long",
    ended_ms: int | None = None,
    anchor_ms: int = ONSET_MS,
) -> Episode:
    """A flush of BTC from ONSET_MS on with its (price, ms) extreme."""
    member = Member(
        coin="BTC",
        onset_ms=ONSET_MS,
        score=58.0,
        peak_score=61.0,
        confidence=0.7,
        price_only=False,
        long_usd=8e7,
        short_usd=3e6,
        largest_usd=None,
        prints=None,
        reference_price=100.0,
        price=extreme[0],
        extreme_price=extreme[0],
        extreme_ms=extreme[1],
        open_interest_before=None,
        open_interest_now=None,
        open_interest_least=None,
        open_interest_venues=(),
        intensity=None,
        components={},
        ended_ms=ended_ms,
    )
    return Episode(
        id="2026-01-19-BTC-1",
        coin="BTC",
        side=side,
        kind="long_flush" if side == "long" else "short_squeeze",
        scope="coin",
        state="ended" if ended_ms else "active",
        onset_ms=ONSET_MS,
        peak_ms=anchor_ms,
        score=58.0,
        peak_score=61.0,
        band="flush",
        confidence=0.7,
        price_only=False,
        members={"BTC": member},
        legs=[],
        anchor_ms=anchor_ms,
        ended_ms=ended_ms,
        before=state,
    )


def ramp(points: Sequence[tuple[float, float]]) -> list[float]:
    """Closes of every slot from the first to the last of (hours since onset, price), straight lines between."""
    first, last = points[0][0], points[-1][0]
    count = round((last - first) * HOUR_MS / SLOT_MS) + 1
    hours = [first + number * SLOT_MS / HOUR_MS for number in range(count)]
    return [float(value) for value in np.interp(hours, [at for at, _ in points], [price for _, price in points])]


def at(hours: float) -> int:
    """UTC ms of a moment in hours since onset."""
    return ONSET_MS + round(hours * HOUR_MS)
