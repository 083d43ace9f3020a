from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flush.baseline import Baseline
from bot.flush.features import BASED, ROW, Features
from bot.flush.severity import GATED_MOST, PRICE_ONLY_CONFIDENCE, PRICE_ONLY_MOST, Judge, Severity
from bot.market.facts import Bar, Funding, Index, Liquidation, LiquidationTotal, OpenInterest
from bot.market.history import History
from bot.market.rings import MINUTE_MS, Floats
from tests.flush.passes import START_MS, Pass
from tests.last_day import FLUSH_MS, last_day

NAN = float("nan")
GROUPS = {
    "P": [("drop", 15), ("drop", 60)],
    "L": [("long", 5), ("long", 15), ("long", 60)],
    "O": [("oi_fall", 60)],
    "V": [("volume", 15), ("volume", 60)],
}
# Multiples of the coin's own level, or unknown.
TIMES = st.one_of(st.floats(0, 12), st.just(NAN))
ROWS = st.lists(TIMES, min_size=len(BASED), max_size=len(BASED))
SHIFT = st.one_of(st.floats(-100, 100), st.just(NAN))
INTENSITY = st.one_of(st.floats(0, 0.03), st.just(NAN))


def features(
    times: Floats | list[float],
    intensity: float = NAN,
    basis: float = NAN,
    funding: float = NAN,
    *,
    marked: bool = True,
) -> Features:
    """A step of one coin whose inputs are these multiples of their levels."""
    based = np.asarray(times, dtype=np.float64)[:, None]
    return Features(
        now_ms=START_MS,
        price=np.ones(1),
        high=np.ones(1),
        low=np.ones(1),
        based=based,
        open_interest_usd=np.ones(1),
        intensity=np.full((2, 1), intensity),
        basis_shift=np.full(1, basis),
        funding_shift=np.full(1, funding / 1e5),
        liquidations_known=~np.isnan(based[ROW["long", 60]]),
        price_from_marks=np.array([marked]),
    )


def judged(*steps: Features) -> Severity:
    """The last step's judgement, against levels of one."""
    baseline, judge = Baseline(), Judge()
    baseline.levels[:] = baseline.lasting[:] = 1.0
    for step in steps:
        severity = judge.judge(step, baseline, History())
    return severity


def rows(**times: float) -> Floats:
    """Multiples by component letter for the long side; everything else is unknown."""
    values = np.full(len(BASED), NAN)
    for letter, multiple in times.items():
        values[[ROW[name] for name in GROUPS[letter]]] = multiple
    return values


def score(severity: Severity) -> float:
    """Score of the long side of the only coin."""
    return round(float(severity.score[0, 0]), 6)


def no_higher(less: Severity, more: Severity) -> bool:
    """Whether neither a score nor a confidence rose."""
    scores = (less.score <= more.score + 1e-9).all()
    return bool(scores and (less.confidence <= more.confidence + 1e-9).all())


def test_the_score_is_the_formula() -> None:
    """L at 8 levels and P at 3 give their whole weights, O at half its range half of it."""
    whole = judged(features(rows(P=3, L=8, O=2)))
    assert score(whole) == round(100 * (1 - (1 - 0.45) * (1 - 0.45) * (1 - 0.35 / 2)), 6)
    assert float(whole.confidence[0, 0]) == pytest.approx((0.45 + 0.45 + 0.35) / 1.65)
    everything = judged(features(rows(P=9, L=99, O=9, V=99), 0.5, 99.0))
    expected = 1 - 0.55 * 0.55 * 0.65 * 0.75 * 0.9 * 0.95
    assert score(everything) == round(100 * expected, 6)
    assert float(everything.confidence[0, 0]) == pytest.approx(1.0)


@given(
    times=ROWS,
    intensity=INTENSITY,
    basis=SHIFT,
    funding=SHIFT,
    lower=st.lists(st.floats(0, 1), min_size=13, max_size=13),
    marked=st.booleans(),
)
def test_the_score_rises_with_each_input(
    times: list[float], intensity: float, basis: float, funding: float, lower: list[float], *, marked: bool
) -> None:
    """Whatever is smaller of any component, no side's score is higher for it."""
    more = judged(features(times, intensity, basis, funding, marked=marked))
    less = judged(
        features(np.array(times) * lower, intensity * lower[0], basis * lower[1], funding * lower[2], marked=marked)
    )
    assert (less.score <= more.score + 1e-9).all()


@given(
    times=ROWS,
    intensity=INTENSITY,
    basis=SHIFT,
    funding=SHIFT,
    lost=st.sampled_from(["L", "O", "I", "V", "F"]),
    marked=st.booleans(),
)
def test_losing_an_input_raises_nothing(
    times: list[float], intensity: float, basis: float, funding: float, lost: str, *, marked: bool
) -> None:
    """Without liquidations, open interest, intensity, volume or basis and funding no score and no confidence rises."""
    more = features(times, intensity, basis, funding, marked=marked)
    based = more.based.copy()
    kinds = {"L": ("long", "short"), "O": ("oi_fall",), "V": ("volume",)}.get(lost, ())
    based[[row for (name, _), row in ROW.items() if name in kinds]] = NAN
    unknown = np.full(1, NAN)
    less = replace(more, based=based, intensity=np.full((2, 1), NAN) if lost == "I" else more.intensity)
    if lost == "F":
        less = replace(less, basis_shift=unknown, funding_shift=unknown)
    assert no_higher(judged(less), judged(more))


