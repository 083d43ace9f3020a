"""What was kept of three flushes of the winter: the page about them, and each number against the raw lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.aftermath.checks import CHECKPOINTS
from bot.archive.kept import Kept
from tests.aftermath.chains import FLUSHES, RECORDING, page, reports_of
from tests.aftermath.raw import DAY_MS, USUAL_MS, Known, raw_rows

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timeout(600)]

EXACT = 1e-9
SINGLE = 1e-5
"""Open interest is kept in single precision."""
STEPS = [(id_, step) for id_ in FLUSHES for step in CHECKPOINTS]


async def test_the_page_is_what_the_program_says_now(chains: list[Kept], root: Path) -> None:
    """Made again from the recording, docs/january-and-february-2026.md is the same to the letter."""
    assert await page(chains) == (root / "docs" / "january-and-february-2026.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def raw(recordings: Path, chains: list[Kept]) -> dict[str, Any]:
    """The raw lines around each flush, by its id."""
    span = {kept.episode.id: kept.episode.onset_ms for kept in chains}
    return {
        id_: raw_rows(recordings / RECORDING, "BTC", onset_ms - USUAL_MS - DAY_MS, onset_ms + 5 * DAY_MS)
        for id_, onset_ms in span.items()
    }


def of(chains: list[Kept], raw: dict[str, Any], id_: str, step: str) -> tuple[Kept, Known, dict[str, Any]]:
    """A flush, what the raw lines say of it at a step, and the checks that were kept."""
    (kept,) = [one for one in chains if one.episode.id == id_]
    episode = kept.episode
    (due_ms,) = [row.due_ms for row in kept.reports if row.step == step]  # +15 min counted from an earlier peak
    known = Known(raw[id_], episode.onset_ms, episode.peak_ms, episode.lead.ended_ms or due_ms, due_ms)
    return kept, known, json.loads(bytes(reports_of(kept)[step].checks))


def same(found: dict[str, Any], wanted: dict[str, Any], rel: float = EXACT, near: float = 1e-9) -> None:
    """Every number that is wanted was found, to a part of it or as near as that."""
    for name, value in wanted.items():
        if isinstance(value, dict):
            same(found[name], value, rel, near)
        else:
            expected = pytest.approx(value, rel=rel, abs=near) if isinstance(value, float) else value
            assert (name, found[name]) == (name, expected)


@pytest.mark.parametrize(("id_", "step"), STEPS)
def test_recovery_is_that_of_the_raw_marks(chains: list[Kept], raw: dict[str, Any], id_: str, step: str) -> None:
    """M9 at every checkpoint: price before, extreme, R_P, a new extreme, and the distance from the high of the day."""
    _, known, checks = of(chains, raw, id_, step)
    same(checks["recovery"], known.recovery())


@pytest.mark.parametrize(("id_", "step"), STEPS)
def test_rebuild_is_that_of_the_raw_polls(chains: list[Kept], raw: dict[str, Any], id_: str, step: str) -> None:
    """M3 at every checkpoint: the venues without a hole, their coins before, at the least and now, and R_OI."""
    _, known, checks = of(chains, raw, id_, step)
    same(checks["rebuild"], known.rebuild(CHECKPOINTS[step]), SINGLE, near=1e-5)


@pytest.mark.parametrize(
    ("id_", "step"), [(id_, step) for id_, step in STEPS if CHECKPOINTS[step] >= CHECKPOINTS["4h"]]
)
def test_follow_through_is_that_of_the_raw_totals(chains: list[Kept], raw: dict[str, Any], id_: str, step: str) -> None:
    """M8 from +4 h on: dollars of the flush, half of them, the last hours and the level they are held against."""
    _, known, checks = of(chains, raw, id_, step)
    same(checks["follow_through"], known.follow_through())


@pytest.mark.parametrize(("id_", "step"), STEPS)
def test_levels_are_those_of_the_raw_closes(chains: list[Kept], raw: dict[str, Any], id_: str, step: str) -> None:
    """M5 at every checkpoint: what became of each level that was picked, and when it was lost and taken back."""
    _, known, checks = of(chains, raw, id_, step)
    assert checks["levels"]
    delta = known.delta(known.recovery()["before"])
    for level in checks["levels"]:
        assert level["delta"] == pytest.approx(delta, rel=1e-3)
        same(level, known.level(level["price"], level["delta"]))


@pytest.mark.parametrize(
    ("id_", "step"), [(id_, step) for id_, step in STEPS if CHECKPOINTS[step] >= CHECKPOINTS["4h"]]
)
def test_funding_is_that_of_the_raw_payments(chains: list[Kept], raw: dict[str, Any], id_: str, step: str) -> None:
    """M2 from +4 h on: before, now and the least since, over the venues that are named and no others."""
    kept, known, checks = of(chains, raw, id_, step)
    funding, at_ms = checks["funding"], kept.episode.onset_ms
    assert funding["told"] is (id_ != "2026-01-19-BTC-1")  # there Hyperliquid's weight was lost for 19 hours
    rates = known.funding_told_8h(funding["venues"]) if funding["told"] else known.funding_8h(funding["venues"])
    now, since = rates.iloc[-1], rates.loc[at_ms + 1 :]
    same(funding, {"before_8h": rates.loc[:at_ms].iloc[-1], "now_8h": now, "least_8h": since.min()}, SINGLE)
    assert set(funding["venues"]) == set(known.interest().columns)
    assert {entry["venue"]: entry["count"] for entry in funding["settlements"]} == known.settlements()
