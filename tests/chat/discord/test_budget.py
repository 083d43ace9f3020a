from __future__ import annotations

import pytest

from bot.chat.discord.budget import POSTING_STOPS_AT, SPAN_S, Budget


@pytest.mark.parametrize(("status", "scope"), [(200, None), (404, None), (500, None), (429, "shared")])
def test_what_is_no_refusal_costs_nothing(status: int, scope: str | None) -> None:
    """Only answers that Discord counts towards a ban are counted."""
    budget = Budget()
    budget.note(status, scope, 5.0)
    assert budget.count(5.0) == 0


@pytest.mark.parametrize("status", [401, 403, 429])
def test_posting_stops_at_the_limit(status: int) -> None:
    """As many refusals as are allowed within ten minutes stop posting, one fewer does not."""
    budget = Budget()
    for _ in range(POSTING_STOPS_AT - 1):
        budget.note(status, "user", 5.0)
    assert budget.wait_s(5.0) == 0
    budget.note(status, "user", 5.0)
    assert budget.wait_s(5.0) == SPAN_S


def test_waiting_ends_when_the_oldest_refusals_are_forgotten() -> None:
    """The wait that is told is long enough, and not longer."""
    budget = Budget()
    for number in range(POSTING_STOPS_AT + 5):
        budget.note(403, None, number / 100)
    wait_s = budget.wait_s(20.0)
    assert budget.wait_s(20.0 + wait_s - 0.001) > 0
    assert budget.wait_s(20.0 + wait_s) == 0


def test_silence_that_was_asked_for_is_kept() -> None:
    """While the global limit is used up posting waits for its end, and the longest wish counts."""
    budget = Budget()
    budget.be_silent(8.0)
    budget.be_silent(6.0)
    assert (budget.wait_s(5.0), budget.wait_s(8.0)) == (3.0, 0.0)
