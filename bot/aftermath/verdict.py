"""What a flush reads as, from +4 h on: leverage cleared, being built again, still leaving, or not to be told.

Domain notes, section 3.5 as amended in section 00. It describes what was measured and says nothing of what comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from bot.aftermath.checks import Checks
from bot.aftermath.funding import FundingCheck
from bot.aftermath.held import LOST, HeldLevel, top
from bot.aftermath.invalidation import Invalidation
from bot.aftermath.larger import Larger
from bot.aftermath.missing import Missing
from bot.aftermath.propped import Propped
from bot.aftermath.rebuild import Rebuild
from bot.aftermath.recovery import Recovery
from bot.aftermath.reload import Reload
from bot.aftermath.support import Support

Reading = Literal["UNWIND", "RELOADING", "RESET_CLEAN", "RESET_IN_PROGRESS", "INCONCLUSIVE"]
Input = Literal["open_interest", "price", "funding", "levels", "spot_perp", "follow_through", "basis"]
Rule = Literal[
    "larger-since",
    "support-persistent",
    "support-distribution",
    "reload-tripped",
    "propped-tripped",
    "reopened-into-weakness",
    "reopened-in-chop",
    "rebuild-slow",
    "funding-cleared",
    "funding-neutral",
    "levels-held",
    "new-extreme",
    "level-lost",
    "box-tripped",
    "too-little-known",
    "nothing-fits",
]

WEIGHTS: dict[Input, float] = {
    "open_interest": 0.25,
    "price": 0.15,
    "funding": 0.15,
    "levels": 0.15,
    "spot_perp": 0.15,
    "follow_through": 0.10,
    "basis": 0.05,
}
"""What each input is worth: those that the rules ask most often weigh most. Together 1."""
LEAST_CONFIDENCE = 0.6
NEW_EXTREME = 0.005
CRITERIA = 2
"""So many of open interest, funding and levels have to speak for a reset."""
HELD = ("HELD", "WICKED", "RECLAIMED")
FLOAT_ROOM = 1e-9


class Verdict(msgspec.Struct, frozen=True):
    """A reading with the rules that gave it, or kept a better one back, and what could and could not be looked at.

    `confidence` is the sum of the WEIGHTS of the inputs that could be assessed, 0 to 1: how much of the picture there
    is, not how likely the reading is to be right. Below 0.6 every reading is INCONCLUSIVE.
    """

    reading: Reading
    confidence: float
    rules: tuple[Rule, ...]
    assessed: tuple[Input, ...]
    missing: tuple[Input, ...]


class Further(msgspec.Struct, frozen=True):
    """Results that not every market gives; None is unknown.

    `persistent`: liquidations went on (M8). `distribution`: spot was sold too (M4). `spot_perp`, `follow_through` and
    `basis` say whether that question could be assessed at all. `larger` is a larger wave since the flush ended.
    """

    persistent: bool | None = None
    distribution: bool | None = None
    spot_perp: bool = False
    basis: bool = False
    larger: Larger | None = None


NOTHING_FURTHER = Further()


def judge(checks: Checks, boxes: Invalidation | None, further: Further = NOTHING_FURTHER) -> Verdict | None:
    """The first rule that fits, from the top: unwind, reloading, reset; None before +4 h."""
    if boxes is None:
        return None
    known = {
        "open_interest": isinstance(checks.rebuild, Rebuild),
        "price": isinstance(checks.recovery, Recovery),
        "funding": isinstance(checks.funding, FundingCheck),
        "levels": not isinstance(checks.levels, Missing),
        "spot_perp": further.spot_perp,
        "follow_through": further.persistent is not None,
        "basis": further.basis,
    }
    assessed = tuple(name for name in WEIGHTS if known[name])
    missing = tuple(name for name in WEIGHTS if not known[name])
    confidence = sum(WEIGHTS[name] for name in assessed)
    reading, rules = _reading(checks, boxes, further)
    if confidence < LEAST_CONFIDENCE - FLOAT_ROOM and reading != "INCONCLUSIVE":
        reading, rules = "INCONCLUSIVE", (*rules, "too-little-known")
    return Verdict(reading, round(confidence, 2), rules, assessed, missing)


def _reading(checks: Checks, boxes: Invalidation, further: Further) -> tuple[Reading, tuple[Rule, ...]]:
    unwind, reloading = tuple(_unwind(boxes, further)), tuple(_reloading(checks, boxes))
    if unwind:
        return "UNWIND", unwind
    if reloading:
        return "RELOADING", reloading
    for_it, neutral = tuple(_for_reset(checks)), tuple(_neutral(checks))
    against = tuple(_against_reset(checks, boxes))
    if len(for_it) >= CRITERIA and not against:
        clean = len(for_it) + len(neutral) == CRITERIA + 1
        return ("RESET_CLEAN" if clean else "RESET_IN_PROGRESS"), (*for_it, *neutral)
    return "INCONCLUSIVE", (*for_it, *against) or ("nothing-fits",)


def _unwind(boxes: Invalidation, further: Further) -> Iterator[Rule]:
    """A larger wave since, or a level that is lost still while liquidations went on or spot was sold too."""
    if further.larger is not None:
        yield "larger-since"
    if _stands(boxes.support):
        if further.persistent:
            yield "support-persistent"
        if further.distribution:
            yield "support-distribution"


def _reloading(checks: Checks, boxes: Invalidation) -> Iterator[Rule]:
    """FAST, FULL or GREW while less than half of the price is back, FAST or FULL in a narrow range, or a box."""
    if _stands(boxes.reload):
        yield "reload-tripped"
    if isinstance(checks.rebuild, Rebuild) and not checks.rebuild.early:
        if checks.rebuild.qualifier == "RELOADING_INTO_WEAKNESS":
            yield "reopened-into-weakness"
        elif checks.rebuild.qualifier == "RELEVERAGING_IN_CHOP":
            yield "reopened-in-chop"
    if _stands(boxes.propped):
        yield "propped-tripped"


def _for_reset(checks: Checks) -> Iterator[Rule]:
    if isinstance(checks.rebuild, Rebuild) and checks.rebuild.verdict == "SLOW":
        yield "rebuild-slow"
    if isinstance(checks.funding, FundingCheck) and checks.funding.verdict in {"COOLED", "FLIPPED"}:
        yield "funding-cleared"
    best = top(checks.levels)
    if best is not None and best.state in HELD:
        yield "levels-held"


def _neutral(checks: Checks) -> Iterator[Rule]:
    """Funding that was not crowded could not be cleared: it speaks neither for a reset nor against one."""
    if isinstance(checks.funding, FundingCheck) and checks.funding.verdict == "NOT_CROWDED":
        yield "funding-neutral"


def _against_reset(checks: Checks, boxes: Invalidation) -> Iterator[Rule]:
    if isinstance(checks.recovery, Recovery) and (checks.recovery.beyond or 0.0) > NEW_EXTREME:
        yield "new-extreme"
    if _is_lost(top(checks.levels)) or boxes.support.level_state in LOST:
        yield "level-lost"
    if boxes.tripped:
        yield "box-tripped"


def _stands(box: Reload | Propped | Support) -> bool:
    """Whether what tripped it holds still: what is over is not what a flush reads as now, though no reset any more."""
    return box.state == "tripped" and box.stands


def _is_lost(level: HeldLevel | None) -> bool:
    return level is not None and level.state in LOST
