"""What `tests.bench.sensitivity` compares: recordings with something missing, and numbers of the detector moved."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest

from bot.market.facts import Bar, Fact, LiquidationTotal, Mark, OpenInterest
from tests.bench import sensitivity
from tests.bench.variants import ABLATIONS, CADENCES, DEFAULTS

HOUR_MS = 3_600_000
START_MS = 1_767_225_600_000
SMALL = Path(__file__).resolve().parents[1] / "data" / "small.jsonl.gz"


def bar(t: int, venue: str, span_s: int) -> Bar:
    """A bar at which nothing moved."""
    return Bar(t, venue, "BTC", "perp", span_s, open=1.0, high=1.0, low=1.0, close=1.0, volume=1.0)


FACTS: Sequence[Fact] = (
    Mark(START_MS, "binance", "BTC", 1.0),
    OpenInterest(START_MS, "binance", "BTC", coins=5.0),
    bar(START_MS + 30_000, "bybit", 300),
    bar(START_MS + HOUR_MS, "bybit", 3600),
    OpenInterest(START_MS + HOUR_MS, "binance", "BTC", coins=4.0),
    LiquidationTotal(START_MS + HOUR_MS, "binance+bybit", "BTC", 3600, 1.0, 0.0),
)


def told(name: str) -> list[Fact]:
    """What a change leaves of the facts."""
    return list({**ABLATIONS, **CADENCES}[name](lambda: iter(FACTS)))


def test_a_kind_of_fact_of_one_venue_or_of_all_is_left_out() -> None:
    """What is missing is missing, and everything else stands as it was."""
    assert told("without bars") == told("without bars of Bybit") == [*FACTS[:2], *FACTS[4:]]
    assert told("without open interest of Hyperliquid") == list(FACTS)
    assert told("without liquidations and open interest") == [FACTS[0], *FACTS[2:4]]


def test_hourly_is_bars_of_an_hour_and_what_was_told_at_its_end() -> None:
    """Bars of five minutes and marks have no place where everything comes by the hour."""
    assert told("hourly bars") == [FACTS[3]]
    assert told("hourly bars, totals, open interest") == [FACTS[1], *FACTS[3:]]
    assert told("hourly marks, totals, open interest") == [*FACTS[:2], *FACTS[4:]]


def test_a_late_venue_keeps_the_order_of_time() -> None:
    """Everything of Binance comes a minute later, after what others said meanwhile."""
    late = told("all of Binance a minute late")
    assert [fact.t for fact in late] == sorted(fact.t for fact in late)
    assert [type(fact) for fact in late[:3]] == [Bar, Mark, OpenInterest]
    assert late[1].t == START_MS + 60_000


def test_frozen_open_interest_repeats_what_was_told_first() -> None:
    """Times go on, coins do not."""
    frozen = [fact for fact in told("open interest frozen") if isinstance(fact, OpenInterest)]
    assert [(fact.t - START_MS, fact.coins) for fact in frozen] == [(0, 5.0), (HOUR_MS, 5.0)]


def test_every_default_is_a_number_of_the_detector() -> None:
    """A renamed constant would otherwise be noticed half an hour into the study."""
    for place in (place for default in DEFAULTS for place in default.places):
        module, attribute, *keys = place.split(".")
        value = getattr(import_module(f"bot.flush.{module}"), attribute)
        assert all(value[key] > 0 for key in keys), place


@pytest.mark.slow
def test_the_study_prints_a_row_for_each_variant(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One default, down and up, on the small recording, with its chart."""
    labels = tmp_path / "labels.csv"
    labels.write_text("start_utc,end_utc,kind,market\n2026-03-05 05:00,2026-03-05 06:00,long_flush,BTC\n")
    chart = tmp_path / "chart.png"
    sensitivity.main([str(SMALL), "--labels", str(labels), "--only", "weight P", "--chart", str(chart)])
    rows = capsys.readouterr().out.splitlines()
    assert [row.split(" | ")[0] for row in rows[2:]] == ["| nothing", "| weight P, −30 %", "| weight P, +30 %"]
    assert chart.read_bytes().startswith(b"\x89PNG")
