from __future__ import annotations

import random

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flush.features import measure
from bot.market.board import Board
from bot.market.facts import Bar, Depth, Fact, Feed, Funding, Index, Liquidation, LiquidationTotal, Mark, OpenInterest
from bot.market.funding_weight import weights
from bot.market.history import HOUR_MS, History
from bot.market.latest import FRESH_MOST_MS, median_of_known
from bot.market.rings import MINUTE_MS

NOW_MS = 1_768_780_800_000


def board_of(*facts: Fact) -> Board:
    """A Board that heard these facts."""
    board = Board()
    for fact in facts:
        board.apply(fact)
    return board


def mark(venue: str, price: float, t: int = NOW_MS, base: str = "BTC") -> Mark:
    """A mark price."""
    return Mark(t=t, venue=venue, base=base, price=price)


def interest(venue: str, t: int = NOW_MS, *, coins: float | None = None, usd: float | None = None) -> OpenInterest:
    """Open interest of BTC."""
    return OpenInterest(t=t, venue=venue, base="BTC", coins=coins, usd=usd)


def rate(venue: str, value: float, t: int = NOW_MS, *, settled: bool = False, hours: float = 8) -> Funding:
    """Funding of BTC."""
    return Funding(t=t, venue=venue, base="BTC", rate=value, interval_h=hours, settled=settled)


def bar(t: int, span_s: int, close: float) -> Bar:
    """A perp bar that did not move."""
    return Bar(t, "okx", "BTC", "perp", span_s, close, close, close, close, 1.0)


@given(
    st.lists(
        st.lists(st.one_of(st.floats(1, 1e6), st.just(float("nan"))), min_size=4, max_size=4), min_size=1, max_size=5
    )
)
def test_the_median_leaves_out_what_is_unknown(rows: list[list[float]]) -> None:
    """The quick median of each row is numpy's median of the values that are known."""
    values = np.array(rows)
    expected = [np.median(row[~np.isnan(row)]) if not np.isnan(row).all() else np.nan for row in values]
    assert np.allclose(median_of_known(values), expected, equal_nan=True)


def test_price_is_the_median_of_the_fresh_marks() -> None:
    """One venue that is far off, or silent for three of its gaps, does not move the price."""
    early = NOW_MS - 20 * MINUTE_MS
    board = board_of(
        mark("slow", 500.0, early - MINUTE_MS), mark("slow", 500.0, early), mark("a", 100.0), mark("b", 102.0)
    )
    assert board.price(NOW_MS)[0] == 101.0
    board.apply(mark("c", 900.0))
    assert board.price(NOW_MS)[0] == 102.0


def test_a_mark_is_fresh_for_three_of_its_gaps() -> None:
    """A mark that comes each 20 s counts for a minute, and then nothing is known."""
    board = board_of(mark("a", 100.0, NOW_MS - 20_000), mark("a", 101.0))
    assert board.price(NOW_MS + 60_000)[0] == 101.0
    assert np.isnan(board.price(NOW_MS + 60_001)[0])


def test_bars_older_than_a_mark_give_no_price() -> None:
    """When marks fall silent the close of a bar from before them is no move; one that began after them is the price."""
    board = board_of(bar(NOW_MS - 10_000, 1800, 90.0), mark("a", 99.0, NOW_MS - 20_000), mark("a", 100.0))
    later = NOW_MS + 5 * MINUTE_MS
    assert np.isnan(board.price(later)[0])
    board.apply(bar(NOW_MS + 2 * MINUTE_MS, 60, 97.0))
    board.apply(bar(NOW_MS + 3 * MINUTE_MS, 60, 98.0))
    assert board.price(NOW_MS + 4 * MINUTE_MS)[0] == 98.0


def test_a_coin_with_bars_alone_has_their_close() -> None:
    """Where no venue sends marks the last close is the price, for two bars."""
    board = board_of(bar(NOW_MS, 300, 97.0))
    assert board.price(NOW_MS + 10 * MINUTE_MS)[0] == 97.0
    assert np.isnan(board.price(NOW_MS + 10 * MINUTE_MS + 1)[0])


