"""What ended lately: a later flush names the one before, and a day's move after it opens nothing."""

from __future__ import annotations

import pytest

from bot.flush.episode import Ended
from bot.flush.last import LINKED_MS, Last
from bot.market.history import DAY_MS
from tests.flush.passes import START_MS
from tests.flush.stage import Stage, events

HOT, COLD = {"BTC": (60.0, 0.0)}, {"BTC": (0.0, 0.0)}


def ended() -> Stage:
    """BTC was flushed, and that has ended."""
    stage = Stage("BTC")
    stage.go(1, HOT)
    stage.go(90, COLD, pressing=False)
    assert events(stage.changes) == ["opened", "ended"]
    return stage


@pytest.mark.parametrize(("hours", "told"), [(22, []), (25, ["opened"])])
def test_the_move_of_a_day_is_the_echo_of_a_flush_within_it(hours: int, told: list[str]) -> None:
    """A slow unwind opens nothing for 24 hours after the end of a flush of the coin, and after that it does."""
    stage = ended()
    stage.now_ms += hours * 3_600_000
    before = len(stage.changes)
    stage.go(1, HOT, slow=True)
    assert events(stage.changes[before:])[:1] == told


def test_an_hour_that_speaks_for_itself_is_no_echo() -> None:
    """The same scores from single hours begin a new leg."""
    stage = ended()
    stage.now_ms += 3_600_000
    before = len(stage.changes)
    stage.go(1, HOT)
    assert events(stage.changes[before:])[:1] == ["leg"]


def test_what_is_named_is_the_last_of_the_same_side() -> None:
    """For 72 hours; of another side or coin, or taken back, it is not named."""
    last = Last({"BTC": {"long": Ended(START_MS, "2026-01-19-BTC-1")}})
    assert last.before("BTC", "long", START_MS + LINKED_MS) == Ended(START_MS, "2026-01-19-BTC-1")
    assert last.before("BTC", "long", START_MS + LINKED_MS + 1) is None
    assert last.before("BTC", "short", START_MS) is None
    assert last.before("ETH", "long", START_MS) is None
    assert last.within_day("BTC", START_MS + DAY_MS - 1)
    assert not last.within_day("BTC", START_MS + DAY_MS)
    last.forget("2026-01-19-BTC-1")
    assert last.before("BTC", "long", START_MS) is None
