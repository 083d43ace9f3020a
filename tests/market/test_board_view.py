from __future__ import annotations

import msgspec
import pytest

from bot.flush.detector import Detector
from bot.market.board import Board
from bot.market.board_view import BoardView
from bot.market.facts import Bar, Fact, Feed, Funding, Index, Liquidation, LiquidationTotal, Mark, OpenInterest
from bot.market.gaps import Gap
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, History
from bot.market.view import CoinView, MarketView, Snapshot, StoredView, snapshot

MINUTE_MS = 60_000
NOW_MS = 1_768_780_800_000  # 19 January 2026, 00:00 UTC
EXTREME = (NOW_MS - DAY_MS, 95.0, "long")


class Market:
    """A Board, its History and the steps between the facts, as the engine takes them."""

    def __init__(self) -> None:
        self.board, self.history, self._detector = Board(), History(), Detector()

    def hear(self, *facts: Fact) -> None:
        """Facts of one moment, then a step at it."""
        for fact in facts:
            self.board.apply(fact)
            if isinstance(fact, Bar | Funding):
                self.history.apply(fact)
        self._detector.step(self.board, self.history, self.board.now_ms)

    def btc(self) -> CoinView:
        """What a command would see of BTC."""
        view = BoardView(self.board, self.history, lambda coin: (EXTREME,) if coin == "BTC" else ()).coin("BTC")
        assert view is not None
        return view


def mark(t: int, price: float, venue: str = "binance") -> Mark:
    """A mark of BTC."""
    return Mark(t, venue, "BTC", price)


def interest(t: int, coins: float, venue: str = "binance") -> OpenInterest:
    """Open interest of BTC in coins."""
    return OpenInterest(t, venue, "BTC", coins=coins)


def running(t: int, rate: float, venue: str = "binance", **more: float) -> Funding:
    """The running estimate of BTC."""
    return Funding(t, venue, "BTC", rate, 8, settled=False, **more)  # type: ignore[arg-type]  # cap, floor, next_t


