"""What a channel would have heard is what it hears: previews are held against the posts of real runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.decide import BOUNDS
from bot.alerts.presets import PRESETS
from bot.alerts.preview import LEAD_MS, Heard
from bot.alerts.settings import DEFAULTS, ChannelSettings
from bot.alerts.steps import DayPost
from bot.market.history import DAY_MS
from bot.replay import open_source
from bot.store.steps import load_steps
from tests.alerts.busy import COINS, Busy, busy_days
from tests.alerts.heard import Happened, Run, changed, posts_of, put, run, told
from tests.commands.flushes import MINUTE_MS, ONSET_MS

SMALL = str(Path(__file__).parents[1] / "data" / "small.jsonl.gz")
FLUSHED_MS = 1_772_687_705_000  # when the flush of the small recording opens

VARIED: dict[str, ChannelSettings] = PRESETS | {
    "own coins": changed(DEFAULTS, coins=("WIF",)),
    "severe": changed(DEFAULTS, smallest_band="severe", others_band="severe"),
    "extreme": changed(DEFAULTS, smallest_band="extreme", others_band="extreme"),
    "never": changed(DEFAULTS, smallest_band="severe", others_band="never"),
    "10m": changed(PRESETS["active"], smallest_usd=1e7),
    "40m": changed(PRESETS["active"], smallest_usd=4e7),
    "5b": changed(PRESETS["active"], smallest_usd=5e9),
    "no cards": changed(DEFAULTS, card="off"),
    "no days": changed(DEFAULTS, derivatives_day="off"),
    "muted for a while": changed(PRESETS["active"], muted_until_ms=FLUSHED_MS + 12 * MINUTE_MS),
    "muted for long": changed(PRESETS["active"], muted_until_ms=FLUSHED_MS + DAY_MS),
}

WINTER: dict[str, ChannelSettings] = PRESETS | {
    "one coin": changed(DEFAULTS, coins=("SOL",)),
    "one coin alone": changed(DEFAULTS, coins=("ETH",), others_band="never"),
    "severe": changed(DEFAULTS, smallest_band="severe"),
    "30m": changed(PRESETS["active"], smallest_usd=3e7),
    "silent cards": changed(DEFAULTS, card="silent"),
    "no cards": changed(DEFAULTS, card="off"),
    "no days": changed(PRESETS["active"], derivatives_day="off"),
    "muted until February": changed(PRESETS["active"], muted_until_ms=1_769_904_000_000),
}

any_settings = st.builds(
    changed,
    st.sampled_from(list(VARIED.values())),
    coins=st.lists(st.sampled_from(COINS), min_size=1, max_size=3, unique=True).map(tuple),
    smallest_band=st.sampled_from(["flush", "severe", "extreme"]),
    others_band=st.sampled_from(["flush", "severe", "extreme", "never"]),
    smallest_usd=st.sampled_from([1e5, 1e6, 2e7, 1e8]),
    card=st.sampled_from(["on", "silent", "off"]),
    derivatives_day=st.sampled_from(["on", "silent", "off"]),
    muted_until_ms=st.just(0) | st.integers(FLUSHED_MS - DAY_MS, FLUSHED_MS + DAY_MS),
)


@pytest.fixture(scope="module")
def small() -> Run:
    """The small recording, played into a channel for each of the settings above."""
    return asyncio.run(run(open_source(SMALL), VARIED))


def test_a_preview_lists_the_posts_of_the_channel(small: Run) -> None:
    """For each of the settings the same flushes and days at the same times, computed from a run with other ones."""
    other = asyncio.run(run(open_source(SMALL), {"other": changed(DEFAULTS, card="off", derivatives_day="off")}))
    assert other.steps == small.steps
    assert {name: posts_of(told(other.steps, chosen)) for name, chosen in VARIED.items()} == small.posts
    assert len({tuple(posts) for posts in small.posts.values()}) > 5, "the settings hear much the same"


def test_changes_are_kept_from_the_first_moment_on(small: Run) -> None:
    """Calm days before the first flush count: the market was watched, and nothing was to be posted."""
    assert small.since_ms is not None
    assert 0 <= small.since_ms - open_source(SMALL).start_ms < 60_000


@given(any_settings)
def test_any_settings_hear_what_their_preview_says(small: Run, chosen: ChannelSettings) -> None:
    """Whatever a channel sets, the outbox posts of the small recording's flushes what the preview lists."""
    days = [DayPost(row.episode_id, row.at_ms, row.observed_usd) for row in small.steps if row.event == "day"]
    happened = sorted([*small.happened, *days], key=lambda one: one.at_ms if isinstance(one, DayPost) else one.now_ms)
    made = put(happened, chosen)
    assert made.steps == small.steps
    assert posts_of(told(small.steps, chosen)) == made.posts


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["article", "cascade"])
def test_a_preview_lists_the_posts_of_a_whole_scenario(scenario: str) -> None:
    """The same over thirty coins and days of a simulated market."""
    played = asyncio.run(run(open_source(scenario), VARIED))
    assert {name: posts_of(told(played.steps, chosen)) for name, chosen in VARIED.items()} == played.posts


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_preview_lists_the_posts_of_real_months(recordings: Path) -> None:
    """What is told beforehand from months that nobody heard is what their replay sends, and so is each part of it."""
    source = open_source(str(recordings / "2025-12_2026-03_btc_eth_sol.jsonl.gz"))
    before = asyncio.run(run(source, {}))
    played = asyncio.run(run(source, WINTER))
    assert before.steps == played.steps
    until_ms = source.end_ms - 20 * DAY_MS
    since_ms = until_ms - 30 * DAY_MS
    for name, chosen in WINTER.items():
        assert posts_of(told(before.steps, chosen)) == played.posts[name], name
        part = [post for post in played.posts[name] if since_ms < post[1] <= until_ms]
        assert posts_of(told(before.steps, chosen, since_ms, until_ms)) == part, name
        assert part or name in ("one coin alone", "no cards"), name
    assert len({tuple(posts) for posts in played.posts.values()}) > 6, "the settings hear much the same"


