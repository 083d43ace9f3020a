"""Decoding, the detector, whole replays and a chart."""

from __future__ import annotations

import asyncio
import resource
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from bot.alerts.presets import PRESETS
from bot.backtest.run import play_through
from bot.chat.charts import ChartWorker
from bot.chat.console import SilentTransport
from bot.chat.wording import Wording
from bot.flush.detector import Detector
from bot.market.board import Board
from bot.market.facts import Fact, Funding, Index, Liquidation, Mark, OpenInterest
from bot.market.history import History
from bot.market.recording import read
from bot.message import ChartRequest, Phrase
from bot.once import Replayed, replay
from bot.replay import Pace, open_source
from tests.bench.measuring import Measured, timed

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "recordings" / "2025-12_2026-03_btc_eth_sol.jsonl.gz"
SMALL = ROOT / "tests" / "data" / "small.jsonl.gz"
START_MS = 1_772_409_600_000
CHARTS = 20
STEPS = 400


def replay_s(path: Path) -> float:
    """A recording through everything, posts going nowhere."""
    with tempfile.TemporaryDirectory() as folder:
        source = open_source(str(path))
        work = replay(Replayed(source, Path(folder) / "bench.db", Pace(None), "en"), SilentTransport())
        return timed(lambda: asyncio.run(work))


def backtest_s(path: Path) -> float:
    """A recording through the engine with nobody to post to, as `flushwatch backtest` plays it."""
    return timed(lambda: asyncio.run(play_through(open_source(str(path)), PRESETS["normal"])))


def market(coins: int, venues: int, now_ms: int, rng: np.random.Generator) -> list[Fact]:
    """One poll of every venue: mark, index, open interest and funding of every coin, and a few liquidations."""
    facts: list[Fact] = []
    prices = 100 * np.exp(rng.normal(0, 0.001, coins))
    for coin in range(coins):
        name, price = f"COIN{coin}", float(prices[coin])
        for venue in range(venues):
            at = f"venue{venue}"
            facts.append(Mark(now_ms, at, name, price))
            facts.append(Index(now_ms, at, name, price))
            facts.append(OpenInterest(now_ms, at, name, coins=1e6))
            facts.append(Funding(now_ms, at, name, 1e-4, 8, settled=False))
        if rng.random() < 0.2:
            facts.append(Liquidation(now_ms, "venue0", name, "long", price, 10.0, 10 * price))
    return facts


def step_ms(coins: int) -> float:
    """Median of one detector step over this many coins on eight venues."""
    board, history, detector, rng = Board(), History(), Detector(), np.random.default_rng(7)
    times = []
    for step in range(STEPS):
        now_ms = START_MS + step * 15_000
        for fact in market(coins, 8, now_ms, rng) if step % 20 == 0 else market(coins, 1, now_ms, rng):
            board.apply(fact)
        times.append(timed(lambda now_ms=now_ms: detector.step(board, history, now_ms)))  # type: ignore[misc]  # mypy has no type for the default
    return 1000 * statistics.median(times[20:])


async def chart_ms() -> float:
    """Median of a warm chart of 300 points with three panels."""
    rng = np.random.default_rng(7)
    price = tuple(float(value) for value in 92_000 + rng.normal(0, 60, 300).cumsum())
    usd = tuple(float(value) for value in rng.lognormal(10, 2, 300))
    times_ms = tuple(START_MS + slot * 300_000 for slot in range(300))
    title = Phrase("chart-price")
    request = ChartRequest(title, title, times_ms, price, usd, usd, tuple(90_000 + value / 100 for value in price))
    worker, wording = ChartWorker(), Wording("en")
    await worker.start()
    try:
        await worker.draw(request, wording, "dark")
        times = []
        for _ in range(CHARTS):
            began = time.perf_counter()
            await worker.draw(request, wording, "dark")
            times.append(time.perf_counter() - began)
    finally:
        await worker.stop()
    return 1000 * statistics.median(times)


def measure() -> list[Measured]:
    """Everything from a fact to a card."""
    rows = [
        Measured("decode the small recording, facts per second", 43_979 / timed(lambda: sum(1 for _ in read(SMALL)))),
        Measured("a chart of 300 points, warm, ms", asyncio.run(chart_ms())),
        Measured("the small recording through everything, s", replay_s(SMALL)),
    ]
    if REAL.exists():
        rows.append(Measured("the winter recording (248,579 facts) through everything, s", replay_s(REAL)))
        rows.append(Measured("a backtest of the winter recording, s", backtest_s(REAL)))
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*rows, Measured("most memory of this process, MB", most_mb)]
