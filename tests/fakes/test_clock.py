"""The jumping clock: hours pass at once and in order, and nothing real is overtaken."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator

import aiohttp
import httpx
import pytest
import pytest_asyncio
from aiohttp import web

from tests.fakes.clock import START_S, DeadlockError, JumpingLoop

pytestmark = pytest.mark.jumping_clock

HOUR_S = 3600.0
LONG = 64 * 2**20  # bytes, more than a socket holds
REAL_S = 0.05  # long enough to be overtaken, short enough not to be felt


def jumping() -> JumpingLoop:
    """The loop a test runs on."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, JumpingLoop)
    return loop


@pytest_asyncio.fixture
async def slow_page() -> AsyncIterator[str]:
    """A server on loopback that answers after as many seconds as the path says."""

    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(float(request.match_info["seconds"]))
        return web.Response(text="late" if jumping().time() > START_S + 1 else "early")

    application = web.Application()
    application.router.add_get("/{seconds}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


async def test_hours_pass_at_once_and_in_order() -> None:
    """Sleeps end at exactly their moments, the shortest first, without the hours being waited for."""
    began_s = time.monotonic()
    ended: list[tuple[str, float]] = []

    async def sleep(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        ended.append((name, jumping().time() - START_S))

    await asyncio.gather(sleep("day", 24 * HOUR_S), sleep("hour", HOUR_S), sleep("second", 1))
    assert ended == [("second", 1), ("hour", HOUR_S), ("day", 24 * HOUR_S)]
    assert time.monotonic() - began_s < 60


async def test_wall_time_goes_with_the_clock() -> None:
    """The Unix time of the loop moves by what its clock moves."""
    before_s = jumping().wall_time()
    await asyncio.sleep(HOUR_S)
    assert jumping().wall_time() - before_s == pytest.approx(HOUR_S)
    assert before_s == pytest.approx(time.time(), abs=60)


async def test_a_time_limit_ends_a_wait_that_never_would() -> None:
    """`asyncio.timeout` follows the clock."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(HOUR_S):
            await asyncio.Event().wait()
    assert jumping().time() == START_S + HOUR_S


@pytest.mark.wire
async def test_loopback_is_faster_than_any_timer(slow_page: str) -> None:
    """Requests are answered before a timer a hundredth of a second away fires."""
    fired: list[float] = []
    async with aiohttp.ClientSession() as session:
        for _ in range(20):
            timer = jumping().call_later(0.01, lambda: fired.append(jumping().time()))
            async with session.get(f"{slow_page}/0") as response:
                assert await response.text() == "early"
            timer.cancel()
    assert fired == []
    assert jumping().time() == START_S


@pytest.mark.wire
async def test_aiohttp_follows(slow_page: str) -> None:
    """An answer after half a minute comes, and a limit of twenty seconds ends the request at twenty seconds."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        with pytest.raises(TimeoutError):
            await session.get(f"{slow_page}/30")
        assert jumping().time() == pytest.approx(START_S + 20, abs=1)  # aiohttp rounds its limits up to full seconds
        async with session.get(f"{slow_page}/30", timeout=aiohttp.ClientTimeout(total=40)) as response:
            assert await response.text() == "late"


@pytest.mark.wire
async def test_httpx_follows(slow_page: str) -> None:
    """The same with httpx, whose limits are those of anyio."""
    async with httpx.AsyncClient(timeout=20) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(f"{slow_page}/30")
        assert jumping().time() == pytest.approx(START_S + 20)
        assert (await client.get(f"{slow_page}/30", timeout=40)).text == "late"


def joined() -> tuple[socket.socket, socket.socket]:
    """Both ends of a connection over loopback."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        here = socket.create_connection(door.getsockname())
        there, _ = door.accept()
    here.setblocking(False)
    return here, there


@pytest.mark.wire
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what could not be sent yet")
async def test_what_is_under_way_is_not_overtaken() -> None:
    """A long text is sent to its end, to a peer that is busy before it reads, before any timer fires."""
    here, there = joined()
    full = threading.Event()

    def read() -> None:
        full.wait()
        hashlib.pbkdf2_hmac("sha256", b"busy", b"peer", 10_000)
        while there.recv(2**20):
            pass

    peer = threading.Thread(target=read)
    peer.start()
    with here, there:
        jumping().call_soon(full.set)
        async with asyncio.timeout(HOUR_S):
            await jumping().sock_sendall(here, bytes(LONG))
        here.shutdown(socket.SHUT_WR)
        peer.join()
    assert jumping().time() == START_S


@pytest.mark.wire
async def test_what_nobody_reads_stops_no_clock() -> None:
    """What could not be sent because nobody reads is waited for once, and hours then pass at once."""
    here, there = joined()
    began_s = time.monotonic()
    with here, there:
        sending = asyncio.ensure_future(jumping().sock_sendall(here, bytes(LONG)))
        for _ in range(1000):
            await asyncio.sleep(1)
        sending.cancel()
    assert jumping().time() == START_S + 1000
    assert time.monotonic() - began_s < 60  # a second each would be a quarter of an hour


async def test_a_thread_is_not_overtaken() -> None:
    """Work in an executor takes no time on the clock, so that no timer fires before it is back."""
    fired: list[str] = []
    jumping().call_later(10, fired.append, "timer")
    await asyncio.to_thread(threading.Event().wait, REAL_S)  # a real wait is what is tested here
    assert (fired, jumping().time()) == ([], START_S)
    await asyncio.sleep(11)
    assert fired == ["timer"]


async def test_an_abandoned_thread_stops_no_clock() -> None:
    """Once the wait for a thread was cancelled, the clock goes on although the thread has not ended."""
    release = threading.Event()
    waiting = asyncio.ensure_future(asyncio.to_thread(release.wait))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(HOUR_S)
    assert jumping().time() == START_S + HOUR_S
    release.set()


async def test_a_name_is_looked_up_before_any_timer() -> None:
    """A name look-up, which runs in a thread, takes no time on the clock."""
    async with asyncio.timeout(0.001):
        assert await jumping().getaddrinfo("127.0.0.1", 80)
    assert jumping().time() == START_S


async def test_a_child_is_not_overtaken() -> None:
    """What a child process writes after a moment arrives before a timer a minute away."""
    code = f"import time; time.sleep({REAL_S}); print('done')"
    async with asyncio.timeout(60):
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
        output, _ = await child.communicate()
    assert output == b"done\n"
    assert START_S < jumping().time() < START_S + 60  # the child may have slept before the clock knew of it


async def test_a_child_that_hangs_can_be_timed_out() -> None:
    """While a child lives, limits pass as on the wall; once it has ended, the clock jumps again."""
    child = await asyncio.create_subprocess_shell("exec cat", stdin=asyncio.subprocess.PIPE)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(REAL_S):
            await child.wait()
    child.kill()
    await child.wait()
    ended_s = jumping().time()
    await asyncio.sleep(HOUR_S)
    assert jumping().time() == pytest.approx(ended_s + HOUR_S)


def test_a_deadlock_fails() -> None:
    """When nothing can happen any more the test that waits ends with an error that names its task."""
    with (
        asyncio.Runner(loop_factory=lambda: JumpingLoop(deadlock_s=REAL_S)) as runner,
        pytest.raises(DeadlockError, match="wait"),
    ):
        runner.run(asyncio.Event().wait())


def test_a_thread_is_no_deadlock() -> None:
    """A wait for a thread that takes longer than the limit for deadlocks is none."""
    with asyncio.Runner(loop_factory=lambda: JumpingLoop(deadlock_s=REAL_S)) as runner:
        assert not runner.run(asyncio.to_thread(threading.Event().wait, 4 * REAL_S))  # False: it waited all the time
