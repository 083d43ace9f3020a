"""Venues that are asked and not listened to: their lists of contracts, and what is traded most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import NamedTuple

import aiohttp

from bot.errors import VenueError
from bot.market.live.listing import Listing
from bot.market.live.past import patiently
from bot.market.live.reports import Reports
from bot.market.live.wire import TIMEOUT, Wire
from bot.market.venues.venue import Venue


class Source(NamedTuple):
    """One venue, what asks it, and its contracts once they are loaded."""

    venue: Venue
    wire: Wire
    listing: Listing


@asynccontextmanager
async def opened_sources(
    venues: Sequence[Venue], now_ms: Callable[[], int], addresses: Mapping[str, str] | None = None
) -> AsyncIterator[list[Source]]:
    """The venues, those at one address with one budget; `addresses` lead a test to its own servers."""
    wires: dict[str, Wire] = {}
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        for venue in venues:
            wires.setdefault(venue.rest, Wire(venue, session, addresses))
        yield [Source(one, wires[one.rest], Listing(one, wires[one.rest], now_ms)) for one in venues]


async def load(source: Source, now_ms: Callable[[], int], reports: Reports) -> None:
    """Learn the contracts, their terms and what is traded how much; raises `VenueError` where there are no contracts.

    Terms and turnover that cannot be had are told to `reports`.
    """
    venue, listing = source.venue, source.listing
    await patiently(listing.load)
    try:
        for terms in venue.terms:
            await patiently(partial(listing.load_terms, terms))
        for poll in venue.polls:
            for request in poll.requests(listing.leading, 0) if "turnover" in poll.feeds else ():
                body = await patiently(partial(source.wire.get, request))
                listing.note(poll.parse(body, listing.leading, now_ms(), request.symbol).facts)
    except VenueError as error:
        reports.once(f"{venue.name} contracts", str(error))


def most_traded(sources: Sequence[Source], count: int) -> list[str]:
    """The coins with the highest turnover on all perpetuals together, on spot where there are no perpetuals."""
    perpetuals = [source for source in sources if source.venue.market == "perp"]
    usd: dict[str, float] = defaultdict(float)
    for source in perpetuals or sources:
        for coin, traded_usd in source.listing.traded_usd.items():
            usd[coin] += traded_usd
    return sorted(usd, key=lambda coin: (-usd[coin], coin))[:count]
