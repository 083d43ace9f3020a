from __future__ import annotations

import numpy as np
import pytest

from bot.flush.features import Features, measure
from bot.market.board import Board
from bot.market.facts import (
    Bar,
    Fact,
    Feed,
    FeedState,
    Funding,
    Index,
    Liquidation,
    LiquidationTotal,
    Mark,
    OpenInterest,
)
from bot.market.history import HOUR_MS, History
from bot.market.rings import MINUTE_MS
from tests.flush.passes import START_MS

NAN = float("nan")
STORY: tuple[FeedState, FeedState] = ("stale", "live")


class Look:
    """A market that is looked at once a moment."""

    def __init__(self) -> None:
        self.board, self.history = Board(), History()

    def at(self, minute: float, *facts: Fact) -> Features:
        """Hear facts and measure at `minute`."""
        for fact in facts:
            self.board.apply(fact)
        return measure(self.board, self.history, START_MS + round(minute * MINUTE_MS))


def t(minute: float) -> int:
    """UTC ms of a minute of the test."""
    return START_MS + round(minute * MINUTE_MS)


def mark(minute: float, price: float) -> Mark:
    """A mark of BTC."""
    return Mark(t(minute), "a", "BTC", price)


def interest(minute: float, coins: float, venue: str = "a") -> OpenInterest:
    """Open interest of BTC in coins."""
    return OpenInterest(t(minute), venue, "BTC", coins=coins)


def total(minute: float, span_s: int, longs: float, venue: str = "a") -> LiquidationTotal:
    """A total of liquidated longs."""
    return LiquidationTotal(t(minute), venue, "BTC", span_s, longs, 1.0)


def of(features: Features, name: str, window: int) -> float:
    """One feature of the only coin, rounded."""
    return round(float(features.of(name, window)[0]), 9)


def test_moves_are_taken_from_the_extreme_of_the_window() -> None:
    """A V within the hour is a fall and a rise, though its ends are equal; the old high leaves the short window."""
    look = Look()
    for minute, price in ((0, 100.0), (10, 110.0), (20, 99.0), (30, 108.0)):
        features = look.at(minute, mark(minute, price))
    assert of(features, "drop", 60) == round(np.log(110 / 108), 9)
    assert of(features, "rise", 60) == round(np.log(108 / 99), 9)
    assert of(features, "drop", 15) == 0.0
    assert of(features, "rise", 15) == round(np.log(108 / 99), 9)


@pytest.mark.parametrize(
    ("every", "quarter", "hour"),
    [(5, 0.02, 0.11), (14, 0.01, 0.04), (15, 0.01, 0.04), (30, NAN, 0.02), (60, NAN, 0.01)],
)
def test_seldom_marks_tell_of_windows_at_least_as_long_as_the_time_between_them(
    every: int, quarter: float, hour: float
) -> None:
    """Each mark is one percent under the one before; from a quarter of an hour on it is a bar from that one to it."""
    look = Look()
    for number in range(15):
        features = look.at(every * number, mark(every * number, 100 * np.exp(-0.01 * number)))
    found = [float(features.of("drop", window)[0]) for window in (15, 60)]
    assert found == pytest.approx([quarter, hour], nan_ok=True)


def test_how_often_a_venue_told_that_fell_silent_does_not_count() -> None:
    """After a pause one mark of another venue is no unmoved price of a quarter of an hour, but the next one is one."""
    look = Look()
    for minute in range(20):
        look.at(minute, mark(minute, 100.0))
    look.at(20, Mark(t(20), "b", "BTC", 100.0))
    alone, followed = (look.at(minute, Mark(t(minute), "b", "BTC", 95.0)) for minute in (70, 71))
    assert np.isnan(alone.of("drop", 15)[0])
    assert of(followed, "drop", 15) == 0.0


@pytest.mark.parametrize(
    ("span_min", "known"), [(5, [True, True]), (15, [True, True]), (30, [False, True]), (60, [False, True]),
                            (66, [False, True]), (67, [False, False]), (240, [False, False])]
)  # fmt: skip
def test_a_bar_says_nothing_of_less_than_its_span(span_min: int, known: list[bool]) -> None:
    """What fell within four hours need not have fallen within one: that is unknown, not a move of an hour."""
    look = Look()
    for number in (1, 2):
        bar = Bar(t(number * span_min), "a", "BTC", "perp", span_min * 60, 100.0, 101.0, 90.0, 95.0, 3.0)
        features = look.at(number * span_min, bar)
    assert [not np.isnan(features.of("drop", window)[0]) for window in (15, 60)] == known
    assert features.price[0] == 95.0


