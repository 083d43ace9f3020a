from __future__ import annotations

from bot.market.facts import Side
from bot.market.live.prices import Pair, Prices
from bot.market.live.signs import LEAST_RETURNS, Signs
from tests.market.live.facts import MINUTE_MS, T_MS, closure

BASES = ("AVAX", "LINK", "DOGE", "SOL", "ADA", "DOT")
OTHER: dict[Side, Side] = {"long": "short", "short": "long"}


class Market:
    """Minutes of six coins, and what two venues say of their closures: one right, one the wrong way round."""

    def __init__(self) -> None:
        self.prices = Prices(["right", "wrong"])
        self.signs = Signs(self.prices)
        self.at_ms = T_MS
        self.price = 100.0

    def minute(self, moved: float, closures: int = 0, *, mended: bool = False) -> None:
        """One minute in which all coins move by this part, with so many closures of each coin at each venue."""
        hurt: Side = "long" if moved < 0 else "short"
        for base in BASES:
            for _ in range(closures):
                self.signs.hear(closure(venue="right", base=base, side=hurt))
                self.signs.hear(closure(venue="wrong", base=base, side=hurt if mended else OTHER[hurt]))
        self.price *= 1 + moved
        self.at_ms += MINUTE_MS
        for base in BASES:
            self.prices.tell(Pair("right", "perp", base), self.price, self.at_ms)
        self.signs.pass_time(self.at_ms)

    def calm(self, minutes: int = LEAST_RETURNS + 5, closures: int = 0) -> None:
        """Minutes of small moves up and down."""
        for number in range(minutes):
            self.minute(0.0005 if number % 2 else -0.0005, closures)


def test_a_venue_whose_sides_are_the_wrong_way_round_is_found() -> None:
    """After fifty closures in clear minutes the venue that calls falling longs shorts is known, the other stays in."""
    market = Market()
    market.calm()
    for moved in (-0.01, 0.012):
        market.minute(moved, closures=5)
    assert market.signs.unverified == {"wrong"}


def test_one_crash_alone_convicts_nobody() -> None:
    """A thousand closures of one coin in one minute are one piece of evidence."""
    market = Market()
    market.calm()
    for _ in range(1000):
        market.signs.hear(closure(venue="wrong", base="AVAX", side="short"))
    market.minute(-0.02)
    assert market.signs.unverified == set()


def test_calm_minutes_prove_nothing() -> None:
    """Closures while prices hardly move say nothing about sides, however many there are."""
    market = Market()
    market.calm(closures=5)
    assert market.signs.unverified == set()


def test_nothing_is_judged_before_usual_minutes_are_known() -> None:
    """In the first half hour nobody knows what a clear minute is."""
    market = Market()
    for _ in range(10):
        market.minute(-0.01, closures=5)
    assert market.signs.unverified == set()


def test_a_venue_that_mends_its_sides_is_trusted_again() -> None:
    """Once most of the last closures agree with prices, the venue counts again."""
    market = Market()
    market.calm()
    market.minute(-0.01, closures=10)
    assert market.signs.unverified == {"wrong"}
    for moved in (-0.02, 0.02, -0.02, 0.02):
        market.calm(minutes=5)
        market.minute(moved, closures=10, mended=True)
    assert market.signs.unverified == set()


def test_a_hole_in_the_prices_is_no_move() -> None:
    """Two prices with an hour between them make no minute."""
    market = Market()
    market.calm()
    market.at_ms += 60 * MINUTE_MS
    market.minute(-0.3, closures=10)
    assert market.signs.unverified == set()
