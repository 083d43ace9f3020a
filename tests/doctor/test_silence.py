"""`flushwatch doctor` before platforms that say nothing, too late or no: it is over within half a minute."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer

from bot.store.rows import ChannelRow
from tests.doctor.practice import Practice

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

HALF_A_MINUTE_S = 30.0
SLOW_S = 15.0


@asynccontextmanager
async def silence(first: bytes = b"") -> AsyncIterator[str]:
    """The address of a machine that takes connections and never says anything, unless slowly to the first request."""
    over, answers = asyncio.Event(), [first] if first else []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answers:
            await asyncio.sleep(SLOW_S)
            body = answers.pop()
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        else:
            await over.wait()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    over.set()
    server.close()
    await asyncio.sleep(0.1)


async def test_platforms_that_say_nothing(practice: Practice) -> None:
    """Two silent platforms together cost less than half a minute, and each is told as silent."""
    clock = asyncio.get_running_loop().time
    await practice.keep(ChannelRow("discord:7", "discord", "#alerts", "{}", 1, 0, "discord:8"))
    async with silence() as address:
        practice.set(discord_api=f"http://{address}/api/v10", telegram_api=f"http://{address}")
        began_s = clock()
        assert not await practice.sound()
        assert clock() - began_s < HALF_A_MINUTE_S
    assert practice.line("Discord token").startswith("✗ no answer within 25 s")
    assert practice.line("Telegram token").startswith("✗ ")
    assert practice.line("Discord channels").startswith("✗ 1 of 1 could not be looked at")
    assert practice.line("clock").endswith("the dates of 12 answers")


async def test_a_telegram_that_falls_silent(practice: Practice) -> None:
    """What was told before it fell silent stands, and the wait for the rest is not begun anew by every question."""
    clock = asyncio.get_running_loop().time
    me = b'{"ok": true, "result": {"id": 700000001, "is_bot": true, "first_name": "F", "username": "f_bot"}}'
    async with silence(me) as address:
        practice.set(telegram_api=f"http://{address}")
        began_s = clock()
        assert not await practice.sound()
        assert clock() - began_s < HALF_A_MINUTE_S
    assert practice.line("Telegram token").startswith("✓ I am @f_bot")
    assert practice.line("Telegram connection").startswith("✗ ")


async def test_a_gateway_that_does_not_say_goodbye(practice: Practice) -> None:
    """One that leaves the end of a connection unanswered does not hold up the report."""
    over, clock = asyncio.Event(), asyncio.get_running_loop().time
    ready = {"v": 10, "user": {"id": "1", "username": "f", "discriminator": "0", "avatar": None}, "guilds": []}
    ready |= {"session_id": "s", "resume_gateway_url": "", "application": {"id": "1", "flags": 0}}

    async def handle(request: web.BaseRequest) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoclose=False)
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}})
        await socket.receive()
        await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": ready})
        await over.wait()
        return socket

    async with RawTestServer(handle) as address:
        practice.set(discord_gateway=f"ws://127.0.0.1:{address.port}")
        began_s = clock()
        assert await practice.sound()
        assert clock() - began_s < HALF_A_MINUTE_S
        over.set()
    assert "in 0 servers" in practice.line("Discord connection")


async def test_a_gateway_that_says_nothing(practice: Practice) -> None:
    """A token that works over a connection that does not is told apart, in time as well."""
    clock = asyncio.get_running_loop().time
    async with silence() as address:
        practice.set(discord_gateway=f"ws://{address}/gateway")
        began_s = clock()
        assert not await practice.sound()
        assert clock() - began_s < HALF_A_MINUTE_S
    assert practice.line("Discord token").startswith("✓ ")
    assert practice.line("Discord connection").startswith("✗ no answer within 25 s")


async def test_a_gateway_that_refuses(practice: Practice) -> None:
    """What Discord says when it closes the connection for good is told in its sentence."""
    asked = asyncio.create_task(practice.sound())
    while not practice.discord.sockets.identifies:  # noqa: ASYNC110 -- nothing tells that the client has connected
        await asyncio.sleep(0.01)
    await practice.discord.drop(4004)
    assert not await asked
    assert practice.line("Discord connection").startswith("✗ Discord refuses the token")
