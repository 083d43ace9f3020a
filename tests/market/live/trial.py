"""A few minutes of a flush on all exchanges, heard by the live market while one of them is sick."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from itertools import pairwise, takewhile, zip_longest

import msgspec

from bot.market.facts import Fact, Feed, Liquidation, Mark
from bot.market.live.health import ALIVE, LOST, Key
from bot.market.live.market import LiveMarket
from bot.market.simulation import SCENARIOS, simulate
from bot.market.venues import VENUES
from bot.market.venues.venue import Venue
from tests.fakes.exchanges import ExchangesFake, eight, minutes
from tests.fakes.exchanges.faults import SKEW_MS

MINUTE_MS = 60_000
COINS = ("BTC", "SOL")
PERPS = tuple(venue.name for venue in VENUES if venue.market == "perp")
TOLD = tuple(name for name in PERPS if name != "hyperliquid")
"""Exchanges that tell closures."""
SLOW = {"deribit": 30.0, "dydx": 30.0}
"""Seconds between two marks where they are not a quarter of a minute."""
WINDOW_MS = 1000
"""Exchanges tell what happened in up to a second at its end."""
BEGIN_MS = SCENARIOS["cascade"].start_ms + (SCENARIOS["cascade"].onset_s or 0) * 1000 + 4 * MINUTE_MS
"""From here on the first wave of the flush: each exchange tells a few dozen closures a minute, and few after ten."""


@cache
def flush() -> tuple[Fact, ...]:
    """Two hours before, and half an hour of it."""
    until = takewhile(lambda fact: fact.t <= BEGIN_MS + 30 * MINUTE_MS, simulate("cascade"))
    near = (fact for fact in until if fact.t > BEGIN_MS - 120 * MINUTE_MS and (fact.base is None or fact.base in COINS))
    return tuple(minutes(eight(near)))


class Trial:
    """The exchanges, the live market, and what went in and came out so far."""

    def __init__(self, fake: ExchangesFake, market: LiveMarket) -> None:
        self.fake = fake
        self.market = market
        self.heard: list[Fact] = []
        self.played: list[Liquidation] = []
        fake.watch(self._note)

    async def listen(self) -> None:
        """Take what the market tells, until it ends."""
        async for fact in self.market.facts():
            self.heard.append(fact)

    async def go_on(self, minutes_more: float) -> None:
        """Let so much time pass."""
        await self.fake.play(self.fake.now_ms() + round(minutes_more * MINUTE_MS))

    async def until_well(self, names: Sequence[str], bound_s: float) -> None:
        """Let time pass until these exchanges are well and stay so for a moment, which must be within a bound."""
        began_ms, well = self.fake.now_ms(), 0
        while well < 2:
            await self.go_on(0.25)
            well = well + 1 if all(map(self.is_well, names)) and not any(map(self.is_missing, names)) else 0
            assert self.fake.now_ms() - began_ms <= bound_s * 1000, "it does not recover"

    async def settle(self) -> None:
        """Let everything that happened arrive, and nothing more happen."""
        await self.fake.reach(self.fake.now_ms() + 3 * WINDOW_MS)

    async def close_one_each(self) -> None:
        """One more closure on every exchange."""
        last = {fact.venue: fact for fact in self.played}
        for fact in last.values():
            now_ms = self.fake.now_ms()
            self.fake.tell(msgspec.structs.replace(fact, t=now_ms, at=None))
        await self.settle()

    def closures(self, venue: str) -> list[Liquidation]:
        """Closures of an exchange that were heard."""
        return [fact for fact in self.heard if isinstance(fact, Liquidation) and fact.venue == venue]

    def known(self, venue: str) -> set[str]:
        """Feeds of an exchange that were well at some time; the simulation does not tell all."""
        feeds = (fact for fact in self.heard if isinstance(fact, Feed) and fact.venue == venue)
        return {fact.feed for fact in feeds if fact.state in ALIVE}

    def said(self, venue: str, feed: str, after_ms: int = 0) -> list[str]:
        """States of a feed, as they were told."""
        feeds = (fact for fact in self.heard if isinstance(fact, Feed) and fact.t >= after_ms)
        return [fact.state for fact in feeds if (fact.venue, fact.feed) == (venue, feed)]

    def is_well(self, venue: str) -> bool:
        """Whether every feed of an exchange that was ever well is so now."""
        rows = {Key(row.venue, row.feed): row.state for row in self.market.coverage()}
        return all(rows[Key(venue, feed)] in ALIVE for feed in self.known(venue))

    def is_missing(self, venue: str) -> bool:
        """Whether a gap goes on in a feed of an exchange that was ever well: a slow poll ends its own the last."""
        return any(gap.to_ms is None for gap in self.market.gaps(venue) if gap.feed in self.known(venue))

    def lost(self, venue: str) -> list[Liquidation]:
        """Closures of which none of the same coin, side and second was heard: venues that thin keep one of these."""
        heard = {_second(fact) for fact in self.closures(venue)}
        return [fact for fact in self.played if fact.venue == venue and _second(fact) not in heard]

    def undeclared(self, venue: str, *, partial: bool) -> list[Liquidation]:
        """Those of them that happened outside of any gap; `partial`: and while the feed was not said to be partial."""
        now_ms = self.fake.now_ms()
        spans = [(gap.from_ms, gap.to_ms or now_ms) for gap in self.market.gaps(venue, "liquidation")]
        feeds = [f for f in self.heard if isinstance(f, Feed) and (f.venue, f.feed) == (venue, "liquidation")]
        for feed, following in zip_longest(feeds, feeds[1:]):
            if partial and feed.state == "partial":
                spans.append((feed.t, following.t if following is not None else now_ms))
        lost = self.lost(venue)
        return [fact for fact in lost if not any(begin - WINDOW_MS <= fact.t <= end for begin, end in spans)]

    def doubled(self, venue: str) -> Counter[tuple[object, ...]]:
        """Closures that were heard more often than they happened."""
        played = Counter(_closure(fact) for fact in self.played if fact.venue == venue)
        return Counter(map(_closure, self.closures(venue))) - played

    def longest_pause_s(self, venue: str) -> float:
        """The longest time between two marks of a coin."""
        times = [f.t for f in self.heard if isinstance(f, Mark) and (f.venue, f.base) == (venue, COINS[0])]
        return max(after - before for before, after in pairwise([*times, self.market.now_ms()])) / 1000

    def losses(self, venue: str, after_ms: int) -> list[tuple[str, str]]:
        """What was said to be lost of the feeds of an exchange that were ever well."""
        return [
            (feed, state) for feed in self.known(venue) for state in self.said(venue, feed, after_ms) if state in LOST
        ]

    def _note(self, fact: Fact) -> None:
        if isinstance(fact, Liquidation) and fact.t > BEGIN_MS:
            self.played.append(fact)


def _happened_ms(fact: Liquidation) -> int:
    """The world's time of a closure; a venue whose clock is wrong tells another."""
    at_ms = fact.at or fact.t
    return at_ms - SKEW_MS if at_ms > fact.t + SKEW_MS // 2 else at_ms


def _second(fact: Liquidation) -> tuple[object, ...]:
    return fact.base, fact.side, (_happened_ms(fact) - 1) // 1000


def _closure(fact: Liquidation) -> tuple[object, ...]:
    return fact.base, fact.side, _happened_ms(fact), f"{fact.price:.9g}"


@asynccontextmanager
async def trial(
    venues: Sequence[Venue] = VENUES, clock: Callable[[int], int] = lambda now_ms: now_ms
) -> AsyncIterator[Trial]:
    """The first wave on all exchanges; `clock` makes our own clock of the right time. All are well after a minute."""
    async with ExchangesFake(flush(), start_ms=BEGIN_MS, bases=COINS) as fake:
        async with LiveMarket(venues, lambda: clock(fake.now_ms()), fake.addresses) as market:
            running = Trial(fake, market)
            task = asyncio.create_task(running.listen())
            await running.go_on(1.5)
            yield running
        await task
