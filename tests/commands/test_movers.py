from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.alerts.ranking import Ends, Move, ends_of
from bot.market.view import Change, CoinView, PriceMove
from tests.commands.chat_room import Room
from tests.commands.market import BTC, DAY_MS, HOUR_MS, LiveView, small, stored

VENUES = ("binance", "bybit", "okx")


def moved(coin: str, four: float, day: float | None, usd: float = 1e7) -> CoinView:
    """A coin whose open interest, and half as far its price, changed over 4 h and, where known, a day."""
    known = [(4 * HOUR_MS, four), *([(DAY_MS, day)] if day is not None else [])]
    return replace(
        small(coin, four / 100, usd),
        open_interest_changes=tuple(Change(span_ms, by, by, VENUES) for span_ms, by in known),
        price_venues=2,
        price_moves=tuple(PriceMove(span_ms, by / 2) for span_ms, by in known),
    )


COINS = [
    *(moved(f"UP{place}", place / 100, -place / 50) for place in range(1, 8)),
    *(moved(f"DOWN{place}", -place / 100, place / 50) for place in range(1, 7)),
    moved("STILL", 0.0004, 0.0),
    moved("TINY", 0.9, 0.9, usd=4.9e6),
]


def seeing(room: Room, *coins: CoinView) -> Room:
    """The room over these coins."""
    return room.seeing(LiveView({coin.coin: coin for coin in coins}))


async def test_open_interest_over_four_hours_and_a_day(room: Room) -> None:
    """Five each way over both spans, the furthest first, with their venues; small coins and still ones stay out."""
    assert await seeing(room, *COINS).text("/movers") == [
        "Open interest that moved most, in coins · as of 00:40 UTC",
        "▲ 4 h: UP7 +7.0 % (3) · UP6 +6.0 % (3) · UP5 +5.0 % (3) · UP4 +4.0 % (3) · UP3 +3.0 % (3)",
        "▼ 4 h: DOWN6 −6.0 % (3) · DOWN5 −5.0 % (3) · DOWN4 −4.0 % (3) · DOWN3 −3.0 % (3) · DOWN2 −2.0 % (3)",
        "▲ 24 h: DOWN6 +12.0 % (3) · DOWN5 +10.0 % (3) · DOWN4 +8.0 % (3) · DOWN3 +6.0 % (3) · DOWN2 +4.0 % (3)",
        "▼ 24 h: UP7 −14.0 % (3) · UP6 −12.0 % (3) · UP5 −10.0 % (3) · UP4 −8.0 % (3) · UP3 −6.0 % (3)",
        "In brackets: how many venues, the same at both ends",
        "Of 14 coins with at least $5M of open interest",
    ]


async def test_prices(room: Room) -> None:
    """The same of prices, with of how many venues each is."""
    lines = await seeing(room, *COINS).text("/movers price")
    assert lines[0] == "Prices that moved most · as of 00:40 UTC"
    assert lines[1].startswith("▲ 4 h: UP7 +3.5 % (2) · UP6 +3.0 % (2)")


async def test_funding(room: Room) -> None:
    """The highest and the lowest rates, the furthest first, none of them twice; few coins are halved."""
    lines = await seeing(room, *COINS).text("/movers funding")
    assert lines[1].startswith("▲ highest: UP7 +0.0700 %/8h (1) · UP6 +0.0600 %/8h (1)")
    assert lines[2].startswith("▼ lowest: DOWN6 −0.0600 %/8h (1) · DOWN5 −0.0500 %/8h (1)")
    lines = await seeing(room, *COINS[:6]).text("/movers funding")
    assert [line.count("%/8h") for line in lines[1:3]] == [3, 3]


async def test_venues_of_a_rate_are_those_that_weigh_in_it(room: Room) -> None:
    """BTC has rates of four venues, of which two tell open interest; without any open interest it is of all four."""
    lines = await seeing(room, BTC, small("ETH", 0.0004)).text("/movers funding")
    assert lines[2] == "▼ lowest: BTC +0.0038 %/8h (2)"
    lines = await seeing(room, replace(BTC, funding_by=()), small("ETH", 0.0004)).text("/movers funding")
    assert lines[2] == "▼ lowest: BTC +0.0038 %/8h (4)"


async def test_funding_at_rest_is_said_to_rest(room: Room) -> None:
    """As /digest says it, above the rates; not where one of them stands out."""
    calm = [small("A", 0.0001), small("B", 0.00012)]
    lines = await seeing(room, *calm).text("/movers funding")
    assert lines[1] == "Funding rests near +0.0100 %/8h (±0.0050 %) on all 2 coins compared"
    assert lines[2].startswith("▲ highest: B")
    assert "rests" not in " ".join(await seeing(room, *calm, small("C", 0.0004)).text("/movers funding"))


async def test_what_is_not_known_yet_is_said(room: Room) -> None:
    """A day of which nothing is known, and four hours in which nothing moved, are told as that."""
    coins = [moved("A", 0.0001, None), moved("B", -0.0002, None)]
    assert (await seeing(room, *coins).text("/movers"))[1:3] == [
        "4 h: none moved by 0.1 % or more",
        "24 h: not known yet",
    ]
    bare = seeing(room, replace(BTC, open_interest_changes=(), price_moves=(), funding_8h=None))
    for what in ("oi", "price", "funding"):
        assert (await bare.say(f"/movers {what}")).kind == "refusal"


@pytest.mark.parametrize("what", ["oi", "price", "funding"])
async def test_the_stored_market_says_the_same(room: Room, what: str) -> None:
    """Moves go through the database."""
    view = LiveView({coin.coin: coin for coin in COINS})
    assert await room.seeing(stored(view)).text(f"/movers {what}") == await room.seeing(view).text(f"/movers {what}")


@pytest.mark.parametrize(("least", "expected"), [(0.5, Ends([], [])), (0.1, Ends([Move("A", 0.3, 1)], []))])
def test_ends_are_measured_from_a_middle(least: float, expected: Ends) -> None:
    """Far enough above or below it, and from neither side where it is near."""
    assert ends_of([Move("A", 0.3, 1), Move("B", 0.1, 1)], 5, middle=0.15, least=least) == expected
