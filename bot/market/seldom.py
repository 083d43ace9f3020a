"""Marks that come by the quarter of an hour or more seldom: each is the end of a bar of which no more is known."""

from bot.market.facts import Bar, Mark
from bot.market.latest import Latest

SELDOM_MS = 900_000
MOST_TIMES = 2.0
"""A mark later than so many times the gap before it ends a pause, of whose length no other one was."""


def bar_of(fact: Mark, marks: Latest, place: tuple[int, int]) -> Bar | None:
    """The bar from the mark before this one to it, without volume; None where marks come more often, or after a pause.

    `marks` are those before `fact`, `place` its coin and venue in them.
    """
    before_ms, gap_ms = int(marks.at_ms[place]), int(marks.gap_ms[place])
    passed_ms = fact.t - before_ms
    if not before_ms or passed_ms < SELDOM_MS or passed_ms > MOST_TIMES * gap_ms:
        return None
    before = float(marks.value[place])
    high, low = max(before, fact.price), min(before, fact.price)
    return Bar(fact.t, fact.venue, fact.base, "perp", passed_ms // 1000, before, high, low, fact.price, 0.0)
