from __future__ import annotations

from bot.market.live.reports import ALL, SETTLED_MS, SOME, Reports
from bot.market.venues.venue import Refused
from tests.market.live.facts import T_MS


def test_a_reason_is_remembered_whatever_its_numbers() -> None:
    """Ten thousand rows refused for the same reason with other numbers are counted, and remembered as one."""
    reports = Reports()
    for number in range(10_000):
        reports.refused(
            "toy marks", [Refused("AVAX.price", f"{number}.5e{number} is out of bounds; it begins with {number}")]
        )
    assert reports.refusals["toy marks"] == 10_000
    assert len(reports._said) == 1


def test_a_venue_that_comes_and_goes_stays_in_trouble() -> None:
    """Only a whole minute of being better ends a trouble; a venue that is half better is in the smaller one."""
    reports = Reports()
    reports.worse("toy", SOME, T_MS, "oi is stale")
    reports.worse("toy", ALL, T_MS, "everything is stale")
    for second in range(0, 300, 5):
        reports.settle("toy", ALL if second % 50 == 0 else 0, (), T_MS + 1000 * second)
    assert reports.troubled() == ["toy"]
    reports.settle("toy", SOME, ("oi",), T_MS + 300_000)
    reports.settle("toy", SOME, ("oi",), T_MS + 300_000 + SETTLED_MS)
    assert reports._troubles["toy"].grade == SOME
    reports.settle("toy", 0, (), T_MS + 400_000)
    reports.settle("toy", 0, (), T_MS + 400_000 + SETTLED_MS)
    assert reports.troubled() == []
