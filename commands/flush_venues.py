"""What each exchange told of a flush, and what it may have been in all."""

from __future__ import annotations

from collections.abc import Iterator

from bot.alerts.card_footing import two_figures
from bot.alerts.card_words import coin_names, told_usd
from bot.alerts.venue_names import in_two_rows, venue_name
from bot.flush.episode import Episode, Forced, VenueTold
from bot.message import Count, Percent, Phrase, Phrases, Row, Usd, Value
from commands.phrases import muted, say

NEXT_TO_NOTHING = 1.02
"""An estimate that adds less than this to what was seen is not told apart from it."""
MOST_COINS = 3


def venue_rows(episode: Episode) -> Iterator[Row]:
    """Seen and estimated by exchange, the largest first, and which share of open interest was taken for forced.

    An exchange may tell one coin by itself and another within a sum: then each of its rows says of which coins it is.
    """
    if not episode.told:
        return
    told = sorted(episode.told, key=lambda row: (-(row.high_usd or 0.0), row.venue))
    several = in_two_rows(told)
    yield Row(say("flush-venues", parts=Phrases(tuple(_venue(row, of_coins=row in several) for row in told))))
    if episode.forced is not None:
        yield _forced(episode.forced)


def _venue(row: VenueTold, *, of_coins: bool) -> Phrase:
    how = _how(row)
    if of_coins and row.coins:
        how = say("flush-venue-of", how=how, coins=coin_names(row.coins, MOST_COINS))
    values: dict[str, Value] = {"venue": venue_name(row.venue), "how": how}
    if row.high_usd is None or row.low_usd is None:
        return say("flush-venue-unknown", **values)
    low_usd, high_usd = two_figures(row.low_usd), two_figures(row.high_usd)
    if row.observed_usd is None:
        return say("flush-venue-implied", **values, low=Usd(low_usd), high=Usd(high_usd))
    floor = row.tells != "complete" or row.lost
    values["usd"] = told_usd(row.observed_usd) if floor else Usd(row.observed_usd)
    if row.high_usd <= NEXT_TO_NOTHING * row.observed_usd:
        return say("flush-venue-seen", **values)
    if low_usd == high_usd:
        return say("flush-venue-about", **values, high=Usd(high_usd))
    if row.low_usd <= NEXT_TO_NOTHING * row.observed_usd or low_usd <= row.observed_usd:
        return say("flush-venue-most", **values, high=Usd(high_usd))
    return say("flush-venue-range", **values, low=Usd(low_usd), high=Usd(high_usd))


def _how(row: VenueTold) -> Phrase:
    how = say(f"flush-venue-{row.tells}")
    how = say("flush-venue-full", how=how) if row.saturated else how
    return say("flush-venue-lost", how=how) if row.lost else how


def _forced(forced: Forced) -> Row:
    shares: dict[str, Value] = {"low": Percent(forced.low, 0), "high": Percent(forced.high, 0)}
    if forced.flushes:
        return muted("flush-forced-learnt", **shares, n=Count(forced.flushes))
    return muted("flush-forced-public", **shares)
