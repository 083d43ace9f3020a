"""What a flush reads as: each rule by itself, their order, and what may never change the reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aftermath.boxes import BoxState
from bot.aftermath.checks import Checks
from bot.aftermath.findings import find
from bot.aftermath.funding import FundingCheck, FundingVerdict
from bot.aftermath.held import HeldLevel, HeldState
from bot.aftermath.invalidation import Invalidation
from bot.aftermath.larger import Larger
from bot.aftermath.missing import Missing
from bot.aftermath.propped import Propped
from bot.aftermath.rebuild import Qualifier, Rebuild, RebuildVerdict
from bot.aftermath.recovery import Recovery
from bot.aftermath.reload import Reload
from bot.aftermath.support import Support
from bot.aftermath.verdict import WEIGHTS, Further, Verdict, judge
from bot.flush.episode import Episode
from bot.market.facts import Side
from bot.market.history import Past
from tests.aftermath.slots import at, before, episode, history_of, ramp, settled

RESETS = {"RESET_CLEAN", "RESET_IN_PROGRESS"}


@dataclass(frozen=True)
class Found:
    """What checks and boxes came to, in words; the figures behind them do not matter here."""

    rebuild: RebuildVerdict | None = "SLOW"
    qualifier: Qualifier | None = None
    funding: FundingVerdict | None = "COOLED"
    level: HeldState | None = "HELD"
    beyond: float | None = None
    boxes: tuple[BoxState, BoxState, BoxState] = ("clear", "clear", "clear")
    further: Further = field(default_factory=Further)
    stands: bool = True

    @property
    def verdict(self) -> Verdict:
        """The reading of it at +24 h."""
        reload, propped, support = self.boxes
        boxes = Invalidation(
            Reload(reload, stands=self.stands),
            Propped(propped, stands=self.stands),
            Support(support, level_state=self.level, stands=self.stands),
        )
        verdict = judge(self.checks, boxes, self.further)
        assert verdict is not None
        return verdict

    @property
    def checks(self) -> Checks:
        """As checks would give it."""
        rebuilt = self.rebuild and Rebuild(
            self.rebuild, self.qualifier, ("okx",), 50.0, 45.0, at(1), 46.0, 0.1, -0.08, 0.2, 0.6, 1.0, (), early=False
        )
        recovery = Recovery("PARTIAL", 96.0, at(25), 100.0, 90.0, at(1), 0.6, None, None, self.beyond, None, None)
        funding = self.funding and FundingCheck(
            self.funding, 3e-4, 1e-4, 1e-4, "HOT", "NEUTRAL", told=True, venues=("okx",), settlements=()
        )
        levels = self.level and (HeldLevel(95.0, 60.0, ("level-round-number",), self.level, 0.1, 90.0, None, None),)
        return Checks(
            "24h",
            rebuilt or Missing("open_interest"),
            recovery,
            funding or Missing("funding"),
            levels or Missing("levels"),
        )


LARGER = Larger(2e8, at(20), 1e8)


@pytest.mark.parametrize(
    ("found", "reading"),
    [
        (Found(), "RESET_CLEAN"),
        (Found(funding="FLIPPED", level="RECLAIMED"), "RESET_CLEAN"),
        (Found(funding="NOT_CROWDED"), "RESET_CLEAN"),
        (Found(funding=None, further=Further(persistent=False)), "RESET_IN_PROGRESS"),
        (Found(funding="UNCHANGED"), "RESET_IN_PROGRESS"),
        (Found(rebuild="MODERATE"), "RESET_IN_PROGRESS"),
        (Found(level="UNTESTED"), "RESET_IN_PROGRESS"),
        (Found(rebuild="MODERATE", level="UNTESTED"), "INCONCLUSIVE"),
        (Found(rebuild="MODERATE", funding="NOT_CROWDED"), "INCONCLUSIVE"),
        (Found(beyond=0.006), "INCONCLUSIVE"),
        (Found(beyond=0.004), "RESET_CLEAN"),
        (Found(level="LOST_AGAIN"), "INCONCLUSIVE"),
        (Found(boxes=("clear", "clear", "tripped")), "INCONCLUSIVE"),
        (Found(boxes=("unknown", "unknown", "unknown")), "RESET_CLEAN"),
        (Found(boxes=("tripped", "clear", "clear")), "RELOADING"),
        (Found(boxes=("clear", "tripped", "clear")), "RELOADING"),
        (Found(rebuild="FAST", qualifier="RELOADING_INTO_WEAKNESS"), "RELOADING"),
        (Found(rebuild="GREW", qualifier="RELOADING_INTO_WEAKNESS"), "RELOADING"),
        (Found(rebuild="FULL", qualifier="RELEVERAGING_IN_CHOP"), "RELOADING"),
        (Found(rebuild="FAST", qualifier="FOLLOWING_PRICE", level="UNTESTED"), "INCONCLUSIVE"),
        (Found(further=Further(larger=LARGER)), "UNWIND"),
        (Found(boxes=("tripped", "clear", "tripped"), further=Further(persistent=True)), "UNWIND"),
        (Found(boxes=("tripped", "clear", "tripped"), further=Further(distribution=True)), "UNWIND"),
        (Found(boxes=("tripped", "clear", "tripped"), further=Further(persistent=False)), "RELOADING"),
        (Found(further=Further(persistent=True, distribution=True)), "RESET_CLEAN"),
        (Found(boxes=("tripped", "clear", "clear"), stands=False), "INCONCLUSIVE"),
        (Found(boxes=("clear", "tripped", "clear"), stands=False), "INCONCLUSIVE"),
        (Found(boxes=("clear", "clear", "tripped"), further=Further(persistent=True), stands=False), "INCONCLUSIVE"),
    ],
)
def test_each_rule(found: Found, reading: str) -> None:
    """The table of readings, from the top; the first that fits is told, with what gave it."""
    assert found.verdict.reading == reading
    assert found.verdict.rules


def test_confidence_is_the_weight_of_what_could_be_assessed() -> None:
    """Everything is 1; each missing input takes away what it is worth; below 0.6 nothing is concluded."""
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    everything = Further(persistent=False, spot_perp=True, basis=True)
    assert Found(further=everything).verdict.confidence == 1.0
    assert Found().verdict.confidence == pytest.approx(0.7)
    assert Found(funding=None).verdict.confidence == pytest.approx(0.55)
    assert Found(funding=None, further=everything).verdict.confidence == pytest.approx(0.85)


def test_too_little_known_is_inconclusive_and_says_so() -> None:
    """A rule that fits on 0.55 of the picture is named, and not told as the reading."""
    verdict = Found(rebuild="FAST", qualifier="RELOADING_INTO_WEAKNESS", funding=None).verdict
    assert verdict.reading == "INCONCLUSIVE"
    assert verdict.rules == ("reopened-into-weakness", "too-little-known")
    assert "funding" in verdict.missing


def test_there_is_no_reading_before_there_are_boxes() -> None:
    """Before +4 h nothing is read into it."""
    assert judge(Found().checks, None) is None


@given(
    rebuild=st.sampled_from([None, *get_args(RebuildVerdict)]),
    funding=st.sampled_from([None, *get_args(FundingVerdict)]),
    level=st.sampled_from([None, *get_args(HeldState)]),
    beyond=st.sampled_from([None, 0.001, 0.02]),
    boxes=st.tuples(*[st.sampled_from(get_args(BoxState))] * 3),
)
def test_a_reset_is_never_read_into_a_new_extreme_or_a_lost_level(
    rebuild: RebuildVerdict | None,
    funding: FundingVerdict | None,
    level: HeldState | None,
    beyond: float | None,
    boxes: tuple[BoxState, BoxState, BoxState],
) -> None:
    """Whatever else was found: a lost best level, an extreme beyond 0.5 % or a tripped box is no reset."""
    further = Further(persistent=False, spot_perp=True, basis=True)
    verdict = Found(rebuild, None, funding, level, beyond, boxes, further).verdict
    lost = level in {"LOST", "LOST_CONFIRMED", "LOST_AGAIN"}
    if lost or (beyond or 0) > 0.005 or "tripped" in boxes:
        assert verdict.reading not in RESETS


@given(st.sampled_from(sorted(WEIGHTS)), st.sampled_from(["SLOW", "FAST", "MODERATE"]))
def test_a_missing_input_never_raises_the_confidence(name: str, rebuild: RebuildVerdict) -> None:
    """Losing one input lowers the confidence by its weight and names it."""
    everything = Further(persistent=False, spot_perp=True, basis=True)
    whole = Found(rebuild, further=everything)
    without = {
        "open_interest": Found(None, further=everything),
        "funding": Found(rebuild, funding=None, further=everything),
        "levels": Found(rebuild, level=None, further=everything),
        "spot_perp": Found(rebuild, further=msgspec.structs.replace(everything, spot_perp=False)),
        "follow_through": Found(rebuild, further=msgspec.structs.replace(everything, persistent=None)),
        "basis": Found(rebuild, further=msgspec.structs.replace(everything, basis=False)),
    }
    if name in without:
        lesser = without[name].verdict
        assert lesser.confidence == pytest.approx(whole.verdict.confidence - WEIGHTS[name])  # type: ignore[index]  # one of them
        assert name in lesser.missing


def flush(scale: float, side: Side) -> Episode:
    """A move of ten percent in an hour at any scale of prices."""
    sign, high = (1 if side == "long" else -1), scale * 100.0
    frozen = before(
        open_interest={"okx": 50.0},
        funding_8h={"okx": 3e-4},
        atr_1h=scale * 0.8,
        levels=((scale * (100 - 5 * sign), 60.0, ("level-round-number",)),),
        high_6h=high,
        low_6h=high,
        high_24h=high,
        low_24h=high,
    )
    extreme = scale * (100 - 10 * sign)
    return episode((extreme, at(1)), frozen, side=side, ended_ms=at(2), anchor_ms=at(1))


def market(scale: float, side: Side, recovered: float, rebuilt: float, hours: float) -> Past:
    """The market behind it, with so much of price and positions back five hours later."""
    sign = 1 if side == "long" else -1
    path = ramp([(-30, 0.0), (0, 0.0), (1, 10.0), (6, 10 * (1 - recovered)), (80, 10 * (1 - recovered))])
    interest = ramp([(-30, 50.0), (0, 50.0), (1, 45.0), (6, 45 + 5 * rebuilt), (80, 45 + 5 * rebuilt)])
    facts = [settled(at(hour), 1e-4, "okx") for hour in range(8, 80, 8)]
    closes = [scale * (100 - sign * move) for move in path]
    return history_of(at(-30), closes, interest={"okx": interest}, facts=facts).until(at(hours))


@pytest.mark.parametrize(
    ("side", "recovered", "rebuilt", "step"),
    list(product(("long", "short"), (-0.2, 0.1, 0.9), (-0.3, 0.1, 0.6, 1.0), (("4h", 5), ("24h", 25), ("48h", 49)))),
)
def test_the_size_of_prices_changes_levels_and_nothing_else(
    side: Side, recovered: float, rebuilt: float, step: tuple[str, int]
) -> None:
    """A coin at 8 times the price, a power of two so that no rounding differs, reads exactly the same."""
    name, hours = step
    one, eight = (
        find(flush(scale, side), name, market(scale, side, recovered, rebuilt, hours)) for scale in (1.0, 8.0)
    )
    assert one.verdict == eight.verdict
    assert one.invalidation is not None
    assert eight.invalidation is not None
    for box, other in zip(one.invalidation.boxes.values(), eight.invalidation.boxes.values(), strict=True):
        assert (box.state, box.tripped_ms) == (other.state, other.tripped_ms)
    assert one.invalidation.support.price is not None
    assert eight.invalidation.support.price == 8 * one.invalidation.support.price
