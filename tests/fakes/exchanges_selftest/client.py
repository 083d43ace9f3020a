"""A plain client of the venues: asks what their files say, at the fake's addresses, and parses what comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import ClientWebSocketResponse, WSMsgType

from bot.market.facts import Fact, Liquidation
from bot.market.venues import VENUES
from bot.market.venues.symbols import leaders
from bot.market.venues.venue import Instrument, Known, Parsed, Request, Stream, Venue
from tests.fakes.exchanges import ExchangesFake

STREAMED = [(venue, stream) for venue in VENUES for stream in venue.streams]
PERPS = [venue for venue in VENUES if venue.market == "perp"]


def title(venue: Venue) -> str:
    """A venue's name, with its market where that is spot."""
    return venue.name if venue.market == "perp" else f"{venue.name} spot"


def host(venue: Venue) -> str:
    """The exchange of the fake where a venue is asked."""
    return "binance spot" if venue.name == "binance" and venue.market == "spot" else venue.name


def venue_named(name: str) -> Venue:
    """The perpetuals of a venue."""
    return next(venue for venue in PERPS if venue.name == name)


class Heard:
    """One open socket and what it said, in order. With `kept` it says what the venue wants to hear to go on."""

    def __init__(self, ws: ClientWebSocketResponse, stream: Stream | None = None, *, kept: bool = False) -> None:
        self.ws = ws
        self.stream = stream if kept else None
        self.frames: list[bytes] = []
        self.closed = asyncio.Event()

    async def take(self) -> None:
        """Keep what comes until the connection ends."""
        async for message in self.ws:
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                data = message.data
                self.frames.append(data.encode() if isinstance(data, str) else data)
                await self._answer(self.frames[-1])
        self.closed.set()

    async def keep(self) -> None:
        """Ping as the venue wants it."""
        while self.stream is not None and self.stream.ping is not None:
            await asyncio.sleep(self.stream.ping_s)
            await self.ws.send_str(self.stream.ping)

    async def _answer(self, frame: bytes) -> None:
        parsed = Parsed() if self.stream is None else self.stream.parse(frame, {}, 0, "")
        if parsed.control == "ping":
            await self.ws.send_str(parsed.said)


class Client:
    """Asks the fake; `now_ms` is the world's clock."""

    def __init__(self, fake: ExchangesFake, session: aiohttp.ClientSession) -> None:
        self.fake = fake
        self.session = session

    def address(self, told: str) -> str:
        """Where the fake stands in for an address."""
        for beginning, here in self.fake.addresses.items():
            if told.startswith(beginning):
                return told.replace(beginning, here, 1)
        raise LookupError(told)

    @asynccontextmanager
    async def asked(self, venue: Venue, request: Request) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer to one call."""
        url = self.address(venue.rest) + request.path
        params = {name: str(value) for name, value in request.params.items()}
        async with self.session.request(request.method, url, params=params, json=request.json) as response:
            yield response

    async def body(self, venue: Venue, request: Request) -> bytes:
        """What an answer holds, whatever its status."""
        async with self.asked(venue, request) as response:
            return await response.read()

    async def known(self, venue: Venue) -> dict[str, Instrument]:
        """What a venue lists, with its terms."""
        found: dict[str, Instrument] = {}
        for request in venue.instruments:
            found |= venue.parse_instruments(await self.body(venue, request), self.fake.now_ms())
        for terms in venue.terms:
            found |= terms.parse(await self.body(venue, terms.request), found)
        return found

    async def leading(self, venue: Venue) -> dict[str, Instrument]:
        """The contract of each coin whose figures count."""
        return leaders(await self.known(venue), coin_margined_first=venue.coin_margined_first)

    async def polled(self, venue: Venue, known: Known) -> list[Parsed]:
        """One round of every poll, parsed."""
        return [
            poll.parse(await self.body(venue, request), known, self.fake.now_ms(), request.symbol)
            for poll in venue.polls
            for request in poll.requests(known, 0)
        ]

    async def past(self, venue: Venue, instrument: Instrument, name: str, span: tuple[int, int]) -> list[Fact]:
        """One history of one contract, parsed; nothing may be refused."""
        chosen = next(past for past in venue.past if past.name == name)
        found: list[Fact] = []
        for request in chosen.requests(instrument, *span):
            await asyncio.sleep(0.25)  # within every venue's budget
            body = await self.body(venue, request)
            parsed = chosen.parse(body, {instrument.symbol: instrument}, self.fake.now_ms(), request.symbol)
            assert not parsed.refused
            found += parsed.facts
        return found

    @asynccontextmanager
    async def listening(self, stream: Stream, known: Known, *, kept: bool = False) -> AsyncIterator[Heard]:
        """A socket that has asked for everything, in a task of its own."""
        async with self.session.ws_connect(self.address(stream.url), heartbeat=20) as ws:
            heard = Heard(ws, stream, kept=kept)
            tasks = [asyncio.create_task(heard.take()), asyncio.create_task(heard.keep())]
            for text in (*stream.opening, *stream.subscribe(known)):
                await ws.send_str(text)
            try:
                await asyncio.sleep(0.2)
                yield heard
            finally:
                for task in tasks:
                    task.cancel()


def closures(stream: Stream, frames: Sequence[bytes], known: Known, t_ms: int) -> list[Liquidation]:
    """The closures in frames."""
    parsed = [stream.parse(frame, known, t_ms, "") for frame in frames]
    return [fact for one in parsed for fact in one.facts if isinstance(fact, Liquidation)]
