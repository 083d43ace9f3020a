from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.flush.market_day import RANGES, WEIGHTS, DayInputs, inputs_of, score_day
from bot.market.view import LastDay

# Domain notes, section 2.5: the golden table of the market card, without the percentile term.
GOLDEN = {
    "the article": (DayInputs(471e6, price_return=0.005), 7.1, 0.45, "moderate"),
    "2021-09-07": (DayInputs(3.65e9, None, 0.23, -0.11, 0.96), 87.8, 0.75, "extreme"),
    "2024-03-05": (DayInputs(1.05e9, None, 0.12, -0.14, 0.757), 60.1, 0.75, "large"),
    "2024-08-05": (DayInputs(1.08e9, None, 0.15, -0.11, 0.851), 65.0, 0.75, "severe"),
    "2025-09-22": (DayInputs(1.71e9, None, 0.10, -0.03, 0.95), 40.7, 0.75, "moderate"),
    "2025-10-10": (DayInputs(19.16e9, None, 0.1411, -0.14, 0.872, 6e-4), 89.1, 0.85, "extreme"),
    "2026-01-31": (DayInputs(2.5615e9, None, None, -0.08, 0.94, 3e-4), 62.8, 0.60, "large"),
    "2026-02-05": (DayInputs(2.6e9, None, None, -0.0925, 0.84), 66.6, 0.50, "severe"),
}
UNKNOWN_OR = {
    "usd": st.floats(0, 3e10),
    "intensity": st.floats(0, 0.2),
    "open_interest_fall": st.floats(0, 1),
    "price_return": st.floats(-0.9, 1),
    "dominance": st.floats(0.5, 1),
    "funding_shift": st.floats(-0.01, 0.01),
    "rank": st.floats(0, 1),
}
INPUTS = st.builds(DayInputs, **{name: st.one_of(st.none(), values) for name, values in UNKNOWN_OR.items()})


@pytest.mark.parametrize(("inputs", "score", "confidence", "word"), GOLDEN.values(), ids=GOLDEN)
def test_the_golden_days(inputs: DayInputs, score: float, confidence: float, word: str) -> None:
    """Score to a tenth, confidence and word of each known day; the article's is moderate, not quiet and not large."""
    day = score_day(inputs)
    assert day is not None
    assert day.score == pytest.approx(score, abs=0.1)
    assert day.confidence == pytest.approx(confidence)
    assert day.word == word


def test_a_rank_lifts_the_liquidations_of_a_quiet_year() -> None:
    """The 90th percentile gives 0.8·(0.90 − 0.80) ÷ 0.19 of U where the amount gives nothing; it never lowers."""
    quiet = DayInputs(1e8, price_return=0.0)
    plain, ranked = score_day(quiet), score_day(replace(quiet, rank=0.9))
    assert plain is not None
    assert ranked is not None
    assert (plain.score, plain.word, ranked.word) == (0.0, "quiet", "moderate")
    assert ranked.inputs["U"].share == pytest.approx(0.8 * 0.1 / 0.19)
    assert ranked.score == pytest.approx(100 * 0.25 * 0.8 * 0.1 / 0.19 / 0.45)
    large = score_day(DayInputs(1e10, rank=0.5))
    assert large is not None
    assert large.inputs["U"].share == pytest.approx(1.0)


def test_without_liquidations_there_is_no_word() -> None:
    """The crash of October by its price alone must not be called moderate; nothing known is no score."""
    day = score_day(DayInputs(price_return=-0.073, funding_shift=1e-4))
    assert day is not None
    assert (day.word, round(day.confidence, 2)) == (None, 0.3)
    assert score_day(DayInputs()) is None


@given(INPUTS)
def test_the_score_is_the_weighted_mean_of_what_is_known(inputs: DayInputs) -> None:
    """0 to 100, from the shares told, each in its range, and by weights that add up to one."""
    day = score_day(inputs)
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert WEIGHTS.keys() == RANGES.keys()
    if day is None:
        assert inputs == DayInputs(rank=inputs.rank)
        return
    known = sum(WEIGHTS[name] for name in day.inputs)
    assert day.confidence == pytest.approx(known)
    assert all(0 <= part.share <= 1 for part in day.inputs.values())
    mean = sum(WEIGHTS[name] * part.share for name, part in day.inputs.items()) / known
    assert day.score == pytest.approx(100 * mean)
    assert -1e-9 <= day.score <= 100 + 1e-9


DAY = LastDay(0, 24.0, 24.0, 3e8, 1e8, 2e10, 0.03, -0.02, 1e-4, 40, 0.9)


def test_figures_become_inputs() -> None:
    """Sums, parts and the dominant side; of little heard, nothing liquidated and few days nothing is concluded."""
    assert inputs_of(DAY) == DayInputs(4e8, 0.02, 0.03, -0.02, 0.75, 1e-4, 0.9)
    deaf = inputs_of(replace(DAY, hours_heard=19.0))
    assert (deaf.usd, deaf.intensity, deaf.dominance) == (None, None, None)
    assert inputs_of(replace(DAY, open_interest_usd=None)).intensity is None
    assert inputs_of(replace(DAY, long_usd=0.0, short_usd=0.0)).dominance is None
    assert inputs_of(replace(DAY, days_known=13)).rank is None
