"""The connections to one venue's socket: what they are told, how they are kept, and what goes wrong with them."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Coroutine, Iterable
from contextlib import suppress

from aiohttp import WSMsgType, web

from tests.fakes.exchanges.faults import CLOSES_AFTER_S, GZIP_PING_S, Fault, spoilt
from tests.fakes.exchanges.view import View
from tests.fakes.exchanges.wire import Frame, Listener, Speech

Loud = str | bytes
GOING_AWAY = 1001
POLICY = 1008


class Connection(Listener):
    """One socket; `heard` are the texts the client sent."""

    def __init__(self, path: str, request: web.Request) -> None:
        super().__init__(path)
        self.request = request
        self.ws = web.WebSocketResponse(autoping=False, timeout=1)
        self.out: asyncio.Queue[Loud] = asyncio.Queue()
        self.heard: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.spoke = asyncio.Event()
        self.awaited = False
        """Whether it owes an answer to a heartbeat."""

    def start(self, work: Coroutine[object, object, None]) -> None:
        """Do something as long as the connection lives."""
        self.tasks.append(asyncio.create_task(work))

    def abort(self) -> None:
        """End it without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()


class Sockets:
    """All connections to one venue. `opened` counts every connection there was."""

    def __init__(self, speech: Speech, view: View, faults: set[Fault]) -> None:
        self.open: set[Connection] = set()
        self.opened = 0
        self.sent = 0
        """Frames of the feed that were put on the wire, each counted once however many listen."""
        self._speech = speech
        self._view = view
        self._faults = faults
        self._loop = asyncio.get_running_loop()
        self._held: list[Frame] = []
        self._closing: set[asyncio.Task[None]] = set()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Keep one connection until it ends."""
        connection = Connection(request.path, request)
        await connection.ws.prepare(request)
        self.open.add(connection)
        self.opened += 1
        connection.start(_write(connection))
        self._keep(connection)
        for text in self._speech.greet(self._view, connection):
            self._answer(connection, text)
        if connection.topics and "subscription refused" in self._faults:  # the address itself subscribes
            self._answer(connection, self._refused(connection, ""))
        try:
            await self._listen(connection)
        finally:
            self.open.discard(connection)
            for task in connection.tasks:
                task.cancel()
        return connection.ws

    def tell(self, frames: Iterable[Frame]) -> None:
        """Send frames of the feed to those who subscribed to their topics."""
        if {"silent socket", "no route"} & self._faults:
            return
        told = [(topic, spoilt(text, self._faults)) for topic, text in frames]
        if "duplicate frames" in self._faults:
            told = [frame for frame in told for _ in range(2)]
        if "reordered frames" not in self._faults:
            self._send(told)
            return
        if not self._held:
            self._loop.call_later(1, self._send_reordered)
        self._held += told

    async def drained(self) -> None:
        """Wait until everything is on the wire."""
        for connection in list(self.open):
            await connection.out.join()

    def heeded(self, topic: str) -> bool:
        """Whether somebody listens to a topic."""
        return any(topic in connection.topics for connection in self.open)

    def close_all(self, code: int = GOING_AWAY) -> None:
        """Close every connection as the venue does."""
        for connection in self.open:
            connection.start(self._close(connection, code))

    def abort_all(self) -> None:
        """End every connection without a word."""
        for connection in self.open:
            connection.abort()

    def suffer(self, fault: Fault) -> None:
        """Begin what has to be done to connections that are open already."""
        for connection in self.open:
            if fault in ("socket closes", "gzip pings"):
                connection.start(self._suffering(connection, fault))

    def _send(self, frames: Iterable[Frame]) -> None:
        for topic, text in frames:
            self.sent += 1
            for connection in self.open:
                if topic in connection.topics:
                    connection.out.put_nowait(text)

    def _send_reordered(self) -> None:
        held, self._held = self._held, []
        self._send(reversed(held))

    def _keep(self, connection: Connection) -> None:
        """Start whatever goes on beside listening."""
        speech = self._speech
        if speech.pings_s is not None:
            connection.start(self._ping(connection, speech.pings_s))
        if speech.idle_s is not None:
            connection.start(self._end_idle(connection, speech.idle_s))
        if speech.lives_s is not None:
            connection.start(self._end_after(connection, speech.lives_s))
        for fault in self._faults & {"socket closes", "gzip pings"}:
            connection.start(self._suffering(connection, fault))

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.ws:
            if "no route" in self._faults:
                continue
            if message.type is WSMsgType.PING:
                with suppress(ConnectionError):  # the client may go while it is answered
                    await connection.ws.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                connection.spoke.set()
                connection.awaited = False
                connection.heard.append(message.data)
                self._hear(connection, message.data)

    def _hear(self, connection: Connection, said: str) -> None:
        if self._speech.subscribes(said) and "subscription refused" in self._faults:
            self._answer(connection, self._refused(connection, said))
            return
        had_heartbeat = connection.heartbeat_s
        for text in self._speech.hear(self._view, connection, said):
            self._answer(connection, text)
        if connection.heartbeat_s is not None and had_heartbeat is None:
            connection.start(self._heartbeat(connection, connection.heartbeat_s))

    def _refused(self, connection: Connection, said: str) -> str:
        connection.topics.clear()
        return self._speech.refuse(said)

    def _answer(self, connection: Connection, text: str) -> None:
        if "no route" not in self._faults:
            connection.out.put_nowait(text)

    async def _ping(self, connection: Connection, every_s: float) -> None:
        while True:
            await asyncio.sleep(every_s)
            if "no route" not in self._faults:
                with suppress(ConnectionError):
                    await connection.ws.ping()

    async def _end_idle(self, connection: Connection, idle_s: float) -> None:
        with suppress(TimeoutError):
            while True:
                connection.spoke.clear()
                async with asyncio.timeout(idle_s):
                    await connection.spoke.wait()
        await self._close(connection, POLICY)

    async def _end_after(self, connection: Connection, lives_s: float) -> None:
        await asyncio.sleep(lives_s)
        await self._close(connection, GOING_AWAY)

    async def _heartbeat(self, connection: Connection, every_s: float) -> None:
        await asyncio.sleep(every_s)
        while not connection.awaited:
            self._answer(connection, self._speech.heartbeat)
            connection.awaited = True
            await asyncio.sleep(every_s)
        await self._close(connection, POLICY)

    async def _suffering(self, connection: Connection, fault: Fault) -> None:
        if fault == "socket closes":
            await self._end_after(connection, CLOSES_AFTER_S)
        while fault == "gzip pings" and fault in self._faults:
            connection.out.put_nowait(gzip.compress(json.dumps({"ping": self._view.now_ms}).encode()))
            await asyncio.sleep(GZIP_PING_S)

    async def _close(self, connection: Connection, code: int) -> None:
        # From a task of its own: the connection's own tasks are cancelled while it closes.
        closing = asyncio.create_task(_closed(connection, code))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
        await asyncio.shield(closing)


async def _closed(connection: Connection, code: int) -> None:
    await connection.ws.close(code=code)


async def _write(connection: Connection) -> None:
    while True:
        told = await connection.out.get()
        try:
            if isinstance(told, str):
                await connection.ws.send_str(told)
            else:
                await connection.ws.send_bytes(told)
        except ConnectionError:
            continue  # it ends by itself; what still waits for it is taken out
        finally:
            connection.out.task_done()
