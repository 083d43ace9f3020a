from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flush.episode import Episode
from bot.market.facts import Fact, Feed, LiquidationTotal, Mark, OpenInterest
from bot.market.gaps import Gap
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS
from bot.market.rings import MINUTE_MS
from tests.flush.passes import START_MS, Pass, moments, quiet_days
from tests.flush.stage import Stage, events
from tests.last_day import FLUSH_MS, last_day

SMALL = Path(__file__).parents[1] / "data" / "small.jsonl.gz"
LONG, SHORT, CALM = (60.0, 0.0), (0.0, 60.0), (0.0, 0.0)


@settings(max_examples=25)
@given(noise=st.lists(st.floats(-5, 5), min_size=10, max_size=60))
def test_noise_around_the_edge_makes_one_episode(noise: list[float]) -> None:
    """Scores that swing by five around 45 open at most one episode and neither end nor reopen it."""
    stage = Stage("BTC")
    for step in noise:
        stage.go(0.25, {"BTC": (45 + step, 0.0)})
    told = events(stage.changes)
    assert told in ([], ["opened"])


def test_two_steps_or_one_severe_one_open() -> None:
    """45 must last for 15 seconds, 65 opens at once, 44 never does."""
    stage = Stage("BTC")
    assert events(stage.go(60, {"BTC": (44.0, 0.0)})) == []
    stage = Stage("BTC")
    assert events(stage.go(0.25, {"BTC": (45.0, 0.0)})) == []
    assert events(stage.go(0.25, {"BTC": (45.0, 0.0)})) == ["opened"]
    stage = Stage("BTC")
    assert events(stage.go(0.25, {"BTC": (65.0, 0.0)})) == ["opened"]


def test_a_watch_that_came_to_nothing_is_kept_as_one() -> None:
    """A coin between 30 and 44 is no episode of its own, but what it was is told for tuning when it is over."""
    stage = Stage("BTC")
    told = stage.go(5, {"BTC": (40.0, 0.0)}) + stage.go(1, {"BTC": CALM})
    assert [(change.event, change.episode.band, change.episode.state) for change in told] == [
        ("watched", "watch", "ended")
    ]
    assert not stage.tracker.open
    assert stage.tracker.quiet


@pytest.mark.parametrize("alone", [False, True])
def test_a_watch_is_of_price_only_where_its_highest_score_was(alone: bool) -> None:
    """What confirmed the price when the score was highest counts, not what is there when the watch is over."""
    stage = Stage("BTC")
    stage.now_ms += MINUTE_MS
    stage.step({"BTC": (44.0, 0.0)}, price_only=alone)
    stage.now_ms += MINUTE_MS
    stage.step({"BTC": (40.0, 0.0)}, price_only=not alone)
    stage.now_ms += MINUTE_MS
    (told,) = stage.step({"BTC": CALM}, price_only=not alone)
    assert (told.event, told.episode.price_only, told.episode.lead.price_only) == ("watched", alone, alone)


def test_a_watch_whose_price_is_lost_is_not_kept() -> None:
    """Without a price there is nothing to keep of it, and nothing that could not be read again."""
    stage = Stage("BTC")
    stage.go(5, {"BTC": (40.0, 0.0)})
    del stage.prices["BTC"]
    stage.now_ms += 30 * MINUTE_MS
    assert stage.step({"BTC": CALM}) == []
    assert stage.tracker.quiet


def test_half_an_hour_of_calm_ends_it() -> None:
    """An episode ends thirty minutes after anything was last above its level, not before."""
    stage = Stage("BTC")
    stage.go(10, {"BTC": LONG})
    assert events(stage.go(29.75, {"BTC": LONG}, pressing=False)) == []
    (change,) = stage.go(0.25, {"BTC": LONG}, pressing=False)
    assert (change.event, change.episode.end_reason, change.episode.state) == ("ended", "calm", "ended")


