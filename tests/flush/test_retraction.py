"""A wrong mark opens a flush, because nobody can know better; the bar that comes later takes it back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache

from bot.flush.episode import Episode
from bot.market.facts import Bar, Fact, Mark
from bot.market.history import COLUMNS, DAY_MS, HOUR_MS, SLOT_MS
from tests.flush.passes import START_MS, Pass

DAYS = 5
HIT_MS = START_MS + DAYS * DAY_MS - 12 * HOUR_MS + 2 * SLOT_MS
"""The third mark of an hour."""


def market(*, real: bool, venues: tuple[str, ...] = ("binance",), hit_ms: int = HIT_MS) -> Iterator[Fact]:
    """A mark each five minutes and a bar each hour; once all marks are a tenth lower, and the bar's low when real."""
    chance, price = random.Random(3), 100.0
    low = high = first = price
    for t_ms in range(START_MS, START_MS + DAYS * DAY_MS, SLOT_MS):
        price *= 1 + chance.gauss(0, 0.001)
        told = 0.9 * price if t_ms == hit_ms else price
        for venue in venues:
            yield Mark(t_ms, venue, "BTC", told)
        seen = told if real else price
        low, high = min(low, seen), max(high, seen)
        if t_ms % HOUR_MS == 0:
            yield Bar(t_ms, "binance", "BTC", "perp", 3600, first, high, low, price, 1000.0)
            low = high = first = price


@lru_cache
def told(*, real: bool, venues: tuple[str, ...] = ("binance",)) -> tuple[Pass, list[Episode]]:
    """What was said of it: the last word on each episode."""
    heard = Pass().read(market(real=real, venues=venues))
    return heard, heard.episodes()


def test_a_price_that_no_bar_shows_is_taken_back() -> None:
    """The fall is retracted with the bar of its hour, and the way back from it opens nothing."""
    heard, episodes = told(real=False)
    assert [episode.side for episode in episodes] == ["long"]
    assert {episode.end_reason for episode in episodes} == {"retracted"}
    assert {episode.ended_ms for episode in episodes} == {HIT_MS + HOUR_MS - 2 * SLOT_MS}
    assert not heard.detector.tracker.open


def test_a_price_that_a_bar_denies_at_once_opens_nothing() -> None:
    """Wrong at the very end of an hour, of which the bar is known before the flush would open: nothing is said."""
    heard = Pass().read(market(real=False, hit_ms=HIT_MS - 2 * SLOT_MS))
    assert not heard.episodes()
    assert not heard.detector.tracker.open


def test_its_low_is_no_level_later() -> None:
    """The past keeps what was traded, so that no level, no day's move and no high before is made of it."""
    heard, _ = told(real=False)
    lows = heard.history.columns[COLUMNS.index("low"), 0]
    prices = [fact.price for fact in market(real=False) if isinstance(fact, Mark) and fact.t != HIT_MS]
    assert lows[lows > 0].min() > 0.99 * min(prices)


def test_a_fall_that_the_bar_shows_stands() -> None:
    """The same marks under a bar that reached as low end by calm, and so do those of three venues that agree."""
    for episodes in (told(real=True)[1], told(real=False, venues=("binance", "bybit", "okx"))[1]):
        assert episodes
        assert "retracted" not in {episode.end_reason for episode in episodes}


def beside() -> Iterator[Fact]:
    """The market with its wrong mark, and ETH, which fell for real within the same hour."""
    for fact in market(real=False):
        yield fact
        if isinstance(fact, Mark):
            yield Mark(fact.t, "binance", "ETH", fact.price * (0.9 if fact.t == HIT_MS + SLOT_MS else 1))
        elif isinstance(fact, Bar):
            low = fact.low * (0.9 if 0 < fact.t - HIT_MS <= HOUR_MS else 1)
            yield Bar(fact.t, "binance", "ETH", "perp", 3600, fact.open, fact.high, low, fact.close, 1000.0)


def test_a_flush_in_which_another_coin_fell_for_real_stands() -> None:
    """One wrong mark among its coins does not make it none."""
    episodes = Pass().read(beside()).episodes()
    assert ("BTC", "ETH") in {tuple(sorted(episode.members)) for episode in episodes}
    assert "retracted" not in {episode.end_reason for episode in episodes}
