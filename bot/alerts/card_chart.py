"""The chart of a card: price, liquidations and open interest from 6 h before the flush to now."""

from __future__ import annotations

from bot.alerts.card_levels import touched
from bot.alerts.card_words import kind_phrase
from bot.alerts.chart_columns import chart_columns
from bot.flush.episode import Episode
from bot.market.history import HOUR_MS, Past
from bot.message import ChartLine, ChartRequest, Moment, Name, Percent, Phrase, Phrases, Price, Usd, Value

LEAD_MS = 6 * HOUR_MS


def chart(episode: Episode, past: Past) -> ChartRequest | None:
    """The coin it is about, its flush shaded and the levels it touched; None when no price is known.

    Its open interest is that of the exchanges whose figures the card has.
    """
    columns = chart_columns(past, episode.coin, episode.onset_ms - LEAD_MS, episode.lead.open_interest_venues)
    if columns is None:
        return None
    return ChartRequest(
        title=Phrase("card-chart-title", {"coin": Name(episode.coin), "kind": kind_phrase(episode)}),
        alt=_alt(episode, columns.times_ms[0], columns.times_ms[-1]),
        times_ms=columns.times_ms,
        price=columns.price,
        long_usd=columns.long_usd,
        short_usd=columns.short_usd,
        open_interest=columns.open_interest,
        window_ms=(episode.onset_ms, min(episode.ended_ms or past.as_of_ms, past.as_of_ms)),
        lines=tuple(ChartLine(level.price, Phrase(level.source)) for level in touched(episode)),
    )


def _alt(episode: Episode, start_ms: int, end_ms: int) -> Phrase:
    lead = episode.lead
    move: dict[str, Value] = {
        "reference": Price(lead.reference_price),
        "extreme": Price(lead.extreme_price),
        "move": Percent(lead.extreme_price / lead.reference_price - 1, signed=True),
        "price": Price(lead.price),
    }
    shown = [Phrase("card-chart-price", move)]
    usd = (lead.long_usd or 0.0) + (lead.short_usd or 0.0)
    if usd:
        shown.append(Phrase("card-chart-liquidated", {"usd": Usd(usd, at_least=True)}))
    if lead.open_interest_before and lead.open_interest_now is not None:
        change = Percent(lead.open_interest_now / lead.open_interest_before - 1, signed=True)
        shown.append(Phrase("card-chart-open-interest", {"change": change}))
    values: dict[str, Value] = {
        "coin": Name(episode.coin),
        "from": Moment(start_ms, "both"),
        "to": Moment(end_ms, "both"),
        "shown": Phrases(tuple(shown), "list"),
    }
    return Phrase("card-chart-alt", values)
