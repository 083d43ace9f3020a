"""A recording or a simulated market, played through the engine at a chosen pace.

As fast as it goes, at so many stream seconds per second, or paced for watching: slow while a flush is open, without
waiting while nothing happens. Only waiting depends on the wall clock; what is decided does not.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.engine import Engine
from bot.errors import ConfigError
from bot.market.facts import Fact
from bot.market.recording import read
from bot.market.same_moment import in_one_order
from bot.market.simulation import SCENARIOS, simulate
from bot.message import Moment, Phrase

log = logging.getLogger(__name__)

BREATH_STEPS = 20
"""Steps between two breaths of the event loop when nothing is waited for."""
LINGER_S = 5.0
"""How long a post that comes while the stream hurries is left to be read, when paced for an audience."""
WATCHED_MS = 30 * 60_000
HURRY = 10.0
BEHIND_S = 1.0
"""Time lost to work is made up for by this much at most."""


@dataclass(frozen=True)
class Source:
    """Where facts come from: `facts` begins anew at every call; `origin` marks what is said of a moment.

    `key` names the content: what was written from one source is never taken for the work of another.
    """

    name: str
    key: str
    start_ms: int
    end_ms: int
    facts: Callable[[], Iterator[Fact]]
    origin: Callable[[int], Phrase]


def simulated(_: int) -> Phrase:
    """The mark of everything said about a simulated market."""
    return Phrase("origin-simulated")


def replayed(now_ms: int) -> Phrase:
    """The mark of everything said about a recorded moment."""
    return Phrase("origin-replay", {"date": Moment(now_ms, "date")})


def scenario_source(*names: str) -> Source:
    """Simulated scenarios, one after the other."""
    chosen = [SCENARIOS[name] for name in names]

    def facts() -> Iterator[Fact]:
        for scenario in chosen:
            yield from simulate(scenario.name)

    name = " + ".join(names)
    return Source(name, name, chosen[0].start_ms, chosen[-1].end_ms, facts, simulated)


def open_source(name: str) -> Source:
    """A recording by its path, or a scenario by its name; raises `ConfigError` when it is neither."""
    if name in SCENARIOS:
        return scenario_source(name)
    path = Path(name)
    if not path.exists():
        raise ConfigError(f"{name} is neither a file nor a scenario; scenarios are {', '.join(sorted(SCENARIOS))}.")
    header = read(path).header
    origin = simulated if header.simulated else replayed
    key = f"{header.name} ({zlib.crc32(path.read_bytes()):08x})"
    return Source(header.name, key, header.start_ms, header.end_ms or header.start_ms, lambda: _told(path), origin)


def _told(path: Path) -> Iterator[Fact]:
    """The facts of a recording; what could not be read or is not known is said once, at the end."""
    recording = read(path)
    yield from in_one_order(recording)
    for kind, count in recording.unknown_kinds.items():
        log.warning("%s: facts of the unknown kind %r were left out: %s", path, kind, count)
    if recording.truncated is not None:
        log.warning("%s: %s", path, recording.truncated)


class Pace:
    """How fast the stream goes: `speed` in stream seconds per second, None without waiting."""

    def __init__(self, speed: float | None, *, watching: bool = False) -> None:
        self.speed = speed
        self.watching = watching
        """Made for an audience: see `haste`."""
        self.paused = False
        self.jumping = False
        self._wish = asyncio.Event()
        self._at: tuple[float, int] | None = None

    def wish(self) -> None:
        """Something was changed: end the present wait and count from here."""
        self._at = None
        self._wish.set()

    def haste(self, engine: Engine) -> float | None:
        """How many times `speed` the stream may go now, None for as fast as it can.

        For an audience: as fast as it can while no card of an open flush stands, at `speed` for the first minutes
        of one, and hurrying through the rest of it.
        """
        if not self.watching:
            return 1.0
        since_ms = engine.shown_since_ms
        if since_ms is None:
            return None
        return 1.0 if engine.now_ms - since_ms < WATCHED_MS else HURRY

    async def keep(self, engine: Engine) -> None:
        """Wait until the stream's present moment may be over."""
        while self.paused and not self.jumping:
            self._wish.clear()
            await self._wish.wait()
        haste = self.haste(engine)
        if self.speed is None or self.jumping or haste is None:
            self._at = None
            return
        clock = asyncio.get_running_loop().time
        before, stream_ms = self._at or (clock(), engine.now_ms)
        until = max(before + (engine.now_ms - stream_ms) / 1000 / (self.speed * haste), clock() - BEHIND_S)
        self._at = (until, engine.now_ms)
        await self.pause(until - clock())

    async def pause(self, seconds: float) -> None:
        """Wait, unless a wish comes first."""
        if seconds <= 0:
            return
        self._wish.clear()
        try:
            async with asyncio.timeout(seconds):  # `wait_for` may swallow a cancel that comes with the wish
                await self._wish.wait()
        except TimeoutError:
            return


Deliver = Callable[[int], Awaitable[int]]
"""Sends what is due at a moment of the stream; returns how many new posts went out."""


async def play(
    source: Source, engine: Engine, deliver: Deliver, pace: Pace, told: Callable[[int], None] | None = None
) -> None:
    """Run the source to its end; `told` hears the stream's clock now and then.

    What an earlier run of the same source already wrote is taken in without waiting and without new rows.
    """
    await engine.start()
    steps = 0
    for fact in source.facts():
        if engine.is_over(fact):
            await _step(engine, deliver, pace)
            steps += 1
            if steps % BREATH_STEPS == 0:
                await asyncio.sleep(0)
                if told is not None:
                    told(engine.now_ms)
        engine.apply(fact)
    await _step(engine, deliver, pace)
    await engine.finish()


async def _step(engine: Engine, deliver: Deliver, pace: Pace) -> None:
    if not engine.resuming:
        await pace.keep(engine)
    wrote = await engine.advance()
    while engine.behind:
        await engine.catch_up()
    if not wrote and not engine.resumed_now:
        return
    jumping, pace.jumping = pace.jumping, False  # a jump that is asked for while the post goes out is another one
    posts = await deliver(engine.now_ms)
    if not posts:
        pace.jumping = pace.jumping or jumping
    elif pace.watching and pace.speed is not None and pace.haste(engine) != 1.0:
        await pace.pause(LINGER_S)
