"""One venue, looked after from its list of contracts to its last socket; what fails here costs no other venue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import aiohttp

from bot.errors import VenueDown, VenueError
from bot.market.facts import Fact
from bot.market.live.health import Health
from bot.market.live.listing import Listing
from bot.market.live.merge import Merge
from bot.market.live.patience import jittered, wait_after
from bot.market.live.poller import Poller
from bot.market.live.sockets import Sockets
from bot.market.live.ticks import Ticks
from bot.market.live.wire import Wire
from bot.market.venues.venue import Terms, Venue

log = logging.getLogger(__name__)

LISTED_S = 3600.0
"""How often contracts are listed again."""
BROKEN_S = 60.0


class Station:
    """A venue's list, polls and sockets. `listed` is called when its contracts are known, and each time they change."""

    def __init__(
        self,
        venue: Venue,
        wire: Wire,
        merge: Merge,
        health: Health,
        put: Callable[[Iterable[Fact]], None],
        now_ms: Callable[[], int],
    ) -> None:
        self.venue = venue
        self.wire = wire
        self.listing = Listing(venue, wire, now_ms)
        self._health = health
        self._poller = Poller(venue, wire, self.listing, merge, health, put, now_ms)
        self._sockets = Sockets(venue, self.listing, merge, health, put, now_ms)

    async def run(
        self,
        session: aiohttp.ClientSession,
        ticks: Ticks,
        addresses: Mapping[str, str] | None,
        listed: Callable[[], None],
    ) -> None:
        """Work until cancelled; what nobody foresaw is logged, and the venue begins again after a minute."""
        polling = False
        try:
            while True:
                try:
                    await self._list()
                    listed()
                    await self._sockets.update(session, addresses)
                    if not polling:
                        await self._begin(ticks)
                        polling = True
                    await asyncio.sleep(jittered(LISTED_S, 0.1))
                except Exception:  # one venue must not end the others
                    log.exception("%s broke", self.venue.name)
                    await asyncio.sleep(BROKEN_S)
        finally:
            await asyncio.gather(self._poller.stop(), self._sockets.stop())

    def note_heard(self) -> None:
        """Tell the health when the sockets were heard last."""
        self._sockets.note_heard()

    async def _begin(self, ticks: Ticks) -> None:
        for terms in self.venue.terms:
            ticks.every(terms.every_s, partial(self._renew, terms), first_s=terms.every_s)
        await self._poller.start(ticks)

    async def _list(self) -> None:
        """Ask for the contracts until they are known; a list that fails later leaves the one of before."""
        failures = 0
        while True:
            try:
                await self.listing.load()
                break
            except VenueError as error:
                failures += 1
                self._unlisted(error)
                if self.listing.known:
                    return
                least_s = error.retry_after_s if isinstance(error, VenueDown) else 0.0
                await asyncio.sleep(max(least_s, wait_after(failures)))
        for terms in self.venue.terms:
            await self._renew(terms)

    async def _renew(self, terms: Terms) -> None:
        try:
            await self.listing.load_terms(terms)
        except VenueError as error:
            self._health.reports.once(f"{self.venue.name} terms", str(error), about=type(error).__name__)

    def _unlisted(self, error: VenueError) -> None:
        """Without contracts nothing of the venue can be read: all its feeds are down."""
        if self.listing.known:
            self._health.reports.once(f"{self.venue.name} contracts", str(error), about=type(error).__name__)
            return
        state = error.state if isinstance(error, VenueDown) else "stale"
        for part in [*(part for parts in self._poller.parts.values() for part in parts), *self._sockets.waiting]:
            self._health.lost(part, state, str(error))
