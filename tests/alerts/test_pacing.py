"""When a request may go: no order of asking breaks a limit, and what is told about waiting is what is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.pacing import Limit, Pacing

START_S = 1000.0
GROUP = Limit(3.4, burst=2)
WHOLE = Limit(1 / 28)
ROUNDING_S = 1e-6
CHATS = ("a", "b", "c")


class Step(NamedTuple):
    """Some seconds pass, then one request is asked for; with `hold_s` its chat asks for that much patience first."""

    wait_s: float
    chat: str
    hold_s: float


steps = st.lists(
    st.builds(
        Step,
        wait_s=st.just(0.0) | st.floats(0, 8),
        chat=st.sampled_from(CHATS),
        hold_s=st.just(0.0) | st.floats(0, 60),
    ),
    max_size=120,
)


rushes = st.lists(
    st.builds(
        Step,
        wait_s=st.just(0.0) | st.just(0.0) | st.floats(0, 3.4),
        chat=st.sampled_from(["a", "a", "b"]),
        hold_s=st.just(0.0) | st.just(0.0) | st.floats(0, 10),
    ),
    min_size=60,
    max_size=90,
)
"""More than the limits let through, so that they are what decides."""


def telegram() -> Pacing:
    """The pace of a platform with groups."""
    return Pacing(WHOLE, lambda _: GROUP)


def taken(pacing: Pacing, asked: Sequence[Step]) -> list[tuple[str, float]]:
    """Chat and moment of each request, in the order in which they were asked for."""
    now_s, found = START_S, []
    for step in asked:
        now_s += step.wait_s
        if step.hold_s:
            pacing.hold(step.chat, now_s + step.hold_s)
        found.append((step.chat, pacing.take(step.chat, now_s)))
    return found


def most_in(moments: Sequence[float], window_s: float) -> int:
    """The largest number of moments in any window of that length."""
    ordered = sorted(moments)
    return max((sum(first <= at < first + window_s for at in ordered) for first in ordered), default=0)


@given(steps | rushes)
def test_no_group_gets_more_than_20_in_any_minute(asked: list[Step]) -> None:
    """Two at once and then one every 3.4 s stay within 20 a minute, wherever the minute begins."""
    found = taken(telegram(), asked)
    for chat in CHATS:
        assert most_in([at_s for to, at_s in found if to == chat], 60.0) <= 20


@given(st.integers(1, 80))
def test_a_rush_on_one_group_is_as_dense_as_allowed(count: int) -> None:
    """Any number asked for at once leaves as early as the limit lets it: two, then one every 3.4 s."""
    found = taken(telegram(), [Step(0.0, "a", 0.0)] * count)
    expected = [START_S, START_S + WHOLE.every_s, *(START_S + 3.4 * place for place in range(1, count - 1))]
    assert [at_s for _, at_s in found] == pytest.approx(expected[:count])


@given(steps | rushes)
def test_the_platform_is_evenly_spaced(asked: list[Step]) -> None:
    """No two requests, to whatever chats, are closer than 1/28 s, so that no second holds more than 28."""
    moments = sorted(at_s for _, at_s in taken(telegram(), asked))
    assert all(b - a >= WHOLE.every_s - ROUNDING_S for a, b in pairwise(moments))
    assert most_in(moments, 1.0 - ROUNDING_S) <= 28


@given(steps)
def test_no_request_goes_before_it_was_asked_for_or_while_its_chat_is_paused(asked: list[Step]) -> None:
    """A moment lies neither in the past nor inside a pause that the chat asked for."""
    held_s, now_s = dict.fromkeys(CHATS, START_S), START_S
    for step, (chat, at_s) in zip(asked, taken(telegram(), asked), strict=True):
        now_s += step.wait_s
        if step.hold_s:
            held_s[chat] = max(held_s[chat], now_s + step.hold_s)
        assert at_s >= max(now_s, held_s[chat])


@given(steps, st.floats(0, 60))
def test_waiting_tells_what_ready_tells(asked: list[Step], later_s: float) -> None:
    """A chat waits if and only if it is not ready, until the very moment at which it is."""
    pacing = telegram()
    taken(pacing, asked)
    now_s = START_S + sum(step.wait_s for step in asked) + later_s
    waiting = pacing.waiting(now_s)
    ready = {chat: pacing.ready_s(chat, now_s) for chat in CHATS}
    assert waiting == {chat: at_s for chat, at_s in ready.items() if at_s > now_s}
    for chat, at_s in waiting.items():
        assert chat not in pacing.waiting(at_s)


@given(steps)
def test_a_request_when_ready_waits_for_the_platform_alone(asked: list[Step]) -> None:
    """Whoever asks for a chat once it is ready gets the platform's next turn."""
    pacing = telegram()
    found = taken(pacing, asked)
    last_s = max((at_s for _, at_s in found), default=START_S)
    now_s = max(pacing.ready_s("a", last_s), last_s + WHOLE.every_s)
    assert pacing.take("a", now_s) == pytest.approx(now_s)


def test_a_chat_without_limits_never_waits() -> None:
    """Without a limit of any kind every request goes at once."""
    pacing = Pacing()
    assert [pacing.take("a", START_S) for _ in range(100)] == [START_S] * 100
    assert pacing.waiting(START_S) == {}


def test_a_pause_is_the_chats_own_and_the_longest_one_counts() -> None:
    """A chat that asks twice is left alone until the later moment, and no other chat is."""
    pacing = telegram()
    pacing.hold("a", START_S + 30)
    pacing.hold("a", START_S + 10)
    assert pacing.waiting(START_S) == {"a": START_S + 30}
    assert pacing.take("b", START_S) == START_S
    assert pacing.take("a", START_S) == START_S + 30


def test_a_pause_of_the_platform_holds_every_chat() -> None:
    """Until the later of two moments no chat is ready, not even one never heard of."""
    pacing = telegram()
    pacing.hold_all(START_S + 30)
    pacing.hold_all(START_S + 10)
    assert pacing.all_held_s == START_S + 30
    assert pacing.ready_s("new", START_S) == START_S + 30
    assert pacing.take("new", START_S) == START_S + 30
    assert pacing.ready_s("other", START_S + 31) == START_S + 31


@pytest.mark.parametrize("use", [Pacing.take, lambda pacing, chat, now_s: pacing.hold(chat, now_s + 5)])
def test_chats_that_rest_are_forgotten(use: Callable[[Pacing, str, float], object]) -> None:
    """A thousand chats leave nothing behind once their limits and pauses are over."""
    pacing = Pacing(None, lambda _: GROUP)
    for number in range(1000):
        use(pacing, f"chat {number}", START_S)
    pacing.waiting(START_S)
    assert len(pacing._used_s) + len(pacing._held_s) == 1000
    assert pacing.waiting(START_S + 10) == {}
    assert (pacing._used_s, pacing._held_s) == ({}, {})