def test_a_new_extreme_keeps_it_going() -> None:
    """Price that goes on falling by a tenth of a percent at a time is no calm, whatever the scores."""
    stage = Stage("BTC")
    stage.go(10, {"BTC": LONG})
    for _ in range(8):
        stage.prices["BTC"] *= 0.998
        assert events(stage.go(10, {"BTC": CALM}, pressing=False)) == []
    assert events(stage.go(30, {"BTC": CALM}, pressing=False)) == ["ended"]


def test_it_ends_as_prolonged_after_six_hours() -> None:
    """A flush that never calms is closed after six hours and says so."""
    stage = Stage("BTC")
    told = stage.go(6 * 60 - 1, {"BTC": LONG}, every=1)
    assert events(told) == ["opened"]
    ended = stage.go(3, {"BTC": LONG}, every=1)
    assert [(c.event, c.episode.end_reason) for c in ended if c.event == "ended"] == [("ended", "prolonged")]


def test_within_twelve_hours_it_is_another_leg() -> None:
    """The same coin and side flushed again eleven hours after the end is the same episode with two legs."""
    stage = Stage("BTC")
    stage.go(5, {"BTC": LONG})
    stage.go(31, {"BTC": CALM})
    stage.go(11 * 60, {"BTC": CALM}, every=5)
    told = stage.go(1, {"BTC": LONG})
    assert events(told) == ["leg"]
    assert len(told[0].episode.legs) == 2
    stage.go(40, {"BTC": CALM})
    stage.go(12 * 60 + 5, {"BTC": CALM}, every=5)
    assert events(stage.go(1, {"BTC": LONG})) == ["opened"]
    ids = list(dict.fromkeys(change.episode.id for change in stage.changes))
    assert ids == ["2026-01-19-BTC-1", "2026-01-20-BTC-1"]


def test_the_other_side_is_its_own_episode() -> None:
    """A squeeze right after a long flush is no leg of it."""
    stage = Stage("BTC")
    stage.go(5, {"BTC": LONG})
    stage.go(40, {"BTC": CALM})
    told = stage.go(2, {"BTC": SHORT})
    assert events(told) == ["opened"]
    assert (told[0].episode.id, told[0].episode.kind) == ("2026-01-19-BTC-2", "short_squeeze")


@settings(max_examples=20)
@given(
    path=st.lists(
        st.tuples(st.sampled_from([CALM, LONG, SHORT, (70.0, 66.0), (35.0, 50.0)]), st.integers(1, 40)), max_size=12
    )
)
def test_a_coin_is_in_one_open_episode_at_a_time(path: list[tuple[tuple[float, float], int]]) -> None:
    """Whatever two coins do, neither is ever part of two open episodes, and ids are never used twice."""
    stage = Stage("BTC", "ETH")
    opened: list[str] = []
    for scores, minutes in path:
        for change in stage.go(minutes, {"BTC": scores, "ETH": scores[::-1]}, every=1):
            opened += [change.episode.id] if change.event == "opened" else []
        going = [m.coin for e in stage.tracker.open.values() for m in e.members.values() if m.ended_ms is None]
        assert len(going) == len(set(going))
    assert len(opened) == len(set(opened))


def test_another_coin_joins_and_with_ethereum_it_is_the_market() -> None:
    """The second coin of the same side joins the open episode; BTC and ETH together are the market."""
    stage = Stage("BTC", "ETH", "SOL")
    stage.go(2, {"BTC": LONG})
    told = stage.go(1, {"BTC": LONG, "ETH": LONG})
    joined = [change for change in told if change.event == "joined"]
    assert [(sorted(change.episode.members), change.episode.scope) for change in joined] == [(["BTC", "ETH"], "market")]
    assert len(stage.tracker.open) == 1


def test_the_market_speaks_of_bitcoin() -> None:
    """An episode that ETH opened is led by BTC once it is the market."""
    stage = Stage("ETH", "BTC")
    stage.go(2, {"ETH": LONG})
    stage.go(2, {"ETH": LONG, "BTC": LONG})
    (episode,) = stage.tracker.open.values()
    assert (episode.coin, episode.lead.coin, episode.scope) == ("BTC", "BTC", "market")
    assert episode.id == "2026-01-19-ETH-1"


