"""Who hears of a flush, and the name of the reason."""

import msgspec
import pytest

from bot.alerts.decide import NEWS_MS, decide, decide_kind
from bot.alerts.settings import ChannelSettings
from bot.flush.episode import Episode, Leg, Member

NOW_MS = 1_768_780_800_000


def episode(
    scores: dict[str, float], *, observed_usd: float | None = 5e6, scope: str = "coin", state: str = "active"
) -> Episode:
    """An episode of these coins at these peak scores."""
    lead = next(iter(scores))
    members = {coin: _member(coin, score, observed_usd) for coin, score in scores.items()}
    peak = max(scores.values())
    return msgspec.convert(
        {
            "id": f"2026-01-19-{lead}-1",
            "coin": lead,
            "side": "long",
            "kind": "long_flush",
            "scope": scope,
            "state": state,
            "onset_ms": NOW_MS,
            "peak_ms": NOW_MS,
            "score": peak,
            "peak_score": peak,
            "band": "flush",
            "confidence": 0.85,
            "price_only": False,
            "members": members,
            "legs": [Leg(NOW_MS, None, NOW_MS, peak, 0.0, 1.0)],
        },
        Episode,
    )


def _member(coin: str, score: float, observed_usd: float | None) -> Member:
    return Member(
        coin=coin, onset_ms=NOW_MS, score=score, peak_score=score, confidence=0.85, price_only=False,
        long_usd=observed_usd, short_usd=None if observed_usd is None else 0.0, largest_usd=None, prints=None,
        reference_price=2.0, price=1.0, extreme_price=1.0, extreme_ms=NOW_MS, open_interest_before=None,
        open_interest_now=None, open_interest_least=None, open_interest_venues=(), intensity=None, components={},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("scores", "scope", "changes", "reason"),
    [
        ({"BTC": 46.0}, "coin", {}, "first"),  # a listed coin from FLUSH
        ({"BTC": 46.0}, "coin", {"smallest_band": "severe"}, "below_band"),
        ({"DOGE": 64.0}, "coin", {}, "below_band"),  # another coin waits for SEVERE
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
    scores: dict[str, float], scope: str, changes: dict[str, object], reason: str
) -> None:
    """Each filter holds a flush back under its own name, and only a flush that passes all of them is posted."""
    settings = msgspec.structs.replace(ChannelSettings(), **changes)
    decision = decide(episode(scores, scope=scope), "opened", settings, posted=False, now_ms=NOW_MS)
    assert (decision.reason, decision.posts) == (reason, reason == "first")


def test_unknown_liquidations_pass_the_smallest_amount() -> None:
    """A flush whose liquidations nobody told is not taken for one of zero dollars."""
    settings = ChannelSettings(smallest_usd=5e9)
    assert decide(episode({"BTC": 50.0}, observed_usd=None), "opened", settings, posted=False, now_ms=NOW_MS).posts


@pytest.mark.parametrize("event", ["grew", "joined", "escalated", "ended", "leg"])
def test_a_posted_card_is_edited_and_never_posted_twice(event: str) -> None:
    """Whatever happens to an episode whose card stands there, and whatever the settings are now, is an edit."""
    settings = ChannelSettings(card="off", muted_until_ms=NOW_MS * 2)
    decision = decide(episode({"BTC": 50.0}), event, settings, posted=True, now_ms=NOW_MS)  # type: ignore[arg-type]  # one of the events
    assert (decision.reason, decision.posts, decision.edits) == (event, False, True)


def test_an_old_flush_is_no_news_unless_it_escalates() -> None:
    """After a restart nobody is told of a flush of an hour ago, but a band that is reached now is news."""
    late_ms = NOW_MS + NEWS_MS + 1
    settings = ChannelSettings()
    assert decide(episode({"BTC": 50.0}), "grew", settings, posted=False, now_ms=late_ms).reason == "too_old"
    assert decide(episode({"BTC": 70.0}), "escalated", settings, posted=False, now_ms=late_ms).posts
    ended = episode({"BTC": 70.0}, state="ended")
    assert decide(ended, "ended", settings, posted=False, now_ms=NOW_MS).reason == "too_old"


def test_silent_posts_make_no_sound() -> None:
    """The switch "silent" posts without a notification, for each kind of message."""
    settings = ChannelSettings(card="silent", followup="silent", derivatives_day="silent")
    assert decide(episode({"BTC": 50.0}), "opened", settings, posted=False, now_ms=NOW_MS).silent
    assert decide_kind("followup", settings, NOW_MS).silent
    assert decide_kind("derivatives_day", settings, NOW_MS).silent


def test_kinds_can_be_switched_off_and_muted() -> None:
    """Follow-ups and days have switches of their own, and a mute silences both."""
    assert decide_kind("followup", ChannelSettings(followup="off"), NOW_MS).reason == "type_off"
    assert decide_kind("derivatives_day", ChannelSettings(derivatives_day="off"), NOW_MS).reason == "type_off"
    assert decide_kind("followup", ChannelSettings(muted_until_ms=NOW_MS + 1), NOW_MS).reason == "muted"
    assert decide_kind("followup", ChannelSettings(), NOW_MS).reason == "follow_up"
