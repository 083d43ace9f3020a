"""The exchanges for tests: ten hosts on loopback, whose market is a recording or a simulation.

    async with ExchangesFake(eight(simulate("small")), start_ms=..., bases=("BTC", "ETH")) as fake:
        market = LiveMarket(VENUES, now_ms=fake.now_ms, addresses=fake.addresses)
        await fake.play()

Facts up to `start_ms` are known from the beginning, as history; those after it become known when the world's clock
reaches them, while `play` runs. That clock is the running loop's, so on a loop that jumps a day takes seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import chain
from types import TracebackType
from typing import Self

from bot.market.facts import Fact
from tests.fakes.exchanges import (
    binance,
    bitget,
    bybit,
    coinbase,
    deribit,
    dydx,
    gate,
    hyperliquid,
    okx,
)
from tests.fakes.exchanges.exchange import Exchange
from tests.fakes.exchanges.faults import Fault
from tests.fakes.exchanges.wire import Wire
from tests.fakes.exchanges.world import World

WIRES: tuple[Wire, ...] = (
    binance.WIRE,
    binance.SPOT,
    bybit.WIRE,
    okx.WIRE,
    hyperliquid.WIRE,
    bitget.WIRE,
    gate.WIRE,
    deribit.WIRE,
    dydx.WIRE,
    coinbase.WIRE,
)
BREATH = 200
"""Facts of one moment between two breaths of the loop, in which sockets are written."""


class ExchangesFake:
    """All venues and their one market; `fake["okx"]` is one of them."""

    def __init__(self, facts: Iterable[Fact] = (), *, start_ms: int, bases: Iterable[str]) -> None:
        self._facts = iter(facts)
        self._start_ms = start_ms
        self._bases = tuple(bases)
        self._stack = AsyncExitStack()
        self._watched: Callable[[Fact], None] = lambda _fact: None
        self.exchanges: dict[str, Exchange] = {}

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._offset_s = self._start_ms / 1000 - self._loop.time()
        self.world = World(self.now_ms)
        for wire in WIRES:
            exchange = self.exchanges[wire.name] = Exchange(wire, self.world, self._bases)
            await exchange.start()
            self._stack.push_async_callback(exchange.stop)
        self._load()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def __getitem__(self, name: str) -> Exchange:
        return self.exchanges[name]

    def now_ms(self) -> int:
        """The world's clock, UTC ms."""
        # Rounded down after a millionth, because a sum of floats may fall just short of the moment slept for.
        return int((self._offset_s + self._loop.time()) * 1000 + 1e-3)

    @property
    def addresses(self) -> dict[str, str]:
        """What each venue's address is here: beginnings of addresses, the calls' and the sockets'."""
        return {
            host: f"{host.partition('://')[0].removesuffix('s')}://127.0.0.1:{exchange.port}"
            for exchange in self.exchanges.values()
            for host in exchange.wire.hosts
        }

    @property
    def unknown(self) -> list[str]:
        """Addresses and symbols that were asked for and are not there."""
        return [f"{name} {asked}" for name, exchange in self.exchanges.items() for asked in exchange.unknown]

    def watch(self, hear: Callable[[Fact], None]) -> None:
        """Call `hear` with every fact when it becomes known."""
        self._watched = hear

    def tell(self, fact: Fact) -> None:
        """Let a fact be known now."""
        self.world.take(fact)
        self._watched(fact)
        for exchange in self.exchanges.values():
            exchange.take(fact)

    async def play(self, until_ms: int | None = None) -> None:
        """Let the facts be known at their times, to their end or up to a moment, which is then reached."""
        for told, fact in enumerate(self._facts, 1):
            if until_ms is not None and fact.t > until_ms:
                self._facts = chain((fact,), self._facts)
                break
            if fact.t > self.now_ms():
                await self.reach(fact.t)
            self.tell(fact)
            if told % BREATH == 0:
                await asyncio.sleep(0)
        if until_ms is not None:
            await self.reach(until_ms)

    async def reach(self, t_ms: int) -> None:
        """Wait until the world's clock is there."""
        await asyncio.sleep(max(t_ms / 1000 - self._offset_s - self._loop.time(), 0))

    @asynccontextmanager
    async def suffering(self, name: str, fault: Fault) -> AsyncIterator[Exchange]:
        """One venue with a fault, inside."""
        await self[name].suffer(fault)
        try:
            yield self[name]
        finally:
            await self[name].recover(fault)

    def _load(self) -> None:
        """Take in what was before the beginning; closures of then are history, not frames."""
        rest: Iterator[Fact] = self._facts
        for fact in rest:
            if fact.t > self._start_ms:
                self._facts = chain((fact,), rest)
                return
            self.world.take(fact)
            self._watched(fact)
        self._facts = iter(())
