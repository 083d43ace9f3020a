"""The live market: all venues at once, as one stream of facts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import aiohttp

from bot.market.facts import Fact, Feed
from bot.market.live.health import Coverage, Gap, Health, Key
from bot.market.live.merge import Merge
from bot.market.live.prices import Pair
from bot.market.live.station import Station
from bot.market.live.steady import SteadyClock
from bot.market.live.ticks import Ticks
from bot.market.live.waiting import Waiting
from bot.market.live.wire import TIMEOUT, Wire
from bot.market.venues.venue import Venue

REVIEW_S = 5.0
CLOSURES = "liquidation"


class LiveMarket:
    """Listens to `venues` while it is entered. `now_ms` tells the time; `addresses` lead a test to its own servers.

    The `t` of facts never goes back, whatever the clock does, except for bars and totals, which carry their own end.
    """

    def __init__(
        self, venues: Sequence[Venue], now_ms: Callable[[], int], addresses: Mapping[str, str] | None = None
    ) -> None:
        self._venues = venues
        self._clock = SteadyClock(now_ms)
        self._addresses = addresses
        self._waiting = Waiting()
        self._merge = Merge(venues)
        self._health = Health(self.now_ms, self._tell)
        self._stations: list[Station] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._session: aiohttp.ClientSession | None = None
        self._ticks = Ticks()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        wires: dict[str, Wire] = {}
        for venue in self._venues:
            wire = wires.setdefault(venue.rest, Wire(venue, self._session, self._addresses))
            self._stations.append(Station(venue, wire, self._merge, self._health, self._waiting.put, self.now_ms))
        self._ticks.start()
        for station in self._stations:
            work = station.run(self._session, self._ticks, self._addresses, self._share_coins)
            self._tasks.append(asyncio.create_task(work, name=station.venue.name))
        self._tasks.append(asyncio.create_task(self._review(), name="review"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._ticks.shutdown(wait=False)
        await asyncio.sleep(0)  # the scheduler ends in the loop's next turn
        if self._session is not None:
            await self._session.close()
        self._waiting.close()

    async def facts(self) -> AsyncIterator[Fact]:
        """Every fact in the order in which it became known, until the market is left."""
        while (fact := await self._waiting.get()) is not None:
            yield fact

    async def heard(self, wait_s: float) -> list[Fact]:
        """Every fact since the last call, waited for at most so long; empty when nothing came."""
        return await self._waiting.take(wait_s)

    def now_ms(self) -> int:
        """The time here, which goes on where the clock was set back."""
        return self._clock.now_ms()

    @property
    def stations(self) -> Sequence[Station]:
        """The venues with their lists and wires: for whoever asks for their past."""
        return self._stations

    @property
    def unread(self) -> int:
        """Facts that wait for their reader."""
        return len(self._waiting)

    @property
    def replaced(self) -> int:
        """Values that gave way to newer ones because the reader fell far behind; closures never do."""
        return self._waiting.replaced

    @property
    def left_out(self) -> list[Pair]:
        """Coins of venues whose price is not that of the others."""
        return self._merge.prices.left_out()

    def coverage(self) -> list[Coverage]:
        """How every feed stands, by venue and kind."""
        for station in self._stations:
            station.note_heard()
        return self._health.coverage()

    def gaps(self, venue: str | None = None, feed: str | None = None) -> list[Gap]:
        """Times in which a feed was not heard, oldest first."""
        return self._health.gaps(venue, feed)

    def _tell(self, feed: Feed) -> None:
        self._waiting.put([feed])

    def _share_coins(self) -> None:
        """Spot markets tell of coins that have a perpetual somewhere."""
        coins = frozenset[str]().union(*(s.listing.coins for s in self._stations if s.venue.market == "perp"))
        for station in self._stations:
            if station.venue.market == "spot":
                station.listing.want(coins)

    async def _review(self) -> None:
        """What is not said by any single answer: who is back, and whose sides are wrong."""
        distrusted: set[str] = set()
        while True:
            await asyncio.sleep(REVIEW_S)
            wrong = set(self._merge.signs.unverified)
            for venue in wrong - distrusted:
                self._health.distrust(Key(venue, CLOSURES), "its sides contradict prices")
            for venue in distrusted - wrong:
                self._health.trust(Key(venue, CLOSURES))
            distrusted = wrong
            self._health.settle()
