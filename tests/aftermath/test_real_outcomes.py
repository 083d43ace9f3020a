"""Outcomes of a recorded flush, through the engine that runs live, against the raw rows and nothing of ours."""

from __future__ import annotations

import asyncio
import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import pandas as pd  # type: ignore[import-untyped]  # ships no types
import pytest

from bot.aftermath.outcomes import Figures, Outcome
from bot.alerts.settings import DEFAULTS, encode_settings
from bot.engine import Engine
from bot.flush.episode import Episode
from bot.market.history import DAY_MS, HOUR_MS
from bot.market.recording import read
from bot.store.channels import save_channel
from bot.store.database import opened
from bot.store.episodes import load_episode
from bot.store.outcomes import load_outcomes
from bot.store.rows import ChannelRow, OutcomeRow

pytestmark = [pytest.mark.real, pytest.mark.slow]

RECORDING = "2025-12_2026-03_btc_eth_sol.jsonl.gz"
FLUSH = "2026-01-19-BTC-1"
FROM_MS = int(datetime(2025, 12, 31, tzinfo=UTC).timestamp() * 1000)
TO_MS = int(datetime(2026, 1, 22, 6, tzinfo=UTC).timestamp() * 1000)
SLOT_MS = 300_000


class Lived(NamedTuple):
    """The flush, its outcomes, and the raw marks and open interest of BTC on Binance, by UTC ms."""

    episode: Episode
    outcomes: list[OutcomeRow]
    price: pd.Series
    coins: pd.Series


async def _live(recording: Path) -> tuple[Episode, list[OutcomeRow]]:
    async with opened(":memory:") as store:
        channel = ChannelRow("none", "none", "none", encode_settings(DEFAULTS), 1, FROM_MS)
        await store.run(lambda db: save_channel(db, channel))
        engine = Engine(store, "winter")
        await engine.start()
        for fact in read(recording):
            if FROM_MS <= fact.t <= TO_MS:
                if engine.is_over(fact):
                    await engine.advance()
                engine.apply(fact)
        await engine.advance()
        row = await store.run(lambda db: load_episode(db, FLUSH))
        assert row is not None
        return msgspec.json.decode(row.body, type=Episode), await store.run(lambda db: load_outcomes(db, FLUSH))


@pytest.fixture(scope="module")
def lived(recordings: Path) -> Lived:
    """Three weeks of the winter, with the flush of 19 January and three days after it."""
    episode, outcomes = asyncio.run(_live(recordings / RECORDING))
    with gzip.open(recordings / RECORDING) as file:
        wanted = (line for line in file if b'"base":"BTC"' in line and b'"venue":"binance"' in line)
        lines = [line for line in wanted if b'"kind":"mark"' in line or b'"kind":"oi"' in line]
    rows = pd.DataFrame([msgspec.json.decode(line) for line in lines]).set_index("t")
    return Lived(episode, outcomes, rows[rows.kind == "mark"].price, rows[rows.kind == "oi"].coins)


def expected(lived: Lived, at_ms: int, onset_ms: int, hours: int) -> tuple[float, float, float, float]:
    """Change, beyond, interest and the least of it since, from the raw rows of a long flush."""
    due_ms = at_ms + hours * HOUR_MS
    price, coins = lived.price, lived.coins
    earlier = price[(price.index > min(onset_ms, at_ms - HOUR_MS)) & (price.index <= at_ms)].min()
    later = price[(price.index > at_ms) & (price.index <= due_ms)].min()
    before = coins[(coins.index >= onset_ms - HOUR_MS) & (coins.index <= onset_ms - HOUR_MS // 6)].median()
    least = coins[(coins.index > at_ms) & (coins.index <= due_ms)].min()
    return (
        price[due_ms] / price[at_ms] - 1,
        (earlier - later) / earlier,
        coins[due_ms] / before - 1,
        least / coins[at_ms] - 1,
    )


def told(found: Figures) -> tuple[float | None, ...]:
    """The same of an outcome."""
    return found.change, found.beyond, found.interest, found.interest_least


@pytest.mark.parametrize("hours", [4, 24, 48, 72])
def test_the_alert_of_a_recorded_flush(lived: Lived, hours: int) -> None:
    """Its figures are those of the raw rows; Hyperliquid's open interest has a hole there and is left out."""
    alerted_ms = lived.episode.alerted_ms
    assert alerted_ms is not None
    made_ms = -(-alerted_ms // SLOT_MS) * SLOT_MS
    (row,) = [row for row in lived.outcomes if (row.call, row.hours) == ("alert", hours)]
    assert (row.made_ms, row.due_ms) == (made_ms, made_ms + hours * HOUR_MS)
    found = msgspec.json.decode(row.body, type=Outcome).found
    assert told(found) == pytest.approx(expected(lived, made_ms, lived.episode.onset_ms, hours), abs=1e-6)


@pytest.mark.parametrize("hours", [4, 24, 48, 72])
def test_the_prices_of_its_random_moments(lived: Lived, hours: int) -> None:
    """All 24 lie in the eleven days before the alert, in no known flush, and their prices are those of the raw rows."""
    (row,) = [row for row in lived.outcomes if (row.call, row.hours) == ("alert", hours)]
    random = msgspec.json.decode(row.body, type=Outcome).random
    assert len({one.at_ms for one in random}) == 24
    for one in random:
        assert row.made_ms - 11 * DAY_MS < one.at_ms <= row.made_ms
        assert not lived.episode.onset_ms <= one.at_ms <= row.made_ms
        onset_ms = lived.episode.onset_ms + one.at_ms - row.made_ms
        wanted = expected(lived, one.at_ms, onset_ms, hours)
        assert told(one.figures)[:2] == pytest.approx(wanted[:2], abs=1e-6)
