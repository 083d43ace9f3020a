"""Fetches what the venues tell of their past, and writes it as one recording."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from bot.errors import ConfigError, RecorderError, VenueError
from bot.market.facts import Fact
from bot.market.live.gathering import Gathering
from bot.market.live.past import Asked, asked
from bot.market.live.sources import Source, load, most_traded, opened_sources
from bot.market.live.tally import FEEDS, MARKETS, Tally, kind_of, why_missing
from bot.market.recording import FORMAT_VERSION, Header, RecordingWriter
from bot.market.spool import Spool
from bot.market.venues.venue import Venue

log = logging.getLogger(__name__)

GATE_ALONE = "liquidations of the past are told by Gate alone"
DAY_MS = 86_400_000
SHARE = 0.8
"""Part of each venue's budget that is used: a bot on the same address needs some of it too."""
REPORT_S = 60.0
BREATH = 5000
"""Facts written between two breaths of the loop, in which a stop is noticed."""
MOST_ABOUT = 2000
"""Letters of a header's `about` (`bot.market.recording`)."""


class Wanted(NamedTuple):
    """What is fetched and where it goes: `coins` by name, or how many of the most traded.

    `now_ms` is the wall's clock; `addresses` lead a test to its own servers.
    """

    file: Path
    venues: Sequence[Venue]
    days: int
    coins: Sequence[str] | int
    span_s: int
    now_ms: Callable[[], int]
    addresses: Mapping[str, str] | None = None


async def write_history(
    stop: Coroutine[Any, Any, None],
    wanted: Wanted,
    say: Callable[[str], None],
    told: Callable[[int, int], None] | None = None,
) -> None:
    """Fetch and write until it is done, or until `stop` returns: then there is no file.

    `told` hears how many histories are done, and of how many; without it the log does, once a minute. Raises
    `RecorderError` for a file that cannot be written or a stop, `ConfigError` for a coin that no exchange lists, and
    `VenueError` when nobody tells anything.
    """
    stopping = asyncio.create_task(stop)
    try:
        with _new_file(wanted.file) as (part, folder):
            await _before(stopping, _Historian(wanted, Spool(folder), say, told).run(part))
    finally:
        stopping.cancel()
        await asyncio.wait({stopping})


async def _before(stopping: asyncio.Task[None], work: Coroutine[Any, Any, None]) -> None:
    working = asyncio.create_task(work)
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise RecorderError("Stopped before the end; no file was written.")
        working.result()
    finally:
        working.cancel()
        await asyncio.wait({working})


@contextmanager
def _new_file(file: Path) -> Iterator[tuple[Path, Path]]:
    """A file to write, which takes its name when all went well, and a folder for the time until then, beside it."""
    try:
        if file.exists():
            raise RecorderError(f"{file} is there already; name a new file.")
        part = file.with_name(f"{file.name}.part")
        with TemporaryDirectory(prefix=f"{file.name}.", dir=file.parent) as folder:
            try:
                yield part, Path(folder)
                part.replace(file)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise RecorderError(f"{file} cannot be written: {error.strerror or error}.") from error


