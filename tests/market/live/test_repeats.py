from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.market.live.repeats import WINDOW, Repeats
from tests.market.live.facts import T_MS, closure, mark


def test_what_two_connections_tell_counts_once() -> None:
    """The same closure in a second frame is a repeat, whenever it comes."""
    repeats = Repeats()
    told = [closure(coins, T_MS + coins) for coins in range(1, 26)]
    assert repeats.new(told) == told
    assert repeats.new(told) == []
    assert repeats.new([*told, closure(99)]) == [closure(99)]


def test_equal_parts_in_one_frame_are_two_closures() -> None:
    """Two rows alike in one frame are two closures; the frame again brings none, a third row alike brings one."""
    repeats = Repeats()
    assert len(repeats.new([closure(), closure()])) == 2
    assert repeats.new([closure(), closure()]) == []
    assert len(repeats.new([closure()] * 3)) == 1


def test_each_difference_makes_another_closure() -> None:
    """Coin, side, price, size and the venue's time all tell closures apart; when we heard them does not."""
    repeats = Repeats()
    repeats.new([closure()])
    others = [closure(2.0), closure(at_ms=T_MS + 1), closure(base="LINK"), closure(side="short"), closure(price=11.0)]
    assert repeats.new(others) == others
    assert repeats.new([closure(t_ms=T_MS + 5000)]) == []


def test_without_a_time_of_the_venue_nothing_is_a_repeat() -> None:
    """Closures that tell no time cannot be told apart from others, and every one counts."""
    repeats = Repeats()
    assert len(repeats.new([closure(at_ms=None)]) + repeats.new([closure(at_ms=None)])) == 2


def test_other_facts_pass() -> None:
    """Only closures are compared."""
    repeats = Repeats()
    assert repeats.new([mark(1.0)]) == repeats.new([mark(1.0)]) == [mark(1.0)]


def test_memory_is_bounded() -> None:
    """After any number of closures only the last ones are remembered."""
    repeats = Repeats()
    for number in range(WINDOW + 100):
        repeats.new([closure(at_ms=T_MS + number)])
    assert len(repeats._told) == WINDOW
    assert repeats.new([closure(at_ms=T_MS + WINDOW + 99)]) == []


@given(st.lists(st.lists(st.integers(1, 5), max_size=6), max_size=8))
def test_overlap_never_changes_the_count(frames: list[list[int]]) -> None:
    """However frames are made up, hearing each of them twice in a row gives what hearing it once gives."""
    once, twice = Repeats(), Repeats()
    told = [[closure(float(size)) for size in frame] for frame in frames]
    single = [fact for frame in told for fact in once.new(frame)]
    double = [fact for frame in told for fact in twice.new(frame) + twice.new(frame)]
    assert single == double
