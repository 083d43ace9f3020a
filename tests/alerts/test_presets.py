from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alerts.decide import BOUNDS
from bot.alerts.presets import (
    FIELDS,
    PRESETS,
    change_several,
    preset,
    preset_of,
    take,
    word_between,
)
from bot.alerts.settings import DEFAULTS, SETTINGS, Asked, ChannelSettings
from bot.alerts.target import candidates, choose, quieter
from bot.errors import UserError
from tests.alerts.busy import Busy, busy_days
from tests.alerts.heard import changed, put, told

OWN = changed(DEFAULTS, coins=("SOL",), language="es", theme="light", followups_in="thread", muted_until_ms=7)


def asked(text: str, kept: ChannelSettings = OWN) -> Asked:
    """A change as an admin types it."""
    return Asked(text, kept, ("BTC", "ETH", "SOL"), ("en", "es"), 1)


def test_normal_is_what_a_channel_starts_with() -> None:
    """The preset of a new channel is called normal, and its settings are the defaults."""
    assert preset("normal") == DEFAULTS
    assert preset_of(DEFAULTS) == "normal"


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_keeps_what_is_a_channels_own(name: str) -> None:
    """Coins, language, theme, mute and the place of follow-ups stay; all that a preset is about is that of the name."""
    after = take(f" {name.upper()} ", asked(""))
    assert preset_of(after) == name
    assert changed(after, **{field: getattr(OWN, field) for field in FIELDS}) == OWN


def test_anything_changed_is_ones_own() -> None:
    """Another band, amount or switch is no preset any more; another coin is none of its business."""
    for change in ({"smallest_band": "extreme"}, {"smallest_usd": 2e5}, {"followup": "off"}):
        assert preset_of(changed(DEFAULTS, **change)) is None
    assert preset_of(changed(DEFAULTS, coins=("SOL",))) == "normal"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", OWN),
        ("quiet", take("quiet", asked(""))),
        ("preset quiet", take("quiet", asked(""))),
        ("smallest_band severe", changed(OWN, smallest_band="severe")),
        ("SMALLEST_BAND Severe smallest_usd 2.5m", changed(OWN, smallest_band="severe", smallest_usd=2.5e6)),
        ("active card silent", changed(take("active", asked("")), card="silent")),
        ("card off preset quiet", take("quiet", asked(""))),
        ("coins BTC ETH others_band never", changed(OWN, coins=("BTC", "ETH"), others_band="never")),
        ("coins +BTC -SOL", changed(OWN, coins=("BTC",))),
        ("extreme/never/50m", changed(OWN, smallest_band="extreme", others_band="never", smallest_usd=5e7)),
    ],
)
def test_several_changes_are_read_in_one_line(text: str, after: ChannelSettings) -> None:
    """A preset first, keys with their values, lists of coins up to the next key; later ones win."""
    assert change_several(asked(text)) == after


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("loud", "error-not-a-choice"),
        ("preset", "error-no-value"),
        ("quiet please", "error-not-a-choice"),
        ("smallest_band", "error-no-value"),
        ("smallest_usd 5m coins smallest_band severe", "error-no-value"),
        ("smallest_usd 12", "error-out-of-range"),
        ("watch/never/1m", "error-not-a-choice"),
        ("flush/never/12", "error-out-of-range"),
        ("coins BTV", "error-unknown-coin-near-1"),
    ],
)
def test_what_cannot_be_is_refused(text: str, key: str) -> None:
    """Each wrong word has the refusal that it has alone."""
    with pytest.raises(UserError) as caught:
        change_several(asked(text))
    assert caught.value.key == key


@given(st.lists(st.sampled_from([*SETTINGS, *PRESETS, "preset", "flush", "1m", "BTC", "on", "off", "/", "\u0665"])))
def test_any_line_is_a_change_or_a_refusal(words: list[str]) -> None:
    """Whatever is typed gives settings or a UserError, never anything else."""
    try:
        after = change_several(asked(" ".join(words)))
    except UserError:
        return
    assert isinstance(after, ChannelSettings)


def test_every_candidate_can_be_taken_by_one_short_word() -> None:
    """The word of each candidate makes it of the channel's settings, and a button of any chat has room for it."""
    for candidate in (*candidates(OWN), *quieter(OWN)):
        word = word_between(OWN, candidate)
        assert candidate in {OWN, changed(OWN, derivatives_day="off")} or (
            word and take(word, asked("", OWN)) == candidate
        )
        assert len(f"do:/alerts -1001234567890/{2**31 - 1} preset {word}") <= 64


def test_the_word_between_two_settings_means_that_change() -> None:
    """A word is offered only where it leads there: not for other coins, and not for an amount to the cent."""
    assert word_between(DEFAULTS, PRESETS["quiet"]) == "quiet"
    assert word_between(DEFAULTS, changed(DEFAULTS, smallest_usd=2.5e6)) == "flush/severe/2500k"
    assert word_between(DEFAULTS, changed(DEFAULTS, coins=("SOL",))) is None
    assert word_between(DEFAULTS, changed(DEFAULTS, smallest_usd=123_456.78)) is None


@settings(max_examples=15)
@given(busy_days(), st.integers(1, 60))
def test_the_target_is_met_with_the_most_posts(happened: Busy, a_week: int) -> None:
    """No candidate within the target posts more than the chosen one; where none is within it, none posts less."""
    steps = put(happened, DEFAULTS).steps
    tried = [(one, told(steps, one)) for one in candidates(DEFAULTS)]
    chosen, shown = choose(tried, a_week)
    counts = {len(other.posts) for _, other in tried if other.a_week <= a_week}
    assert (shown.a_week <= a_week) == bool(counts)
    assert len(shown.posts) == (max(counts) if counts else min(len(other.posts) for _, other in tried))
    if len(told(steps, DEFAULTS).posts) == len(shown.posts):
        assert chosen == DEFAULTS, "what stands is left as it is"


@settings(max_examples=30)
@given(busy_days(most=6))
def test_the_ladder_of_candidates_goes_down(happened: Busy) -> None:
    """Of two candidates of which one asks for no less in anything, it never posts a flush that the other does not."""
    steps = [row for row in put(happened, DEFAULTS).steps if row.event != "day"]
    order = {"flush": 0, "severe": 1, "extreme": 2, "never": 3}
    tried = [(one, {entry.id for entry in told(steps, one).posts}) for one in candidates(DEFAULTS)]
    ranked = [((order[c.smallest_band], order[c.others_band], c.smallest_usd), posts) for c, posts in tried]
    for strict, fewer in ranked:
        for loose, more in ranked:
            unbounded = len(more) < BOUNDS[0].most - BOUNDS[0].kept
            if unbounded and all(a >= b for a, b in zip(strict, loose, strict=True)):
                assert fewer <= more