def test_after_a_pause_the_second_mark_tells_how_far_the_price_ran() -> None:
    """What came of it in a pause of half an hour nobody knows; an exchange that went on tells it all along."""
    look = Look()
    for minute in (*range(31), 61):
        features = look.at(minute, mark(minute, 100.0))
    assert [np.isnan(features.of("drop", window)[0]) for window in (15, 60)] == [True, False]
    assert of(look.at(62, mark(62, 99.0)), "drop", 15) == round(np.log(100 / 99), 9)
    for minute in range(63, 95):
        look.at(minute, Mark(t(minute), "b", "BTC", 99.0))
    assert of(look.at(95, mark(95, 99.0), Mark(t(95), "b", "BTC", 99.0)), "drop", 15) == 0.0


def test_bars_give_their_whole_range() -> None:
    """Of a coin with bars alone a step falls from the bar's open to its low."""
    features = Look().at(0, Bar(t(0), "a", "BTC", "perp", 3600, 100.0, 101.0, 90.0, 95.0, 3.0))
    assert of(features, "drop", 60) == round(np.log(100 / 90), 9)
    assert of(features, "rise", 60) == round(np.log(101 / 100), 9)
    assert not features.price_from_marks[0]
    assert of(features, "volume", 60) == 285.0
    assert np.isnan(features.of("volume", 15)[0])


def test_an_hourly_total_feeds_no_shorter_window() -> None:
    """Windows of 5 and 15 minutes stay unknown under an hourly total; a five-minute total feeds them all."""
    look = Look()
    hourly = look.at(0, mark(0, 100.0), total(0, 3600, 9000.0))
    assert [of(hourly, "long", 60), hourly.of("long", 15)[0], hourly.of("long", 5)[0]] == pytest.approx(
        [9000.0, NAN, NAN], nan_ok=True
    )
    both = look.at(1, total(1, 300, 50.0))
    assert [of(both, "long", window) for window in (5, 15, 60)] == [50.0, 50.0, 9050.0]


def test_unknown_is_not_zero() -> None:
    """With marks alone liquidations, open interest, volume, basis and funding are unknown; a live feed makes zeros."""
    look = Look()
    for minute in range(2):
        features = look.at(minute, mark(minute, 100.0))
    known = [name for name in ("drop", "long", "short", "oi_fall", "volume") if not np.isnan(features.of(name, 60)[0])]
    assert known == ["drop"]
    assert np.isnan([features.basis_shift, features.funding_shift, features.open_interest_usd]).all()
    assert np.isnan(features.intensity).all()
    assert not features.liquidations_known[0]
    features = look.at(2, mark(2, 100.0), Feed(t(2), "a", "liquidation", "live", t(0)))
    assert features.liquidations_known[0]
    assert [of(features, "long", window) for window in (5, 15, 60)] == [0.0, 0.0, 0.0]


def covered_s(look: Look) -> float:
    """Seconds that liquidations of BTC are covered by, over all slots."""
    seconds = look.history.block("liquidation_s", START_MS - HOUR_MS, START_MS + 24 * HOUR_MS)
    return float(np.nansum(seconds[0]))


@pytest.mark.parametrize(
    ("states", "minutes"),
    [
        ({"a": "live"}, 10),
        ({"a": "partial"}, 10),
        ({"a": "stale"}, 0),
        ({"a": "blocked"}, 0),
        ({"a": "stale", "b": "live"}, 10),
        ({"b": "live"}, 10),
        ({"c": "live"}, 0),
        ({}, 0),
    ],
    ids=["live", "partial", "stale", "blocked", "one of two", "the other", "not listed there", "no feed"],
)
def test_time_is_covered_while_a_feed_of_the_coin_is_heard(states: dict[str, FeedState], minutes: int) -> None:
    """A live or partial feed of a venue that lists the coin covers it; one that is lost, elsewhere or absent does not.

    "No feed" is a venue with perpetuals that publishes no liquidations, such as Hyperliquid.
    """
    look = Look()
    feeds = [Feed(t(0), venue, "liquidation", state, t(0)) for venue, state in states.items()]
    look.at(0, mark(0, 100.0), interest(0, 1000.0, "b"), *feeds)
    for minute in range(1, 11):
        look.at(minute, mark(minute, 100.0))
    assert covered_s(look) == 60 * minutes


