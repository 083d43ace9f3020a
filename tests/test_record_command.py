"""`flushwatch record` as a process of its own, told by its settings where the exchanges are."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from bot.market.facts import Mark, OpenInterest
from bot.market.recording import read
from tests.fakes.exchanges import ExchangesFake
from tests.market.live.toy import until

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


async def test_the_command_records_the_exchanges_of_its_settings(tmp_path: Path, root: Path) -> None:
    """What exchanges on loopback tell is in the recording after Ctrl-C, and no other exchange was asked."""
    now_ms = time.time_ns() // 1_000_000
    prices = {"BTC": 100_000.0, "ETH": 3_000.0}
    marks = [Mark(now_ms, "bybit", coin, price) for coin, price in prices.items()]
    interest = [OpenInterest(now_ms, "bybit", coin, coins=1_000.0) for coin in prices]
    async with ExchangesFake([*marks, *interest], start_ms=now_ms, bases=prices) as fake:
        settings = {"FLUSHWATCH_TEST_FAKES": "yes", "FLUSHWATCH_EXCHANGES": json.dumps(fake.addresses)}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "record", "here", "--venues", "bybit"),
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(root)} | settings,
            stdout=asyncio.subprocess.PIPE,
        )
        # The coin-margined ones are asked for once the others were read.
        await until(lambda: {"category": "inverse"} in [call.query for call in fake["bybit"].calls], most_s=30)
        process.send_signal(signal.SIGINT)
        out, _ = await process.communicate()
        # A visitor of the program that had a port before may still call there: it is no exchange's address it asks for.
        asked = [name for name, exchange in fake.exchanges.items() if len(exchange.calls) > len(exchange.unknown)]
        assert asked == ["bybit"]
    assert process.returncode == 0
    assert out.decode().splitlines()[1].startswith("bybit: ")
    (path,) = (tmp_path / "here").glob("*.jsonl.gz")
    assert {fact.base: fact.price for fact in read(path) if isinstance(fact, Mark)} == prices
