from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.market.facts import Mark
from bot.market.order import HELD_MS, Order

T_MS = 1_773_000_000_000


def mark(t_ms: int, price: float = 1.0) -> Mark:
    """A fact that became known at a moment."""
    return Mark(t_ms, "toy", "AVAX", price)


# Each: how many ms later it comes than the one before, and how long before that it had become known.
arrivals = st.lists(st.tuples(st.integers(0, 40_000), st.integers(-5_000, 2 * HELD_MS)), max_size=60)


@given(arrivals)
def test_what_comes_out_is_in_order_and_whole(comings: list[tuple[int, int]]) -> None:
    """Everything that is late by less than the time held comes out once, in order, those of one moment as they came."""
    order, given_out, taken, now_ms = Order(T_MS - 10 * HELD_MS), [], [], T_MS
    for number, (later_ms, late_ms) in enumerate(comings, 1):
        now_ms += later_ms
        fact = mark(now_ms - late_ms, float(number))
        if order.add(fact, now_ms):
            taken.append(fact)
        else:
            assert late_ms >= HELD_MS
        given_out += order.ready(now_ms)
    assert order.refused == len(comings) - len(taken)
    assert all(fact.t <= now_ms - HELD_MS for fact in given_out)
    given_out += order.rest()
    assert given_out == sorted(taken, key=lambda fact: fact.t)
    assert order.held() == []


def test_one_beyond_the_limits_is_refused() -> None:
    """Of what had been given out nothing is taken any more, nor what is known only after the time held."""
    order = Order(T_MS)
    assert [order.add(mark(T_MS + ms), T_MS) for ms in (0, 1, HELD_MS, HELD_MS + 1)] == [False, True, True, False]
    assert [fact.t for fact in order.ready(T_MS + 1 + HELD_MS)] == [T_MS + 1]
    assert not order.add(mark(T_MS + 1), T_MS + 1 + HELD_MS)
    assert [fact.t for fact in order.rest()] == [T_MS + HELD_MS]
    assert order.floor_ms == T_MS + HELD_MS
