"""How often first touches of levels held in recorded months, beside places that are none."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from bot.levels.bars import QUARTER_MS, Bars, merged
from bot.levels.touches import Held, hold_rates, walk
from bot.market import recording
from bot.market.facts import Bar, Mark
from bot.market.history import HOUR_MS, SLOT_MS
from bot.market.view import Hours

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timeout(600)]


def winter(path: Path) -> dict[str, tuple[Hours, Bars]]:
    """By coin: Binance's hourly bars, and bars of 15 minutes of its marks."""
    marks: dict[str, dict[int, float]] = defaultdict(dict)
    bars: dict[str, dict[int, Bar]] = defaultdict(dict)
    for fact in recording.read(path):
        if isinstance(fact, Mark):
            marks[fact.base][fact.t // SLOT_MS * SLOT_MS - SLOT_MS] = fact.price
        elif isinstance(fact, Bar) and (fact.venue, fact.market, fact.span_s) == ("binance", "perp", 3600):
            bars[fact.base][fact.t - HOUR_MS] = fact
    return {coin: (hours_of(bars[coin]), quarters_of(told)) for coin, told in marks.items()}


def quarters_of(told: dict[int, float]) -> Bars:
    """Marks by the begin of their slot as bars of 15 minutes without a volume."""
    price = np.array([told[start] for start in sorted(told)])
    columns = (price, price, price, price, np.full(price.size, np.nan))
    return merged(Bars(np.array(sorted(told)), *columns, SLOT_MS), QUARTER_MS)


def hours_of(bars: dict[int, Bar]) -> Hours:
    """Bars by their begin as a view tells them."""
    ordered = [bars[start] for start in sorted(bars)]
    rows = [(bar.open, bar.high, bar.low, bar.close, bar.volume) for bar in ordered]
    opened, high, low, close, volume = zip(*rows, strict=True)
    return Hours(tuple(sorted(bars)), opened, high, low, close, volume)


def test_levels_of_the_winter_held_no_more_often_than_other_places(recordings: Path) -> None:
    """BTC, ETH and SOL, each midnight of three months: the figures that docs/member.md tells."""
    market = winter(recordings / "2025-12_2026-03_btc_eth_sol.jsonl.gz")
    assert sorted(market) == ["BTC", "ETH", "SOL"]
    touches = (touch for hours, quarters in market.values() for touch in walk(hours, quarters, end_of(quarters)))
    rates = hold_rates(touches)
    assert (rates["all"], rates["mirrored"]) == (Held(447, 1120), Held(502, 1161))


def end_of(bars: Bars) -> int:
    """When the last bar begins, as the moment up to which is counted."""
    return int(bars.start_ms[-1])
