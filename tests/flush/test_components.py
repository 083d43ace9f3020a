"""What is told of a judgement, so that it can be computed again."""

from __future__ import annotations

import numpy as np
import pytest

from bot.flush.baseline import Baseline
from bot.flush.episode import Component
from bot.flush.features import ROW, Features
from bot.flush.severity import DAY_TIMES, Judge
from bot.market.history import DAY_MS, SLOT_MS, History
from tests.flush.passes import START_MS
from tests.flush.test_severity import NAN, features, rows


def told(step: Features, history: History | None = None, **levels: float) -> dict[str, Component]:
    """Components of longs, against levels of one and those given, "lasting" among them."""
    baseline, judge = Baseline(), Judge()
    baseline.levels[:] = 1.0
    baseline.lasting[:] = levels.pop("lasting", NAN)
    for name, level in levels.items():
        baseline.levels[[row for (feature, _), row in ROW.items() if feature == name]] = level
    judge.judge(step, baseline, history or History())
    return judge.components(0, 0)


def test_the_window_that_stood_out_is_named() -> None:
    """Of several windows the one furthest above its own level is told with that level, also where it is the smaller."""
    baseline, judge = Baseline(), Judge()
    baseline.levels[:] = 1.0
    baseline.levels[ROW["long", 60]] = 10.0
    values = rows(P=2, O=2, V=2)
    for name, value in {("drop", 15): 3, ("long", 5): 2, ("long", 15): 4, ("long", 60): 20, ("volume", 60): 5}.items():
        values[ROW[name]] = value
    judge.judge(features(values), baseline, History())
    seen = judge.components(0, 0)
    assert {name: (part.window_min, part.value, part.baseline) for name, part in seen.items()} == {
        "P": (15, 3.0, 1.0),
        "L": (15, 4.0, 1.0),
        "O": (60, 2.0, 1.0),
        "V": (60, 5.0, 1.0),
    }


@pytest.mark.parametrize(
    ("basis_bps", "funding", "moved"),
    [(30.0, 10.0, "basis"), (11.0, 40.0, "funding"), (NAN, 4.0, "funding"), (5.0, NAN, "basis")],
)
def test_f_says_which_of_the_two_moved(basis_bps: float, funding: float, moved: str) -> None:
    """F is of the basis or of funding (in thousandths of a percent), whichever gives more."""
    assert told(features(rows(P=2), basis=basis_bps, funding=funding))["F"].moved == moved


def test_nothing_liquidated_has_a_level_too() -> None:
    """Zero is known, and is told with the level it is held against."""
    assert told(features(rows(P=6, L=0)), long=2.0)["L"] == Component(0.0, 2.0, 0.0, 5)


def test_a_move_that_scores_by_itself_is_told() -> None:
    """From twice the lasting level on, with its score over 100; not below it, nor where bars alone lack volume."""
    part = told(features(rows(P=4.5)), lasting=2.0)["H"]
    assert (part.value, part.baseline, part.window_min) == (4.5, 2.0, 60)
    assert part.share == pytest.approx(0.45)
    assert "H" not in told(features(rows(P=3.9)), lasting=2.0)
    assert "H" not in told(features(rows(P=4.5), marked=False), lasting=2.0)
    assert "H" in told(features(rows(P=4.5, V=2), marked=False), lasting=2.0)


def test_a_move_of_a_day_that_scores_by_itself_is_told() -> None:
    """A fall from the day's high is held against DAY_TIMES the level of an hour."""
    history = History()
    for end_ms in range(START_MS - DAY_MS, START_MS + 1, SLOT_MS):
        place = history.enter({"BTC": 0}, {"okx": 0}, end_ms)
        history.write(place, np.array([1.0, np.e**0.7, 1.0, NAN, NAN])[:, None])
    part = told(features(rows(P=2)), history, lasting=0.1)["D"]
    assert part.window_min == 1440
    assert (part.value, part.baseline) == pytest.approx((0.7, 0.1 * DAY_TIMES))
    assert part.share == pytest.approx(0.45 * np.log(0.7 / (0.1 * DAY_TIMES)) / np.log(2.25))
