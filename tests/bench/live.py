"""What the live market costs: a flood of closures, and all exchanges at the rates of the poll plan.

The exchanges are the fake's, in another process; the way between is loopback, without encryption.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

import numpy as np

from bot.app import avoid_pauses
from bot.clock import wall_ms
from bot.market.facts import Liquidation
from bot.market.live.market import LiveMarket
from bot.market.venues import VENUES
from bot.market.venues.venue import Venue
from tests.bench.exchange_service import Exchanges, exchanges
from tests.bench.footprint import resident_mb
from tests.bench.measuring import Measured

RATE, FLOOD_S = 10_000, 5.0
COINS = 300
FLOODED = ("binance", "bybit", "okx")
BEGUN_S, SETTLED_S = 10.0, 45.0
"""By then the sockets are open; and the calls of the start are answered."""
POLLED_S = 60.0
LATE_S = 2.0
"""What was not heard so long after it was sent will not be heard."""


class Flooded(NamedTuple):
    """What became of a flood: closures sent and heard, seconds of the processor, and each closure's way in ms."""

    sent: int
    heard: int
    cpu_s: float
    lags_ms: Sequence[float]
    resident_mb: Sequence[float]
    """Memory once a second, the first before the flood."""


class Polled(NamedTuple):
    """A while of quiet: calls and facts a second, and the part of one processor that it took."""

    calls: float
    facts: float
    share: float


class Ear:
    """Whatever the market tells, counted; of closures it is noted how long they took."""

    def __init__(self, market: LiveMarket, most: int) -> None:
        self._market = market
        self._lags_ms = np.full(most, -1.0)
        self.closures = 0
        self.facts = 0

    @property
    def lags_ms(self) -> list[float]:
        """Milliseconds from being sent to being read; both ends are cut to whole ones."""
        lags: list[float] = self._lags_ms[: self.closures].tolist()
        return lags

    async def listen(self) -> None:
        """Until the market ends."""
        async for fact in self._market.facts():
            self.facts += 1
            if isinstance(fact, Liquidation):
                self._lags_ms[self.closures] = wall_ms() - (fact.at or 0)
                self.closures += 1


@asynccontextmanager
async def listening(venues: Sequence[Venue], service: Exchanges, most: int = 0) -> AsyncIterator[Ear]:
    """A live market that somebody listens to."""
    async with LiveMarket(venues, wall_ms, service.addresses) as market:
        ear = Ear(market, most)
        task = asyncio.create_task(ear.listen())
        yield ear
    await task


async def flood(seconds: float = FLOOD_S, rate: int = RATE) -> Flooded:
    """So many closures a second on three exchanges together, each in a frame of its own."""
    venues = [venue for venue in VENUES if venue.market == "perp" and venue.name in FLOODED]
    async with exchanges(COINS) as service, listening(venues, service, int(rate * seconds)) as ear:
        await asyncio.sleep(BEGUN_S)
        avoid_pauses()
        memory, began_s = [resident_mb()], time.process_time()
        sending = asyncio.create_task(service.flood(rate, seconds))
        while not sending.done():
            await asyncio.wait([sending], timeout=1)
            memory.append(resident_mb())
        cpu_s = time.process_time() - began_s
        await asyncio.sleep(LATE_S)
        return Flooded(sending.result(), ear.closures, cpu_s, ear.lags_ms, memory)


async def poll(seconds: float = POLLED_S) -> Polled:
    """All exchanges as `flushwatch run` asks them."""
    async with exchanges(COINS) as service, listening(VENUES, service) as ear:
        await asyncio.sleep(SETTLED_S)
        avoid_pauses()
        calls, facts, began_s, cpu_s = await service.calls(), ear.facts, time.perf_counter(), time.process_time()
        await asyncio.sleep(seconds)
        cpu_s, took_s = time.process_time() - cpu_s, time.perf_counter() - began_s
        return Polled((await service.calls() - calls) / took_s, (ear.facts - facts) / took_s, cpu_s / took_s)


def measure() -> list[Measured]:
    """A flood of five seconds, and a minute of polls."""
    told, polled = asyncio.run(flood()), asyncio.run(poll())
    name = f"{RATE:,} closures a second for {FLOOD_S:.0f} s"
    return [
        Measured(f"{name}: not heard", told.sent - told.heard),
        Measured(f"{name}: processor, s", told.cpu_s),
        Measured(f"{name}: processor for one closure, µs", 1e6 * told.cpu_s / told.sent),
        *(Measured(f"{name}: from sent to read, p{p}, ms", float(np.percentile(told.lags_ms, p))) for p in (50, 99)),
        Measured(f"{name}: memory more than before, MB", told.resident_mb[-1] - told.resident_mb[0]),
        Measured(f"all exchanges with {COINS} coins: calls a second", polled.calls),
        Measured(f"all exchanges with {COINS} coins: facts a second", polled.facts),
        Measured(f"all exchanges with {COINS} coins: part of a processor, %", 100 * polled.share),
    ]
