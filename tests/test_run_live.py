"""`flushwatch run` on the live market, as a process of its own: all exchanges on loopback, in real time."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.exchanges import ExchangesFake
from tests.fakes.exchanges_selftest import told
from tests.test_run import DEADLINE_S, Run, running

pytestmark = pytest.mark.wire

LIVE = ""
NAMES = ("Binance", "Bybit", "OKX", "Hyperliquid", "Bitget", "Gate", "Deribit", "dYdX")


async def answer(run: Run, command: str) -> str:
    """What the page is told when somebody types a command, in English."""
    await run.page.send_json({"type": "say", "text": command, "language": "en"})
    async with asyncio.timeout(DEADLINE_S):
        while True:
            frame = await run.frames.get()
            if frame["type"] == "answer":
                words: dict[str, Any] = frame["answer"]["post"]["spoken"]["en"]["words"]
                return "\n".join([words["headline"], *(row["text"] for row in words["rows"])])


async def answer_when(run: Run, command: str, well: Callable[[str], bool]) -> str:
    """The first answer that is as wished; a person would ask again too."""
    async with asyncio.timeout(DEADLINE_S):
        while not well(said := await answer(run, command)):  # noqa: ASYNC110 -- facts come from another process
            await asyncio.sleep(0.5)
    return said


@pytest.mark.slow
async def test_all_exchanges_are_heard_and_remembered(tmp_path: Path) -> None:
    """Members are answered within seconds, again after a kill, and from memory where no exchange answers any more."""
    now_ms = time.time_ns() // 1_000_000
    async with ExchangesFake(told.present(now_ms), start_ms=now_ms, bases=told.BASES) as fake:
        settings = {"test_fakes": "yes", "exchanges": json.dumps(fake.addresses)}
        async with running(tmp_path, market=LIVE, **settings) as run:
            said = await answer_when(run, "/oi BTC", lambda text: "8 of 8 venues" in text)
            assert all(name in said for name in NAMES)
            assert "Learning what is usual" in await answer(run, "/status")
            assert fake.unknown == []
            run.process.kill()
            await run.process.wait()
        async with running(tmp_path, market=LIVE, **settings) as run:
            await answer_when(run, "/oi BTC", lambda text: "8 of 8 venues" in text)
        assert "Traceback" not in run.written()
    async with running(tmp_path, market=LIVE, **settings) as run:
        said = await answer_when(run, "/oi BTC", lambda text: "BTC open interest" in text)
        assert all(name in said for name in NAMES)
        assert "Traceback" not in run.written()


async def test_without_any_exchange_it_says_so_and_stops_cleanly(tmp_path: Path) -> None:
    """Nobody answers: members are told that nothing is known yet, with what tells why."""
    async with ExchangesFake(start_ms=told.START_MS, bases=told.BASES) as fake:
        addresses = json.dumps(fake.addresses)
    async with running(tmp_path, market=LIVE, test_fakes="yes", exchanges=addresses) as run:
        assert await answer(run, "/oi BTC") == "I have no market data yet. /status says what I am waiting for."
        assert "Traceback" not in run.written()
