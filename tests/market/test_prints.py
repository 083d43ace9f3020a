from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.facts import Feed, Liquidation, LiquidationTotal
from bot.market.history import DAY_MS, SLOT_MS
from bot.market.prints import Prints
from bot.market.told import Amounts
from tests.market.test_board_view import NOW_MS, Market, mark

HOUR_MS = 3_600_000
ONE = st.tuples(st.integers(0, 40 * 60), st.integers(0, 20), st.floats(1, 1e7))


def told(usd: float) -> Amounts:
    """What a venue's amounts grew by, a tenth to a half more than was shown."""
    return Amounts(usd, 1.1 * usd, 1.5 * usd, 0)


@given(st.lists(ONE, max_size=60), st.sampled_from([1, 4, 24]))
def test_the_last_hours_are_what_a_list_would_give(given_: list[tuple[int, int, float]], hours: int) -> None:
    """Over days and more coins than there was room for, count, sums and largest are those of a plain list."""
    prints, kept = Prints(2), []
    for minute, coin, usd in sorted(given_):
        at_ms = NOW_MS + minute * 60_000 + 1
        prints.hear(coin, usd, told(usd))
        prints.close_step(at_ms)
        kept.append((at_ms, coin, usd))
    end_ms = -(-max((at_ms for at_ms, _, _ in kept), default=NOW_MS) // SLOT_MS) * SLOT_MS
    for coin in range(21):
        met = [usd for at_ms, one, usd in kept if one == coin and end_ms - hours * HOUR_MS < at_ms <= end_ms]
        seen = prints.within(coin, end_ms - hours * HOUR_MS, end_ms)
        assert seen.prints == len(met)
        assert seen.largest_usd == pytest.approx(max(met, default=0.0))
        assert seen.low_beyond_usd == pytest.approx(0.1 * sum(met), rel=1e-4)
        assert seen.high_beyond_usd == pytest.approx(0.5 * sum(met), rel=1e-4)


def test_nothing_counts_before_its_step() -> None:
    """What came since the last step is told with the next one, as the sums beside it are."""
    prints = Prints()
    prints.hear(0, 5.0, told(5.0))
    assert prints.within(0, NOW_MS - DAY_MS, NOW_MS + SLOT_MS).prints == 0
    prints.close_step(NOW_MS + 1)
    assert prints.within(0, NOW_MS - DAY_MS, NOW_MS + SLOT_MS).prints == 1


def sums(market: Market) -> tuple[object, ...]:
    """Prints, largest, and the estimate of the last hour of BTC."""
    hour = market.btc().liquidations[0]
    return hour.prints, hour.largest_usd, hour.low_usd, hour.high_usd


def closed(t: int, usd: float, venue: str = "binance") -> Liquidation:
    """One long of BTC."""
    return Liquidation(t, venue, "BTC", "long", 100.0, usd / 100.0, usd)


def test_what_a_feed_left_out_is_told_by_how_often_it_spoke() -> None:
    """Binance in two seconds of a minute: of each −ln(1 − q)/q, q = 2/60; Bybit tells all, so nothing is added."""
    market = Market()
    market.hear(mark(NOW_MS, 100.0), Feed(NOW_MS, "binance", "liquidation", "partial", NOW_MS))
    market.hear(closed(NOW_MS + 1_500, 3e6), closed(NOW_MS + 3_500, 1e6), closed(NOW_MS + 3_600, 5e5, "bybit"))
    whole = 4e6 * -math.log(1 - 2 / 60) / (2 / 60) + 5e5
    assert sums(market) == (3, 3e6, pytest.approx(whole), pytest.approx(whole))


def test_a_feed_at_its_limit_has_no_most() -> None:
    """A minute without a silent second gives a least alone: nothing tells how many more there were."""
    market = Market()
    market.hear(mark(NOW_MS, 100.0), Feed(NOW_MS, "okx", "liquidation", "partial", NOW_MS))
    market.hear(*(closed(NOW_MS + 1_000 * second + 1, 1e4, "okx") for second in range(60)))
    prints, largest, low, high = sums(market)
    assert (prints, largest, high) == (60, 1e4, None)
    assert low == pytest.approx(6e5 * math.log(120) / (1 - 1 / 120), rel=1e-6)


def test_sums_alone_tell_no_prints() -> None:
    """Of a total neither count nor largest nor estimate is known."""
    market = Market()
    market.hear(mark(NOW_MS, 100.0), LiquidationTotal(NOW_MS, "binance+okx", "BTC", 3600, 2e6, 1e6))
    assert sums(market) == (None, None, None, None)


def test_a_count_that_began_later_than_the_sum_is_not_told() -> None:
    """Where a part of the sum was told before single liquidations were counted, none of them is."""
    market = Market()
    market.hear(mark(NOW_MS, 100.0), LiquidationTotal(NOW_MS, "binance+okx", "BTC", 300, 2e6, 1e6))
    market.hear(closed(NOW_MS + 600_000, 1e6, "bybit"))
    hour, day = market.btc().liquidations[0], market.btc().liquidations[-1]
    assert hour.prints is None
    assert day.usd == 4e6
    market.hear(mark(NOW_MS + HOUR_MS + 100_000, 100.0))
    assert market.btc().liquidations[0].prints == 1
    assert market.btc().liquidations[-1].prints is None
