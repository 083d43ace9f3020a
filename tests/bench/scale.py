"""How the cost grows with the market: one detector step over ever more coins, and a month of 300 of them.

`python -m tests.bench.scale` measures the steps alone, and draws docs/images/detector-step.png.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from bot.alerts.presets import PRESETS
from bot.backtest.run import play_through
from bot.chat.chart_theme import PALETTES
from bot.market.facts import Fact, Mark, OpenInterest
from bot.replay import Source, simulated
from tests.bench.engine import START_MS, step_ms
from tests.bench.measuring import Measured, timed

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "detector-step.png"
COUNTS = (10, 30, 100, 300, 1000)
COINS = 300
DAYS = 30
SLOT_MS = 300_000
SLOTS = DAYS * 86_400_000 // SLOT_MS


def month() -> Iterator[Fact]:
    """A mark and the open interest of every coin each five minutes, 5.2 million facts: random walks of fat tails."""
    rng = np.random.default_rng(7)
    names = [f"COIN{coin}" for coin in range(COINS)]
    prices, coins = np.full(COINS, 100.0), np.full(COINS, 1e6)
    for slot in range(SLOTS):
        now_ms = START_MS + slot * SLOT_MS
        prices = prices * np.exp(0.001 * (rng.standard_t(5) + rng.standard_t(5, COINS)))
        coins = coins * np.exp(0.0005 * rng.standard_normal(COINS))
        for name, price, amount in zip(names, prices.tolist(), coins.tolist(), strict=True):
            yield Mark(now_ms, "binance", name, price)
            yield OpenInterest(now_ms, "binance", name, coins=amount)


def month_s() -> float:
    """That month through the engine, with nobody to post to."""
    source = Source("month", "month", START_MS, START_MS + SLOTS * SLOT_MS, month, simulated)
    return timed(lambda: asyncio.run(play_through(source, PRESETS["normal"])))


def draw(steps: dict[int, float], path: Path) -> None:
    """Milliseconds of one step by the number of coins, both axes from nothing on."""
    palette = PALETTES["light"]
    figure = Figure(figsize=(7, 4), dpi=120, facecolor=palette.ground, layout="constrained")
    axes = figure.subplots()
    axes.plot(list(steps), list(steps.values()), color=palette.shorts, marker="o")
    for coins, milliseconds in steps.items():
        if coins >= 100:
            axes.annotate(
                f"{milliseconds:.1f} ms", (coins, milliseconds), (0, 8), textcoords="offset points", ha="right"
            )
    axes.set(xlim=(0, None), ylim=(0, 1.15 * max(steps.values())))
    axes.set(xlabel="coins on eight venues", ylabel="one detector step, ms")
    axes.grid(color=palette.grid)
    figure.savefig(path)


def measure() -> list[Measured]:
    """Steps over ever more coins, and the month."""
    rows = [Measured(f"one detector step, {coins} coins on 8 venues, ms", step_ms(coins)) for coins in COUNTS]
    return [
        *rows,
        Measured("30 days of 300 coins by five minutes (5.2 million facts) through the engine, s", month_s()),
    ]


if __name__ == "__main__":
    draw({coins: step_ms(coins) for coins in COUNTS}, PICTURE)
