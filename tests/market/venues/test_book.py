from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.errors import VenueError
from bot.market.facts import Depth
from bot.market.live.checkup import planned
from bot.market.venues import binance, binance_book, bybit, bybit_book, deribit, deribit_book, okx, okx_book
from bot.market.venues.book import MOST_TRADED, Level, depth
from bot.market.venues.venue import Instrument, Parse, Poll, Venue
from tests.market.venues.samples import BAD_NUMBERS, RUBBISH, changed, facts, near, sample
from tests.market.venues.wires import title

T = 1_773_000_001_000
AT = 1_773_000_000_000
TELLING: list[tuple[Venue, Poll]] = [
    (venue, poll)
    for venue in (binance.VENUE, okx.VENUE, deribit.VENUE, bybit.VENUE)
    for poll in venue.polls
    if "depth" in poll.feeds
]
every_book = pytest.mark.parametrize(
    ("name", "parse", "bids"),
    [
        ("binance/book_bonk", binance_book.parse_book, ("bids",)),
        ("okx/book_eth", okx_book.parse_book, ("data", 0, "bids")),
        ("deribit/book_btc", deribit_book.parse_book, ("result", "bids")),
        ("bybit/book_avax", bybit_book.parse_book, ("result", "b")),
    ],
    ids=["binance", "okx", "deribit", "bybit"],
)
COIN = Instrument("ONE", "ONE", "USDT", coins_per_unit=1.0)
DOLLAR = Instrument("ONE", "ONE", "USD", usd_per_unit=1.0)


def linear(coins: float, multiplier: float = 1.0) -> Instrument:
    """A dollar-margined contract of so many coins."""
    return COIN._replace(coins_per_unit=coins, multiplier=multiplier)


def spoilt(name: str, path: tuple[str | int, ...], change: Any) -> bytes:
    """A fixture with the bids as `change` makes them of what they were."""

    def at_bids(body: Any) -> None:
        for step in path[:-1]:
            body = body[step]
        body[path[-1]] = change(body[path[-1]])

    return changed(name, at_bids)


@pytest.mark.parametrize(
    ("name", "parse", "instrument", "at", "expected"),
    [
        # 100 · 0.01999 + 200 · 0.0199 + 1,000 · 0.01981; 50 · 0.02001 + 300 · 0.02019: thousands at the quoted price.
        ("binance/book_bonk", binance_book.parse_book, linear(1000.0, 1000.0), 922, (25.789, 7.0575, 10.0)),
        # Contracts of 0.1 coin: 9.5 · 3,125.9 + 100 · 3,110; 21 · 3,126.1 + 4 · 3,150.
        ("okx/book_eth", okx_book.parse_book, linear(0.1), 700, (340_696.05, 78_248.1, 2000 / 3126)),
        # Contracts of 10 dollars: 95 + 1,000 and 210 + 40 of them.
        (
            "okx/book_eth",
            okx_book.parse_book,
            DOLLAR._replace(usd_per_unit=10.0),
            700,
            (10_950.0, 2_500.0, 2000 / 3126),
        ),
        # Dollars: 120,400 + 500,000 and 88,000 + 40,000.
        ("deribit/book_btc", deribit_book.parse_book, DOLLAR, 75, (620_400.0, 128_000.0, 5000 / 70_000.25)),
        # Coins: 100 · 21.34 + 50 · 21.2; 10 · 21.36 + 20 · 21.5.
        ("bybit/book_avax", bybit_book.parse_book, COIN, 90, (3_194.0, 643.6, 200 / 21.35)),
        # Dollars where coin-margined: 100 + 50 and 10 + 20.
        ("bybit/book_avax", bybit_book.parse_book, DOLLAR, 90, (150.0, 30.0, 200 / 21.35)),
    ],
)
def test_depth_is_dollars_within_one_per_cent(
    name: str, parse: Parse, instrument: Instrument, at: int, expected: tuple[float, float, float]
) -> None:
    """Each side is summed down or up to 1 % of mid, in dollars, whatever a unit of the contract is."""
    bid_usd, ask_usd, spread_bps = expected
    (told,) = facts(parse(sample(name), {"ONE": instrument}, T, "ONE"))
    amounts = {key: pytest.approx(told[key], rel=1e-9) for key in ("bid_usd", "ask_usd", "spread_bps")}
    assert amounts == {"bid_usd": bid_usd, "ask_usd": ask_usd, "spread_bps": spread_bps}
    venue = name.partition("/")[0]
    assert told == near(kind="depth", t=T, venue=venue, base="ONE", at=AT + at) | amounts


