"""The chart of /funding: what one coin paid in each eight hours of the last four days, venue by venue."""

from __future__ import annotations

from bot.alerts.venue_names import venue_name
from bot.market.view import VenuePast
from bot.message import ChartRequest, ChartVenue, Count, Moment, Name, Phrase, Phrases, Rate, Value
from commands.phrases import say

LEAST_WINDOWS = 2


def funding_chart(coin: str, told: VenuePast) -> ChartRequest | None:
    """A row of cells for each venue of which payments are known; None where none are."""
    if not told.funding_8h or len(told.funding_end_ms) < LEAST_WINDOWS:
        return None
    values: dict[str, Value] = {
        "coin": Name(coin),
        "from": Moment(told.funding_end_ms[0], "both"),
        "to": Moment(told.funding_end_ms[-1], "both"),
        "venues": Phrases(tuple(_in_words(venue, rates) for venue, rates in told.funding_8h.items()), "list"),
    }
    return ChartRequest(
        title=say("funding-chart-title", **values),
        alt=say("funding-chart-alt", **values),
        times_ms=told.funding_end_ms,
        price=(),
        form="heat",
        venues=tuple(ChartVenue(venue_name(venue), rates) for venue, rates in told.funding_8h.items()),
    )


def _in_words(venue: str, rates: tuple[float | None, ...]) -> Phrase:
    """The lowest and the highest rate, and how many of the eight hours are not known."""
    known = [rate for rate in rates if rate is not None]
    values: dict[str, Value] = {"venue": venue_name(venue), "low": Rate(min(known)), "high": Rate(max(known))}
    if len(known) == len(rates):
        return say("funding-chart-venue", **values)
    return say("funding-chart-venue-gaps", **values, unknown=Count(len(rates) - len(known)), all=Count(len(rates)))
