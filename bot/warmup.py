"""Learns what is usual from what the venues tell of their past, while the bot already answers.

The past goes the way of the present: facts through a Board into History, features and samples, in a memory of its own
for a few coins at a time, the most traded first. What comes out fills the places that the engine's own memory has
free. Liquidations of the past are told by Gate alone, so that what is usual of them has to be heard first.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from bot.errors import VenueDown
from bot.market.facts import Fact
from bot.market.history import SLOT_MS
from bot.market.live.gathering import Gathering
from bot.market.live.market import LiveMarket
from bot.market.live.past import Asked, asked
from bot.market.live.reports import Reports
from bot.market.live.station import Station
from bot.memory import Memory

log = logging.getLogger(__name__)

SHARE = 0.8
"""Part of a venue's budget that may be used in all: what happens now needs a fifth at most."""
LISTED_S = 60.0
"""How long venues are waited for that do not tell their contracts at the start."""
COINS_AT_ONCE = 5
"""Ten days of so few coins are half a million facts: as much memory as all the rest."""
TRADED_MOST = 20
"""Of so many coins bars are polled (`bot.market.venues`); of the others one venue's are enough for prices."""
ENOUGH = {"bar": 1, "funding": 2}
"""So many venues are asked for a feed of a coin where all would tell much the same."""
BREATH_S = 0.01
"""How long the past may hold up the present."""
SPAN_S = SLOT_MS // 1000

Learn = Callable[[Memory, range], None]
"""Takes in what another memory knows of some slots."""


class Progress(NamedTuple):
    """How many coins are learnt, and of how many: 0 of 0 while the venues' lists are waited for."""

    done: int
    all: int


class Warmup:
    """Passes over the past of `market`, from one UTC ms to another; `progress` is None when none is under way."""

    def __init__(self, market: LiveMarket) -> None:
        self.progress: Progress | None = None
        self._market = market
        self._lost: dict[str, VenueDown] = {}

    async def until_listed(self) -> None:
        """Wait for the contracts of all venues, but not for long."""
        clock = asyncio.get_running_loop().time
        until_s = clock() + LISTED_S
        self.progress = Progress(0, 0)
        listings = [station.listing for station in self._market.stations]
        try:
            while not all(one.traded_usd for one in listings) and clock() < until_s:  # noqa: ASYNC110 -- of many events
                await asyncio.sleep(1.0)
        finally:
            self.progress = None

    async def run(
        self, stations: Sequence[Station], span_ms: tuple[int, int], feeds: Collection[str], learn: Learn
    ) -> set[str]:
        """Fetch what these venues tell of a span; `learn` gets some coins at a time, and the whole slots of the span.

        Returns the titles of venues that were given up on the way.
        """
        self._lost.clear()
        coins = by_turnover(stations)
        slots = range(-(-span_ms[0] // SLOT_MS), span_ms[1] // SLOT_MS)
        said = 0
        try:
            for first in range(0, len(coins), COINS_AT_ONCE):
                self.progress = Progress(first, len(coins))
                if first >= said:
                    log.info("Learning from the past: %d of %d coins", first, len(coins))
                    said = max(2 * first, COINS_AT_ONCE)
                some = coins[first : first + COINS_AT_ONCE]
                todo = [one for coin in some for one in wished(stations, coin, coins, feeds)]
                learn(await lived(await self._gathered(todo, span_ms)), slots)
        finally:
            self.progress = None
        lost = {title(station) for station in stations if station.venue.rest in self._lost}
        without = f", without {', '.join(sorted(lost))}" if lost else ""
        log.info("Learnt from the past: %d coin%s%s", len(coins), "" if len(coins) == 1 else "s", without)
        return lost

    async def _gathered(self, some: Sequence[Asked], span_ms: tuple[int, int]) -> list[Fact]:
        facts: list[Fact] = []
        by_address = defaultdict[str, list[Asked]](list)
        for one in some:
            if one.venue.rest not in self._lost:
                by_address[one.venue.rest].append(one)
        gatherings = {
            address: Gathering(todo, span_ms, self._market.now_ms, lambda _, told: facts.extend(told), Reports(), SHARE)
            for address, todo in by_address.items()
        }
        await asyncio.gather(*(gathering.run() for gathering in gatherings.values()))
        self._lost |= {address: one.lost for address, one in gatherings.items() if one.lost is not None}
        return await asyncio.to_thread(sorted, facts, key=lambda fact: fact.t)  # a tenth of a second for five coins


def title(station: Station) -> str:
    """A venue with its market, since both have pasts of their own."""
    return f"{station.venue.name} {station.venue.market}"


def by_turnover(stations: Sequence[Station]) -> list[str]:
    """Coins that have a perpetual, or of spot markets alone those that are asked for; what is traded most first."""
    perpetuals = [station for station in stations if station.venue.market == "perp"]
    traded_usd = defaultdict[str, float](float)
    for station in perpetuals or stations:
        for instrument in station.listing.leading.values():
            traded_usd[instrument.base] += station.listing.traded_usd.get(instrument.base, 0.0)
    return sorted(traded_usd, key=lambda coin: (-traded_usd[coin], coin))


def wished(stations: Sequence[Station], coin: str, coins: Sequence[str], feeds: Collection[str]) -> Iterator[Asked]:
    """What is asked for one coin: its bars as they are polled, funding of some venues, everything else of all."""
    perpetuals = [station for station in stations if station.venue.market == "perp"]
    polled = [station for station in stations if any("bar" in poll.feeds for poll in station.venue.polls)]
    for feed in feeds:
        if feed == "bar" and coin in coins[:TRADED_MOST]:
            yield from asked(polled, [coin], feeds=(feed,), span_s=SPAN_S)
            continue
        told = asked(perpetuals, [coin], feeds=(feed,), span_s=SPAN_S)
        yield from told[: ENOUGH.get(feed)]


async def lived(facts: Sequence[Fact]) -> Memory:
    """The memory of somebody who heard these facts, which are in order; others have their turn now and then."""
    memory, clock = Memory(), asyncio.get_running_loop().time
    breath_s = clock()
    for t_ms, known in groupby(facts, key=lambda fact: fact.t):
        for fact in known:
            memory.board.apply(fact)
        memory.detector.step(memory.board, memory.history, t_ms)
        if clock() - breath_s > BREATH_S:
            await asyncio.sleep(0)
            breath_s = clock()
    return memory