@every_book
def test_a_book_that_ends_before_one_per_cent_is_not_told(name: str, parse: Parse, bids: tuple[str | int, ...]) -> None:
    """Behind the last level shown more may stand, so there is no number, and nothing was wrong with the answer."""
    parsed = parse(spoilt(name, bids, lambda levels: levels[:1]), {"ONE": COIN}, T, "ONE")
    assert (list(parsed.facts), list(parsed.refused)) == ([], [])


@every_book
@pytest.mark.parametrize("bad", [*BAD_NUMBERS, None, ""])
@pytest.mark.parametrize("field", [0, 1])
def test_one_bad_level_refuses_the_book(
    name: str, parse: Parse, bids: tuple[str | int, ...], field: int, bad: object
) -> None:
    """Without it the sum would be too small; the place names contract, side, level and field."""

    def spoil(levels: list[list[object]]) -> list[list[object]]:
        levels[1][field] = bad
        return levels

    parsed = parse(spoilt(name, bids, spoil), {"ONE": COIN}, T, "ONE")
    assert not parsed.facts
    (refused,) = parsed.refused
    assert refused.place == f"ONE.bids[1][{field}]"


@every_book
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _levels: [], "a side of the book is empty"),
        (lambda levels: [["1e7", "1"], *levels], "the book is crossed"),
        (lambda levels: [*levels, 7], "Expected `array`"),
        (lambda _levels: None, "Expected `array`"),
    ],
)
def test_a_book_that_is_none_is_refused(
    name: str, parse: Parse, bids: tuple[str | int, ...], change: Any, reason: str
) -> None:
    """An empty side, a bid above the best ask, and what is no list of levels are refused with the reason."""
    parsed = parse(spoilt(name, bids, change), {"ONE": COIN}, T, "ONE")
    assert not parsed.facts
    assert [refused.reason.startswith(reason) for refused in parsed.refused] == [True]


@every_book
@pytest.mark.parametrize("body", [*RUBBISH, b"{}", b'{"code":"51001","msg":"no such","data":[]}'])
def test_a_body_without_a_book_is_a_venue_error(
    name: str, parse: Parse, bids: tuple[str | int, ...], body: bytes
) -> None:
    """What is no answer with a book ends in `VenueError`, and a contract that is not ours is passed over."""
    with pytest.raises(VenueError):
        parse(body, {"ONE": COIN}, T, "ONE")
    assert bids
    assert parse(sample(name), {}, T, "ONE").facts == ()


def test_an_error_of_bybit_is_said() -> None:
    """Its code and reason come instead of a book."""
    with pytest.raises(VenueError, match="10001 without a book: params error"):
        bybit_book.parse_book(b'{"retCode":10001,"retMsg":"params error","result":{}}', {"ONE": COIN}, T, "ONE")


prices = st.floats(0.9, 1.1)
sizes = st.floats(0.001, 1e6)
sides = st.lists(st.tuples(prices, sizes), min_size=1, max_size=40)
instruments = st.sampled_from([COIN, DOLLAR, linear(0.1), linear(1000.0, 1000.0), DOLLAR._replace(usd_per_unit=100.0)])


@st.composite
def whole_books(draw: st.DrawFn) -> tuple[list[Level], list[Level]]:
    """A book around 1 that reaches 1 % on both sides and is not crossed."""
    bids = [Level(min(price, 2 - price) - 1e-4, size) for price, size in draw(sides)]
    asks = [Level(max(price, 2 - price) + 1e-4, size) for price, size in draw(sides)]
    return [*bids, Level(0.8, 3.0)], [*asks, Level(1.2, 5.0)]


@given(whole_books(), instruments)
def test_depth_is_that_of_a_walk_over_all_levels(book: tuple[list[Level], list[Level]], one: Instrument) -> None:
    """The sums are those of a walk outwards from mid that stops at the first level beyond 1 %."""
    bids, asks = book
    told = depth("toy", one, bids, asks, T, None)
    assert told is not None
    best_bid, best_ask = max(level.price for level in bids), min(level.price for level in asks)
    mid = (best_bid + best_ask) / 2
    for side, sign, found in ((bids, -1, told.bid_usd), (asks, 1, told.ask_usd)):
        walked = 0.0
        for level in sorted(side, key=lambda level: sign * level.price):
            if sign * (level.price - mid) > 0.01 * mid * (1 + 1e-12):
                break
            price = level.price / one.multiplier
            walked += level.size * (one.coins_per_unit * price or one.usd_per_unit)
        assert found == pytest.approx(walked, rel=1e-9)