def test_a_gap_between_two_steps_covers_nothing() -> None:
    """An hour without a step, of which the feed was lost from the fourth minute on and is back: four are covered."""
    look = Look()
    look.at(0, mark(0, 100.0), Feed(t(0), "a", "liquidation", "live", t(0)))
    lost, back = Feed(t(60), "a", "liquidation", "stale", t(4)), Feed(t(60), "a", "liquidation", "live", t(60))
    look.at(60, lost, back, mark(60, 100.0))
    assert covered_s(look) == pytest.approx(4 * 60)
    look.at(61, mark(61, 100.0))
    assert covered_s(look) == pytest.approx(5 * 60)


def test_the_best_heard_venue_covers_a_coin() -> None:
    """Where one venue was lost between two steps and another was not, the time is covered."""
    look = Look()
    both = [Feed(t(0), venue, "liquidation", "live", t(0)) for venue in "ab"]
    look.at(0, mark(0, 100.0), interest(0, 1000.0, "b"), *both)
    look.at(30, mark(30, 100.0), *(Feed(t(30), "a", "liquidation", state, t(1)) for state in STORY))
    assert covered_s(look) == 30 * 60


def test_open_interest_falls_over_the_same_venues() -> None:
    """A venue that falls silent takes nothing away, one that is new adds nothing, and in minutes not polled."""
    look = Look()
    for minute in (0, 5):
        look.at(minute, mark(minute, 100.0), interest(minute, 1000.0), interest(minute, 500.0, "b"))
    features = look.at(40, mark(40, 100.0), interest(40, 900.0))
    assert np.isnan(features.of("oi_fall", 60)[0])  # two polls 35 minutes apart are no series
    for minute in (45, 50):
        features = look.at(minute, mark(minute, 100.0), interest(minute, 900.0), interest(minute, 9e5, "c"))
    assert of(features, "oi_fall", 60) == 0.0
    assert features.open_interest_usd[0] == pytest.approx((900 + 9e5) * 100)


def test_a_fall_of_open_interest_is_measured_from_the_highest_of_the_hour() -> None:
    """1000 coins, then 1100, then 990 is a fall of a tenth; an hour later it is forgotten."""
    look = Look()
    for minute, coins in ((0, 1000.0), (5, 1100.0), (10, 990.0)):
        features = look.at(minute, mark(minute, 100.0), interest(minute, coins))
    assert of(features, "oi_fall", 60) == pytest.approx(0.1)
    for minute in range(15, 80, 5):
        features = look.at(minute, mark(minute, 100.0), interest(minute, 990.0))
    assert of(features, "oi_fall", 60) == 0.0


@pytest.mark.parametrize("told_at", [60, 60.3, 62])
def test_open_interest_by_the_hour_may_come_a_little_late(told_at: float) -> None:
    """A fall of a tenth from one hour to the next is seen whether or not the second word is of the full hour."""
    look = Look()
    for minute in (-60, 0):
        look.at(minute, interest(minute, 1000.0))
    for minute in range(5, 60, 5):
        look.at(minute, mark(minute, 100.0))
    features = look.at(told_at, mark(told_at, 100.0), interest(told_at, 900.0))
    assert of(features, "oi_fall", 60) == pytest.approx(0.1)


def test_intensity_takes_both_from_the_same_venues() -> None:
    """Liquidations of a venue without open interest are not held against another venue's."""
    look = Look()
    for minute in (0, 1):
        look.at(minute, mark(minute, 100.0), interest(minute, 1000.0))
    features = look.at(2, mark(2, 100.0), interest(2, 1000.0), total(2, 60, 7e4, "okx"))
    assert np.isnan(features.intensity).all()
    features = look.at(3, mark(3, 100.0), interest(3, 1000.0), total(3, 60, 2e3))
    assert features.intensity[:, 0].tolist() == pytest.approx([2e3 / 1e5, 1 / 1e5])