def test_spot_bars_price_a_coin_without_a_perpetual() -> None:
    """Until a price of a perpetual was ever told; then they do not, even when that one falls silent."""
    spot = [msgspec.structs.replace(bar(NOW_MS + n * HOUR_MS, 3600, 90.0 + n), market="spot") for n in range(8)]
    board = board_of(spot[0], spot[1])
    assert (board.price(board.now_ms)[0], board.perps) == (91.0, set())
    for fact in (bar(NOW_MS + 2 * HOUR_MS, 3600, 80.0), spot[2], spot[3]):
        board.apply(fact)
    assert (board.price(board.now_ms)[0], board.perps) == (80.0, {"BTC"})
    for fact in spot[4:]:
        board.apply(fact)
    assert np.isnan(board.price(board.now_ms)[0])
    marked = board_of(mark("a", 100.0), *spot[1:4])
    assert np.isnan(marked.price(marked.now_ms)[0])


def test_funding_is_weighted_by_open_interest_else_the_median() -> None:
    """Rates per 8 h weigh by coins over venues that have both, for three hours; without any the median stands."""
    rates = (rate("a", 1e-4), rate("b", 1e-4, hours=1), rate("c", 3e-4))
    board = board_of(*rates)
    assert board.funding_weighted(NOW_MS)[0] == pytest.approx(3e-4)
    assert not weights(board.funding_8h, board.open_interest, NOW_MS).any()
    board.apply(interest("a", coins=300.0))
    board.apply(interest("c", coins=100.0))
    assert board.funding_weighted(NOW_MS)[0] == pytest.approx((300 * 1e-4 + 100 * 3e-4) / 400)
    weighing = dict(zip(board.venues, weights(board.funding_8h, board.open_interest, NOW_MS)[0], strict=False))
    assert weighing == {"a": 300.0, "b": 0.0, "c": 100.0}
    assert weights(board.funding_8h, board.open_interest, NOW_MS + 3 * HOUR_MS).any()
    assert not weights(board.funding_8h, board.open_interest, NOW_MS + 3 * HOUR_MS + 1).any()
    board.apply(interest("b", NOW_MS + 11 * HOUR_MS, coins=50.0))
    assert not weights(board.funding_8h, board.open_interest, NOW_MS + 11 * HOUR_MS).any()
    assert np.isnan(board.funding_weighted(NOW_MS + 11 * HOUR_MS)[0])


def test_a_payment_does_not_hide_the_running_rate() -> None:
    """For an hour after the running estimate a settled rate changes nothing; later it is the better news."""
    board = board_of(rate("a", 2e-4), rate("a", 1e-4, NOW_MS + HOUR_MS - 1, settled=True))
    assert board.funding["BTC", "a"].rate == 2e-4
    board.apply(rate("a", 1e-4, NOW_MS + HOUR_MS, settled=True))
    assert board.funding["BTC", "a"].rate == 1e-4


@pytest.mark.parametrize(
    ("at_s", "coins"), [(0, 50.0), (290, 50.0), (310, np.nan), (3290, np.nan), (3310, 62.5), (3600, 62.5)]
)
def test_dollars_are_divided_by_a_price_of_their_moment(at_s: int, coins: float) -> None:
    """Up to five minutes after a bar, or before the next one, which it waits for; else the price is another."""
    told = interest("hyperliquid", NOW_MS + 1000 * at_s, usd=5000.0)
    facts: list[Fact] = [bar(NOW_MS, 3600, 100.0), bar(NOW_MS + HOUR_MS, 3600, 80.0), told]
    board = board_of(*sorted(facts, key=lambda fact: fact.t))
    place = board.coins["BTC"], board.venues["hyperliquid"]
    assert board.open_interest.value[place] == pytest.approx(coins, nan_ok=True)


