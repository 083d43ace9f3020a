from __future__ import annotations

from itertools import pairwise

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from bot.market.facts import Feed, FeedState
from bot.market.gaps import DAY_MS, JOINED_MS, MOST, Gap, Gaps

T_MS = 1_768_780_800_000
MINUTE_MS = 60_000


def said(after_ms: int, state: FeedState, since_ms: int | None = None, venue: str = "bybit") -> Feed:
    """What the venue's feed of liquidations was said to be; `since_ms` after the begin, as `after_ms`."""
    since = after_ms if since_ms is None else since_ms
    return Feed(T_MS + after_ms, venue, "liquidation", state, T_MS + since)


def gaps_of(*facts: Feed) -> Gaps:
    """Gaps that heard these facts."""
    gaps = Gaps()
    for fact in facts:
        gaps.hear(fact)
    return gaps


def spans(gaps: Gaps) -> list[tuple[int, int | None]]:
    """Every gap kept, in minutes after the begin."""
    return [
        ((gap.from_ms - T_MS) // MINUTE_MS, None if gap.to_ms is None else (gap.to_ms - T_MS) // MINUTE_MS)
        for gap in gaps.kept
    ]


def test_a_gap_begins_when_it_was_last_heard_and_ends_when_it_is_back() -> None:
    """From `since` of what was said to the moment at which the feed is live or partial again."""
    for back in ("live", "partial", "recount"):
        gaps = gaps_of(said(5 * MINUTE_MS, "stale", 2 * MINUTE_MS), said(9 * MINUTE_MS, back))
        assert spans(gaps) == [(2, 9)], back


def test_one_trouble_that_becomes_another_is_one_gap() -> None:
    """Stale, then blocked, said again and again: the gap goes on from its first begin."""
    gaps = gaps_of(*(said(n * MINUTE_MS, "stale" if n < 3 else "blocked", 0) for n in range(1, 6)))
    assert spans(gaps) == [(0, None)]


def test_a_connection_that_comes_and_goes_is_one_gap() -> None:
    """Less than a minute between two gaps joins them; a minute leaves them apart."""
    for pause_ms, expected in ((JOINED_MS - 1, [(0, None)]), (JOINED_MS, [(0, 3), (4, None)])):
        back_ms = 3 * MINUTE_MS
        gaps = gaps_of(said(0, "stale"), said(back_ms, "live"), said(back_ms + pause_ms, "stale"))
        assert spans(gaps) == expected


def test_venues_have_gaps_of_their_own() -> None:
    """What one venue loses is not the gap of another."""
    gaps = gaps_of(said(0, "stale"), said(MINUTE_MS, "stale", venue="okx"), said(2 * MINUTE_MS, "live"))
    assert [(gap.venue, gap.to_ms is None) for gap in gaps.kept] == [("bybit", False), ("okx", True)]


def test_only_gaps_of_the_time_asked_for_are_told() -> None:
    """A gap that ended at its begin, or begins at its end, is not met; one that lasts is."""
    gaps = gaps_of(said(0, "stale"), said(2 * MINUTE_MS, "live"), said(5 * MINUTE_MS, "stale"))
    first, second = gaps.kept
    assert gaps.within(T_MS + MINUTE_MS, T_MS + 9 * MINUTE_MS) == [first, second]
    assert gaps.within(T_MS + 2 * MINUTE_MS, T_MS + 5 * MINUTE_MS) == []
    assert gaps.within(T_MS + 3 * MINUTE_MS, T_MS + DAY_MS, "liquidation") == [second]
    assert gaps.within(T_MS, T_MS + DAY_MS, "oi") == []


def test_old_gaps_are_forgotten_and_there_are_never_too_many() -> None:
    """A day after its end a gap goes, and beyond the limit the oldest goes."""
    gaps = gaps_of(said(0, "stale"), said(1, "live"), said(DAY_MS + 1, "stale", venue="okx"))
    assert [gap.venue for gap in gaps.kept] == ["okx"]
    many = gaps_of(*(said(n, "stale", venue=f"v{n}") for n in range(MOST + 1)))
    assert [len(many.kept), many.kept[0].venue] == [MOST, "v1"]


def test_gaps_can_be_saved() -> None:
    """As JSON and back they are the same, and go on."""
    gaps = gaps_of(said(0, "stale"))
    again = msgspec.json.decode(msgspec.json.encode(gaps), type=Gaps)
    again.hear(said(MINUTE_MS, "live"))
    assert again.kept == [Gap("bybit", "liquidation", T_MS, T_MS + MINUTE_MS)]


STATES: st.SearchStrategy[FeedState] = st.sampled_from(["live", "partial", "stale", "blocked"])


@given(st.lists(st.tuples(STATES, st.integers(1, 400)), max_size=40))
def test_every_second_that_was_lost_is_in_a_gap(story: list[tuple[FeedState, int]]) -> None:
    """Whatever a feed goes through: no two gaps meet, and no second in which it was lost is left out."""
    facts, lost_s, now_s = [], set[int](), 0
    for state, seconds in story:
        facts.append(said(1000 * now_s, state))
        lost_s |= set(range(now_s, now_s + seconds)) if state in ("stale", "blocked") else set()
        now_s += seconds
    kept = gaps_of(*facts).kept
    bounds = [((g.from_ms - T_MS) // 1000, now_s if g.to_ms is None else (g.to_ms - T_MS) // 1000) for g in kept]
    assert all(before[1] < after[0] for before, after in pairwise(bounds))
    assert lost_s <= {second for begin, end in bounds for second in range(begin, end)}
