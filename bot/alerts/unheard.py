"""What was not heard, in words: gaps of liquidation feeds, and why totals are below those of aggregators."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from bot.alerts.moments import moment
from bot.alerts.venue_names import venue_name
from bot.market.gaps import Gap
from bot.message import Count, Names, Phrase, Phrases, Value

MINUTE_MS = 60_000
MOST_NAMES = 3

Times = tuple[int, int | None]


def times_of(gaps: Iterable[Gap]) -> dict[Times, list[str]]:
    """Venues by the whole minutes that hold their gaps, (begin, end in UTC ms); those that last, then the newest."""
    times: dict[Times, list[str]] = {}
    for gap in sorted(gaps, key=lambda gap: gap.venue):
        begin_ms = gap.from_ms // MINUTE_MS * MINUTE_MS
        end_ms = None if gap.to_ms is None else max(-(-gap.to_ms // MINUTE_MS) * MINUTE_MS, begin_ms + MINUTE_MS)
        times.setdefault((begin_ms, end_ms), []).append(gap.venue)
    return dict(sorted(times.items(), key=lambda item: (item[0][1] is not None, -item[0][0])))


def spans(times: Mapping[Times, Collection[str]], now_ms: int, most: int) -> Phrases:
    """Each time with its venues; beyond `most` they are counted."""
    told = [_span(time, venues, now_ms) for time, venues in list(times.items())[:most]]
    if len(times) > most:
        told.append(Phrase("unheard-more", {"n": Count(len(times) - most)}))
    return Phrases(tuple(told), "list")


def blind(gaps: Iterable[Gap], now_ms: int, most: int = 3) -> Iterator[Phrase]:
    """When liquidations were not heard and sums are too low by what happened then; nothing where they always were."""
    times = times_of(gaps)
    if times:
        yield Phrase("unheard-blind", {"spans": spans(times, now_ms, most), "n": Count(len(times))})


def below(throttled: Collection[str], untold: Collection[str]) -> Phrase:
    """Why totals are below those of aggregators: venues that show only some liquidations, or none, or are not here."""
    why = [Phrase("unheard-throttled", {"venues": _names(throttled), "n": Count(len(throttled))})] if throttled else []
    why += [Phrase("unheard-none", {"venues": _names(untold)})] if untold else []
    return Phrase("unheard-below", {"why": Phrases((*why, Phrase("unheard-others")), "list")})


def _span(time: Times, venues: Collection[str], now_ms: int) -> Phrase:
    begin_ms, end_ms = time
    named = _names(venues) if len(venues) <= MOST_NAMES else Phrase("unheard-many", {"n": Count(len(venues))})
    values: dict[str, Value] = {"venues": named, "from": moment(begin_ms, now_ms)}
    if end_ms is None:
        return Phrase("unheard-since", values)
    return Phrase("unheard-span", {**values, "to": moment(end_ms, begin_ms)})


def _names(venues: Collection[str]) -> Names:
    return Names(tuple(venue_name(venue).text for venue in venues))