@given(whole_books(), instruments, st.randoms(use_true_random=False))
def test_the_order_of_levels_says_nothing(
    book: tuple[list[Level], list[Level]], one: Instrument, order: random.Random
) -> None:
    """Shuffled levels give the same depth and spread."""
    bids, asks = book
    told = depth("toy", one, bids, asks, T, None)
    order.shuffle(bids)
    order.shuffle(asks)
    again = depth("toy", one, bids, asks, T, None)
    assert told is not None
    assert again is not None
    assert (again.bid_usd, again.ask_usd) == pytest.approx((told.bid_usd, told.ask_usd), rel=1e-9)
    assert again.spread_bps == told.spread_bps


@given(whole_books(), st.sampled_from([2.0**-20, 0.5, 4.0, 2.0**30]), st.sampled_from([0.25, 8.0]))
def test_depth_scales_with_price_and_size(book: tuple[list[Level], list[Level]], dearer: float, larger: float) -> None:
    """A price and sizes that are so many times as large make the dollars both times as many, on the same spread."""
    bids, asks = ([Level(level.price * dearer, level.size * larger) for level in side] for side in book)
    told, again = depth("toy", COIN, *book, T, None), depth("toy", COIN, bids, asks, T, None)
    assert told is not None
    assert again == Depth(
        T, "toy", "ONE", told.bid_usd * dearer * larger, told.ask_usd * dearer * larger, told.spread_bps
    )


@given(whole_books(), st.booleans())
def test_a_side_without_its_far_levels_is_not_told(book: tuple[list[Level], list[Level]], bid: bool) -> None:
    """Cut at 1 %, whatever stands nearer: no fact, never a smaller one."""
    bids, asks = book
    mid = (max(level.price for level in bids) + min(level.price for level in asks)) / 2
    if bid:
        bids = [level for level in bids if level.price > 0.99 * mid]
    else:
        asks = [level for level in asks if level.price < 1.01 * mid]
    assume(bids and asks and max(level.price for level in bids) + min(level.price for level in asks) == 2 * mid)
    assert depth("toy", COIN, bids, asks, T, None) is None


@pytest.mark.parametrize(("venue", "poll"), TELLING, ids=[title(venue) for venue, _ in TELLING])
def test_the_most_traded_coins_are_asked_for_within_the_limit(venue: Venue, poll: Poll) -> None:
    """Ten books a minute, of the first ten; with them all polls of the venue take less than a third of its budget."""
    known = {f"C{place}": COIN._replace(symbol=f"C{place}", base=f"C{place}") for place in range(300)}
    calls = poll.requests(known, 0)
    assert [call.symbol for call in calls] == list(known)[:MOST_TRADED]
    assert all(call.symbol in call.params.values() for call in calls)
    assert sum(call.weight for call in calls) * 60 / poll.every_s == (200 if venue is binance.VENUE else 10)
    assert planned(venue, known) < venue.limits.weight * 60 / venue.limits.span_s / 3


def test_calls_ask_for_as_many_levels_as_a_venue_gives() -> None:
    """Without a number some venues give one level; Bybit is asked by the kind of contract, Binance costs 20."""
    (at_binance, at_okx, at_deribit, at_bybit) = (poll.requests({"ONE": COIN}, 0)[0] for _, poll in TELLING)
    assert (at_binance.path, dict(at_binance.params)) == ("/fapi/v1/depth", {"symbol": "ONE", "limit": 1000})
    assert at_binance.weight == 20
    assert (at_okx.path, dict(at_okx.params)) == ("/api/v5/market/books-full", {"instId": "ONE", "sz": 5000})
    assert (at_deribit.path, dict(at_deribit.params)) == (
        "/public/get_order_book",
        {"instrument_name": "ONE", "depth": 10_000},
    )
    assert json.dumps(dict(at_bybit.params)) == '{"category": "linear", "symbol": "ONE", "limit": 500}'
    inverse = TELLING[3][1].requests({"ONE": DOLLAR}, 0)[0]
    assert inverse.params["category"] == "inverse"
