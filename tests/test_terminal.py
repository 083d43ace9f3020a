"""How the command line tells results."""

from __future__ import annotations

import pytest

from bot.terminal import summary

DAY = 20_000  # 4 October 2024


@pytest.mark.parametrize(
    ("posts", "told"),
    [
        ([], "Nothing was posted."),
        ([(DAY, "web", "card", 1)], "Posted: 1 card. Most new top-level posts on one day: 1 (2024-10-04)."),
        (
            [(DAY, "web", "derivatives_day", 1), (DAY, "web", "followup", 5), (DAY + 1, "web", "card", 2)],
            (
                "Posted: 2 cards, 1 derivatives-led day, 5 follow-ups. "
                "Most new top-level posts on one day: 2 (2024-10-05)."
            ),
        ),
    ],
)
def test_posts_are_counted_in_words(posts: list[tuple[int, str, str, int]], told: str) -> None:
    """Each kind by the name that people use, in its number."""
    assert summary(posts) == told