def test_open_interest_in_dollars_is_divided_by_the_price_and_marked() -> None:
    """Dollars become coins by the median mark; without a price, or as zero, open interest stays unknown."""
    board = board_of(interest("hyperliquid", usd=5000.0))
    assert np.isnan(board.open_interest.value).all()
    board.apply(mark("a", 100.0))
    board.apply(interest("hyperliquid", usd=5000.0))
    board.apply(interest("okx", coins=0.0))
    place = board.coins["BTC"], board.venues["hyperliquid"]
    assert board.open_interest.value[place] == 50.0
    assert board.open_interest_derived == {place}
    assert np.isnan(board.open_interest.value[0, board.venues["okx"]])


@pytest.mark.parametrize(
    ("price", "gap_ms", "recounts"),
    [(100.5, MINUTE_MS, True), (92.0, MINUTE_MS, False), (100.0, FRESH_MOST_MS + 1, False)],
)
def test_halved_open_interest_is_a_recount_only_on_an_unmoved_price(price: float, gap_ms: int, recounts: bool) -> None:
    """Half the coins in one poll on the same price is a new way of counting; with a fall of 8 % it is a fall."""
    board = board_of(mark("a", 100.0), interest("a", coins=1000.0))
    board.flow.open_interest.advance(NOW_MS)
    board.flow.open_interest.put(NOW_MS, np.array([[1000.0]]))
    board.apply(mark("a", price, NOW_MS + gap_ms))
    board.apply(interest("a", NOW_MS + gap_ms, coins=500.0))
    assert (board.last_recount_ms("a") == NOW_MS + gap_ms) == recounts
    assert np.nanmax(board.flow.open_interest.cells[0, 0]) == (500.0 if recounts else 1000.0)


@pytest.mark.parametrize(("own", "others", "recounts"), [(100.0, 92.0, True), (92.0, 100.0, False)])
def test_a_fresh_mark_of_its_own_says_whether_the_price_moved(own: float, others: float, *, recounts: bool) -> None:
    """Of the exchange whose open interest steps, and not the middle of all exchanges."""
    board = board_of(*(mark(venue, 100.0) for venue in "abc"), interest("a", coins=1000.0))
    later_ms = NOW_MS + MINUTE_MS
    for venue, price in (("a", own), ("b", others), ("c", others)):
        board.apply(mark(venue, price, later_ms))
    board.apply(interest("a", later_ms, coins=700.0))
    assert bool(board.recounts.moments) == recounts


@pytest.mark.parametrize(("price", "recounts"), [(92.0, False), (100.0, True), (None, False)])
def test_a_mark_that_comes_no_more_is_no_unmoved_price(price: float | None, *, recounts: bool) -> None:
    """Whether the price moved say the other exchanges' marks; where none is fresh a fall is taken for a fall."""
    board = board_of(mark("a", 100.0))
    for minute in range(60):
        if price is not None:
            board.apply(mark("b", 100.0 if minute < 59 else price, NOW_MS + minute * MINUTE_MS))
        board.apply(interest("a", NOW_MS + minute * MINUTE_MS, coins=1000.0 if minute < 59 else 700.0))
    assert bool(board.recounts.moments) == recounts


@given(st.randoms(use_true_random=False))
def test_facts_of_one_moment_may_come_in_any_order(order: random.Random) -> None:
    """What the Board says per coin and venue does not depend on the order of facts with the same time."""
    first: list[Fact] = [
        mark("a", 100.0, base="BTC"),
        mark("b", 50.0, base="ETH"),
        interest("a", coins=5.0),
        rate("b", 1e-4),
    ]
    second: list[Fact] = [
        mark("a", 101.0, NOW_MS + 1, "ETH"),
        mark("b", 99.0, NOW_MS + 1),
        interest("b", NOW_MS + 1, coins=7.0),
        Liquidation(NOW_MS + 1, "a", "BTC", "long", 100.0, 1.0, 100.0),
        Index(NOW_MS + 1, "a", "BTC", 100.2),
        rate("a", 2e-4, NOW_MS + 1),
    ]
    expected = board_of(*first, *second)
    order.shuffle(first)
    order.shuffle(second)
    board = board_of(*first, *second)
    for name in ("mark", "index", "open_interest", "funding_8h"):
        for coin in ("BTC", "ETH"):
            for venue in ("a", "b"):
                here = vars(board)[name].value[board.coins[coin], board.venues[venue]]
                there = vars(expected)[name].value[expected.coins[coin], expected.venues[venue]]
                assert np.array_equal(here, there, equal_nan=True)
    rows = [each.coins["BTC"] for each in (board, expected)]
    assert board.price(NOW_MS + 1)[rows[0]] == expected.price(NOW_MS + 1)[rows[1]]


