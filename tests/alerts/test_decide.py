"""Who hears of a flush, and the name of the reason."""

import msgspec
import pytest

from bot.alerts.decide import (
    BOUNDS,
    HELD_BACK,
    NEWS_MS,
    Bound,
    Decision,
    Step,
    decide,
    decide_day,
    decide_followup,
    lasting,
)
from bot.alerts.settings import ChannelSettings
from bot.flush.episode import Scope, band_of
from bot.flush.tracker import Event

NOW_MS = 1_768_780_800_000


def step(
    scores: dict[str, float],
    event: Event = "opened",
    *,
    observed_usd: float | None = 5e6,
    scope: Scope = "coin",
    ended: bool = False,
    after_ms: int = 0,
) -> Step:
    """A change of a flush of these coins at these peak scores, so long after its leg began."""
    bands = {coin: band_of(score) or "watch" for coin, score in scores.items()}
    peak = max(scores.values())
    band = band_of(peak) or "watch"
    id_ = f"2026-01-19-{next(iter(scores))}-1"
    return Step(id_, event, NOW_MS + after_ms, scope, band, bands, peak, observed_usd, NOW_MS, ended)


@pytest.mark.parametrize(
    ("scores", "scope", "changes", "reason"),
    [
        ({"BTC": 46.0}, "coin", {}, "first"),  # a listed coin from FLUSH
        ({"BTC": 46.0}, "coin", {"smallest_band": "severe"}, "below_band"),
        ({"DOGE": 64.0}, "coin", {}, "others_below_band"),  # another coin waits for SEVERE
        ({"BTC": 40.0, "DOGE": 50.0}, "broad", {}, "others_below_band"),  # what a listed coin did is not news
        ({"BTC": 50.0, "DOGE": 46.0}, "broad", {"smallest_band": "severe"}, "below_band"),
        (
            {"BTC": 50.0, "DOGE": 70.0},
            "broad",
            {"smallest_band": "severe", "others_band": "extreme"},
            "others_below_band",
        ),
        ({"BTC": 40.0, "DOGE": 50.0}, "broad", {"others_band": "never"}, "below_band"),
        ({"DOGE": 50.0, "WIF": 46.0}, "market", {"smallest_band": "severe"}, "below_band"),
        ({"DOGE": 65.0}, "coin", {}, "first"),
        ({"DOGE": 85.0}, "coin", {"others_band": "never"}, "coin_not_watched"),
        ({"DOGE": 50.0, "ETH": 46.0}, "broad", {}, "first"),  # one listed coin among them is enough
        ({"DOGE": 50.0, "WIF": 46.0}, "market", {}, "first"),  # the market card follows the smallest band
        ({"BTC": 46.0}, "coin", {"smallest_usd": 1e7}, "below_usd"),
        ({"BTC": 46.0}, "coin", {"muted_until_ms": NOW_MS + 1}, "muted"),
        ({"BTC": 46.0}, "coin", {"muted_until_ms": NOW_MS}, "first"),  # the mute is over
        ({"BTC": 46.0}, "coin", {"card": "off"}, "type_off"),
    ],
)
def test_filters_of_a_channel_name_their_reason(
    scores: dict[str, float], scope: Scope, changes: dict[str, object], reason: str
) -> None:
    """Each filter holds a flush back under its own name, and only a flush that passes all of them is posted."""
    settings = msgspec.structs.replace(ChannelSettings(), **changes)
    decision = decide(step(scores, scope=scope), settings, posted=False)
    assert (decision.reason, decision.posts) == (reason, reason == "first")


@pytest.mark.parametrize(("score", "reason"), [(44.0, "only_watched"), (48.0, "not_held")])
def test_a_watch_is_posted_nowhere(score: float, reason: str) -> None:
    """Whatever a channel hears, a stretch that opened nothing is silent, and one that had the points has its reason."""
    settings = ChannelSettings(others_band="flush", smallest_usd=1e5)
    for coin in ("BTC", "DOGE"):
        assert decide(step({coin: score}, "watched"), settings, posted=False) == Decision(reason)  # type: ignore[arg-type]  # one of the reasons


def test_unknown_liquidations_pass_the_smallest_amount() -> None:
    """A flush whose liquidations nobody told is not taken for one of zero dollars."""
    settings = ChannelSettings(smallest_usd=5e9)
    assert decide(step({"BTC": 50.0}, observed_usd=None), settings, posted=False).posts


