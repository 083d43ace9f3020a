import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.chat.chart_frames import Theme
from bot.chat.charts import ChartWorker
from bot.chat.wording import Wording
from bot.errors import ChartError
from bot.message import ChartRequest, Phrase

ENGLISH = Wording("en", strict=True)
REQUEST = ChartRequest(
    title=Phrase("kind-long-flush"),
    alt=Phrase("kind-long-flush"),
    times_ms=(1_768_780_800_000, 1_768_784_400_000, 1_768_788_000_000),
    price=(95_000.0, 92_500.0, 93_100.0),
)
BOTH: tuple[Theme, Theme] = ("dark", "light")
UNKNOWN = ChartRequest(REQUEST.title, REQUEST.alt, REQUEST.times_ms, (None, None, None))
PARENT = """
import asyncio, sys
from bot.chat.charts import ChartWorker

async def main():
    worker = ChartWorker()
    await worker.start()
    print(worker.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


in_one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[ChartWorker]:
    """One worker for all tests, since the start of its process takes most of their time; stopped afterwards."""
    chart_worker = ChartWorker()
    yield chart_worker
    await chart_worker.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def worker(shared: ChartWorker) -> ChartWorker:
    """A worker that runs, whatever became of its process in another test."""
    await shared.start()
    return shared


def ends(pid: int, within_s: float) -> bool:
    """Whether a process, ours or not, ends within a time."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], within_s)[0])
    finally:
        os.close(process)


def pid_of(worker: ChartWorker) -> int:
    """The running process; fails when there is none."""
    assert worker.pid is not None
    return worker.pid


async def until_asked(drawing: asyncio.Task[bytes]) -> None:
    """Let a drawing run until its request lies in the pipe of a worker that was halted."""
    for _ in range(20):
        await asyncio.sleep(0)
    assert not drawing.done()


@in_one_loop
async def test_a_worker_draws_in_both_themes(worker: ChartWorker) -> None:
    """Dark and light are two different pictures from one process."""
    pid = pid_of(worker)
    dark, light = [await worker.draw(REQUEST, ENGLISH, theme) for theme in BOTH]
    assert dark.startswith(b"\x89PNG")
    assert dark != light
    assert worker.pid == pid


@in_one_loop
async def test_requests_at_once_get_their_own_pictures(worker: ChartWorker) -> None:
    """Six drawings asked for together come back in order and equal to those asked for one by one."""
    alone = [await worker.draw(REQUEST, ENGLISH, theme) for theme in BOTH]
    together = await asyncio.gather(*(worker.draw(REQUEST, ENGLISH, theme) for theme in BOTH * 3))
    assert together == alone * 3


@in_one_loop
async def test_a_request_without_data_costs_no_worker(worker: ChartWorker) -> None:
    """A refusal is a `ChartError`, and the same process draws the next chart."""
    pid = pid_of(worker)
    with pytest.raises(ChartError, match="nothing in this chart is known"):
        await worker.draw(UNKNOWN, ENGLISH, "dark")
    assert await worker.draw(REQUEST, ENGLISH, "dark")
    assert worker.pid == pid


@in_one_loop
async def test_what_the_library_cannot_take_costs_no_worker(worker: ChartWorker) -> None:
    """An error inside the drawing is a `ChartError` too, and the same process lives on."""
    pid = pid_of(worker)
    endless = ChartRequest(REQUEST.title, REQUEST.alt, REQUEST.times_ms, (1.0, float("inf"), 2.0))
    with pytest.raises(ChartError):
        await worker.draw(endless, ENGLISH, "dark")
    assert await worker.draw(REQUEST, ENGLISH, "dark")
    assert worker.pid == pid


@in_one_loop
async def test_a_worker_killed_over_a_drawing_is_replaced(worker: ChartWorker) -> None:
    """The drawing that was under way is done by the next worker."""
    before = await worker.draw(REQUEST, ENGLISH, "dark")
    pid = pid_of(worker)
    os.kill(pid, signal.SIGSTOP)
    drawing = asyncio.create_task(worker.draw(REQUEST, ENGLISH, "dark"))
    await until_asked(drawing)
    os.kill(pid, signal.SIGKILL)
    assert await drawing == before
    assert worker.pid not in {None, pid}


@in_one_loop
async def test_a_worker_killed_while_idle_is_replaced(worker: ChartWorker) -> None:
    """The next drawing does not notice."""
    pid = pid_of(worker)
    os.kill(pid, signal.SIGKILL)
    assert await worker.draw(REQUEST, ENGLISH, "light")
    assert worker.pid not in {None, pid}


async def test_a_worker_that_hangs_is_killed() -> None:
    """After the limit there is a `ChartError`, the process is gone, and another one can be started."""
    worker = ChartWorker(draw_limit_s=0.2)
    await worker.start()
    pid = pid_of(worker)
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ChartError, match="no chart within"):
        await worker.draw(REQUEST, ENGLISH, "dark")
    assert ends(pid, within_s=0)
    await worker.start()
    assert worker.pid not in {None, pid}
    await worker.stop()


@in_one_loop
async def test_an_abandoned_drawing_does_not_reach_the_next_asker(worker: ChartWorker) -> None:
    """After a cancelled drawing in one theme, the next one in the other theme is its own."""
    light = await worker.draw(REQUEST, ENGLISH, "light")
    os.kill(pid_of(worker), signal.SIGSTOP)
    drawing = asyncio.create_task(worker.draw(REQUEST, ENGLISH, "dark"))
    await until_asked(drawing)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert await worker.draw(REQUEST, ENGLISH, "light") == light


async def test_a_worker_that_cannot_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends at once is a `ChartError`, at the start and at a drawing."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    worker = ChartWorker()
    with pytest.raises(ChartError, match="does not start"):
        await worker.start()
    with pytest.raises(ChartError, match="died twice"):
        await worker.draw(REQUEST, ENGLISH, "dark")
    await worker.stop()


async def test_stopping_ends_the_process() -> None:
    """After `stop` the process is gone; stopping again does nothing."""
    worker = ChartWorker()
    await worker.start()
    pid = pid_of(worker)
    await worker.stop()
    await worker.stop()
    assert ends(pid, within_s=0)
    assert worker.pid is None


def test_the_worker_ends_with_a_killed_program() -> None:
    """A program killed without warning leaves no process behind."""
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not ends(pid, within_s=0)
        parent.kill()
    assert ends(pid, within_s=10)
