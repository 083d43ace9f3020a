from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.market.facts import Feed
from bot.market.live.health import LOST, Gap, Health, Key, Part

T_MS = 1_773_000_000_000
CLOSURES = Key("toy", "liquidation")


class Told:
    """A health whose clock the test moves; `feeds` are the facts it told."""

    def __init__(self) -> None:
        self.at_ms = T_MS
        self.feeds: list[Feed] = []
        self.health = Health(lambda: self.at_ms, self.feeds.append)

    def part(self, *, complete: bool = True, weight: float = 1.0) -> Part:
        return self.health.add(Part("toy", (CLOSURES,), complete, weight))

    @property
    def states(self) -> list[str]:
        return [feed.state for feed in self.feeds]


def test_nothing_is_said_before_something_was_heard() -> None:
    """A feed of which nobody knows anything is neither live nor stale."""
    told = Told()
    told.part()
    assert told.feeds == []
    assert [(row.state, row.heard_ms) for row in told.health.coverage()] == [("waiting", None)]


def test_a_gap_begins_when_the_feed_was_last_heard() -> None:
    """Lost at 12:00:30 and last heard at 12:00:10, the gap is from 12:00:10 to the moment it is live again."""
    told = Told()
    part = told.part()
    told.health.live(part)
    told.at_ms += 30_000
    told.health.heard(part, age_s=20)
    told.health.lost(part, "stale", "it was closed")
    told.at_ms += 60_000
    assert told.health.gaps() == [Gap(*CLOSURES, T_MS + 10_000, None)]
    told.health.live(part)
    assert told.health.gaps("toy", "liquidation") == [Gap(*CLOSURES, T_MS + 10_000, T_MS + 90_000)]
    assert told.health.gaps("other") == []
    assert [(feed.state, feed.since) for feed in told.feeds] == [
        ("live", T_MS),
        ("stale", T_MS + 10_000),
        ("live", T_MS + 90_000),
    ]


def test_a_change_is_told_once() -> None:
    """Hearing a live feed again, or losing a lost one, tells nothing new."""
    told = Told()
    part = told.part()
    for _ in range(3):
        told.health.live(part)
    for _ in range(3):
        told.health.lost(part, "stale", "")
    assert told.states == ["live", "stale"]


def test_stale_that_turns_out_blocked_began_with_the_first() -> None:
    """One outage has one begin, whatever it is called in the meantime."""
    told = Told()
    part = told.part()
    told.health.live(part)
    told.at_ms += 10_000
    told.health.lost(part, "stale", "")
    told.at_ms += 10_000
    told.health.lost(part, "blocked", "")
    assert [(feed.state, feed.since) for feed in told.feeds[1:]] == [("stale", T_MS), ("blocked", T_MS)]


def test_a_throttled_feed_is_partial_at_its_best() -> None:
    """A venue that tells less than happens is never live in full."""
    told = Told()
    told.health.live(told.part(complete=False))
    assert told.states == ["partial"]


def test_the_larger_part_decides() -> None:
    """Without a small connection the feed is partial, without a large one it is lost."""
    told = Told()
    large, small = told.part(weight=500), told.part(weight=20)
    told.health.live(large)
    told.health.live(small)
    told.health.lost(small, "stale", "")
    told.health.live(small)
    told.health.lost(large, "stale", "")
    assert told.states == ["partial", "live", "partial", "live", "stale"]


def test_a_part_that_never_brought_anything_does_not_count() -> None:
    """A call about contracts that the venue does not have leaves the feed as the other call makes it."""
    told = Told()
    big, empty = told.part(), told.part(weight=0)
    told.health.live(big)
    told.health.lost(empty, "stale", "nothing of now was told")
    assert told.states == ["live"]


def test_a_part_that_goes_is_forgotten() -> None:
    """A connection that is no longer needed does not keep the feed down."""
    told = Told()
    one, other = told.part(), told.part()
    told.health.live(one)
    told.health.lost(other, "stale", "")
    told.health.remove(other)
    assert told.states[-1] == "live"


def test_distrust_outweighs_hearing() -> None:
    """A feed whose sides are wrong is stale though it is heard, and live again when it is trusted."""
    told = Told()
    part = told.part()
    told.health.live(part)
    told.health.distrust(CLOSURES, "its sides contradict prices")
    assert told.health.coverage()[0].why == "its sides contradict prices"
    told.health.trust(CLOSURES)
    assert told.states == ["live", "stale", "live"]


def test_a_recount_is_no_gap() -> None:
    """A venue that counts differently still tells something."""
    told = Told()
    part = told.part()
    told.health.live(part)
    told.health.lost(part, "recount", "")
    assert told.states == ["live", "recount"]
    assert told.health.gaps() == []


@given(st.lists(st.sampled_from(["live", "stale", "blocked", "recount"]), max_size=30))
def test_facts_and_gaps_tell_the_same_story(changes: list[str]) -> None:
    """Whatever happens, states alternate, gaps do not overlap, and one is open exactly while the feed is lost."""
    told = Told()
    part = told.part()
    for change in changes:
        told.at_ms += 1000
        if change == "live":
            told.health.live(part)
        else:
            told.health.lost(part, change, "")  # type: ignore[arg-type]  # one of the three by the strategy
    assert all(one.state != other.state for one, other in pairwise(told.feeds))
    gaps = told.health.gaps()
    assert all(gap.to_ms is not None and gap.to_ms <= after.from_ms for gap, after in pairwise(gaps))
    assert bool(gaps and gaps[-1].to_ms is None) == bool(told.feeds and told.feeds[-1].state in LOST)