def test_both_sides_liquidated_alike_is_two_sided() -> None:
    """Below 65 % of one side it is named two-sided, above it by the side that was hurt."""
    stage = Stage("BTC")
    for usd in (6e5, 2e6):
        stage.now_ms += 20_000
        stage.step({"BTC": LONG}, *stage.hit("BTC", longs=usd, shorts=4e5))
    told = stage.go(1, {"BTC": LONG})
    assert told[-1].episode.kind == "long_flush"
    stage.now_ms += 20_000
    stage.step({"BTC": LONG}, *stage.hit("BTC", shorts=2e6))
    assert stage.go(1.25, {"BTC": LONG})[-1].episode.kind == "two_sided"


def test_observed_liquidations_begin_with_the_onset() -> None:
    """Single ones of the hour before belong to the flush they led to; what came earlier does not."""
    stage = Stage("BTC")
    stage.step({}, *stage.hit("BTC", longs=9e6))
    stage.go(2 * 60, {}, every=5)
    stage.step({}, *stage.hit("BTC", longs=3e5))
    stage.go(10, {})
    stage.now_ms += 15_000
    stage.step({"BTC": LONG}, *stage.hit("BTC", longs=1e6, shorts=5e4))
    episode = stage.go(1, {"BTC": LONG})[-1].episode
    member = episode.lead
    assert (member.long_usd, member.short_usd) == (1.3e6, 5e4)
    assert (member.prints, member.largest_usd) == (3, 1e6)


def test_open_interest_before_is_of_the_hour_up_to_onset() -> None:
    """However long it was watched first, what was opened in that time is not from before."""
    coins = {"BTC": 99.0}
    stage = Stage("BTC", open_interest=coins)
    stage.go(30, {"BTC": CALM}, every=1)
    coins["BTC"] = 100.0
    stage.go(90, {"BTC": (40.0, 0.0)}, every=1)
    coins["BTC"] = 104.0
    stage.go(1, {"BTC": LONG}, every=1)
    stage.go(1, {"BTC": LONG}, every=1)
    (flush,) = stage.tracker.open.values()
    assert (flush.lead.open_interest_before, flush.lead.open_interest_now) == (100.0, 104.0)


def test_a_coin_without_liquidations_takes_the_side_of_the_open_episode() -> None:
    """While BTC's longs are liquidated, the rebound of a coin without a feed is not called a squeeze."""
    stage = Stage("BTC", "SOL")
    stage.now_ms += 15_000
    stage.step({"BTC": LONG}, *stage.hit("BTC", longs=1e7))
    stage.go(1, {"BTC": LONG})
    stage.go(2, {"BTC": LONG, "SOL": (10.0, 70.0)})
    (episode,) = stage.tracker.open.values()
    assert list(episode.members) == ["BTC"]
    stage.go(2, {"BTC": LONG, "SOL": (50.0, 70.0)})
    assert list(episode.members) == ["BTC", "SOL"]
    alone = Stage("SOL")
    alone.go(2, {"SOL": (50.0, 70.0)})
    assert [e.side for e in alone.tracker.open.values()] == ["short"]


def test_the_anchor_is_fixed_after_an_hour_and_moved_by_a_larger_leg_alone() -> None:
    """Follow-ups count from where liquidations ran fastest in the first hour; only a larger leg moves it."""
    stage = Stage("BTC")
    stage.now_ms += 15_000
    stage.step({"BTC": (70.0, 0.0)}, *stage.hit("BTC", longs=1e6))
    stage.go(30, {"BTC": LONG})
    stage.step({"BTC": LONG}, *stage.hit("BTC", longs=3e6))
    fastest_ms = stage.now_ms
    stage.go(40, {"BTC": LONG})
    stage.step({"BTC": LONG}, *stage.hit("BTC", longs=4e6))
    (episode,) = stage.tracker.open.values()
    assert (episode.anchor_ms, episode.anchor_moved, len(episode.legs)) == (fastest_ms, False, 1)
    stage.go(40, {"BTC": CALM})
    stage.step({"BTC": (70.0, 0.0)}, *stage.hit("BTC", longs=2e6))
    stage.go(1, {"BTC": LONG})
    assert (episode.anchor_ms, episode.anchor_moved, len(episode.legs)) == (fastest_ms, False, 2)
    stage.go(10, {"BTC": LONG})
    stage.step({"BTC": LONG}, *stage.hit("BTC", longs=2e7))
    assert (episode.anchor_ms, episode.anchor_moved) == (stage.now_ms, True)


