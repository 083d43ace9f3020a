"""The rows of a card about the market: price and levels, open interest, funding, the state before, who led."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bot.aftermath.before import last_known
from bot.aftermath.funding import CROWDED_LONG, CROWDED_SHORT
from bot.aftermath.usual import BEFORE_MS
from bot.alerts.card_levels import MOST_THROUGH, TouchedLevel, touched
from bot.alerts.card_words import join, labelled, times
from bot.alerts.moments import moment
from bot.alerts.venue_names import venue_name
from bot.flush.episode import Episode, Member
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, Past
from bot.message import (
    BasisPoints,
    Coins,
    Count,
    Names,
    Percent,
    Phrase,
    Phrases,
    Price,
    Rate,
    Row,
    Value,
)

# A price this near to the extreme is the extreme, for a reader.
AT_EXTREME = 0.001
# A rank among fewer days says little.
LEAST_RANK_DAYS = 3
TELLING_RANK = 0.75
MOST_VENUES = 2


def price(episode: Episode, past: Past) -> Row:
    """From the high before (the low, for a squeeze) to the extreme and now, and the levels on the way."""
    lead, side = episode.lead, episode.side
    values: dict[str, Value] = {
        "label": labelled(episode, "price"),
        "reference": Price(lead.reference_price),
        "extreme": Price(lead.extreme_price),
        "at": moment(lead.extreme_ms, past.now_ms),
        "move": Percent(lead.extreme_price / lead.reference_price - 1, signed=True),
        "price": Price(lead.price),
        "now": Percent(lead.price / lead.reference_price - 1, signed=True),
    }
    parts = [Phrase(f"card-price-{side}", values)]
    if episode.ended_ms is not None or abs(lead.price / lead.extreme_price - 1) > AT_EXTREME:
        parts.append(Phrase("card-price-now", values))
    parts += _levels(episode, touched(episode))
    return Row(join(parts))


def positions(episode: Episode, past: Past) -> Iterator[Row]:
    """Open interest in coins over the same venues, funding with its last payment, and the basis."""
    parts = [*_open_interest(episode.lead)]
    rate = funding_now(past, episode.coin)
    if rate is not None:
        parts.append(_funding(rate, past, episode.coin))
    basis = basis_now(past, episode.coin)
    if basis is not None:
        usual = episode.before.basis_bps if episode.before else None
        values: dict[str, Value] = {"basis": BasisPoints(basis)}
        if usual is None:
            parts.append(Phrase("card-basis", values))
        else:
            parts.append(Phrase("card-basis-before", {**values, "usual": BasisPoints(usual)}))
    if parts:
        yield Row(join(parts))


def beforehand(episode: Episode, past: Past) -> Iterator[Row]:
    """How full and how crowded it was at onset, from data known then."""
    before = episode.before
    parts: list[Phrase] = []
    values: dict[str, Value]
    if before is not None and before.open_interest_of_high is not None:
        days = _days_of_open_interest(past, episode.coin, before.at_ms)
        values = {"share": Percent(before.open_interest_of_high, 0), "days": Count(days)}
        parts.append(Phrase("card-before-high", values))
    if before is not None and before.funding_weighted_8h is not None:
        rate = before.funding_weighted_8h
        crowded = rate > CROWDED_LONG if episode.side == "long" else -rate > CROWDED_SHORT
        state = f"{'crowded' if crowded else 'not-crowded'}-{episode.side}"
        about = (Phrase(f"card-before-{state}"), *_rank(rate, past, episode.coin, before.at_ms))
        parts.append(Phrase("card-before-funding", {"rate": Rate(rate), "about": Phrases(about, "list")}))
    if parts:
        values = {"label": labelled(episode, "before"), "parts": Phrases(tuple(parts))}
        yield Row(Phrase("card-before", values))


def character(episode: Episode, past: Past) -> Iterator[Row]:
    """Whether perpetuals or spot led, by the last full hour's volume, where that hour belongs to the flush itself."""
    perp, spot = episode.perp_multiple, episode.spot_multiple
    hour_end_ms = past.as_of_ms // HOUR_MS * HOUR_MS
    run = episode.onset_ms <= hour_end_ms and hour_end_ms - HOUR_MS <= episode.peak_ms
    if run and episode.character is not None and perp is not None and spot is not None:
        word = Phrase(f"card-character-{episode.character.replace('_', '-')}")
        values: dict[str, Value] = {"word": word, "perp": times(perp), "spot": times(spot)}
        yield Row(Phrase("card-character", values))


def funding_now(past: Past, coin: str) -> float | None:
    """Funding of the last hour as decimal per 8 h, weighted by open interest."""
    return last_known(past.column(coin, "funding_8h", past.as_of_ms - HOUR_MS, past.as_of_ms)[1])


def basis_now(past: Past, coin: str) -> float | None:
    """Perp against index in basis points, not older than 15 min."""
    return last_known(past.column(coin, "basis_bps", past.as_of_ms - 3 * SLOT_MS, past.as_of_ms)[1])


def _levels(episode: Episode, met: tuple[TouchedLevel, ...]) -> Iterator[Phrase]:
    through = [Price(level.price) for level in met if level.state == "through"]
    if len(through) == MOST_THROUGH:
        yield Phrase("card-levels-through", {"first": through[0], "second": through[1]})
    elif through:
        yield Phrase("card-level-through", {"price": through[0]})
    for level in met:
        if level.state != "through":
            values: dict[str, Value] = {"price": Price(level.price), "extreme": Price(episode.lead.extreme_price)}
            yield Phrase(f"card-level-{level.state}-{episode.side}", values)


def _open_interest(lead: Member) -> Iterator[Phrase]:
    before, now = lead.open_interest_before, lead.open_interest_now
    if before and now is not None and lead.open_interest_venues:
        values: dict[str, Value] = {
            "change": Percent(now / before - 1, signed=True),
            "before": Coins(before, lead.coin),
            "now": Coins(now, lead.coin),
        }
        venues = lead.open_interest_venues
        if len(venues) > MOST_VENUES:
            yield Phrase("card-open-interest-many", {**values, "n": Count(len(venues))})
        else:
            names = Names(tuple(venue_name(venue).text for venue in venues))
            yield Phrase("card-open-interest", {**values, "venues": names})


def _funding(rate: float, past: Past, coin: str) -> Phrase:
    paid = past.settled(coin, past.now_ms - DAY_MS, past.now_ms)
    if not paid:
        return Phrase("card-funding", {"rate": Rate(rate)})
    return Phrase("card-funding-paid", {"rate": Rate(rate), "at": moment(paid[-1].t, past.now_ms)})


def _rank(rate: float, past: Past, coin: str, at_ms: int) -> Iterator[Phrase]:
    """Share of the days before with lower funding, or with higher; nothing where it was somewhere in the middle."""
    _, rates = past.column(coin, "funding_8h", at_ms - BEFORE_MS, at_ms)
    known = rates[~np.isnan(rates)]
    days = round(known.size * SLOT_MS / DAY_MS)
    if days < LEAST_RANK_DAYS:
        return
    for word, share in (("higher", float((known < rate).mean())), ("lower", float((known > rate).mean()))):
        if share >= TELLING_RANK:
            yield Phrase(f"card-before-{word}", {"share": Percent(share, 0), "days": Count(days)})


def _days_of_open_interest(past: Past, coin: str, at_ms: int) -> int:
    ends, told = past.open_interest(coin, at_ms - BEFORE_MS, at_ms)
    first = min((int(ends[~np.isnan(values)][0]) for values in told.values()), default=at_ms)
    return max(1, round((at_ms - first) / DAY_MS))
