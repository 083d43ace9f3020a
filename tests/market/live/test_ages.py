from __future__ import annotations

from bot.market.facts import Depth
from bot.market.live.ages import Ages
from tests.market.live.facts import T_MS, closure, mark

EVERY_S = 15


def fresh(ages: Ages, at_ms: int | None, t_ms: int) -> bool:
    """Whether an answer with one price of that time of the venue is taken."""
    return bool(ages.fresh([mark(1.0, at_ms)], t_ms, EVERY_S))


def test_a_venue_whose_time_stands_still_is_old_after_two_periods() -> None:
    """The same answer again and again is taken for half a minute, and from then on until it moves."""
    ages = Ages()
    taken = [fresh(ages, T_MS, T_MS + 15_000 * turn) for turn in range(8)]
    assert taken == [True] * 3 + [False] * 5
    assert fresh(ages, T_MS + 120_000, T_MS + 125_000)


def test_one_row_of_an_earlier_time_is_left_out() -> None:
    """A contract that stopped trading an hour ago is left out, and the others of the same answer are taken."""
    facts = [mark(1.0, T_MS), mark(2.0, T_MS - 3_600_000, base="LINK"), mark(3.0, None, base="DOGE")]
    assert [fact.base for fact in Ages().fresh(facts, T_MS, EVERY_S)] == ["AVAX", "DOGE"]


def test_a_book_that_stands_still_is_old_after_two_periods() -> None:
    """An order book of three minutes ago is no depth of now, while the same exchange's prices go on."""
    ages = Ages()
    for behind_ms, taken in ((0, True), (110_000, True), (180_000, False)):
        ages.fresh([mark(1.0, T_MS)], T_MS, EVERY_S)
        book = Depth(T_MS, "toy", "AVAX", 1e6, 1e6, 1.0, T_MS - behind_ms)
        assert bool(ages.fresh([book], T_MS, 60)) == taken


def test_neither_clock_has_to_be_right() -> None:
    """Five minutes between our clock and the venue's, in either direction and also from one answer to the next."""
    for skew_ms in (300_000, -300_000):
        ages = Ages()
        assert all(fresh(ages, T_MS + skew_ms + turn, T_MS + turn) for turn in range(0, 150_000, 15_000))
        ours = Ages()
        assert all(
            fresh(ours, T_MS + turn, T_MS + turn + skew_ms * (turn > 60_000)) for turn in range(0, 150_000, 15_000)
        )


def test_a_venue_that_sets_its_clock_back_is_taken_again_soon() -> None:
    """Set back by five minutes, its answers are old at first, and taken after the second that goes on."""
    ages = Ages()
    assert fresh(ages, T_MS + 300_000, T_MS)
    taken = [fresh(ages, T_MS + turn, T_MS + turn) for turn in range(15_000, 150_000, 15_000)]
    assert taken == [False] * 2 + [True] * 7


def test_closures_have_no_age() -> None:
    """What happened is counted, however late it is told."""
    ages = Ages()
    ages.fresh([mark(1.0, T_MS)], T_MS, EVERY_S)
    assert ages.fresh([closure(at_ms=T_MS - 600_000)], T_MS, EVERY_S)
