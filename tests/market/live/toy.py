"""A venue of few words and its server on loopback, for tests of what every venue is owed: calls, sockets, patience.

Its bodies are lists of [symbol, number] or, on the socket, [symbol, side, size, price, ms]; the parsers are below.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import WSMsgType, web

from bot.errors import VenueError
from bot.market.facts import Fact, Liquidation, Mark, OpenInterest, Turnover
from bot.market.venues.venue import Instrument, Known, Limits, Parsed, Poll, Refused, Request, Stream, Venue

REST, SOCKET = "https://toy.example", "wss://toy.example"
START_MS = 1_773_000_000_000
COINS = ("AVAX", "LINK", "DOGE")
PRICES = {"AVAX": 10.0, "LINK": 11.0, "DOGE": 12.0, "SOL": 20.0}


def rows(body: bytes) -> list[list[Any]]:
    """The rows of a body; raises `VenueError` when it is none."""
    try:
        found = json.loads(body)
    except ValueError as error:
        raise VenueError(f"toy: {error}") from error
    if not isinstance(found, list):
        raise VenueError("toy: no list")
    return found


def parse_instruments(body: bytes, _t_ms: int) -> dict[str, Instrument]:
    """Contracts by symbol."""
    return {symbol: Instrument(symbol, symbol, "USDT", coins_per_unit=1.0) for symbol, *_ in rows(body)}


def parse_figures(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Mark, open interest and turnover: [symbol, price, venue's ms or null]."""
    facts: list[Fact] = []
    refused: list[Refused] = []
    for symbol, price, at_ms in rows(body):
        if not isinstance(price, float):
            refused.append(Refused(symbol, "no price"))
        elif symbol in known:
            facts.append(Mark(t_ms, "toy", symbol, price, at_ms))
            facts.append(OpenInterest(t_ms, "toy", symbol, coins=1000.0, at=at_ms))
            facts.append(Turnover(t_ms, "toy", symbol, "perp", 1e6 * len(symbol), at_ms))
    return Parsed(facts, refused)


def parse_frame(frame: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Closures, or "ack", "pong", "ping …" and "error …"."""
    text = frame.decode(errors="replace")
    word, _, rest = text.partition(" ")
    if word in ("ack", "pong"):
        return Parsed(control="ack" if word == "ack" else "pong")
    if word in ("ping", "error"):
        return Parsed(control="ping" if word == "ping" else "error", said=rest)
    told = [row for row in rows(frame) if row[0] in known]
    return Parsed(
        [Liquidation(t_ms, "toy", s, side, price, size, size * price, at) for s, side, size, price, at in told]
    )


FIGURES = Poll(
    name="figures",
    feeds=("mark", "oi", "turnover"),
    every_s=15,
    requests=lambda _known, _round: [Request("/figures")],
    parse=parse_figures,
)
CLOSURES = Stream(
    name="closures",
    feeds=("liquidation",),
    url=f"{SOCKET}/ws",
    subscribe=lambda known: [f"subscribe {symbol}" for symbol in known],
    parse=parse_frame,
    ping="ping",
    ping_s=20,
)
VENUE = Venue(
    name="toy",
    rest=REST,
    limits=Limits(weight=100, span_s=10, used_header="X-Used", source="made up"),
    instruments=(Request("/contracts"),),
    parse_instruments=parse_instruments,
    polls=(FIGURES,),
    streams=(CLOSURES,),
)


def with_stream(**changes: Any) -> Venue:
    """The venue with another kind of socket."""
    return replace(VENUE, streams=(replace(CLOSURES, **changes),))


@dataclass
class Toy:
    """The server. What a test changes in it counts from then on; `asked` are the calls, `heard` what sockets said."""

    contracts: tuple[str, ...] = COINS
    status: int = 200
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    answers_s: float = 0.0
    frozen_ms: int | None = None
    """The venue's time, where it stands still."""
    refuses_sockets: int | None = None
    refuses: str = ""
    """What it answers to subscriptions instead of "ack"."""
    mute: bool = False
    """Whether pings stay without answer."""
    asked: list[tuple[float, str]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    at_once: Counter[str] = field(default_factory=Counter)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    opened_s: list[float] = field(default_factory=list)
    port: int = 0

    @property
    def addresses(self) -> dict[str, str]:
        """Where the venue's addresses lead."""
        return {REST: f"http://127.0.0.1:{self.port}", SOCKET: f"ws://127.0.0.1:{self.port}"}

    def now_ms(self) -> int:
        """The venue's clock, and the program's: the loop's seconds after a fixed day."""
        return START_MS + round(asyncio.get_running_loop().time() * 1000)

    async def tell(self, *closures: tuple[str, str, float, float, int], times: int = 1) -> None:
        """Send one frame to everybody who listens."""
        for socket in list(self.sockets):
            for _ in range(times):
                await socket.send_str(json.dumps([list(closure) for closure in closures]))

    async def hang_up(self) -> None:
        """Close every socket."""
        for socket in list(self.sockets):
            await socket.close()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        if request.path == "/ws":
            return await self._listen(request)
        self.asked.append((asyncio.get_running_loop().time(), request.path))
        self.at_once["now"] += 1
        self.at_once["most"] = max(self.at_once["most"], self.at_once["now"])
        await asyncio.sleep(self.answers_s)
        self.at_once["now"] -= 1
        body = self.body if self.body is not None else self._body(request.path)
        return web.Response(text=body, status=self.status, headers=self.headers)

    def _body(self, path: str) -> str:
        if path == "/contracts":
            return json.dumps([[symbol] for symbol in self.contracts])
        at_ms = self.frozen_ms or self.now_ms()
        return json.dumps([[symbol, PRICES[symbol], at_ms] for symbol in self.contracts])

    async def _listen(self, request: web.Request) -> web.StreamResponse:
        self.opened_s.append(asyncio.get_running_loop().time())
        if self.refuses_sockets is not None:
            return web.Response(status=self.refuses_sockets)
        socket = web.WebSocketResponse(autoping=False, timeout=1)
        await socket.prepare(request)
        self.sockets.append(socket)
        with suppress(ConnectionError):
            async for message in socket:
                await self._hear(socket, message.type, message.data)
        self.sockets.remove(socket)
        return socket

    async def _hear(self, socket: web.WebSocketResponse, kind: WSMsgType, said: Any) -> None:
        if kind is WSMsgType.PING and not self.mute:
            await socket.pong(said)
        elif kind is WSMsgType.TEXT:
            self.heard.append(said)
            if said == "ping" and not self.mute:
                await socket.send_str("pong")
            elif said.startswith("subscribe"):
                await socket.send_str(self.refuses or "ack")


@asynccontextmanager
async def serving(toy: Toy) -> AsyncIterator[Toy]:
    """The server on a port of this machine."""
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", toy.answer)
    # An open connection would need timers, and tests run on a clock that jumps to the next timer.
    runner = web.AppRunner(app, keepalive_timeout=0, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", toy.port, reuse_address=True)
    await site.start()
    toy.port = runner.addresses[0][1]
    try:
        yield toy
    finally:
        await runner.cleanup()


async def until(true: Callable[[], bool], most_s: float = 600.0) -> None:
    """Let time pass until something is so, for at most so many seconds of the loop's clock."""
    step_s = 0.02
    async with asyncio.timeout(most_s):
        while not true():
            await asyncio.sleep(step_s)
            step_s = min(1.1 * step_s, 2.0)