class _Historian:
    """One run: from the lists of contracts through the spool into the file."""

    def __init__(
        self,
        wanted: Wanted,
        spool: Spool,
        say: Callable[[str], None],
        told: Callable[[int, int], None] | None,
    ) -> None:
        self._wanted = wanted
        self._spool = spool
        self._say = say
        self._told = told
        self._tallies = {name: Tally() for name in sorted({venue.name for venue in wanted.venues})}
        self._done = self._all = 0

    async def run(self, part: Path) -> None:
        """Fetch everything and write it to `part`."""
        wanted = self._wanted
        async with opened_sources(wanted.venues, wanted.now_ms, wanted.addresses) as sources:
            await asyncio.gather(*(self._load(source) for source in sources))
            listed = [source for source in sources if source.listing.known]
            coins = self._coins(listed)
            to_ms = wanted.now_ms()
            from_ms = to_ms - wanted.days * DAY_MS
            await self._gather(listed, coins, (from_ms, to_ms))
        if not self._spool.count:
            raise VenueError(
                f"Nothing was told, so that no file was written; {self._missing() or 'no coin is listed'}."
            )
        await self._write(part, self._header(coins, from_ms, to_ms))
        for name, tally in self._tallies.items():
            self._say(f"{name}: {tally.line()}")
        self._say(f"{wanted.file}: {_many(self._spool.count, 'fact')} of {_many(len(coins), 'coin')}; {GATE_ALONE}.")

    async def _load(self, source: Source) -> None:
        tally = self._tallies[source.venue.name]
        try:
            await load(source, self._wanted.now_ms, tally.reports)
        except VenueError as error:
            tally.lost[MARKETS[source.venue.market]] = why_missing(error)

    def _coins(self, listed: Sequence[Source]) -> Sequence[str]:
        coins = self._wanted.coins
        if isinstance(coins, int):
            return most_traded(listed, coins)
        known = frozenset[str]().union(*(source.listing.coins for source in listed))
        unknown = [coin for coin in coins if coin not in known]
        if unknown and listed:
            raise ConfigError(f"--coins: no exchange that answers lists {', '.join(unknown)}.")
        return coins

    async def _gather(self, listed: Sequence[Source], coins: Sequence[str], span_ms: tuple[int, int]) -> None:
        gatherings: list[tuple[Source, Gathering]] = []
        for source in listed:
            todo = asked([source], coins, feeds=FEEDS, span_s=self._wanted.span_s)
            reports = self._tallies[source.venue.name].reports
            gatherings.append((source, Gathering(todo, span_ms, self._wanted.now_ms, self._put, reports, SHARE)))
            self._all += len(todo)
        if not self._all:
            return
        names = ", ".join(sorted({source.venue.name for source in listed}))
        what = f"{_many(self._wanted.days, 'day')} of {_many(len(coins), 'coin')}"
        self._say(f"Fetching {what} from {names} (Ctrl-C stops it)")
        await self._run([gathering for _, gathering in gatherings])
        for source, gathering in gatherings:
            self._note(source, gathering)

    async def _run(self, gatherings: Sequence[Gathering]) -> None:
        runs = {asyncio.create_task(gathering.run()) for gathering in gatherings}
        pending = runs
        try:
            while pending:
                done, pending = await asyncio.wait(pending, timeout=REPORT_S, return_when=asyncio.FIRST_EXCEPTION)
                for run in done:
                    run.result()
                if pending and self._told is None:
                    log.info("Fetched %d of %d histories", self._done, self._all)
        finally:
            for run in runs:
                run.cancel()
            await asyncio.gather(*runs, return_exceptions=True)

    def _put(self, one: Asked, facts: list[Fact]) -> None:
        self._spool.add(facts)
        self._tallies[one.venue.name].count(kind_of(one), facts)
        self._done += 1
        if self._told is not None:
            self._told(self._done, self._all)

    def _note(self, source: Source, gathering: Gathering) -> None:
        """Why something of a venue is missing: each history, or the venue, once it was given up."""
        tally = self._tallies[source.venue.name]
        if gathering.lost is not None:
            market = MARKETS[source.venue.market]
            tally.lost[market] = f"{why_missing(gathering.lost)}, {len(gathering.failed)} histories missing"
        else:
            tally.failed += [f"{one.instrument.base} {kind_of(one)} failed ({why})" for one, why in gathering.failed]

    async def _write(self, part: Path, header: Header) -> None:
        with RecordingWriter(part, header) as writer:
            for number, fact in enumerate(self._spool, 1):
                writer.add(fact)
                if number % BREATH == 0:
                    await asyncio.sleep(0)

    def _header(self, coins: Sequence[str], from_ms: int, to_ms: int) -> Header:
        first, last = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (from_ms, to_ms))
        told = ", ".join(name for name, tally in self._tallies.items() if tally.kinds)
        missing = self._missing()
        about = f"history told by {told}; {f'missing: {missing}; ' if missing else ''}{GATE_ALONE}; {', '.join(coins)}"
        return Header(
            recording=FORMAT_VERSION,
            name=f"history {first:%Y-%m-%d} to {last:%Y-%m-%d}",
            about=about[:MOST_ABOUT],
            start_ms=from_ms,
            end_ms=to_ms,
            facts=self._spool.count,
        )

    def _missing(self) -> str:
        return "; ".join(
            f"{name}: {', '.join(why)}" for name, tally in self._tallies.items() if (why := tally.missing())
        )


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
