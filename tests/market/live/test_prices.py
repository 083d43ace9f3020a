from __future__ import annotations

from bot.market.live.prices import AGREED_MS, OFF_MS, Pair, Prices
from tests.market.live.facts import MINUTE_MS, T_MS

VENUES = ("binance", "bybit", "okx", "gate")


def pair(venue: str) -> Pair:
    """A coin at a venue's perpetual market."""
    return Pair(venue, "perp", "AVAX")


def tell(prices: Prices, at_ms: int, *told: float) -> list[bool]:
    """One round: a price of each venue, in their order; whether each may be merged."""
    return [prices.tell(pair(venue), price, at_ms) for venue, price in zip(VENUES, told, strict=False)]


def test_another_coin_of_the_same_name_is_left_out_from_the_first_price_on() -> None:
    """A venue whose AVAX costs a thousandth of that of three others is left out at once; the others are not."""
    prices = Prices(VENUES)
    tell(prices, T_MS, 20.0, 20.1, 19.9)
    assert tell(prices, T_MS, 20.0, 20.1, 19.9, 0.02) == [True, True, True, False]
    assert prices.left_out() == [pair("gate")]
    assert prices.of("AVAX", T_MS) == 20.0


def test_a_wrong_first_venue_is_outvoted() -> None:
    """The first venue in the list is wrong: once three tell a price it is left out, and the two others are taken."""
    prices = Prices(VENUES)
    assert tell(prices, T_MS, 20_000.0, 20.0) == [True, False]
    tell(prices, T_MS, 20_000.0, 20.0, 20.1)
    later_ms = T_MS + AGREED_MS
    tell(prices, later_ms, 20_000.0, 20.0, 20.1)
    assert tell(prices, later_ms + AGREED_MS, 20_000.0, 20.0, 20.1) == [False, True, True]


def test_venues_may_part_for_minutes_in_a_flush() -> None:
    """A pair that agreed before stays in while it is 8 % off for some minutes, and goes when that lasts."""
    prices = Prices(VENUES)
    tell(prices, T_MS, 20.0, 20.0, 20.0)
    tell(prices, T_MS, 20.0, 20.0, 20.0)
    for minute in range(1, OFF_MS // MINUTE_MS):
        assert all(tell(prices, T_MS + minute * MINUTE_MS, 20.0, 20.0, 18.4))
    assert tell(prices, T_MS + MINUTE_MS + OFF_MS, 20.0, 20.0, 18.4) == [True, True, False]


def test_a_price_far_off_is_left_out_at_once() -> None:
    """No flush halves a coin at one venue alone: such a price is a mistake."""
    prices = Prices(VENUES)
    tell(prices, T_MS, 20.0, 20.0, 20.0)
    tell(prices, T_MS, 20.0, 20.0, 20.0)
    assert tell(prices, T_MS + 15_000, 20.0, 20.0, 9.0) == [True, True, False]


def test_a_pair_comes_back_when_it_has_agreed_for_a_minute() -> None:
    """One good price is not enough, a minute of them is."""
    prices = Prices(VENUES)
    tell(prices, T_MS, 20.0, 20.0, 2.0)
    tell(prices, T_MS, 20.0, 20.0, 2.0)
    assert prices.left_out() == [pair("okx")]
    assert tell(prices, T_MS + 15_000, 20.0, 20.0, 20.0)[2] is False
    assert tell(prices, T_MS + 15_000 + AGREED_MS, 20.0, 20.0, 20.0)[2] is True
    assert prices.left_out() == []


def test_a_single_venue_is_believed() -> None:
    """With nothing to compare with, a price is taken as it is."""
    prices = Prices(VENUES)
    assert prices.tell(pair("okx"), 20.0, T_MS)


def test_old_prices_do_not_vote() -> None:
    """What a venue said an hour ago says nothing about now."""
    prices = Prices(VENUES)
    tell(prices, T_MS, 20.0, 20.0, 20.0)
    assert prices.tell(pair("gate"), 40.0, T_MS + 3_600_000)
    assert prices.of("AVAX", T_MS + 7_200_000) is None
