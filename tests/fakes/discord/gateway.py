"""The gateway: sessions, their events, and the sockets they are read through (events/gateway)."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from aiohttp import WSMsgType, web

from tests.fakes.discord import payloads
from tests.fakes.discord.world import Guild, Json, World

PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
"""Intents of members, presences and message content, which must be enabled for an application first."""
OF_GUILDS = 1 << 0


class Op(IntEnum):
    """Opcodes (topics/opcodes-and-status-codes)."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


@dataclass(eq=False)
class Session:
    """What a client is told, whether a socket is open or not: every event by its number, from one."""

    id: str
    intents: int
    shard: tuple[int, int]
    socket: web.WebSocketResponse | None = None
    events: list[Json] = field(default_factory=list)

    async def tell(self, event: str, data: Json) -> None:
        """Number an event, keep it for a resume, and send it if somebody listens."""
        self.events.append({"op": Op.DISPATCH, "t": event, "s": len(self.events) + 1, "d": data})
        await _send(self.socket, self.events[-1])

    def hears(self, event: str, guild_id: int | None) -> bool:
        """Whether an event of that guild, or of none, belongs to this session."""
        number, count = self.shard
        right_shard = number == ((guild_id >> 22) % count if guild_id else 0)
        needs_intent = event.startswith(("GUILD_", "CHANNEL_", "THREAD_"))
        return right_shard and (not needs_intent or bool(self.intents & OF_GUILDS))


class Gateway:
    """All sessions of one application, and what can go wrong with them."""

    def __init__(self, world: World, own_url: Callable[[], str]) -> None:
        self._world = world
        self._own_url = own_url
        self.identifies = 0
        self.resumes = 0
        """Resumes that succeeded."""
        self.heartbeats = 0
        self.heartbeat_interval_ms = 41_250
        self.acknowledge = True
        """False: heartbeats get no answer."""
        self.refuse_resume = False
        """True: every resume is answered by op 9, so that the client must identify anew."""
        self.drop_every_s: float | None = None
        """Sockets that open from now on live that long, then they are closed with 4000."""
        self._sessions: dict[str, Session] = {}
        self._sockets: dict[web.WebSocketResponse, web.Request] = {}
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> int:
        """Sessions with an open socket."""
        return sum(session.socket is not None for session in self._sessions.values())

    async def dispatch(self, event: str, data: Json, guild_id: int | None = None) -> None:
        """Tell an event to the sessions that hear it; without an open socket it waits for their resume."""
        for session in list(self._sessions.values()):
            if session.hears(event, guild_id):
                await session.tell(event, data)

    async def drop(self, code: int | None = 4000) -> None:
        """Close all sockets with a code; None cuts the connections instead. Sessions stay."""
        await asyncio.gather(*(self._close(socket, code) for socket in list(self._sockets)))

    async def ask_to_reconnect(self) -> None:
        """Send op 7, as before a restart of a gateway node."""
        for socket in list(self._sockets):
            await _send(socket, {"op": Op.RECONNECT, "d": None})

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket."""
        socket = web.WebSocketResponse(max_msg_size=4096)
        await socket.prepare(request)
        self._sockets[socket] = request
        expiry = self._expiry(socket)
        await _send(socket, {"op": Op.HELLO, "d": {"heartbeat_interval": self.heartbeat_interval_ms}})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._received(socket, json.loads(message.data))
        finally:
            if expiry:
                expiry.cancel()
            self._gone(socket)
        return socket

    def _expiry(self, socket: web.WebSocketResponse) -> asyncio.TimerHandle | None:
        if self.drop_every_s is None:
            return None
        return asyncio.get_running_loop().call_later(self.drop_every_s, self._expire, socket)

    def _expire(self, socket: web.WebSocketResponse) -> None:
        closing = asyncio.create_task(self._close(socket, 4000))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def _close(self, socket: web.WebSocketResponse, code: int | None) -> None:
        for session in self._sessions.values():
            if session.socket is socket:
                session.socket = None  # so that it outlives this socket, whatever the client answers
        transport = self._sockets[socket].transport
        if code is not None:
            await socket.close(code=code)
        elif transport is not None:
            transport.abort()

    def _gone(self, socket: web.WebSocketResponse) -> None:
        self._sockets.pop(socket, None)
        for session in list(self._sessions.values()):
            if session.socket is socket:
                session.socket = None
                # A client that says goodbye ends its session (events/gateway, "Initiating a Disconnect").
                if socket.close_code in {1000, 1001}:
                    del self._sessions[session.id]

    async def _received(self, socket: web.WebSocketResponse, frame: Json) -> None:
        if frame["op"] == Op.HEARTBEAT:
            self.heartbeats += 1
            if self.acknowledge:
                await _send(socket, {"op": Op.HEARTBEAT_ACK})
        elif frame["op"] in {Op.IDENTIFY, Op.RESUME} and frame["d"]["token"] != self._world.token:
            await socket.close(code=4004, message=b"Authentication failed.")
        elif frame["op"] == Op.IDENTIFY:
            await self._identified(socket, frame["d"])
        elif frame["op"] == Op.RESUME:
            await self._resumed(socket, frame["d"])

    async def _identified(self, socket: web.WebSocketResponse, data: Json) -> None:
        self.identifies += 1
        if data["intents"] & PRIVILEGED:
            await socket.close(code=4014, message=b"Disallowed intent(s).")
            return
        number, count = data.get("shard", (0, 1))
        session = Session(secrets.token_hex(8), data["intents"], (number, count), socket)
        self._sessions[session.id] = session
        guilds = [
            each for each in self._world.guilds.values() if each.has_bot and session.hears("GUILD_CREATE", each.id)
        ]
        await session.tell("READY", self._ready(session, guilds))
        for guild in guilds:
            if guild.available:
                await session.tell("GUILD_CREATE", payloads.of_guild(guild, self._world) | {"unavailable": False})

    def _ready(self, session: Session, guilds: list[Guild]) -> Json:
        return {
            "v": 10,
            "user": payloads.of_user(self._world.bot),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self._own_url(),
            "shard": list(session.shard),
            "application": {"id": str(self._world.application_id), "flags": 0},
        }

    async def _resumed(self, socket: web.WebSocketResponse, data: Json) -> None:
        session = self._sessions.get(data["session_id"])
        if session is None or self.refuse_resume:
            self._sessions.pop(data["session_id"], None)
            await _send(socket, {"op": Op.INVALID_SESSION, "d": False})
            return
        self.resumes += 1
        seen = data["seq"] or 0
        while seen < len(session.events):  # also what happens while this is being sent
            await _send(socket, session.events[seen])
            seen += 1
        session.socket = socket
        await session.tell("RESUMED", {})


async def _send(socket: web.WebSocketResponse | None, frame: Json) -> None:
    if socket is None or socket.closed:
        return
    try:
        await socket.send_str(json.dumps(frame))
    except ConnectionError:
        return  # cut while it was written: whoever listens has to resume
