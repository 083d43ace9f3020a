"""Writes down what the live market tells, one recording a UTC day, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bot.errors import ConfigError
from bot.market.days import Days
from bot.market.facts import Fact, Feed
from bot.market.live.health import Coverage, Gap
from bot.market.live.market import LiveMarket
from bot.market.order import Order
from bot.market.venues import VENUES
from bot.market.venues.venue import Venue

log = logging.getLogger(__name__)

KEEP_S = 20.0
"""How often all that was heard is brought to the disk: what a crash loses at most."""
REPORT_MS = 60_000


class Recorded(NamedTuple):
    """What is recorded, and where. `now_ms` is the wall's clock; `addresses` lead a test to its own servers."""

    folder: Path
    venues: Sequence[Venue]
    now_ms: Callable[[], int]
    addresses: Mapping[str, str] | None = None


def venues_of(names: str | None) -> tuple[Venue, ...]:
    """The venues of these names, with commas between them, spot and perpetuals alike; None is all of them.

    Raises `ConfigError` for a name that is none.
    """
    if names is None:
        return VENUES
    wanted = {name.strip().lower() for name in names.split(",")}
    known = {venue.name for venue in VENUES}
    if wanted - known:
        raise ConfigError(f"--venues takes names out of {', '.join(sorted(known))}; you wrote {names!r}.")
    return tuple(venue for venue in VENUES if venue.name in wanted)


async def record_until(stop: Coroutine[Any, Any, None], recorded: Recorded, say: Callable[[str], None]) -> None:
    """Record until `stop` returns, then write everything and `say` what was heard; `RecorderError` ends it at once.

    Raises `ConfigError` for spot markets alone, of which nothing would be recorded.
    """
    names = sorted({venue.name for venue in recorded.venues})
    stopping = asyncio.create_task(stop)
    try:
        _check(recorded.venues)
        with Days(recorded.folder, recorded.now_ms(), f"as it happened: {', '.join(names)}") as days:
            await _Recorder(days, recorded, names, say).run(stopping)
    finally:
        stopping.cancel()
        await asyncio.wait({stopping})


def _check(venues: Sequence[Venue]) -> None:
    """Spot markets tell of coins that have a perpetual at one of the venues that are listened to."""
    if all(venue.market == "spot" for venue in venues):
        names = ", ".join(sorted({venue.name for venue in venues}))
        others = ", ".join(sorted({venue.name for venue in VENUES if venue.market == "perp"}))
        raise ConfigError(f"--venues {names} is spot alone, recorded only beside perpetuals; add one of {others}.")


class _Recorder:
    """One run: from the market through the order into the files."""

    def __init__(self, days: Days, recorded: Recorded, names: Sequence[str], say: Callable[[str], None]) -> None:
        begin_ms = days.floor_ms + 1  # so that no line is older than those of an earlier run
        self._market = LiveMarket(recorded.venues, lambda: max(recorded.now_ms(), begin_ms), recorded.addresses)
        self._days = days
        self._order = Order(days.floor_ms)
        self._say = say
        self._heard = Counter(dict.fromkeys(names, 0))
        self._of_minute = self._heard.copy()
        self._reported_ms = self._market.now_ms()
        now_ms = self._market.now_ms()
        for fact in (*days.held, *days.pause(now_ms)):
            self._order.add(fact, now_ms)

    async def run(self, stopping: asyncio.Task[None]) -> None:
        exchanges = "1 exchange" if len(self._heard) == 1 else f"{len(self._heard)} exchanges"
        self._say(f"Recording {exchanges} (Ctrl-C stops it)")
        listening = asyncio.create_task(self._listen())
        try:
            async with self._market:
                while not stopping.done() and not listening.done():
                    await asyncio.wait({stopping, listening}, timeout=KEEP_S, return_when=asyncio.FIRST_COMPLETED)
                    await self._keep(self._order.ready(self._market.now_ms()))
                    self._report()
                coverage, gaps = self._market.coverage(), self._market.gaps()
        finally:
            # The market is left, so that its stream ends once it is read.
            await listening
        await self._keep(self._order.rest())
        for line in summary(self._heard, coverage, gaps, self._market.now_ms()):
            self._say(line)
        if self._order.refused:
            self._say(f"Left out as of before the start, or more than a minute late: {self._order.refused:,}.")
        if self._market.replaced:
            self._say(f"Left out because this machine was too slow for them: {self._market.replaced:,}.")

    async def _listen(self) -> None:
        async for fact in self._market.facts():
            # What is said of a feed is written too, but nothing that the venue told.
            if self._order.add(fact, self._market.now_ms()) and not isinstance(fact, Feed):
                self._heard[fact.venue] += 1
                self._of_minute[fact.venue] += 1

    async def _keep(self, ready: Sequence[Fact]) -> None:
        # In a thread, because packing a minute of all venues takes longer than a socket should wait.
        await asyncio.to_thread(self._days.keep, ready, self._order.held(), self._order.floor_ms)

    def _report(self) -> None:
        now_ms = self._market.now_ms()
        if now_ms - self._reported_ms >= REPORT_MS:
            log.info("Recorded in the last minute: %s", counted(self._of_minute.items()))
            self._of_minute = Counter(dict.fromkeys(self._of_minute, 0))
            self._reported_ms = now_ms


def counted(counts: Iterable[tuple[str, int]]) -> str:
    """How many facts each venue told."""
    return ", ".join(f"{name} {count:,}" if count else f"{name} nothing" for name, count in counts)


def summary(heard: Mapping[str, int], coverage: Sequence[Coverage], gaps: Sequence[Gap], now_ms: int) -> list[str]:
    """A line for each venue: how much it told, how its feeds stand, and how long they were not heard."""
    lines = []
    for venue, count in heard.items():
        told = []
        for row in coverage:
            if row.venue == venue:
                of_feed = [gap for gap in gaps if (gap.venue, gap.feed) == (venue, row.feed)]
                lost_s = sum((gap.to_ms or now_ms) - gap.from_ms for gap in of_feed) // 1000
                state = "never heard" if row.state == "waiting" else row.state
                told.append(f"{row.feed} {state}{f' (missing for {lost_s} s)' if lost_s else ''}")
        lines.append(f"{venue}: {count:,} fact{'' if count == 1 else 's'}; {', '.join(told) or 'no feeds'}")
    return lines