@pytest.fixture(scope="module")
def days() -> Market:
    """Four days by five minutes: price 100, funding that grows, open interest 1000 falling to 900 in the last hour."""
    market = Market()
    market.hear(Feed(NOW_MS - 4 * DAY_MS, "bybit", "liquidation", "live", NOW_MS - 4 * DAY_MS))
    for number in range(4 * DAY_MS // SLOT_MS + 1):
        t = NOW_MS - 4 * DAY_MS + number * SLOT_MS
        last_hour = t > NOW_MS - HOUR_MS
        price = 90.0 if last_hour else 100.0
        facts: list[Fact] = [
            mark(t, price),
            mark(t, price, "bybit"),
            interest(t, 900.0 if last_hour else 1000.0),
            running(t, 1e-6 * number / 10),
            Index(t, "binance", "BTC", price * (1 + 5e-4)),
        ]
        if t == NOW_MS - 2 * HOUR_MS:
            facts.append(Liquidation(t, "bybit", "BTC", "long", 100.0, 20.0, 2000.0))
        if t == NOW_MS - 10 * MINUTE_MS:
            facts.append(Liquidation(t, "bybit", "BTC", "short", 90.0, 1.0, 90.0))
        market.hear(*facts)
    return market


def test_price_and_basis(days: Market) -> None:
    """Price is the median mark with its time, basis against the index now and its median of the week."""
    btc = days.btc()
    assert (btc.price, btc.price_at_ms, btc.as_of_ms) == (90.0, NOW_MS, NOW_MS)
    assert btc.basis_bps == pytest.approx(-4.9975, abs=1e-3)
    assert btc.basis_usual_bps == pytest.approx(-4.9975, abs=1e-3)
    assert btc.flush_extremes == (EXTREME,)
    assert btc.hours is not None
    assert (btc.hours.close[-1], btc.hours.close[0]) == (90.0, 100.0)


def test_funding_and_its_rank(days: Market) -> None:
    """The highest funding of four days is above all of them, but for the running slot's own."""
    btc = days.btc()
    assert [(row.venue, row.settled) for row in btc.funding] == [("binance", False)]
    assert btc.funding[0].rate_8h == pytest.approx(1.152e-4)
    assert btc.funding_8h == pytest.approx(1.152e-4)
    assert btc.funding_by == ("binance",)
    assert btc.funding_rank == pytest.approx(1 - 0.5 / 1153)
    assert btc.funding_rank_days == pytest.approx(4, abs=0.01)


def test_open_interest_changes_and_its_high(days: Market) -> None:
    """A fall of a tenth in the last hour shows over each span, in dollars with the price, and against the high."""
    btc = days.btc()
    assert [(row.coins, row.usd) for row in btc.open_interest] == [(900.0, 81_000.0)]
    for change in btc.open_interest_changes:
        assert [change.coins, change.usd] == pytest.approx([-0.1, -0.19])
    assert [change.span_ms for change in btc.open_interest_changes] == [HOUR_MS, 4 * HOUR_MS, DAY_MS]
    assert btc.open_interest_of_high == pytest.approx(0.9)
    assert btc.open_interest_high_days == pytest.approx(4, abs=0.01)


def test_a_total_of_a_day_says_nothing_of_an_hour() -> None:
    """Of totals of a day alone no sum of 1 or 4 hours is known; those of a day and of its hours count once."""
    alone, beside = Market(), Market()
    for hour in range(24, -1, -1):
        t = NOW_MS - hour * HOUR_MS
        total = LiquidationTotal(NOW_MS, "bybit", "BTC", 86_400, 2500.0, 240.0)
        alone.hear(mark(t, 100.0), *([total] if not hour else []))
        hourly = LiquidationTotal(t, "bybit", "BTC", 3600, 100.0, 10.0)
        beside.hear(mark(t, 100.0), hourly, *([total] if not hour else []))
    assert [(row.span_ms, row.long_usd, row.short_usd) for row in alone.btc().liquidations] == [(DAY_MS, 2500.0, 240.0)]
    assert beside.board.flow.liquidated_usd[:, 0].tolist() == [2600.0, 250.0]


def test_liquidations_say_what_time_they_cover(days: Market) -> None:
    """Sums of 1, 4 and 24 hours by side, covered by the live feed of the venue that lists the coin."""
    sums = {row.span_ms: (row.long_usd, row.short_usd) for row in days.btc().liquidations}
    assert sums == {HOUR_MS: (0.0, 90.0), 4 * HOUR_MS: (2000.0, 90.0), DAY_MS: (2000.0, 90.0)}
    assert [row.known_ms for row in days.btc().liquidations] == [row.span_ms for row in days.btc().liquidations]


def test_slots_of_a_coin_are_told_by_the_board_and_not_by_a_snapshot(days: Market) -> None:
    """Four days of slots with the fall of open interest in the last hour; unknown coins and snapshots have none."""
    view = BoardView(days.board, days.history, lambda _: ())
    slots = view.slots("BTC")
    assert slots is not None
    assert (slots.start_ms[-1], slots.close[-1], slots.close[0]) == (NOW_MS - SLOT_MS, 90.0, 100.0)
    assert slots.added[slots.added != 0].tolist() == pytest.approx([float("nan"), -100.0], nan_ok=True)
    assert view.slots("DOGE") is None
    assert StoredView(snapshot(view)).slots("BTC") is None


def test_the_past_by_venue_is_in_a_snapshot_too(days: Market) -> None:
    """Four days of open interest by the hour that end with the fall, and the same from the database."""
    view = BoardView(days.board, days.history, lambda _: ())
    told = view.venue_past("BTC")
    assert told is not None
    assert [(venue, column[-3], column[-1]) for venue, column in told.open_interest.items()] == [
        ("binance", 1000.0, 900.0)
    ]
    saved = msgspec.json.decode(msgspec.json.encode(snapshot(view)), type=Snapshot)
    assert StoredView(saved).venue_past("BTC") == told
    assert view.venue_past("DOGE") is None


def test_nothing_known_is_nothing_said() -> None:
    """Of a coin with one old mark there is its moment, no price, sum or rank; of one never heard nothing at all."""
    market = Market()
    market.hear(mark(NOW_MS - DAY_MS, 100.0))
    market.hear(Mark(NOW_MS, "binance", "ETH", 50.0))
    assert market.btc() == CoinView(
        "BTC", NOW_MS, price_at_ms=NOW_MS - DAY_MS, hours=market.btc().hours, flush_extremes=(EXTREME,)
    )
    view = BoardView(market.board, market.history, lambda _: ())
    assert view.coins() == ["BTC", "ETH"]
    assert view.coin("DOGE") is None


def test_rank_and_high_need_their_days() -> None:
    """Two days of funding are no rank, half a day of open interest has no high."""
    market = Market()
    for number in range(13):
        t = NOW_MS + number * HOUR_MS
        market.hear(mark(t, 100.0), interest(t, 10.0), running(t, 1e-4))
    btc = market.btc()
    assert btc.funding_8h == pytest.approx(1e-4)
    assert (btc.funding_rank, btc.funding_rank_days) == (None, None)
    assert (btc.open_interest_of_high, btc.open_interest_high_days) == (None, None)


def test_a_venue_that_fell_silent_is_missing_and_in_no_change() -> None:
    """Open interest unheard for three of its gaps keeps its last amount and since when, and is compared no more."""
    market = Market()
    for number in range(25):
        t = NOW_MS + number * SLOT_MS
        both = [interest(t, 500.0, "okx")] if number < 13 else []
        market.hear(mark(t, 100.0), interest(t, 1000.0 - number), *both)
    binance, okx = market.btc().open_interest
    assert (binance.missing_since_ms, okx.missing_since_ms) == (None, NOW_MS + 12 * SLOT_MS)
    assert okx.coins == 500.0
    assert [change.venues for change in market.btc().open_interest_changes] == [("binance",)]


def test_a_recount_is_no_change() -> None:
    """A venue that began to count differently within the span is left out of the comparison."""
    market = Market()
    for number in range(25):
        t = NOW_MS + number * SLOT_MS
        market.hear(mark(t, 100.0), interest(t, 1000.0 if number < 20 else 500.0), interest(t, 400.0, "okx"))
    (change,) = market.btc().open_interest_changes
    assert (change.venues, change.coins) == (("okx",), 0.0)


def test_open_interest_in_dollars_is_marked_as_derived() -> None:
    """A venue that tells dollars only has coins by the price, and says so."""
    market = Market()
    market.hear(mark(NOW_MS, 100.0), OpenInterest(NOW_MS, "hyperliquid", "BTC", usd=5000.0), interest(NOW_MS, 10.0))
    assert [(row.venue, row.coins, row.derived) for row in market.btc().open_interest] == [
        ("binance", 10.0, False),
        ("hyperliquid", 50.0, True),
    ]


@pytest.mark.parametrize(
    ("rate", "at_cap"), [(0.003, True), (0.00295, True), (0.0029, False), (-0.001, True), (-0.0009, False)]
)
def test_funding_at_its_cap(rate: float, *, at_cap: bool) -> None:
    """98 % of the cap, or of the floor for negative funding, counts as reached."""
    market = Market()
    market.hear(mark(NOW_MS, 100.0), running(NOW_MS, rate, cap=0.003, floor=-0.001, next_t=NOW_MS + HOUR_MS))
    (row,) = market.btc().funding
    assert (row.at_cap, row.next_ms) == (at_cap, NOW_MS + HOUR_MS)


def test_feeds_are_judged_by_their_health_else_by_three_gaps() -> None:
    """A feed is what its venue's connection said; without that it is stale after three of one coin's gaps."""
    market = Market()
    for number in range(4):
        t = NOW_MS + number * 10 * MINUTE_MS
        market.hear(mark(t, 100.0), Mark(t + 1000, "binance", "ETH", 50.0))
        market.hear(mark(t + 2000, 100.0, "bybit"))
    market.hear(Feed(t + 2001, "okx", "liquidation", "blocked", NOW_MS))
    quiet = t + 30 * MINUTE_MS + 1000
    market.hear(mark(quiet, 100.0, "bybit"))
    feeds = {(row.venue, row.feed): row for row in BoardView(market.board, market.history, lambda _: ()).feeds()}
    assert [(key, row.state) for key, row in feeds.items()] == [
        (("binance", "mark"), "live"),
        (("bybit", "mark"), "live"),
        (("okx", "liquidation"), "blocked"),
    ]
    market.hear(mark(quiet + 1001, 100.0, "bybit"))
    feeds = {(row.venue, row.feed): row for row in BoardView(market.board, market.history, lambda _: ()).feeds()}
    assert (feeds["binance", "mark"].state, feeds["binance", "mark"].since_ms) == ("stale", t + 1000)


def test_a_board_view_answers_like_its_snapshot(days: Market) -> None:
    """The view can be frozen whole and comes back from JSON as it was."""
    view: MarketView = BoardView(days.board, days.history, lambda _: ())
    frozen = snapshot(view)
    assert view.gaps() == list(frozen.gaps) == StoredView(frozen).gaps() == []
    assert msgspec.json.decode(msgspec.json.encode(frozen), type=type(frozen)) == frozen
    assert frozen.coins[0] == view.coin("BTC")


def test_gaps_of_a_day_are_told_live_and_as_stored() -> None:
    """What was not heard within 24 hours is told alike by the Board and by what was saved of it; older gaps are not."""
    market = Market()
    for begin_ms in (NOW_MS - 2 * DAY_MS, NOW_MS - 4 * HOUR_MS):
        market.hear(Feed(begin_ms + 90_000, "bybit", "liquidation", "stale", begin_ms))
        market.hear(Feed(begin_ms + 7 * MINUTE_MS, "bybit", "liquidation", "live", begin_ms + 7 * MINUTE_MS))
    market.hear(Feed(NOW_MS, "okx", "oi", "blocked", NOW_MS - MINUTE_MS))
    view = BoardView(market.board, market.history, lambda _: ())
    told = [
        Gap("bybit", "liquidation", NOW_MS - 4 * HOUR_MS, NOW_MS - 4 * HOUR_MS + 7 * MINUTE_MS),
        Gap("okx", "oi", NOW_MS - MINUTE_MS),
    ]
    assert view.gaps() == told
    saved = msgspec.json.encode(snapshot(view))
    assert StoredView(msgspec.json.decode(saved, type=Snapshot)).gaps() == told


def test_a_snapshot_of_an_earlier_version_can_be_read() -> None:
    """What was saved before gaps were kept has none."""
    assert msgspec.json.decode(b'{"as_of_ms":1,"coins":[],"feeds":[]}', type=Snapshot).gaps == ()


def test_figures_hold_until_more_is_known() -> None:
    """A view asked again says the same without working it out again, until a fact, a step or a flush adds to it."""
    market, flushes = Market(), [EXTREME]
    market.hear(Feed(NOW_MS, "bybit", "liquidation", "live", NOW_MS), mark(NOW_MS, 100.0))
    view = BoardView(market.board, market.history, lambda _: tuple(flushes))

    def seen() -> CoinView:
        coin = view.coin("BTC")
        assert coin is not None
        return coin

    market.hear(running(NOW_MS + SLOT_MS, 0.0001), mark(NOW_MS + SLOT_MS, 100.0))
    first = seen()
    assert seen().funding is first.funding
    market.board.apply(Liquidation(NOW_MS + SLOT_MS + 1, "bybit", "BTC", "long", 90.0, 10.0, 900.0))
    market.board.apply(mark(NOW_MS + SLOT_MS + 1, 90.0))
    assert seen().price == 90.0
    assert sum(row.long_usd for row in seen().liquidations) == 0
    market.hear()
    assert {row.long_usd for row in seen().liquidations} == {900.0}
    flushes.append((NOW_MS, 90.0, "long"))
    assert seen().flush_extremes == tuple(flushes)


def test_what_comes_between_two_steps_is_told_as_far_as_it_is_known() -> None:
    """New coins and venues, more than there was room for, are answered for before the next step takes them in."""
    market = Market()
    market.hear(mark(NOW_MS, 100.0), interest(NOW_MS, 50.0))
    for number in range(40):
        market.board.apply(Mark(NOW_MS + 1000, f"venue{number}", f"COIN{number}", 1.0 + number))
        market.board.apply(OpenInterest(NOW_MS + 1000, f"venue{number}", "BTC", coins=10.0))
    view = BoardView(market.board, market.history, lambda _: ())
    prices = {name: coin.price for name in view.coins() if (coin := view.coin(name)) is not None}
    assert prices == {"BTC": 100.0} | {f"COIN{number}": 1.0 + number for number in range(40)}
    assert len(market.btc().open_interest) == 41
    assert len(snapshot(view).coins) == 41
    market.hear(mark(NOW_MS + 5000, 101.0))
    assert market.btc().price == 101.0


def test_how_far_the_price_moved() -> None:
    """From the last close known then to the price now, over the spans that are kept, with the marks behind it."""
    market = Market()
    market.hear(mark(NOW_MS, 100.0))
    assert market.btc().price_moves == ()
    market.hear(mark(NOW_MS + HOUR_MS, 98.0), mark(NOW_MS + HOUR_MS, 97.0, "okx"))
    coin = market.btc()
    assert [move.span_ms for move in coin.price_moves] == [HOUR_MS]
    assert coin.price_moves[0].fraction == pytest.approx(-0.025)
    assert coin.price_venues == 2