@given(busy_days(), any_settings, st.sampled_from([DEFAULTS, changed(DEFAULTS, card="off")]))
def test_a_preview_of_busy_days_lists_the_posts(
    happened: Busy, chosen: ChannelSettings, other: ChannelSettings
) -> None:
    """With floods, mutes, legs and flushes that open together the preview is what the outbox did; bounds hold."""
    chosen = changed(chosen, muted_until_ms=chosen.muted_until_ms and chosen.muted_until_ms - FLUSHED_MS + ONSET_MS)
    made, shown = put(happened, chosen), told(put(happened, other).steps, chosen)
    assert sorted(posts_of(shown)) == sorted(made.posts)
    assert {entry.id: entry.reason for entry in shown.silent if _is_decided(entry)} == made.silent
    times = [at_ms for _, at_ms, _ in made.posts]
    for bound in BOUNDS:
        assert all(sum(at - bound.within_ms < time_ms <= at for time_ms in times) <= bound.most for at in times)


def _is_decided(entry: Heard) -> bool:
    """Whether the outbox keeps a decision of it: not of days, and not of what never opened."""
    return entry.step is not None and entry.step.event != "watched"


@given(busy_days(), any_settings, st.integers(0, 48), st.integers(0, 48))
def test_a_stretch_is_a_part_of_the_whole(happened: Busy, chosen: ChannelSettings, first_h: int, last_h: int) -> None:
    """What is listed of some hours is what the whole lists in them, from the changes that are loaded for them."""
    made = put(happened, chosen)
    since_ms, until_ms = ONSET_MS + first_h * 60 * MINUTE_MS, ONSET_MS + last_h * 60 * MINUTE_MS
    whole = posts_of(told(made.steps, chosen))
    shown = told(load_steps(made.db, since_ms - LEAD_MS), chosen, since_ms, until_ms)
    assert posts_of(shown) == [post for post in whole if since_ms < post[1] <= until_ms]
    assert {entry.id for entry in shown.silent}.isdisjoint(entry.id for entry in shown.posts)


def test_what_stays_silent_has_its_reason(small: Run) -> None:
    """Each kind of setting that keeps a flush or a day from the channel is named as the reason of it."""
    reasons = {
        name: [entry.reason for entry in told(small.steps, VARIED[name]).silent]
        for name in ("never", "5b", "no cards", "muted for long", "quiet")
    }
    assert reasons["5b"] == ["below_usd"]
    assert reasons["no cards"] == ["type_off"]
    assert reasons["muted for long"] == ["muted", "muted"]  # its day, too
    assert "type_off" in reasons["quiet"], "days are off in the quiet preset"


def test_a_rate_is_that_of_a_week() -> None:
    """Posts of a stretch are counted by the week, and a stretch of hours is taken for a day."""
    happened: list[Happened] = [DayPost(f"day/{day}", ONSET_MS + day * DAY_MS, 4e8) for day in range(1, 11)]
    steps = put(happened, DEFAULTS).steps
    fortnight = told(steps, DEFAULTS, ONSET_MS, ONSET_MS + 14 * DAY_MS)
    assert (len(fortnight.posts), fortnight.days, fortnight.a_week) == (10, 14.0, 5.0)
    hours = told(steps, DEFAULTS, ONSET_MS, ONSET_MS + DAY_MS)
    assert hours.a_week == 7.0
    assert max(bound.within_ms for bound in BOUNDS) <= LEAD_MS
