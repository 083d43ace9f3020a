from __future__ import annotations

from itertools import product

import pytest

from bot.flush.detector import Detector
from bot.market.board import Board
from bot.market.board_view import BoardView
from bot.market.facts import Fact, Feed, Funding, Liquidation, Mark, OpenInterest, Side
from bot.market.history import HOUR_MS, SLOT_MS, History
from bot.market.view import LastDay

NOW_MS = 1_768_780_800_000  # 19 January 2026, 00:00 UTC
PRICES = {"BTC": 100.0, "WIF": 2.0}
COINS = {("BTC", "okx"): 1000.0, ("BTC", "bybit"): 500.0, ("WIF", "okx"): 10_000.0}


class Days:
    """Two coins at two venues by a fact every five minutes; `tells` may change or take away what is told."""

    def __init__(self, hours: int = 30) -> None:
        self.board, self.history, self._detector = Board(), History(), Detector()
        self.hours = hours

    def run(self, *facts: Fact) -> LastDay:
        """Play all steps with these facts among them; what the view says at the end."""
        begin_ms = NOW_MS - self.hours * HOUR_MS
        waiting = sorted((Feed(begin_ms, "okx", "liquidation", "live", begin_ms), *facts), key=lambda fact: fact.t)
        for t in range(begin_ms, NOW_MS + 1, SLOT_MS):
            while waiting and waiting[0].t <= t:
                self.board.apply(waiting.pop(0))
            for fact in self.told(t):
                self.board.apply(fact)
            self._detector.step(self.board, self.history, t)
        view = BoardView(self.board, self.history, lambda _: (), lambda: {20_470: 1e6, 20_471: 3e6, 20_472: 9e9})
        day = view.last_day()
        assert day is not None
        assert view.last_day() is day
        return day

    def recount(self, venue: str, t: int) -> float:
        """By how much a venue counts more than at first."""
        return 1.0

    def told(self, t: int) -> list[Fact]:
        """Prices up by a tenth in the last hour, where funding doubles; WIF has a tenth less open since noon."""
        late = t > NOW_MS - HOUR_MS
        facts: list[Fact] = [
            Mark(t, venue, coin, PRICES[coin] * (1.1 if late else 1.0))
            for coin, venue in product(PRICES, ("okx", "bybit"))
        ]
        for (coin, venue), coins in COINS.items():
            less = coin == "WIF" and t > NOW_MS - 12 * HOUR_MS
            facts.append(OpenInterest(t, venue, coin, coins=coins * (0.9 if less else 1.0) * self.recount(venue, t)))
        return [*facts, Funding(t, "okx", "BTC", 2e-4 if late else 1e-4, 8, settled=False)]


def liquidation(t: int, coin: str, side: Side, price: float, coins: float) -> Liquidation:
    """One closure at OKX."""
    return Liquidation(t, "okx", coin, side, price, coins, price * coins)


def test_the_figures_of_a_day() -> None:
    """Sums, open interest in dollars of now with its fall, the return and funding of BTC, the rank among other days."""
    day = Days().run(
        liquidation(NOW_MS - 25 * HOUR_MS, "BTC", "long", 100.0, 999.0),
        liquidation(NOW_MS - 3 * HOUR_MS, "BTC", "long", 100.0, 10.0),
        liquidation(NOW_MS - HOUR_MS, "WIF", "short", 2.0, 100.0),
    )
    assert (day.at_ms, day.hours_kept, day.hours_heard) == (NOW_MS, 24.0, 24.0)
    assert (day.long_usd, day.short_usd, day.usd) == pytest.approx((1000.0, 200.0, 1200.0))
    assert day.open_interest_usd == pytest.approx(1500 * 110 + 9000 * 2.2)
    assert day.open_interest_fall == pytest.approx(1 - (1500 * 110 + 9000 * 2.2) / (1500 * 110 + 10_000 * 2.2))
    assert (day.btc_return, day.funding_shift) == pytest.approx((0.1, 1e-4))
    assert (day.days_known, day.rank) == (2, 0.0)


class Recounting(Days):
    """OKX counts both sides since ten hours."""

    def recount(self, venue: str, t: int) -> float:
        """Twice as much."""
        return 2.0 if venue == "okx" and t > NOW_MS - 10 * HOUR_MS else 1.0


def test_a_venue_that_counts_differently_is_left_out() -> None:
    """Twice as much by another way of counting is no growth: only Bybit is compared."""
    day = Recounting().run()
    assert (day.open_interest_usd, day.open_interest_fall) == pytest.approx((500 * 110, 0.0))


def test_a_first_day_says_how_much_is_kept() -> None:
    """Seven hours are seven, and what needs two ends is unknown."""
    day = Days(7).run()
    assert day.hours_kept == pytest.approx(7, abs=0.1)
    assert (day.open_interest_usd, day.open_interest_fall, day.btc_return, day.funding_shift) == (None,) * 4


def test_before_the_first_slot_there_is_no_day() -> None:
    """A board that heard nothing has no last day."""
    assert BoardView(Board(), History(), lambda _: ()).last_day() is None