def depth(venue: str, usd: float, t: int = NOW_MS, base: str = "BTC") -> Depth:
    """A book with the same on both sides."""
    return Depth(t=t, venue=venue, base=base, bid_usd=usd / 2, ask_usd=usd / 2, spread_bps=1.0)


def test_a_book_that_is_not_heard_is_not_an_empty_one() -> None:
    """The sum over venues is known while all of a coin's are fresh; it goes into the slots as such."""
    minute = MINUTE_MS
    board = board_of(mark("binance", 100.0), mark("binance", 2.0, base="ETH"), depth("okx", 30.0, NOW_MS - minute))
    history, coins = History(), board.coins
    assert board_of(mark("binance", 100.0)).books.whole(NOW_MS) is None
    for at_ms, facts, expected in (
        (NOW_MS, [depth("binance", 50.0)], 80.0),
        (NOW_MS + 5 * minute, [depth("binance", 60.0, NOW_MS + 5 * minute)], 90.0),
        (NOW_MS + 12 * minute, [depth("binance", 70.0, NOW_MS + 12 * minute)], np.nan),
        (NOW_MS + 13 * minute, [depth("okx", 10.0, NOW_MS + 13 * minute)], 80.0),
    ):
        for fact in facts:
            board.apply(fact)
        whole = board.books.whole(at_ms)
        assert whole is not None
        np.testing.assert_array_equal(whole[[coins["BTC"], coins["ETH"]]], [expected, np.nan])
        measure(board, history, at_ms)
    ends, kept = history.until(NOW_MS + 15 * minute).column("BTC", "depth_usd", NOW_MS - minute, NOW_MS + 15 * minute)
    assert dict(zip((ends - NOW_MS) // minute, kept.tolist(), strict=True)) == {
        0: 80.0,
        5: 90.0,
        10: pytest.approx(np.nan, nan_ok=True),
        15: 80.0,
    }


def test_three_hundred_coins_and_twenty_venues_find_room() -> None:
    """The arrays grow as coins and venues come in, and no value is lost."""
    facts = [mark(f"v{n % 20}", 1.0 + n, base=f"C{n}") for n in range(300)]
    board = board_of(*facts, Feed(NOW_MS, "v99", "liquidation", "live", NOW_MS))
    price = board.price(NOW_MS)
    assert [price[board.coins[f"C{n}"]] for n in range(300)] == [1.0 + n for n in range(300)]
    assert board.flow.liquidation_feed[board.venues["v99"]] == 1


def test_feed_health_decides_whether_liquidations_are_heard() -> None:
    """A partial feed is heard, a stale one is not, and a feed that came back is again."""
    board = board_of(mark("a", 100.0))
    heard = []
    for number, state in enumerate(("partial", "stale", "live", "blocked")):
        board.apply(Feed(NOW_MS + number, "a", "liquidation", state, NOW_MS))  # type: ignore[arg-type]  # states by hand
        heard.append(int(board.flow.liquidation_feed[0]))
    assert heard == [1, -1, 1, -1]


@pytest.mark.parametrize(("span_s", "singles"), [(3600, 3), (300, 1)])
def test_a_total_counts_what_none_of_its_venues_told_one_by_one(span_s: int, singles: int) -> None:
    """Bybit's single liquidations of a total's span are part of it; those before its span, and OKX's, are not."""
    end_ms = NOW_MS + HOUR_MS
    closed = [
        Liquidation(t=at_ms, venue=venue, base="BTC", side="long", price=1.0, coins=100.0, usd=100.0)
        for at_ms in (end_ms - HOUR_MS // 2, end_ms - HOUR_MS // 4, end_ms - 60_000)
        for venue in ("bybit", "okx")
    ]
    total = LiquidationTotal(end_ms, "binance+bybit", "BTC", span_s, long_usd=1000.0, short_usd=50.0)
    board = board_of(*closed, total)
    assert board.flow.liquidated_usd[:, 0].tolist() == [6 * 100 + 1000 - singles * 100, 50]
    assert board.told["BTC"]["binance+bybit"].amounts.usd == 1050 - singles * 100
    alone = LiquidationTotal(end_ms, "bybit", "BTC", span_s, long_usd=1000.0, short_usd=50.0)
    assert board_of(*closed, alone).flow.liquidated_usd[:, 0].tolist() == [6 * 100 + 1000 - singles * 100, 50]


def test_totals_of_the_same_time_are_counted_once() -> None:
    """An hour told in quarters, as a whole and in a sum: each adds what was not told, and time counts once."""
    end_ms = NOW_MS + HOUR_MS
    quarters = [LiquidationTotal(end_ms - n * 900_000, "bybit", "BTC", 900, 10.0, 1.0) for n in (3, 2, 1, 0)]
    before = LiquidationTotal(end_ms - HOUR_MS, "bybit", "BTC", 900, 7.0, 0.0)
    whole = LiquidationTotal(end_ms, "bybit", "BTC", 3600, 50.0, 3.0)
    okx = LiquidationTotal(end_ms, "okx", "BTC", 3600, 30.0, 0.0)
    total = LiquidationTotal(end_ms, "binance+bybit+okx", "BTC", 3600, 100.0, 5.0)
    flow = board_of(before, *quarters, whole, okx, total).flow
    assert flow.liquidated_usd[:, 0].tolist() == [7 + 100, 5]
    assert flow.covered_s[0] == 900 + 3600


@pytest.mark.parametrize("span_s", [60, 300, 3600])
@pytest.mark.parametrize("apart_s", [-20, -1, 0, 1, 20])
def test_a_sum_and_its_parts_may_come_seconds_apart(apart_s: int, span_s: int) -> None:
    """Which of them comes first, and how far from its time: what both tell of counts once, the next span anew."""
    facts: list[Fact] = []
    for t in (NOW_MS, NOW_MS + 1000 * span_s):
        facts.append(LiquidationTotal(t, "a", "BTC", span_s, 60.0, 0.0))
        facts.append(LiquidationTotal(t + 1000 * apart_s, "a+b", "BTC", span_s, 100.0, 5.0))
    facts.sort(key=lambda fact: (fact.t, fact.venue))
    assert board_of(*facts).flow.liquidated_usd[:, 0].tolist() == [200.0, 10.0]


def test_two_contracts_of_one_venue_are_two_totals() -> None:
    """Two totals of the same venue, coin and span that differ are of two contracts: both count, the time once."""
    totals = [LiquidationTotal(NOW_MS, "gate", "BTC", 3600, usd, 0.0) for usd in (10.0, 30.0)]
    flow = board_of(*totals).flow
    assert (flow.liquidated_usd[0, 0], flow.covered_s[0]) == (40.0, 3600)


def test_volume_told_in_bars_of_two_spans_is_counted_once() -> None:
    """An hourly bar adds nothing where the same venue told shorter ones of its time; that of another venue does."""
    end_ms = NOW_MS + HOUR_MS
    short = [Bar(end_ms - n * 300_000, "a", "BTC", "perp", 300, 2.0, 2.0, 2.0, 2.0, 1.0) for n in range(11, -1, -1)]
    hours = [Bar(at_ms, "a", "BTC", "perp", 3600, 2.0, 2.0, 2.0, 2.0, 12.0) for at_ms in (NOW_MS, end_ms)]
    other = Bar(end_ms, "b", "BTC", "perp", 3600, 2.0, 2.0, 2.0, 2.0, 5.0)
    assert board_of(hours[0], *short, hours[1], other).flow.traded_usd[0, 0] == 24 + 24 + 10
