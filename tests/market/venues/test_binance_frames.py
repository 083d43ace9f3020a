from __future__ import annotations

from typing import Any

import pytest

from bot.errors import VenueError
from bot.market.venues import binance
from bot.market.venues.binance_frames import CLOSURES, coin_margined_contract, parse_closure
from bot.market.venues.venue import Parsed
from tests.market.venues.samples import BAD_NUMBERS, changed, facts, near, sample

T = 1_773_000_001_000
AT = 1_773_000_000_000
KNOWN = binance.parse_instruments(sample("binance/contracts_all"), T)


def frame(name: str) -> Parsed:
    """What is made of a frame of the stream of closures."""
    return parse_closure(sample(f"binance/{name}"), KNOWN, T, "")


@pytest.mark.parametrize(
    ("name", "base", "side", "price", "coins", "usd"),
    [
        # The order's side is the opposite of the position's. Filled size at average price: 400 at 21.344, not 410.
        ("closure_long", "AVAX", "long", 21.344, 400.0, 8537.6),
        # 90,000 thousands of BONK at 0.0225 for a thousand.
        ("closure_short", "BONK", "short", 0.0000225, 90_000_000.0, 2025.0),
        # 25 contracts of 100 dollars, and 300 of 10: contracts times price would be 1.75 million and 600,000.
        ("closure_coin_margined", "BTC", "long", 70_000.0, 2500 / 70_000, 2500.0),
        ("closure_coin_margined_short", "ETH", "short", 2000.0, 1.5, 3000.0),
        ("closure_partial", "BTC", "short", 70_000.0, 0.2, 14_000.0),
        ("closure_combined", "BTC", "long", 69_500.0, 0.01, 695.0),
    ],
)
def test_closures(name: str, base: str, side: str, price: float, coins: float, usd: float) -> None:
    """Side of the position, coins and dollars, for dollar-margined and coin-margined rows of the one stream."""
    closed = {"kind": "liquidation", "t": T, "venue": "binance", "at": AT + 508}
    assert facts(frame(name)) == [near(base=base, side=side, price=price, coins=coins, usd=usd, **closed)]


def test_coin_margined_rows_are_known_without_their_mark() -> None:
    """A coin-margined row of an older shape, without `st`, is still counted in dollars of contracts."""

    def change(body: Any) -> None:
        del body["o"]["st"]

    told = facts(parse_closure(changed("binance/closure_coin_margined", change), KNOWN, T, ""))
    assert [fact["usd"] for fact in told] == [2500.0]


def test_a_coin_margined_row_is_never_counted_in_coins() -> None:
    """Where the mark says coin-margined, a symbol of ours does not make coins of contracts."""

    def change(body: Any) -> None:
        body["o"] |= {"s": "BTCUSDT", "st": 2}

    assert parse_closure(changed("binance/closure_coin_margined", change), KNOWN, T, "") == Parsed()


@pytest.mark.parametrize("symbol", ["BTCUSD_260626", "USDCUSD_PERP", "USD_PERP", "PERP", ""])
def test_no_contract(symbol: str) -> None:
    """Dated contracts and what is no coin are none of ours."""
    assert coin_margined_contract(symbol) is None


def test_frames_that_are_no_closures() -> None:
    """A dated contract is passed over, answers are told apart, and another event is refused by its name."""
    assert frame("closure_dated") == Parsed()
    assert frame("frame_ack").control == "ack"
    assert (frame("frame_error").control, frame("frame_error").said) == ("error", "Invalid request: unknown variant")
    assert [one.place for one in frame("frame_other").refused] == ["markPriceUpdate"]


@pytest.mark.parametrize("field", ["ap", "z", "T", "S", "s"])
@pytest.mark.parametrize("spoilt", [*BAD_NUMBERS, "", None])
def test_a_spoilt_closure_is_refused(field: str, spoilt: object) -> None:
    """A closure with a value that cannot be gives no fact; it is refused by its contract and field."""

    def change(body: Any) -> None:
        body["o"][field] = spoilt

    parsed = parse_closure(changed("binance/closure_long", change), KNOWN, T, "")
    assert not parsed.facts
    if field != "s":
        assert [(one.place, bool(one.reason)) for one in parsed.refused] == [(f"AVAXUSDT.o.{field}", True)]


@pytest.mark.parametrize("body", [b"", b"<html>403</html>", b'{"e":"forceOrder","o":{"s":"AV', b"\xff\xfe"])
def test_a_frame_that_is_none(body: bytes) -> None:
    """A frame that was cut off or is no JSON is an error; the connection decides what that means."""
    with pytest.raises(VenueError):
        parse_closure(body, KNOWN, T, "")


def test_the_stream_is_the_routed_one() -> None:
    """Only addresses under /market deliver closures; the feed is never called complete."""
    assert "/market/" in CLOSURES.url
    assert not CLOSURES.complete
