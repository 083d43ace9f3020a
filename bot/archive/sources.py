"""Where the figures of a flush come from: which exchanges told what, when they were not heard, and by which rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from bot.alerts.card_words import coin_names, told_usd
from bot.alerts.venue_names import in_two_rows, venue_name
from bot.flush.episode import Episode, VenueTold
from bot.market.gaps import Gap
from bot.message import Count, Moment, Names, Phrase, Phrases, Row, Usd, Value

MOST_COINS = 3


def source_rows(episode: Episode) -> Iterator[Row]:
    """Liquidations, open interest and funding by exchange; what is not known is left out here and named by the card."""
    told = tuple(_told(row, of_coins=of_coins) for row, of_coins in _apart(episode.told))
    if told:
        yield Row(Phrase("report-source-liquidations", {"venues": Phrases(told)}))
    yield from _named("report-source-interest", episode.lead.open_interest_venues)
    if episode.before is not None:
        yield from _named("report-source-before", episode.before.open_interest)
        yield from _named("report-source-funding", episode.before.funding_8h)
    for gap in episode.gaps:
        yield Row(_gap(gap))
    yield Row(Phrase("report-source-revision", {"n": Count(episode.settings_revision)}), "muted")


def _apart(told: Collection[VenueTold]) -> Iterator[tuple[VenueTold, bool]]:
    """In order of the names, each with whether it has to say of which coins it is.

    Of a flush kept before coins were noted, an exchange that told nothing beside the sum it is in stands in that alone.
    """
    several = in_two_rows(told)
    for row in sorted(told, key=lambda row: row.venue):
        if row.coins or row.observed_usd is not None or row not in several:
            yield row, row in several and bool(row.coins)


def _told(row: VenueTold, *, of_coins: bool) -> Phrase:
    venue: Value = venue_name(row.venue)
    if of_coins:
        venue = Phrase("report-source-of", {"venue": venue, "coins": coin_names(row.coins, MOST_COINS)})
    if row.observed_usd is None:
        return Phrase("report-source-venue-none", {"venue": venue})
    least = row.tells != "complete" or row.lost
    usd = told_usd(row.observed_usd) if least else Usd(row.observed_usd)
    return Phrase("report-source-venue", {"venue": venue, "usd": usd})


def _named(key: str, venues: Iterable[str]) -> Iterator[Row]:
    names = tuple(venue_name(venue).text for venue in sorted(venues))
    if names:
        yield Row(Phrase(key, {"venues": Names(names)}))


def _gap(gap: Gap) -> Phrase:
    values: dict[str, Value] = {"venue": venue_name(gap.venue), "from": Moment(gap.from_ms, "both")}
    if gap.to_ms is None:
        return Phrase("report-source-gap-open", values)
    return Phrase("report-source-gap", {**values, "to": Moment(gap.to_ms, "both")})
