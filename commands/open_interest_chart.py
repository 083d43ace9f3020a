"""The chart of /oi: the open interest of one coin over up to seven days, venue by venue."""

from __future__ import annotations

from bot.alerts.venue_names import venue_name
from bot.market.view import CoinView, VenuePast
from bot.message import ChartRequest, ChartVenue, Coins, Count, Name, Percent, Phrase, Phrases, Value
from commands.phrases import say

Column = tuple[float | None, ...]
HOUR_MS = 3_600_000
LEAST_POINTS = 2
MOST_VENUES = 8


def interest_chart(coin: CoinView, told: VenuePast) -> ChartRequest | None:
    """Every full hour and what is told now, largest venue first; None while less than two moments are known."""
    now = {row.venue: row.coins if row.missing_since_ms is None else None for row in coin.open_interest}
    later = bool(told.interest_end_ms) and coin.as_of_ms > told.interest_end_ms[-1]
    times_ms = (*told.interest_end_ms, coin.as_of_ms) if later else told.interest_end_ms
    columns = {venue: (*values, now.get(venue)) if later else values for venue, values in told.open_interest.items()}
    shown = sorted(columns, key=lambda venue: (-_last(columns[venue]), venue))[:MOST_VENUES]
    if len(times_ms) < LEAST_POINTS or not shown:
        return None
    values: dict[str, Value] = {
        "coin": Name(coin.coin),
        "hours": Count(round((times_ms[-1] - times_ms[0]) / HOUR_MS)),
        "venues": Phrases(tuple(_in_words(coin.coin, venue, columns[venue]) for venue in shown), "list"),
    }
    return ChartRequest(
        title=say("oi-chart-title", **values),
        alt=say("oi-chart-alt", **values),
        times_ms=times_ms,
        price=(),
        form="venues",
        venues=tuple(ChartVenue(venue_name(venue), columns[venue]) for venue in shown),
    )


def _in_words(coin: str, venue: str, column: Column) -> Phrase:
    """The first and the last known amount, and whether it is silent now."""
    known = [coins for coins in column if coins is not None]
    values: dict[str, Value] = {"venue": venue_name(venue), "last": Coins(known[-1], coin)}
    if column[-1] is None:
        return say("oi-chart-venue-missing", **values)
    if not known[0]:
        return say("oi-chart-venue-new", **values)
    return say("oi-chart-venue", **values, change=Percent(known[-1] / known[0] - 1, signed=True))


def _last(column: Column) -> float:
    return next((coins for coins in reversed(column) if coins is not None), 0.0)
