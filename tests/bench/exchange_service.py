"""The exchanges in a process of their own, so that their work is not counted as ours.

It reads one JSON object a line and answers each with one: `{"rate": …, "seconds": …}` floods the sockets of three
exchanges with so many closures a second together, and is answered with how many went out; `{}` counts the calls.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from typing import Any, NamedTuple

from bot.clock import wall_ms
from bot.market.facts import Bar, Fact, Funding, Index, Mark, Market, OpenInterest, Turnover
from tests.bench.wire import COINS, binance_frames, bybit_frames, okx_frames
from tests.fakes.exchanges import ExchangesFake
from tests.fakes.exchanges.exchange import Exchange
from tests.fakes.exchanges.wire import ALL

PERPS = ("binance", "bybit", "okx", "hyperliquid", "bitget", "gate", "deribit", "dydx")
SPOTS = ("binance", "bybit", "okx", "coinbase")
MINUTE_MS, HOUR_MS = 60_000, 3_600_000
PAST_MIN = 10
TURN_S = 0.01
LONGEST_LINE = 1 << 20
TIME = "1700000000007"
"""Stands for the moment of sending."""


class Exchanges:
    """The other process; `addresses` lead to it."""

    def __init__(self, process: asyncio.subprocess.Process, addresses: dict[str, str]) -> None:
        self._process = process
        self.addresses = addresses

    async def flood(self, rate: int, seconds: float) -> int:
        """Send so many closures a second; how many it were, once the last one is sent."""
        return int((await self._exchange({"rate": rate, "seconds": seconds}))["sent"])

    async def calls(self) -> int:
        """How many calls there were so far."""
        return int((await self._exchange({}))["calls"])

    async def _exchange(self, wish: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(wish).encode() + b"\n")
        return dict(json.loads(await self._process.stdout.readline()))


@asynccontextmanager
async def exchanges(coins: int) -> AsyncIterator[Exchanges]:
    """All exchanges with so many coins, until the block ends."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, str(coins), stdin=pipe, stdout=pipe, limit=LONGEST_LINE
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Exchanges(process, json.loads(await process.stdout.readline())["addresses"])
    finally:
        process.stdin.close()
        await process.wait()


def price_of(number: int) -> float:
    """What one of the coins is worth."""
    return 100.0 + number / 7


def market(coins: Sequence[str], now_ms: int) -> Iterator[Fact]:
    """What every exchange knows of every coin, and the last minutes of prices."""
    next_ms = (now_ms // (8 * HOUR_MS) + 1) * 8 * HOUR_MS
    for number, base in enumerate(coins):
        price, coins_held = price_of(number), 1e6 + number
        for venue in PERPS:
            yield Mark(now_ms, venue, base, price)
            yield Index(now_ms, venue, base, price * 1.0003)
            yield OpenInterest(now_ms, venue, base, coins_held, coins_held * price)
            yield Funding(now_ms, venue, base, 1.3e-4, 8.0, settled=False, next_t=next_ms)
            yield Turnover(now_ms, venue, base, "perp", 1e8 - number)
        for venue in SPOTS:
            yield Turnover(now_ms, venue, base, "spot", 1e7 - number)


def minute(coins: Sequence[str], end_ms: int) -> Iterator[Bar]:
    """One minute of every coin everywhere."""
    places: list[tuple[str, Market]] = [*((venue, "perp") for venue in PERPS), *((venue, "spot") for venue in SPOTS)]
    for number, base in enumerate(coins):
        price = price_of(number)
        for venue, kind in places:
            yield Bar(end_ms, venue, base, kind, 60, price, price * 1.001, price * 0.999, price, 1234.5, 600.25)


Cut = list[tuple[str, str, str]]


class Flood(NamedTuple):
    """Frames of one exchange, each as its topic and what stands before and after the time of the closure."""

    exchange: Exchange
    frames: Cut


def cut(frames: Sequence[str], coins: int, rows: Callable[[Any], dict[str, Any]], price: str, time: str) -> Cut:
    """Frames of listed coins at prices near their marks, cut where the time stands; `rows` finds the closure in one."""
    chance, found = random.Random(7), []
    for frame in frames:
        number = int(re.findall(r"COIN(\d+)", frame)[0])
        if number < coins:
            told = json.loads(frame)
            row = rows(told)
            row |= {price: f"{price_of(number) * chance.uniform(0.98, 1.02):.4f}", time: type(row[time])(TIME)}
            before, after = json.dumps(told, separators=(",", ":")).split(TIME)
            found.append((told.get("topic", ALL), before, after))
    return found


def prepared(fake: ExchangesFake, coins: int) -> list[Flood]:
    """Closures as three exchanges send them."""
    return [
        Flood(fake["binance"], cut(binance_frames(), coins, lambda told: told["o"], "ap", "T")),
        Flood(fake["okx"], cut(okx_frames(), coins, lambda told: told["data"][0]["details"][0], "bkPx", "ts")),
        Flood(fake["bybit"], cut(bybit_frames(), coins, lambda told: told["data"][0], "p", "T")),
    ]


async def flooded(floods: Sequence[Flood], rate: int, seconds: float) -> int:
    """Send at an even rate, each closure with the moment in which it is sent; how many were sent."""
    sources = cycle([(flood.exchange, cycle(flood.frames)) for flood in floods])
    began_s, sent = time.perf_counter(), 0
    while sent < rate * seconds:
        due = min(int((time.perf_counter() - began_s) * rate), int(rate * seconds))
        for _ in range(due - sent):
            exchange, frames = next(sources)
            topic, before, after = next(frames)
            exchange.say(topic, f"{before}{wall_ms()}{after}")
        sent = due
        for flood in floods:
            await flood.exchange.drained()
        await asyncio.sleep(TURN_S)
    return sent


async def tell_minutes(fake: ExchangesFake, coins: Sequence[str]) -> None:
    """Let each minute be known when it is over."""
    while True:
        end_ms = (fake.now_ms() // MINUTE_MS + 1) * MINUTE_MS
        await fake.reach(end_ms)
        for bar in minute(coins, end_ms):
            fake.world.take(bar)


async def serve(count: int) -> None:
    """Be all exchanges until the input ends."""
    coins, now_ms = COINS[:count], wall_ms()
    async with ExchangesFake(market(coins, now_ms), start_ms=now_ms, bases=coins) as fake:
        this_minute = now_ms // MINUTE_MS
        for place in range(this_minute - PAST_MIN, this_minute + 1):
            for bar in minute(coins, place * MINUTE_MS):
                fake.world.take(bar)
        floods = prepared(fake, count)
        telling = asyncio.create_task(tell_minutes(fake, coins))
        gc.collect()
        gc.disable()  # its pauses would be counted as lag of ours
        _tell({"addresses": fake.addresses})
        while text := await asyncio.to_thread(sys.stdin.readline):
            wish = json.loads(text)
            if wish:
                _tell({"sent": await flooded(floods, wish["rate"], wish["seconds"])})
            else:
                _tell({"calls": sum(len(one.calls) for one in fake.exchanges.values())})
        telling.cancel()


def _tell(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
