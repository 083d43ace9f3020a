"""The recorded months as a backtest tells them. The rules were chosen with these months in view: a bound, no proof."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.alerts.presets import PRESETS
from bot.backtest.labels import read_labels, read_windows
from bot.backtest.metrics import Known, judge
from bot.backtest.result import Labels, Metrics
from bot.backtest.run import in_order, play_through
from bot.market.facts import Bar, LiquidationTotal
from bot.replay import open_source

pytestmark = pytest.mark.real

STEP_MS = 300_000


def measured(recordings: Path, name: str) -> tuple[Metrics, Labels]:
    """One recording with preset normal, held against the events and quiet windows that lie beside it."""
    known = Known(read_labels(recordings / "known_events.csv"), read_windows(recordings / "quiet_windows.csv"))
    (source,) = in_order([open_source(str(recordings / name))])
    metrics = judge([asyncio.run(play_through(source, PRESETS["normal"]))], known, "normal").metrics
    assert metrics.labels is not None
    return metrics, metrics.labels


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_winter(recordings: Path) -> None:
    """Every known event is found within a step of what tells of it, little else is, and nothing in quiet windows."""
    metrics, labels = measured(recordings, "2025-12_2026-03_btc_eth_sol.jsonl.gz")
    assert (labels.judged, labels.recall, labels.coin_not_recorded) == (9, 1.0, 0)
    assert labels.delay_from_worst_hour_ms.largest is not None
    assert labels.delay_from_worst_hour_ms.largest <= STEP_MS
    assert metrics.outside is not None
    assert max(metrics.outside.per_week_by_coin.values()) <= 0.3
    assert metrics.quiet is not None
    assert (metrics.quiet.windows, metrics.quiet.hits, metrics.quiet.posts) == (3, [], 0)
    assert metrics.posts.most_in_a_week <= 5


@pytest.mark.slow
def test_the_winter_by_the_hour(recordings: Path) -> None:
    """Of hourly bars and totals of liquidations alone: every known event at the end of its worst hour."""
    whole = open_source(str(recordings / "2025-12_2026-03_btc_eth_sol.jsonl.gz"))
    hourly = replace(whole, facts=lambda: (fact for fact in whole.facts() if isinstance(fact, Bar | LiquidationTotal)))
    known = Known(read_labels(recordings / "known_events.csv"), read_windows(recordings / "quiet_windows.csv"))
    metrics = judge([asyncio.run(play_through(hourly, PRESETS["normal"]))], known, "normal").metrics
    assert metrics.labels is not None
    assert (metrics.labels.judged, metrics.labels.recall_by_alert) == (9, 1.0)
    assert metrics.labels.delay_from_worst_hour_ms.largest == 0
    assert metrics.outside is not None
    assert max(metrics.outside.per_week_by_coin.values()) <= 0.3
    assert metrics.quiet is not None
    assert (metrics.quiet.hits, metrics.quiet.posts) == ([], 0)


@pytest.mark.slow
def test_the_crash_of_october(recordings: Path) -> None:
    """Bars alone tell of the crash, and of nothing in the days before it."""
    metrics, labels = measured(recordings, "2025-10_crash.jsonl.gz")
    assert (labels.judged, labels.recall) == (1, 1.0)
    assert metrics.quiet is not None
    assert (metrics.quiet.windows, metrics.quiet.hits, metrics.quiet.posts) == (1, [], 0)
