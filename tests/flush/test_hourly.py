"""A coin of which everything comes once an hour: bars or marks, and totals of liquidations or none."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator
from typing import Literal

import pytest
from msgspec import json
from msgspec.structs import replace

from bot.flush.tracker import Change
from bot.market.facts import Bar, Fact, LiquidationTotal, Mark, OpenInterest
from bot.market.history import HOUR_MS, SLOT_MS
from bot.market.rings import MINUTE_MS
from bot.memory import Memory, keep, keep_slots, recall
from tests.flush.stage import Stage

START_MS = 1_772_409_600_000
HOURS = 240
CRASH = 200
"""The hour of the crash: 6 % down on eight times the volume, with ten times the liquidations."""


def hours(
    *, liquidations: bool, prices: Collection[type] = (Bar,), coins: tuple[float, float] | None = None
) -> Iterator[Fact]:
    """Ten days of BTC that go up and down by some tenths of a percent, but for one hour.

    `coins` is the open interest before that hour, and from its end on.
    """
    chance, price = random.Random(7), 100_000.0
    for hour in range(HOURS):
        t_ms, crash = START_MS + (hour + 1) * HOUR_MS, hour == CRASH
        last = price * (0.94 if crash else 1 + chance.gauss(0, 0.003))
        high, low = max(price, last) * 1.001, min(price, last) * 0.999
        volume = chance.uniform(800, 1200) * (8 if crash else 1)
        if Mark in prices:
            yield Mark(t_ms, "binance", "BTC", last)
        if Bar in prices:
            yield Bar(t_ms, "binance", "BTC", "perp", 3600, price, high, low, last, volume)
        if liquidations:
            usd = chance.uniform(1e6, 3e6) * (10 if crash else 1)
            yield LiquidationTotal(t_ms, "binance", "BTC", 3600, usd, 0.2 * usd)
        if coins is not None:
            yield OpenInterest(t_ms, "binance", "BTC", coins=coins[hour >= CRASH])
        price = last


def changes(facts: Iterable[Fact], memory: Memory | None = None) -> list[Change]:
    """What a detector says that looks once an hour, with a memory of what was before."""
    memory, told = memory or Memory(), list[Change]()
    for fact in facts:
        if fact.t > memory.board.now_ms > 0:
            told += memory.detector.step(memory.board, memory.history, memory.board.now_ms)
        memory.board.apply(fact)
    return told


@pytest.mark.parametrize("prices", [(Bar,), (Mark,), (Mark, Bar)])
def test_a_crash_opens_with_the_total_that_tells_of_it(prices: Collection[type]) -> None:
    """At the end of its hour, and not an hour later, when another look would no longer see it; then it ends."""
    told = changes(hours(liquidations=True, prices=prices))
    opened = [change for change in told if change.event == "opened"]
    assert [(change.now_ms, change.episode.side) for change in opened] == [(START_MS + (CRASH + 1) * HOUR_MS, "long")]
    assert not opened[0].episode.price_only
    (ended,) = [change for change in told if change.event == "ended"]
    assert 0 < ended.now_ms - opened[0].now_ms <= 4 * HOUR_MS


@pytest.mark.parametrize(("prices", "market"), [(Mark, "perp"), (Bar, "spot")])
@pytest.mark.parametrize("hour", [CRASH, CRASH + 1, CRASH + 2])
def test_a_break_around_a_crash_changes_nothing(hour: int, prices: type, market: Literal["perp", "spot"]) -> None:
    """Recalled in any hour around it, a market of marks or of spot alone goes on to the same changes."""
    facts = [
        replace(fact, market=market) if isinstance(fact, Bar) else fact
        for fact in hours(liquidations=True, prices=(prices,), coins=(1e5, 9e4))
    ]
    place = next(number for number, fact in enumerate(facts) if fact.t > START_MS + hour * HOUR_MS)
    whole = Memory()
    changes(facts[:place], whole)
    kept = keep(whole, whole.board.now_ms)
    slots = keep_slots(whole, range(whole.history.oldest_slot, whole.board.now_ms // SLOT_MS + 1))
    recalled = recall(kept.about, kept.present, slots)
    assert recalled.whole
    rest = [json.encode(changes(facts[place:], memory)) for memory in (whole, recalled)]
    assert rest[0] == rest[1]
    assert b'"ended"' in rest[0]
    assert (b'"spot":true' in rest[0]) == (market == "spot")


def test_the_fall_of_open_interest_is_on_the_card() -> None:
    """The word an hour before is what it fell from, and the last one stands until the next is overdue."""
    told = changes(hours(liquidations=True, coins=(1e5, 9e4)))
    opened, ended = (next(change for change in told if change.event == event) for event in ("opened", "ended"))
    for episode in (opened.episode, ended.episode):
        lead = episode.lead
        assert (lead.open_interest_before, lead.open_interest_now, lead.open_interest_venues) == (
            1e5,
            9e4,
            ("binance",),
        )


def test_bars_alone_speak_by_price() -> None:
    """Without anything that confirms a crash it opens at the end of its hour all the same, as price only."""
    opened = next(change for change in changes(hours(liquidations=False)) if change.event == "opened")
    assert opened.now_ms == START_MS + (CRASH + 1) * HOUR_MS
    assert (opened.episode.kind, opened.episode.band, opened.episode.price_only) == ("long_flush", "flush", True)
    assert opened.episode.confidence <= 0.3


def told_by_the_hour(*coins: float) -> Stage:
    """A market without a flush, three minutes after the last of these words on open interest."""
    stage = Stage("BTC")
    for number, told in enumerate(coins):
        stage.go(57 if number else 0, {})
        stage.step({}, OpenInterest(stage.now_ms, "b", "BTC", coins=told))
        stage.go(3, {})
    return stage


def test_the_last_word_stands_between_two_looks() -> None:
    """An hourly figure is on the card for an hour and a half, and is unknown once its next one is overdue."""
    stage = told_by_the_hour(1e5, 1e5, 9e4)
    stage.go(87, {"BTC": (60.0, 0.0)})
    (episode,) = stage.tracker.open.values()
    assert (episode.lead.open_interest_before, episode.lead.open_interest_now) == (1e5, 9e4)
    stage.go(1, {"BTC": (60.0, 0.0)})
    assert episode.lead.open_interest_now is None


def test_a_first_word_tells_of_no_fall() -> None:
    """What it fell from has to be told before it, however many looks saw the one word that there is."""
    stage = told_by_the_hour(9e4)
    stage.go(1, {"BTC": (60.0, 0.0)})
    (episode,) = stage.tracker.open.values()
    assert episode.lead.open_interest_before is None


def test_what_is_polled_falls_from_the_highest_of_an_hour() -> None:
    """Not from what was told a few minutes earlier, which counts only where it is told by the hour."""
    stage = Stage("BTC", open_interest={"BTC": 2e5})
    stage.go(1, {})
    stage.open_interest = {"BTC": 1.8e5}
    stage.go(61, {})
    stage.go(1, {"BTC": (60.0, 0.0)})
    (episode,) = stage.tracker.open.values()
    assert episode.lead.open_interest_before == 1.8e5


@pytest.mark.parametrize("venue", ["a", "binance+okx"])
@pytest.mark.parametrize(("before_s", "observed"), [(0, (2e6, 1e5)), (20, (2e6, 1e5)), (59, (2e6, 1e5)), (60, None)])
def test_the_total_that_opens_a_flush_is_in_it(before_s: int, observed: tuple[float, float] | None, venue: str) -> None:
    """Whatever lies between a total and the look that sees it; one of a minute ago tells of another hour."""
    stage = Stage("BTC")
    stage.go(10, {})
    stage.now_ms += MINUTE_MS + 10_000
    stage.step({"BTC": (60.0, 0.0)}, LiquidationTotal(stage.now_ms - 1000 * before_s, venue, "BTC", 3600, 2e6, 1e5))
    episode = stage.go(1, {"BTC": (60.0, 0.0)})[0].episode
    known = None if episode.lead.long_usd is None else (episode.lead.long_usd, episode.lead.short_usd)
    assert known == observed
    assert [row.observed_usd for row in episode.told if row.venue == venue] == [sum(observed or ()) or None]
    stage.step({"BTC": (60.0, 0.0)}, LiquidationTotal(stage.now_ms, venue, "BTC", 3600, 5e6, 0.0))
    later = stage.go(1, {"BTC": (60.0, 0.0)})[-1].episode
    assert later.observed_usd == 5e6 + sum(observed or ())


def test_a_total_of_a_day_is_of_no_flush() -> None:
    """Most of a day lies before a flush that is going on at its end, so that its total adds nothing to it."""
    stage = Stage("BTC")
    stage.go(10, {})
    stage.now_ms += MINUTE_MS + 10_000
    stage.step({"BTC": (60.0, 0.0)}, LiquidationTotal(stage.now_ms, "a", "BTC", 3600, 2e6, 1e5))
    stage.go(1, {"BTC": (60.0, 0.0)})
    stage.step({"BTC": (60.0, 0.0)}, LiquidationTotal(stage.now_ms, "a+b", "BTC", 86_400, 9e7, 0.0))
    later = stage.go(1, {"BTC": (60.0, 0.0)})[-1].episode
    assert later.observed_usd == 2.1e6
    assert {row.venue: row.observed_usd for row in later.told} == {"a": 2.1e6, "a+b": None}
