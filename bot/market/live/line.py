"""One subscription that is kept: a connection after another, the next one opened before the last one ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from bot.errors import VenueDown
from bot.market.live.connection import Connection
from bot.market.live.health import Health, Part
from bot.market.live.legibility import Legibility
from bot.market.live.patience import jittered, wait_after
from bot.market.venues.venue import Parsed, Stream

log = logging.getLogger(__name__)

OVERLAP_S = 5.0
"""For so long the old and the new connection both deliver; what both tell counts once."""
RENEWED = 0.94
"""Part of a connection's life after which the next one is opened."""
LIVED_WELL_S = 60.0
LONGEST_WAIT_S = 30.0
BETWEEN_CONNECTIONS_S = 0.4  # OKX takes three new connections a second, the fewest of all venues


@dataclass
class Place:
    """Where a line connects: one session for all venues, one door for each, so that connections come one by one."""

    session: aiohttp.ClientSession
    url: str
    blocked: frozenset[int]
    door: asyncio.Lock


class Line:
    """A stream, or one share of its topics: `part` is its health.

    `on_frame` reads a frame and hands its facts on; what it refuses may have been closures, which are lost.
    """

    def __init__(
        self, stream: Stream, place: Place, part: Part, health: Health, on_frame: Callable[[bytes], Parsed]
    ) -> None:
        self.part = part
        self._stream = stream
        self._place = place
        self._health = health
        self._on_frame = on_frame
        self._frames: Sequence[str] = ()
        self._stale = asyncio.Event()
        self._lives: dict[Connection, asyncio.Task[VenueDown]] = {}
        self._failures = 0
        self._broke = False
        self._legibility = Legibility(part, health)
        self._keeper: asyncio.Task[None] | None = None

    def want(self, frames: Sequence[str]) -> None:
        """Subscribe by these frames from now on; without a hole where a connection stands already."""
        changed, self._frames = list(frames) != list(self._frames), frames
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name=f"{self.part.name}")
        elif changed:
            self._stale.set()

    def note_heard(self) -> None:
        """Tell the health when the line was heard last."""
        heard_s = max((one.heard_s for one in self._lives if one.live), default=None)
        if heard_s is not None:
            self._health.heard(self.part, asyncio.get_running_loop().time() - heard_s)

    async def stop(self) -> None:
        """End all connections."""
        tasks: list[asyncio.Task[None] | asyncio.Task[VenueDown]] = [*self._lives.values()]
        if self._keeper is not None:
            tasks.append(self._keeper)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            current = await self._open()
            while (newer := await self._outlive(current)) is not None:
                current = newer

    async def _open(self) -> asyncio.Task[VenueDown]:
        """The next connection, once it is live: tried again and again, later each time."""
        while True:
            self._stale.clear()
            live = asyncio.Event()
            task = self._begin(live)
            await self._first_of(task, live)
            if live.is_set():
                return task
            self._failures += 1
            await asyncio.sleep(self._wait_s(task))

    def _begin(self, live: asyncio.Event) -> asyncio.Task[VenueDown]:
        def on_live(connection: Connection) -> None:
            self._came(connection)
            live.set()

        connection = Connection(self._stream, self._place.url, self._frames, self._read, on_live)
        task = asyncio.create_task(self._live(connection), name=f"{self.part.name} connection")
        self._lives[connection] = task
        return task

    async def _live(self, connection: Connection) -> VenueDown:
        """One connection from begin to end; why it ended."""
        try:
            async with self._place.door:
                await asyncio.sleep(BETWEEN_CONNECTIONS_S)
            await connection.run(self._place.session, self._place.blocked)
        except VenueDown as down:
            self._went(connection, down)
            return down
        except Exception as error:  # what one frame breaks must cost neither this line nor another
            if not self._broke:
                log.exception("%s broke", self.part.name)
            self._broke = True
            broken = VenueDown(repr(error), "stale", 0)
            self._went(connection, broken)
            return broken
        finally:
            self._lives.pop(connection, None)

    async def _outlive(self, current: asyncio.Task[VenueDown]) -> asyncio.Task[VenueDown] | None:
        """The connection that takes over when the present one grows old; None when that one ended before."""
        began_s = asyncio.get_running_loop().time()
        lives_s = self._stream.lives_s
        until_s = jittered(lives_s * RENEWED, 0.03) if lives_s is not None else None
        with suppress(TimeoutError):
            async with asyncio.timeout(until_s):
                await self._first_of(current, self._stale)
        if not current.done():
            newer = await self._open()
            await asyncio.wait([current], timeout=OVERLAP_S)
            current.cancel()
            return newer
        lived_s = asyncio.get_running_loop().time() - began_s
        self._failures = 0 if lived_s >= LIVED_WELL_S else self._failures + 1
        await asyncio.sleep(self._wait_s(current))
        return None

    def _wait_s(self, ended: asyncio.Task[VenueDown]) -> float:
        down = ended.result()
        if down.state == "blocked":
            return jittered(down.retry_after_s, 0.1)
        return wait_after(self._failures, longest_s=LONGEST_WAIT_S) if self._failures else jittered(0.2, 0.5)

    async def _first_of(self, task: asyncio.Task[VenueDown], event: asyncio.Event) -> None:
        """Until the task is over or the event has happened."""
        happened = asyncio.create_task(event.wait())
        try:
            await asyncio.wait([task, happened], return_when=asyncio.FIRST_COMPLETED)
        finally:
            happened.cancel()

    def _came(self, connection: Connection) -> None:
        if connection.refused:
            self._health.reports.once(self.part.name, f"a subscription was refused: {connection.refused[0]}")
        self._legibility.begin(complete=self._stream.complete and not connection.refused)

    def _read(self, frame: bytes) -> Parsed:
        parsed = self._on_frame(frame)
        self._legibility.note(parsed, asyncio.get_running_loop().time())
        return parsed

    def _went(self, connection: Connection, down: VenueDown) -> None:
        """A connection ended; the line is lost when no other one is live."""
        if any(other.live for other in self._lives if other is not connection):
            return
        if connection.heard_s:
            self._health.heard(self.part, asyncio.get_running_loop().time() - connection.heard_s)
        self._health.lost(self.part, down.state, str(down))
