"""What venues tell of the past: a history of one contract, with all its pages in order, each fact once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from bot.errors import VenueDown, VenueError
from bot.market.facts import Fact, Funding
from bot.market.live.listing import Listing
from bot.market.live.reports import Reports
from bot.market.live.wire import Wire
from bot.market.venues.past import HOUR_MS, following
from bot.market.venues.venue import Instrument, Parsed, Past, Refused, Request, Venue

SHARE = 0.5
"""Part of a venue's budget that goes into its past: the rest stays free for what happens now."""
TRIES_MORE = 3
LONGEST_WAIT_S = 600.0
"""A venue that wants to be left alone for longer is not waited for; Bybit's 10 minutes are the longest usual."""
LONGEST_INTERVAL_MS = 24 * HOUR_MS
"""Between two payments of funding: so much earlier they are asked for, so that the first tells its interval."""
# Calls begin and end between full hours and five minutes. No fact is near, so that it makes no difference whether a
# venue counts its bounds in or rounds them to seconds, and a payment stamped late stays on its page.
OFF_GRID_MS = HOUR_MS // 2 + 150_000
EDGE_MS = 300_000
"""What is about to be forgotten is not asked for: a call that begins too far back is refused whole."""
AHEAD_MS = 1000
"""Some venues are asked by the full second and leave the last one out."""
Answer = TypeVar("Answer")


class Asked(NamedTuple):
    """One history of one contract."""

    venue: Venue
    wire: Wire
    instrument: Instrument
    past: Past


class Listed(Protocol):
    """A venue whose contracts are known: a station, or a source that is asked and not listened to."""

    @property
    def venue(self) -> Venue:
        """What is said of the venue."""

    @property
    def wire(self) -> Wire:
        """What asks it."""

    @property
    def listing(self) -> Listing:
        """Its contracts."""


def asked(stations: Sequence[Listed], coins: Sequence[str], *, feeds: Collection[str], span_s: int) -> list[Asked]:
    """The histories that tell of these coins, coin by coin, of each venue's leading contract.

    Where a venue tells a feed in several spans it is the one of `span_s`, else the next longer, else the longest.
    """
    leading = [{one.base: one for one in station.listing.leading.values()} for station in stations]
    chosen = [list(_chosen(station.venue.past, feeds, span_s)) for station in stations]
    return [
        Asked(station.venue, station.wire, contracts[coin], past)
        for coin in coins
        for station, contracts, pasts in zip(stations, leading, chosen, strict=True)
        if coin in contracts
        for past in pasts
    ]


def _chosen(pasts: Iterable[Past], feeds: Collection[str], span_s: int) -> Iterator[Past]:
    best: dict[str, tuple[tuple[bool, int], Past]] = {}
    for past in pasts:
        if past.feed in feeds:
            told_s = past.span_s or span_s
            ranked = (told_s < span_s, abs(told_s - span_s)), past
            if past.feed not in best or ranked[0] < best[past.feed][0]:
                best[past.feed] = ranked
    return (past for _rank, past in best.values())


async def fetch_past(
    one: Asked, from_ms: int, to_ms: int, now_ms: int, *, share: float = SHARE, reports: Reports | None = None
) -> list[Fact]:
    """All facts that became known after `from_ms` and up to `to_ms`, oldest first, each once.

    What lies further back than the venue tells is left out, with up to an hour at that edge. A row or page that cannot
    be read is told to `reports` and costs no other. Raises `VenueDown` when the venue refuses this place, or does not
    answer a call that was made four times, as late as it wants; `VenueError` when no page can be read.
    """
    begin_ms, end_ms = _bounds(one.past, from_ms, to_ms, now_ms)
    if from_ms >= min(to_ms, now_ms) or begin_ms >= end_ms:
        return []
    oldest_ms = from_ms if one.past.longest_ms is None else max(from_ms, now_ms - one.past.longest_ms)
    requests = one.past.requests(one.instrument, begin_ms, end_ms)
    pages = await _pages(one, requests, share)
    facts = _merged(one, pages, now_ms, Reports() if reports is None else reports)
    return [fact for fact in facts if oldest_ms < fact.t <= to_ms]


async def patiently(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Ask until there is an answer, at most three times more, as late as the venue wants; raises `VenueError`."""
    for _ in range(TRIES_MORE):
        try:
            return await ask()
        except VenueDown as down:
            if down.state == "blocked" or down.retry_after_s > LONGEST_WAIT_S:
                raise
            await asyncio.sleep(down.retry_after_s)
    return await ask()


def _bounds(past: Past, from_ms: int, to_ms: int, now_ms: int) -> tuple[int, int]:
    """What to ask for: more than is wanted, since bars are asked for by their start and told at their end."""
    sooner_ms = LONGEST_INTERVAL_MS if past.interval_by_gap else (past.span_s or 0) * 1000
    begin_ms = _off_grid(from_ms - sooner_ms)
    if past.longest_ms is not None:
        begin_ms = max(begin_ms, _off_grid(now_ms - past.longest_ms + EDGE_MS) + HOUR_MS)
    ahead_ms = now_ms + AHEAD_MS
    return begin_ms, ahead_ms if past.back_from_now else min(_off_grid(to_ms) + HOUR_MS, ahead_ms)


def _off_grid(t_ms: int) -> int:
    """The last moment up to this one that is between full hours and five minutes."""
    return (t_ms - OFF_GRID_MS) // HOUR_MS * HOUR_MS + OFF_GRID_MS


Page = tuple[Request, bytes | VenueError]


async def _pages(one: Asked, requests: Sequence[Request], share: float) -> list[Page]:
    """Each call with its answer, or why it was refused, oldest first."""
    newest_first = one.past.back_from_now  # a payment that comes meanwhile moves all to later pages
    pages: list[Page] = []
    for request in reversed(requests) if newest_first else requests:
        try:
            pages.append((request, await patiently(partial(one.wire.get, request, share=share))))
        except VenueDown:
            raise
        except VenueError as error:
            pages.append((request, error))
    return pages[::-1] if newest_first else pages


def _merged(one: Asked, pages: Sequence[Page], now_ms: int, reports: Reports) -> list[Fact]:
    """The facts of pages in their order: each once. Raises `VenueError` when no page can be read."""
    facts: dict[int, Fact] = {}
    instrument, last, errors = one.instrument, None, list[VenueError]()
    for request, answer in pages:
        if isinstance(last, Funding) and one.past.interval_by_gap:
            instrument = instrument._replace(funding_h=last.interval_h)  # what a payment alone on its page goes by
        try:
            parsed = _parsed(one.past, instrument, request, answer, now_ms)
        except VenueError as error:
            errors.append(error)
            parsed = Parsed(refused=[Refused(f"{instrument.symbol}, a page", str(error))])
        reports.refused(f"{one.venue.name} past {one.past.name}", parsed.refused)
        fresh = [fact for fact in sorted(parsed.facts, key=lambda fact: fact.t) if fact.t not in facts]
        if fresh and one.past.interval_by_gap and isinstance(last, Funding) and isinstance(fresh[0], Funding):
            fresh[0] = following(last, fresh[0])
        facts |= {fact.t: fact for fact in fresh}
        last = fresh[-1] if fresh else last
    if errors and len(errors) == len(pages):
        raise errors[-1]
    return [facts[t_ms] for t_ms in sorted(facts)]


def _parsed(past: Past, instrument: Instrument, request: Request, answer: bytes | VenueError, now_ms: int) -> Parsed:
    if isinstance(answer, VenueError):
        raise answer
    return past.parse(answer, {instrument.symbol: instrument}, now_ms, request.symbol)
