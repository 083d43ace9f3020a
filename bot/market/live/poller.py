"""Rounds of calls to one venue, again and again, and what they say of the health of its feeds."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from bot.errors import VenueDown, VenueError
from bot.market.facts import Fact
from bot.market.live.health import Health, Key, Part
from bot.market.live.listing import Listing
from bot.market.live.merge import Merge
from bot.market.live.ticks import Ticks
from bot.market.live.wire import Wire
from bot.market.venues.venue import Parsed, Poll, Request, Venue

log = logging.getLogger(__name__)

MISSED = 3
"""After so many periods without an answer a feed is stale."""
MISSED_LEAST_MS = 30_000
REFUSED_MOST = 0.1
"""Part of the rows that may be refused before the feed is partial."""
ENOUGH = 0.5
"""Part of the calls of a round that have to be answered."""


class Outcome(NamedTuple):
    """One call: the kinds of facts it gave, of how many coins, how many rows were refused, or why it gave none."""

    kinds: frozenset[str] = frozenset()
    coins: int = 0
    refused: int = 0
    error: VenueError | None = None


class Poller:
    """The polls of one venue; `put` takes their facts."""

    def __init__(
        self,
        venue: Venue,
        wire: Wire,
        listing: Listing,
        merge: Merge,
        health: Health,
        put: Callable[[Iterable[Fact]], None],
        now_ms: Callable[[], int],
    ) -> None:
        self._venue = venue
        self._wire = wire
        self._listing = listing
        self._merge = merge
        self._health = health
        self._put = put
        self._now_ms = now_ms
        self._begun_ms = now_ms()
        self._rounds: Counter[str] = Counter()
        self._running: set[asyncio.Task[None]] = set()
        self.parts = {poll.name: [self._part(poll, feed) for feed in poll.feeds] for poll in venue.polls}

    def _part(self, poll: Poll, feed: str) -> Part:
        """The poll as one source of a feed; of no weight before it brought any, as a call about no coin never does."""
        key = Key(self._venue.name, feed)
        return self._health.add(Part(f"{self._venue.market} {poll.name}", (key,), weight=0.0))

    async def start(self, ticks: Ticks) -> None:
        """Begin: first what tells which coins are traded most, since other polls ask about those alone."""
        first = [poll for poll in self._venue.polls if "turnover" in poll.feeds]
        for poll in first:
            await self._round(poll)
        self._listing.sort()
        for place, poll in enumerate(self._venue.polls):
            begun = poll.every_s if poll in first else 0.0
            ticks.every(poll.every_s, partial(self._tick, poll), first_s=begun + place * 0.5)

    async def stop(self) -> None:
        """End the rounds that are under way."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _tick(self, poll: Poll) -> None:
        task = asyncio.create_task(self._round(poll), name=f"{self._venue.name} {poll.name}")
        self._running.add(task)
        await asyncio.wait([task])  # a task of its own, because the scheduler takes a cancelled job for a failed one
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._health.reports.once(f"{self._venue.name} {poll.name}", repr(error))
            log.debug("%s %s failed", self._venue.name, poll.name, exc_info=error)

    async def _round(self, poll: Poll) -> None:
        known = self._listing.leading
        requests = poll.requests(known, self._rounds[poll.name]) if known else []
        self._rounds[poll.name] += 1
        outcomes = await asyncio.gather(*(self._call(poll, request) for request in requests))
        if outcomes:
            self._judge(poll, outcomes)

    async def _call(self, poll: Poll, request: Request) -> Outcome:
        try:
            body = await self._wire.get(request)
            parsed = poll.parse(body, self._listing.leading, self._now_ms(), request.symbol)
        except VenueError as error:
            if not isinstance(error, VenueDown):
                self._health.reports.once(f"{self._venue.name} {poll.name}", str(error), about=type(error).__name__)
            return Outcome(error=error)
        coins = len({fact.base for fact in parsed.facts})
        return Outcome(self._take(poll, parsed), coins, len(parsed.refused))

    def _take(self, poll: Poll, parsed: Parsed) -> frozenset[str]:
        """Hand the facts on; the kinds among them that can be trusted."""
        if parsed.refused:
            self._health.reports.refused(f"{self._venue.name} {poll.name}", parsed.refused)
        self._listing.note(parsed.facts)
        facts = self._merge.polled(self._venue, poll.every_s, parsed.facts, self._now_ms())
        self._put(facts)
        kinds = {_kind(fact) for fact in facts}
        # A bar that was told before says as much for the feed as a new one.
        return frozenset(kinds | {"bar"} if any(_kind(fact) == "bar" for fact in parsed.facts) else kinds)

    def _judge(self, poll: Poll, outcomes: list[Outcome]) -> None:
        errors = [outcome.error for outcome in outcomes if outcome.error is not None]
        kinds = frozenset[str]().union(*(outcome.kinds for outcome in outcomes))
        refused = sum(outcome.refused for outcome in outcomes)
        complete = refused <= REFUSED_MOST * sum(outcome.coins + outcome.refused for outcome in outcomes)
        for part in self.parts[poll.name]:
            feed = part.keys[0].feed
            if len(errors) > ENOUGH * len(outcomes) or feed not in kinds:
                self._missed(part, poll, errors[0] if errors else None)
                continue
            part.weight = 1.0
            if feed == "oi" and self._merge.is_recounted(self._venue.name, self._now_ms()):
                self._health.lost(part, "recount", "it counts open interest differently")
            else:
                self._health.live(part, complete=complete)

    def _missed(self, part: Part, poll: Poll, error: VenueError | None) -> None:
        why = str(error) if error is not None else "nothing of now was told"
        if isinstance(error, VenueDown) and error.state == "blocked":
            self._health.lost(part, "blocked", why)
        elif self._now_ms() - (part.heard_ms or self._begun_ms) > max(MISSED * 1000 * poll.every_s, MISSED_LEAST_MS):
            self._health.lost(part, "stale", why)


def _kind(fact: Fact) -> str:
    return str(fact.__struct_config__.tag)
