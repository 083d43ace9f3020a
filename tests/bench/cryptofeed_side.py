"""cryptofeed without a network: its feeds with the contracts they would have listed, hearing closures.

Only importable where the bench lock is installed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from cryptofeed.defines import LIQUIDATIONS
from cryptofeed.exchanges import OKX, BinanceFutures
from cryptofeed.symbols import Symbols

from tests.bench.wire import COINS, NAMING


class _Heard:
    """Counts what a feed makes of what it hears."""

    def __init__(self) -> None:
        self.closures = 0

    async def __call__(self, _closure: object, _received: float) -> None:
        self.closures += 1


def _feed(kind: Any, venue: str, heard: _Heard) -> Any:
    naming = NAMING[venue]
    Symbols.set(kind.id, {f"{coin}-USDT-PERP": naming.symbol(coin) for coin in COINS}, {"instrument_type": {}})
    named = [f"{coin}-USDT-PERP" for coin in COINS]
    return kind(symbols=named, channels=[LIQUIDATIONS], callbacks={LIQUIDATIONS: heard})


def binance(frames: Sequence[str]) -> Callable[[], object]:
    """What hears all of these frames of a combined stream."""
    heard = _Heard()
    feed = _feed(BinanceFutures, "binance", heard)

    async def hear() -> int:
        for frame in frames:
            await feed.message_handler(frame, None, 0.0)
        return heard.closures

    return _in_a_loop(hear, len(frames))


class _EndError(Exception):
    """Ends a loop of polls that has no end."""


class _Answers:
    """In place of its HTTP connection: one answer, and the end when asked again."""

    def __init__(self, body: str) -> None:
        self._bodies = [body]

    async def read(self, _address: str) -> str:
        if not self._bodies:
            raise _EndError
        return self._bodies.pop()


def okx(bodies: Sequence[str], closures: int) -> Callable[[], object]:
    """What reads all of these answers: it has no closures of OKX from a socket, it polls one contract after another."""
    heard = _Heard()
    feed = _feed(OKX, "okx", heard)

    async def read() -> int:
        for body in bodies:
            feed.http_conn = _Answers(body)
            with suppress(_EndError):
                await feed._liquidations(["COIN0-USDT-SWAP"])
        return heard.closures

    return _in_a_loop(read, closures)


def _in_a_loop(work: Callable[[], Any], closures: int) -> Callable[[], object]:
    """That work on a loop of its own; it is tried once, because a peer that hears nothing would be fast."""
    loop = asyncio.new_event_loop()
    if loop.run_until_complete(work()) != closures:
        raise RuntimeError("cryptofeed did not hear every closure")
    return lambda: loop.run_until_complete(work())