def test_single_liquidations_reach_every_window() -> None:
    """Single ones of a venue count at once in all windows, by the side that was closed, and leave them in time."""
    look = Look()
    hit = Liquidation(t(0), "a", "BTC", "short", 100.0, 5.0, 500.0)
    features = look.at(0, mark(0, 100.0), hit)
    assert [of(features, "short", window) for window in (5, 15, 60)] == [500.0, 500.0, 500.0]
    features = look.at(10, mark(10, 100.0))
    assert [of(features, "short", window) for window in (5, 15, 60)] == [0.0, 500.0, 500.0]


def test_basis_and_funding_are_held_against_six_hours() -> None:
    """The basis shifts against its median of 6 h to 30 min ago, funding against its value six hours ago."""
    look = Look()
    for minute in range(0, 7 * 60, 5):
        rate = 1e-4 if minute < 60 else 2e-4
        features = look.at(
            minute,
            mark(minute, 100.0),
            Index(t(minute), "a", "BTC", 100.0),
            Funding(t(minute), "a", "BTC", rate, 8, settled=False),
        )
    assert features.funding_shift[0] == pytest.approx(1e-4)
    assert features.basis_shift[0] == pytest.approx(0.0)
    features = look.at(420, mark(420, 100.0), Index(t(420), "a", "BTC", 101.0))
    assert features.basis_shift[0] == pytest.approx(-1e4 / 101, rel=1e-6)


def test_a_price_and_an_index_of_other_moments_are_no_basis() -> None:
    """The index of the full hour says nothing of a price four minutes later; that of a minute later does."""
    look = Look()
    look.at(60, Index(t(60), "a", "BTC", 100.0), mark(60, 100.0))
    look.at(64, mark(64, 90.0))
    look.at(69, mark(69, 90.0))
    look.at(70, Index(t(70), "a", "BTC", 90.9))
    _, basis = look.history.until(t(70)).column("BTC", "basis_bps", t(55), t(70))
    assert basis.tolist() == pytest.approx([0.0, NAN, (90 / 90.9 - 1) * 1e4], nan_ok=True)


def test_each_step_is_written_into_history() -> None:
    """What the step saw is what History keeps: price, basis, funding, amounts, open interest."""
    look = Look()
    look.at(0, mark(0, 100.0))
    facts = (mark(4, 99.0), Index(t(4), "a", "BTC", 99.0), interest(4, 70.0), total(4, 60, 500.0))
    look.at(4, *facts, Funding(t(4), "a", "BTC", 3e-4, 8, settled=False))
    past = look.history.until(t(5))
    told = {
        name: past.column("BTC", name, t(0), t(5))[1].tolist()
        for name in ("close", "basis_bps", "funding_8h", "long_usd", "liquidation_s")
    }
    assert told == {
        "close": [99.0],
        "basis_bps": [0.0],
        "funding_8h": [3e-4],
        "long_usd": [500.0],
        "liquidation_s": [60.0],
    }
    assert past.open_interest_at("BTC", t(5)) == {"a": 70.0}


def test_forty_coins_cost_no_room_and_mix_nothing() -> None:
    """Coins that come later have their own columns, also beyond the room there was at first."""
    look = Look()
    for minute, factor in ((0, 1.0), (1, 0.9)):
        marks = [Mark(t(minute), "a", f"C{n}", (100 + n) * (factor if n == 33 else 1.0)) for n in range(40)]
        features = look.at(minute, *marks)
    drops = features.of("drop", 15)
    assert np.flatnonzero(drops).tolist() == [33]
    assert drops[33] == pytest.approx(-np.log(0.9))


def test_yesterday_is_no_hour_ago() -> None:
    """After a silent day nothing of before is left in any window."""
    look = Look()
    look.at(0, mark(0, 100.0), total(0, 60, 500.0), interest(0, 10.0))
    features = look.at(24 * 60, Mark(t(0) + 24 * HOUR_MS, "a", "BTC", 50.0))
    assert np.isnan(features.of("drop", 60)[0])
    assert np.isnan(features.of("long", 60)[0])
    assert np.isnan(features.of("oi_fall", 60)[0])