def test_copies_that_were_told_do_not_change_later() -> None:
    """An episode handed out is as it was then, whatever happens afterwards."""
    stage = Stage("BTC")
    (opened,) = stage.go(0.5, {"BTC": LONG})
    before = opened.episode.peak_score
    stage.go(5, {"BTC": (90.0, 0.0)})
    assert opened.episode.peak_score == before
    assert stage.changes[-1].episode.peak_score == 90.0


def halved(venues: tuple[str, ...], price: float) -> list[Episode]:
    """Four quiet days of three venues, then open interest of some halves within a poll at a price."""
    after: list[Fact] = []
    for number in range(6):
        t = START_MS + 4 * DAY_MS + number * SLOT_MS
        after += [Mark(t, venue, "BTC", price) for venue in "abc"]
        after += [OpenInterest(t, venue, "BTC", coins=5e5 if venue in venues else 1e6) for venue in "abc"]
        after.append(LiquidationTotal(t, "a", "BTC", 300, 4e4, 1e4))
    after.append(Mark(t + SLOT_MS, "a", "BTC", price))
    return Pass().read([*quiet_days(4), *after]).episodes()


def test_a_recount_is_no_flush_and_a_collapse_is_one() -> None:
    """One venue's open interest halved on an unmoved price is nothing; all halved with a fall of 8 % is a flush."""
    assert halved(("a",), 100.0) == []
    (episode,) = halved(("a", "b", "c"), 92.0)
    assert (episode.kind, episode.lead.price_only) == ("long_flush", False)
    assert episode.lead.components["O"].value == pytest.approx(0.5, abs=0.01)


def test_gaps_of_liquidations_are_kept_with_the_flush() -> None:
    """A gap from an hour before onset on stays with the episode after the feed came back; an older one does not."""
    stage = Stage("BTC")
    before_ms, lost_ms = START_MS + 5 * MINUTE_MS, START_MS + 40 * MINUTE_MS
    stage.step({}, *(Feed(before_ms, "a", "liquidation", state, before_ms) for state in ("stale", "live")))
    stage.go(90, {}, every=5)
    stage.step({}, Feed(stage.now_ms, "a", "liquidation", "stale", lost_ms))
    back_ms = stage.now_ms + MINUTE_MS
    stage.go(1, {"BTC": LONG})
    (opened,) = stage.tracker.open.values()
    assert opened.gaps == (Gap("a", "liquidation", lost_ms),)
    stage.step({"BTC": LONG}, Feed(back_ms, "a", "liquidation", "live", back_ms))
    stage.go(2, {"BTC": LONG})
    assert opened.gaps == (Gap("a", "liquidation", lost_ms, back_ms),)
    assert stage.changes[-1].episode.gaps == opened.gaps


def outline(facts: list[Fact]) -> list[tuple[str, str, int, float]]:
    """What a pass told: event, episode, time, score; rounded where sums of floats may differ in their last digits."""
    return [
        (change.event, change.episode.id, change.now_ms, round(change.episode.score, 6))
        for change in Pass().read(facts).changes
    ]


def test_facts_of_one_moment_may_come_in_any_order() -> None:
    """The same stream with the facts of each moment shuffled tells the same changes at the same times."""
    facts = last_day(FLUSH_MS + 6 * HOUR_MS)
    known_ms = facts[0].t + 2 * HOUR_MS  # by then every coin and venue was heard, so each has its place
    order = random.Random(5)
    shuffled: list[Fact] = []
    for same in moments(facts):
        if same[0].t > known_ms:
            order.shuffle(same)
        shuffled += same
    assert shuffled != facts
    told = outline(facts)
    assert outline(shuffled) == told
    assert {"opened", "joined", "ended"} <= {event for event, *_ in told}
    assert told[0][2] > known_ms + MINUTE_MS
