"""How our own calls turned out, counted: every rate beside the same rate at random moments, the bad ones included.

Pure over what was written down of each call (`bot.aftermath.outcomes`). The order of calls changes nothing, and a
flush taken away takes away its own counts and no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import sqrt
from statistics import median

import msgspec

from bot.aftermath.outcomes import ALERT, BOXES_H, HORIZONS_H, Figures, First, Outcome
from bot.aftermath.verdict import NEW_EXTREME, Reading
from bot.flush.episode import Kind

FEW = 10
"""Fewer cases than this are too few to say anything: they are shown, and nothing is derived from them."""
JUDGED_H = 24
"""The horizon that false alarms and readings are judged by."""
LESS_OPEN = -0.005
"""Open interest this far below that at the call went further; domain notes, section 00, call less no fall at all."""
NORMAL_95 = 1.959963984540054
"""Within so many standard deviations of the middle lies 95 % of a normal distribution."""
CLEARED: tuple[Reading, ...] = ("RESET_CLEAN", "RESET_IN_PROGRESS")
NOT_CLEARED: tuple[Reading, ...] = ("RELOADING", "UNWIND")


class Rate(msgspec.Struct, frozen=True):
    """`x` of `n`."""

    x: int
    n: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval (Wilson 1927) as fractions; (0, 1) of nothing."""
        if not self.n:
            return 0.0, 1.0
        share, z2 = self.x / self.n, NORMAL_95**2
        middle = (share + z2 / (2 * self.n)) / (1 + z2 / self.n)
        half = NORMAL_95 / (1 + z2 / self.n) * sqrt(share * (1 - share) / self.n + z2 / (4 * self.n**2))
        return max(0.0, middle - half), min(1.0, middle + half)


class Compared(msgspec.Struct, frozen=True):
    """A rate of calls, and the same one at their random moments."""

    found: Rate
    random: Rate


class Middle(msgspec.Struct, frozen=True):
    """The median of `n` calls and that of `random_n` random moments; None of none."""

    found: float | None
    n: int
    random: float | None
    random_n: int


class Called(msgspec.Struct, frozen=True):
    """One alert or reading with its outcomes by hours; of a retracted alert there are none."""

    episode_id: str
    coin: str
    kind: Kind
    call: str
    reading: Reading | None = None
    retracted: bool = False
    outcomes: Mapping[int, Outcome] = {}


class Score(msgspec.Struct, frozen=True):
    """The counts of some calls; `further`, `lighter`, `lost` and `change` of the alerts, by hours after them.

    `further`: a close went more than 0.5 % beyond the furthest of before. `lighter`: less was open than before the
    flush. `lost`: the best level of before was lost. `boxes`: which tripped first within 72 h. `false_alarms`: see
    `is_quiet`; retracted alerts are among them. `readings`: of each, how often the price went further within 24 h.
    """

    alerts: int
    retracted: int
    false_alarms: Compared
    further: dict[int, Compared]
    lighter: dict[int, Compared]
    lost: dict[int, Compared]
    change: dict[int, Middle]
    boxes: dict[First, Compared]
    readings: dict[Reading, Compared]


def score(calls: Iterable[Called]) -> Score:
    """Count some calls."""
    known = list(calls)
    alerts = [call for call in known if call.call == ALERT]
    judged, boxed = _at(alerts, JUDGED_H), _at(alerts, BOXES_H)
    retracted = sum(call.retracted for call in alerts)
    quiet = compared(judged, is_quiet)
    found = Rate(quiet.found.x + retracted, quiet.found.n + retracted)
    return Score(
        alerts=len(alerts),
        retracted=retracted,
        false_alarms=Compared(found, quiet.random),
        further={hours: compared(_at(alerts, hours), is_further) for hours in HORIZONS_H},
        lighter={hours: compared(_at(alerts, hours), is_lighter) for hours in HORIZONS_H},
        lost={hours: compared(_at(alerts, hours), is_lost) for hours in HORIZONS_H},
        change={hours: middle(_at(alerts, hours), lambda figures: figures.change) for hours in HORIZONS_H},
        boxes={name: compared(boxed, _came_first(name)) for name in ("reload", "propped", "support", "none")},
        readings={
            reading: compared(_at([call for call in known if call.reading == reading], JUDGED_H), is_further)
            for reading in (*CLEARED, *NOT_CLEARED, "INCONCLUSIVE")
        },
    )


def by_kind(calls: Iterable[Called]) -> dict[tuple[str, Kind], Score]:
    """One count a coin and kind, in the order of their names."""
    parts: dict[tuple[str, Kind], list[Called]] = {}
    for call in calls:
        parts.setdefault((call.coin, call.kind), []).append(call)
    return {key: score(parts[key]) for key in sorted(parts)}


def is_further(figures: Figures) -> bool | None:
    """Whether a close went more than 0.5 % beyond the furthest of before, to the hurt side."""
    return None if figures.beyond is None else figures.beyond > NEW_EXTREME


def is_lighter(figures: Figures) -> bool | None:
    """Whether less is open, in coins, than before the flush."""
    return None if figures.interest is None else figures.interest < 0


def is_lost(figures: Figures) -> bool | None:
    """Whether the best level of before is lost; one that was not reached counts as not lost."""
    return None if figures.level is None else figures.level == "lost"


def is_quiet(figures: Figures) -> bool | None:
    """Whether neither price nor open interest went further: nothing was left to tell of, a false alarm at an alert.

    The price: no close more than 0.5 % beyond the furthest of before. Open interest: never more than 0.5 % below that
    at the call. Both edges are those of the house for "a new extreme" and "a fall" (domain notes, section 00); in the
    recorded winter of 2025/26 either edge alone was passed within a day after 7 of 10 random moments (202 and 204 of
    288), both were kept after 21 of them: the rate says little without the one beside it. None where one is unknown:
    counting those of which the other went further would leave only what is no false alarm.
    """
    further, least = is_further(figures), figures.interest_least
    return None if further is None or least is None else not further and least >= LESS_OPEN


def compared(outcomes: Iterable[Outcome], test: Callable[[Figures], bool | None]) -> Compared:
    """How often something holds after calls and after random moments; what is unknown counts in neither."""
    known = list(outcomes)
    return Compared(
        _rate(test(one.found) for one in known),
        _rate(test(sample.figures) for one in known for sample in one.random),
    )


def middle(outcomes: Iterable[Outcome], value: Callable[[Figures], float | None]) -> Middle:
    """The medians of a figure after calls and after random moments."""
    known = list(outcomes)
    found = [figure for one in known if (figure := value(one.found)) is not None]
    random = [figure for one in known for sample in one.random if (figure := value(sample.figures)) is not None]
    return Middle(median(found) if found else None, len(found), median(random) if random else None, len(random))


def _rate(results: Iterable[bool | None]) -> Rate:
    known = [result for result in results if result is not None]
    return Rate(sum(known), len(known))


def _at(calls: Iterable[Called], hours: int) -> list[Outcome]:
    return [call.outcomes[hours] for call in calls if hours in call.outcomes]


def _came_first(name: First) -> Callable[[Figures], bool | None]:
    return lambda figures: None if figures.box is None else figures.box == name