@pytest.mark.parametrize("event", ["grew", "joined", "escalated", "ended", "leg"])
def test_a_posted_card_is_edited_and_never_posted_twice(event: Event) -> None:
    """Whatever happens to an episode whose card stands there, and whatever the settings are now, is an edit."""
    settings = ChannelSettings(card="off", muted_until_ms=NOW_MS * 2)
    decision = decide(step({"BTC": 50.0}, event), settings, posted=True)
    assert (decision.reason, decision.posts, decision.edits) == (event, False, True)


def test_an_old_flush_is_no_news_unless_it_escalates() -> None:
    """After a restart nobody is told of a flush of an hour ago, but a band that is reached now is news."""
    late_ms = NEWS_MS + 1
    settings = ChannelSettings()
    assert decide(step({"BTC": 50.0}, "grew", after_ms=NEWS_MS), settings, posted=False).posts
    assert decide(step({"BTC": 50.0}, "grew", after_ms=late_ms), settings, posted=False).reason == "too_old"
    assert decide(step({"BTC": 70.0}, "escalated", after_ms=late_ms), settings, posted=False).posts
    assert decide(step({"BTC": 70.0}, "ended", ended=True), settings, posted=False).reason == "too_old"


def test_silent_posts_make_no_sound() -> None:
    """The switch "silent" posts without a notification, for each kind of message."""
    settings = ChannelSettings(card="silent", followup="silent", derivatives_day="silent")
    assert decide(step({"BTC": 50.0}), settings, posted=False).silent
    assert decide_followup(settings, NOW_MS).silent
    assert decide_day(settings, NOW_MS).silent


def test_kinds_can_be_switched_off_and_muted() -> None:
    """Follow-ups and days have switches of their own, and a mute silences both."""
    assert decide_followup(ChannelSettings(followup="off"), NOW_MS).reason == "type_off"
    assert decide_day(ChannelSettings(derivatives_day="off"), NOW_MS).reason == "type_off"
    assert decide_followup(ChannelSettings(muted_until_ms=NOW_MS + 1), NOW_MS).reason == "muted"
    assert decide_followup(ChannelSettings(), NOW_MS).reason == "follow_up"


HOUR, DAY = BOUNDS


@pytest.mark.parametrize("bound", BOUNDS, ids=["hour", "day"])
def test_a_channel_has_had_its_fill(bound: Bound) -> None:
    """The last posts of an hour and of a day are for large flushes only, and beyond them there is none at all."""

    def reasons(count: int, apart_ms: int = 0) -> tuple[str, ...]:
        times = [NOW_MS - bound.within_ms + 1 + number * apart_ms for number in range(count)]
        small, large = step({"BTC": 50.0}), step({"BTC": 65.0})
        asked = (decide(one, ChannelSettings(), posted=False, posts=lambda: times).reason for one in (small, large))
        return (*asked, decide_day(ChannelSettings(), NOW_MS, lambda: times).reason)

    spread_ms = bound.within_ms // (bound.most + 1)  # of a day's posts no five are within an hour
    assert reasons(bound.most - bound.kept - 1, spread_ms) == ("first", "first", "first")
    assert reasons(bound.most - bound.kept, spread_ms) == ("flood", "first", "flood")
    assert reasons(bound.most - 1, spread_ms) == ("flood", "first", "flood")
    assert reasons(bound.most, spread_ms) == ("flood", "flood", "flood")


def test_posts_of_long_ago_do_not_count() -> None:
    """A post that is an hour, or a day, old to the millisecond has left its place to another."""
    past = [NOW_MS - HOUR.within_ms] * HOUR.most + [NOW_MS - DAY.within_ms] * DAY.most
    assert decide(step({"BTC": 50.0}), ChannelSettings(), posted=False, posts=lambda: past).posts


def test_the_market_wide_card_is_a_large_one() -> None:
    """What the whole market does is told in a channel that has had its share of small flushes."""
    full = [NOW_MS] * (HOUR.most - HOUR.kept)
    wide = step({"DOGE": 50.0}, scope="market")
    assert decide(wide, ChannelSettings(), posted=False, posts=lambda: full).posts
    assert decide(wide, ChannelSettings(), posted=True, posts=lambda: full * 9).edits


def test_what_kept_a_flush_back_stays_its_reason() -> None:
    """A flush that was muted until it was no news any more was not posted for the mute; a late one was late."""
    late = Decision("too_old")
    assert [lasting(before, late) for before in sorted(HELD_BACK)] == sorted(HELD_BACK)
    assert [lasting(before, late) for before in (None, "below_usd", "too_old")] == ["too_old"] * 3
    assert lasting("flood", Decision("first", posts=True)) == "first"