@pytest.mark.parametrize(
    "times", [{"L": 99, "O": 99, "V": 99}, {"P": 1.9}, {"P": 1.9, "L": 0.9}, {"P": 0.9, "L": 99, "O": 9}]
)
def test_the_gate_holds_at_29(times: dict[str, float]) -> None:
    """Without price above its level, and liquidations or open interest above theirs, nothing reaches WATCH."""
    assert score(judged(features(rows(**times), 0.5, 99.0))) <= GATED_MOST


@given(times=st.floats(2, 1000), volume=TIMES)
def test_price_alone_is_flush_at_most_and_said_with_little_confidence(times: float, volume: float) -> None:
    """However far price runs on its own, the score stays within FLUSH and confidence at 0.3."""
    severity = judged(features(rows(P=times, V=volume)))
    assert score(severity) <= PRICE_ONLY_MOST
    assert severity.price_only[0, 0]
    assert float(severity.confidence[0, 0]) <= PRICE_ONLY_CONFIDENCE


def test_bars_alone_need_their_own_volume() -> None:
    """A coin known by bars passes the gate with twice its price level only on one and a half times its volume."""
    levels = {"P": 3.0}
    assert score(judged(features(rows(**levels, V=1.6), marked=False))) > GATED_MOST
    assert score(judged(features(rows(**levels, V=1.4), marked=False))) == GATED_MOST
    assert score(judged(features(rows(**levels, V=1.4)))) > GATED_MOST


def test_price_alone_is_scored_by_its_hour() -> None:
    """45 at two and a quarter times the lasting level, more by the logarithm, and nothing by itself below twice it."""
    scores = [score(judged(features(rows(P=times)))) for times in (2.25, 2.25**1.2)]
    assert scores == pytest.approx([45.0, 54.0])
    assert score(judged(features(rows(P=1.99)))) < GATED_MOST


def test_inputs_are_held_for_an_hour() -> None:
    """An hourly total that arrives 59 minutes after the price move meets it; two hours later it does not."""
    moved, told = features(rows(P=3)), features(rows(P=0.1, L=8))
    met = judged(moved, replace(told, now_ms=START_MS + 59 * MINUTE_MS))
    assert score(met) == round(100 * (1 - 0.55 * 0.55), 6)
    assert met.pressing[0, 0]
    late = judged(moved, replace(told, now_ms=START_MS + 61 * MINUTE_MS))
    assert score(late) == 0  # the price move is an hour past, and no gate opens without one


def test_a_coin_without_levels_is_judged_by_nothing() -> None:
    """Before three days there is no level, and then no score and no confidence."""
    severity = Judge().judge(features(rows(P=9, L=99, O=9)), Baseline(), History())
    assert score(severity) == 0.0
    assert float(severity.confidence[0, 0]) == 0.0


def test_components_name_value_level_and_share() -> None:
    """What made the score can be told: each known input with its own level, unknown ones not at all."""
    baseline, judge = Baseline(), Judge()
    baseline.levels[:] = 2.0
    judge.judge(features(rows(P=6, L=4), 0.0085), baseline, History())
    told = judge.components(0, 0)
    assert sorted(told) == ["I", "L", "P"]
    assert (told["P"].value, told["P"].baseline) == (6.0, 2.0)
    assert told["P"].share == pytest.approx(1.0)
    assert (told["L"].value, told["L"].baseline) == (4.0, 2.0)
    assert told["L"].share == pytest.approx(np.log(2) / np.log(8))
    assert (told["I"].value, told["I"].baseline) == (0.0085, None)
    assert told["I"].share == pytest.approx(0.5)


LOST: dict[str, tuple[type, ...]] = {
    "liquidations": (Liquidation, LiquidationTotal),
    "open interest": (OpenInterest,),
    "index": (Index,),
    "bars": (Bar,),
    "funding": (Funding,),
}


def peaks(*lost: type) -> dict[str, tuple[float, ...]]:
    """Highest score and confidence per coin and side over the end of the small recording without some kinds of fact."""
    found: dict[str, Floats] = {}

    def note(each: Pass) -> None:
        severity = judgements[-1]
        for coin, row in each.board.coins.items():
            now = np.concatenate([severity.score[:, row], severity.confidence[:, row]])
            found[coin] = np.fmax(found.get(coin, np.zeros(4)), now)

    judgements: list[Severity] = []
    watched = Pass(note)

    class Noting(Judge):
        def judge(self, features: Features, baseline: Baseline, history: History) -> Severity:
            judgements.append(super().judge(features, baseline, history))
            return judgements[-1]

    watched.detector.judge = Noting()
    facts = [fact for fact in last_day(FLUSH_MS + 6 * 3_600_000) if not isinstance(fact, lost)]
    watched.read(facts)
    return {coin: tuple(float(value) for value in values) for coin, values in found.items()}


@pytest.fixture(scope="module")
def with_everything() -> dict[str, tuple[float, ...]]:
    """Peaks with all inputs."""
    return peaks()


@pytest.mark.parametrize(
    "lost", [pytest.param(kind, marks=() if kind == "liquidations" else pytest.mark.slow) for kind in LOST]
)
def test_a_stream_without_an_input_scores_no_higher(with_everything: dict[str, tuple[float, ...]], lost: str) -> None:
    """The simulated market with one kind of fact missing throughout peaks nowhere higher, nor more confidently."""
    without = peaks(*LOST[lost])
    higher = {
        coin: (values, with_everything[coin])
        for coin, values in without.items()
        if any(less > more + 1e-9 for less, more in zip(values, with_everything[coin], strict=True))
    }
    assert higher == {}
    assert max(with_everything["BTC"][:2]) > 65
