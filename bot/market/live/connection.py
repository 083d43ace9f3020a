"""One life of a socket: connect, subscribe, listen, and notice when nobody is there any more.

Alive is who answers pings. Silence says nothing: in a calm market a feed of closures is silent for hours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NoReturn

import aiohttp
from aiohttp import WSMsgType

from bot.errors import VenueDown
from bot.market.live.patience import BLOCKED_S
from bot.market.venues.venue import Parsed, Stream

CONNECT_S = 15.0
ACKNOWLEDGED_S = 30.0
"""A subscription that was not confirmed by then is taken for lost."""
PATIENCE = 2.5
"""After so many ping periods without anything heard the connection is taken for dead."""
BETWEEN_FRAMES_S = 0.1  # Binance takes 10 frames a second, the fewest of all venues
CLOSING = aiohttp.ClientWSTimeout(ws_close=2.0)
LARGEST_FRAME = 16 * 1024 * 1024
ENDED = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED)


class Connection:
    """A socket at `url` to which `frames` are sent; `on_frame` reads what comes, `on_live` hears when all is confirmed.

    `refused` are the errors with which the venue answered subscriptions.
    """

    def __init__(
        self,
        stream: Stream,
        url: str,
        frames: Sequence[str],
        on_frame: Callable[[bytes], Parsed],
        on_live: Callable[[Connection], None],
    ) -> None:
        self.frames = frames
        self.refused: list[str] = []
        self.heard_s = 0.0
        """When something was heard last, on the loop's clock."""
        self.live = False
        self._stream = stream
        self._url = url
        self._on_frame = on_frame
        self._on_live = on_live
        self._confirmed = 0
        self._why = "it was closed"
        self._clock = asyncio.get_running_loop().time

    async def run(self, session: aiohttp.ClientSession, blocked: frozenset[int]) -> NoReturn:
        """Live until the connection ends, which raises `VenueDown` with the reason."""
        try:
            async with asyncio.timeout(CONNECT_S):
                socket = await session.ws_connect(
                    self._url, autoping=False, max_msg_size=LARGEST_FRAME, timeout=CLOSING
                )
        except aiohttp.WSServerHandshakeError as error:
            if error.status in blocked:
                raise VenueDown(f"code {error.status}: it refuses this place", "blocked", BLOCKED_S) from error
            raise VenueDown(f"code {error.status}", "stale", 0) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise VenueDown(str(error) or type(error).__name__, "stale", 0) from error
        self.heard_s = self._clock()
        helpers = [asyncio.create_task(self._subscribe(socket)), asyncio.create_task(self._watch(socket))]
        try:
            await self._listen(socket)
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            with suppress(aiohttp.ClientError, OSError):
                await socket.close()

    async def _subscribe(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        with suppress(aiohttp.ClientError, OSError):  # it ended meanwhile: `_listen` says so
            for frame in (*self._stream.opening, *self.frames):
                await socket.send_str(frame)
                await asyncio.sleep(BETWEEN_FRAMES_S)
            self._check()
            await asyncio.sleep(ACKNOWLEDGED_S)
            if not self.live:
                said = self.refused[0] if self.refused else "the subscription was not confirmed"
                await self._end(socket, said)

    async def _watch(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        ping, every_s = self._stream.ping, self._stream.ping_s
        with suppress(aiohttp.ClientError, OSError):
            while True:
                await asyncio.sleep(every_s)
                if self._clock() - self.heard_s > PATIENCE * every_s:
                    await self._end(socket, "it does not answer pings")
                await (socket.send_str(ping) if ping is not None else socket.ping())

    async def _end(self, socket: aiohttp.ClientWebSocketResponse, why: str) -> None:
        self._why = why
        await socket.close()

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> NoReturn:
        while True:
            message = await socket.receive()
            kind = message.type
            if kind in ENDED:
                raise VenueDown(self._why, "stale", 0)
            if kind == WSMsgType.ERROR:
                raise VenueDown(str(message.data) or self._why, "stale", 0)
            self.heard_s = self._clock()
            if kind == WSMsgType.PING:
                await socket.pong(message.data)
            elif kind == WSMsgType.TEXT:  # no venue here tells anything in bytes
                await self._take(socket, self._on_frame(message.data.encode()))

    async def _take(self, socket: aiohttp.ClientWebSocketResponse, parsed: Parsed) -> None:
        if not parsed.control:
            return
        if parsed.control == "ping":
            await socket.send_str(parsed.said)
        elif parsed.control == "ack":
            self._confirmed += 1
            self._check()
        elif parsed.control == "error" and not self.frames:  # the address is the subscription, and it is refused
            await self._end(socket, parsed.said)
        elif parsed.control == "error" and not self.live:
            self.refused.append(parsed.said)
            self._check()

    def _check(self) -> None:
        """Live once every frame was answered, at least one of them well."""
        if self.live or self._confirmed + len(self.refused) < len(self.frames):
            return
        if self.refused and not self._confirmed:
            return
        self.live = True
        self._on_live(self)
