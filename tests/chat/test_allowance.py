from hypothesis import given
from hypothesis import strategies as st

from bot.chat.allowance import Allowance

steps = st.lists(st.floats(0, 5), min_size=1, max_size=80)


@given(steps)
def test_no_window_holds_more_than_the_count(waits: list[float]) -> None:
    """In any 10 seconds at most 4 requests are granted, however they are spread."""
    allowance, now_s, granted = Allowance(4, 10.0), 0.0, []
    for wait in waits:
        now_s += wait
        if allowance.take(now_s) == 0:
            granted.append(now_s)
    assert all(later - first >= 10.0 for first, later in zip(granted, granted[4:], strict=False))


@given(steps)
def test_waiting_as_told_is_always_enough(waits: list[float]) -> None:
    """Whoever waits the seconds named is granted the next request."""
    allowance, now_s = Allowance(3, 10.0), 0.0
    for wait in waits:
        now_s += wait
        refused_s = allowance.take(now_s)
        if refused_s:
            now_s += refused_s + 1e-6
            assert allowance.take(now_s) == 0
