from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.flush.baseline import Baseline
from bot.flush.episode import Component, Episode
from bot.flush.features import BASED, ROW, Features
from bot.flush.severity import Judge
from bot.market import recording
from bot.market.facts import Fact
from bot.market.history import History
from bot.market.rings import Floats
from bot.market.simulation import simulate
from commands.desk import Desk
from commands.flush_why import why
from tests.commands.by_hand import Answer, read
from tests.commands.chat_room import lines_of, spot_in_a_server
from tests.commands.flushes import episode, member
from tests.commands.market import NOW_MS, market
from tests.flush.passes import START_MS, Pass

SMALL = Path(__file__).parents[1] / "data" / "small.jsonl.gz"
NAN = float("nan")
LEVELS = {"drop": 0.0123, "rise": 0.0123, "long": 1.94e6, "short": 1.94e6, "oi_fall": 0.0061, "volume": 4.2e8}
"""Levels of a coin for its shortest windows, of the order that real ones have."""

NO_STORE: Any = None
"""The answer alone asks nothing of the store."""
DESK = Desk(
    view=market,
    store=NO_STORE,
    now_ms=lambda: NOW_MS,
    post_test=NO_STORE,
    spot=spot_in_a_server,
    flushes=list,
    languages=("en", "es"),
    language=None,
    started_ms=0,
)


class Judged(NamedTuple):
    """One coin as the judge saw it: what was told, the components, and whether price alone spoke."""

    told: float
    components: dict[str, Component]
    price_only: bool
    confidence: float


def judged(times: Floats, intensity: float, basis_bps: float, funding: float, *, marked: bool = True) -> Judged:
    """Score and components of longs, from multiples of the levels above in the order of BASED; NaN is unknown."""
    levels = np.array([LEVELS[name] * (1 + window / 60) for name, window in BASED])
    baseline, judge = Baseline(), Judge()
    baseline.levels[:] = np.concatenate([levels, levels[-2:]])[:, None]
    baseline.lasting[:] = levels[ROW["drop", 60]]
    step = Features(
        now_ms=START_MS,
        price=np.ones(1),
        high=np.ones(1),
        low=np.ones(1),
        based=(times * levels)[:, None],
        open_interest_usd=np.ones(1),
        intensity=np.full((2, 1), intensity),
        basis_shift=np.full(1, basis_bps),
        funding_shift=np.full(1, funding),
        liquidations_known=~np.isnan(times[ROW["long", 60]])[None],
        price_from_marks=np.array([marked]),
    )
    severity = judge.judge(step, baseline, History())
    confidence = float(severity.confidence[0, 0])
    return Judged(
        float(severity.score[0, 0]), judge.components(0, 0), bool(severity.price_only[0, 0]), float(confidence)
    )


def times(**of: float) -> Floats:
    """Multiples by name of the feature, the same for all its windows; everything else is unknown."""
    return np.array([of.get(name, NAN) for name, _ in BASED])


def printed(flush: Episode, language: str = "en") -> list[str]:
    """The answer in words."""
    return lines_of(why(DESK, flush, None), language)


def of(seen: Judged) -> Episode:
    """A flush of one coin that stands where the judge saw it."""
    return episode(
        member(
            components=seen.components, peak_score=seen.told, price_only=seen.price_only, confidence=seen.confidence
        ),
        peak_score=seen.told,
    )


def computed(flush: Episode) -> Answer:
    """The answer of a flush, which has to give what it says and what was stored, whichever way it is computed."""
    lines = printed(flush)
    answer = read(lines)
    stored = max(one.peak_score for one in flush.members.values())
    for letter, (share, again) in answer.shares.items():
        assert again == pytest.approx(share, abs=0.01), (letter, lines)
    assert answer.of_shares == pytest.approx(answer.score, abs=0.1), lines
    assert answer.of_values == pytest.approx(answer.score, abs=0.5), lines
    assert answer.after_limits == pytest.approx(answer.told, abs=0.1), lines
    assert answer.told == pytest.approx(stored, abs=0.1), lines
    return answer


FULL = {"drop": 2.1, "long": 2.8, "oi_fall": 2.2, "volume": 2.3}


@pytest.mark.parametrize(
    ("seen", "limit"),
    [
        (judged(times(**FULL), 0.006, 12.0, 2e-4), None),
        (judged(times(drop=2.6), NAN, NAN, NAN), "Gate: price alone, at least 2× its level, so at most 64 (FLUSH)"),
        (
            judged(times(**FULL | {"drop": 1.4, "long": 0.9, "oi_fall": 0.2}), 0.012, 55.0, 0.0),
            "Gate closed, so at most 29",
        ),
        (judged(times(drop=9, volume=9), NAN, NAN, NAN, marked=False), "Known: 33 % of the weights, less than 50 %"),
    ],
    ids=["every input", "price only", "held by the gate", "low confidence"],
)
def test_the_printed_text_gives_the_score(seen: Judged, limit: str | None) -> None:
    """Values, levels, rules, weights and limits are enough to compute what was told, and a limit that held is named."""
    lines = printed(of(seen))
    answer = computed(of(seen))
    assert answer.told == pytest.approx(seen.told, abs=0.1)
    if limit is not None:
        assert any(line.startswith(limit) for line in lines)


@given(
    st.lists(st.one_of(st.floats(0, 12), st.just(NAN)), min_size=len(BASED), max_size=len(BASED)),
    st.one_of(st.floats(0, 0.03), st.just(NAN)),
    st.one_of(st.floats(-100, 100), st.just(NAN)),
    st.one_of(st.floats(-1e-3, 1e-3), st.just(NAN)),
    st.booleans(),
)
def test_any_judgement_can_be_computed_again(
    multiples: list[float], intensity: float, basis_bps: float, funding: float, marked: bool
) -> None:
    """Whatever was known, the printed text gives the score that was told."""
    seen = judged(np.array(multiples), intensity, basis_bps, funding, marked=marked)
    assume(seen.told > 0)
    computed(of(seen))


def recomputed(facts: Iterable[Fact]) -> list[Answer]:
    """Every state in which an episode of these facts was told, computed again from its answer."""
    changes = Pass().read(facts).changes
    return [computed(change.episode) for change in changes if change.event != "watched"]


@pytest.mark.slow
def test_flushes_of_the_small_market_can_be_computed_again() -> None:
    """The same for a simulated market flush, at each moment at which it was told (slow: two seconds)."""
    assert recomputed(recording.read(SMALL))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("scenario", ["article", "cascade"])
def test_flushes_of_a_simulated_market_can_be_computed_again(scenario: str) -> None:
    """The same for thirty coins, flushed one by one and all together."""
    assert recomputed(simulate(scenario))


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["2025-12_2026-03_btc_eth_sol", "2025-10_crash"])
def test_flushes_of_real_months_can_be_computed_again(recordings: Path, name: str) -> None:
    """The same for recorded months: with open interest and hourly totals, and by bars alone."""
    assert recomputed(recording.read(recordings / f"{name}.jsonl.gz"))
