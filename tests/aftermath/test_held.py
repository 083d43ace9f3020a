from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aftermath.held import HeldLevel, check
from bot.aftermath.missing import Missing
from bot.aftermath.move import measure
from bot.market.facts import Side
from tests.aftermath.slots import at, before, episode, history_of, ramp

LEVELS = tuple((price, 50.0, ("level-round-number",)) for price in (95.0, 70.0))
QUARTER = 0.25


def held(path: list[float], side: Side = "long") -> HeldLevel:
    """What became of 95 (105 in a squeeze) along 15-minute closes from onset on; the low is 90, delta 0.1."""

    def mirror(price: float) -> float:
        return price if side == "long" else 200 - price

    points = [(-30.0, 100.0), (0.0, 100.0), *((QUARTER * (number + 1), price) for number, price in enumerate(path))]
    closes = [mirror(price) for price in ramp(points)]
    levels = tuple((mirror(price), score, sources) for price, score, sources in LEVELS)
    state = before(high_6h=100.0, low_6h=100.0, atr_1h=1.0, levels=levels)
    flush = episode((mirror(90.0), at(0.1)), state, side=side)
    past = history_of(at(-30), closes).until(at(QUARTER * len(path)))
    found = check(flush, state, measure(flush, past), past)
    assert not isinstance(found, Missing)
    return found[0]


# Each letter a 15-minute close: well above the level, at it, or well below.
CLOSES = {"a": 97.0, "t": 95.05, "b": 93.0}
PATHS = [
    ("aaaa", "UNTESTED"),
    ("atta", "HELD"),
    ("baaa", "LOST"),
    ("aaab", "LOST_CONFIRMED"),
    ("bbaa", "LOST"),
    ("bbba" + "aaaa", "RECLAIMED"),
    ("bbba" + "aaab", "LOST_CONFIRMED"),
    ("bbbb" + "aaaa" + "aaaa", "RECLAIMED"),
    ("bbbb" + "aaaa" + "aaaa" + "b", "LOST_AGAIN"),
    ("bbbb" + "aaaa" + "aaaa" + "b" + "aaaaaaa", "RECLAIMED"),
]


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize(("path", "state"), PATHS)
def test_states(path: str, state: str, side: Side) -> None:
    """15-minute closes lose a level, an hour's close confirms it, two hours' closes in a row take it back."""
    assert held([CLOSES[letter] for letter in path], side).state == state


def test_the_last_loss_and_the_last_return_are_timed() -> None:
    """Lost at the first close, regained at the second hour's close."""
    found = held([CLOSES[letter] for letter in "bbba" + "aaaa"])
    assert (found.lost_ms, found.regained_ms) == (at(0.25), at(2))


def test_a_pierced_level_that_closed_above_was_wicked() -> None:
    """A low between two 15-minute closes above the level is a wick, with how far it went."""
    closes = ramp([(-30, 100.0), (0, 100.0), (0.25, 97.0), (0.75, 97.0)])
    closes[30 * 12 + 4] = 92.0
    state = before(high_6h=100.0, atr_1h=1.0, levels=LEVELS)
    flush = episode((92.0, at(1 / 3)), state)
    past = history_of(at(-30), closes).until(at(0.75))
    found = check(flush, state, measure(flush, past), past)
    assert not isinstance(found, Missing)
    assert (found[0].state, found[0].reached) == ("WICKED", 92.0)


def test_best_levels_of_the_flushed_side_in_reach() -> None:
    """The best three between the price before and 3 % beyond the low; ties go to the one nearer to the low."""
    scores = {104.0: 99, 99.8: 99, 98.0: 40, 97.0: 80, 95.0: 60, 93.0: 60, 91.0: 60, 87.5: 90, 86.0: 95}
    levels = tuple((price, float(score), ("level-round-number",)) for price, score in scores.items())
    closes = ramp([(-30, 100.0), (0, 100.0), (1, 90.0), (4, 95.0)])
    state = before(high_6h=100.0, atr_1h=1.0, levels=levels)
    flush = episode((90.0, at(1)), state)
    past = history_of(at(-30), closes).until(at(4))
    found = check(flush, state, measure(flush, past), past)
    assert not isinstance(found, Missing)
    assert [level.price for level in found] == [97.0, 91.0, 87.5]


def test_levels_unknown_at_onset_are_missing() -> None:
    """Without a frozen level there is nothing to hold, and it is said."""
    past = history_of(at(-30), ramp([(-30, 100.0), (0, 100.0), (1, 90.0), (4, 95.0)])).until(at(4))
    state = before(high_6h=100.0)
    flush = episode((90.0, at(1)), state)
    assert check(flush, state, measure(flush, past), past) == Missing("levels")


@given(st.lists(st.sampled_from("atb"), min_size=1, max_size=24))
def test_states_agree_with_a_plain_reading_of_the_closes(path: list[str]) -> None:
    """Untouched, never closed under, closed under: the three families of states match the closes themselves."""
    found = held([CLOSES[letter] for letter in path])
    if "b" in path:
        assert found.state in ("LOST", "LOST_CONFIRMED", "RECLAIMED", "LOST_AGAIN")
        hours = path[3::4]
        if not any(first == second == "a" for first, second in pairwise(hours)):
            assert found.state == ("LOST_CONFIRMED" if "b" in hours else "LOST")
    else:
        assert found.state == ("HELD" if "t" in path else "UNTESTED")
