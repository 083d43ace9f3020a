from __future__ import annotations

import math

import msgspec
import pytest

from bot.errors import VenueError
from bot.market.facts import Mark, Positive
from bot.market.venues import reading
from bot.market.venues.reading import Table, closure, gather, hours, moment, number, open_interest, rate
from bot.market.venues.venue import Instrument, Parsed, Refused

T_MS = 1_773_000_000_000
AVAX = Instrument("AVAXUSDT", "AVAX", "USDT", 1.0)


class _Row(msgspec.Struct):
    symbol: str
    price: Positive


TABLE = Table("example", _Row)


def read(body: bytes) -> Parsed:
    """The rows of a body as marks."""
    known = {"AVAXUSDT": AVAX}
    return gather(TABLE, body, known, T_MS, lambda row, one, t_ms: [Mark(t_ms, "example", one.base, row.price)])


@pytest.mark.parametrize("raw", ["", None])
def test_not_told_is_none(raw: str | None) -> None:
    """An empty string and null are no number, and above all not zero."""
    assert (number(raw), rate(raw), moment(raw), hours(raw)) == (None, None, None, None)


def test_told() -> None:
    """Numbers come as numbers or as strings of them."""
    assert (number("1.5"), number(2), number("0")) == (1.5, 2.0, 0.0)
    assert (rate("-0.0003"), moment("1773000000000"), moment(T_MS)) == (-0.0003, T_MS, T_MS)
    assert (hours("8"), hours(480, 60), hours("1")) == (8.0, 8.0, 1.0)


def test_zero_is_no_time_and_no_interval() -> None:
    """Venues write 0 where nothing is due."""
    assert (moment(0), moment("0"), hours("0")) == (None, None, None)


@pytest.mark.parametrize("raw", ["nan", "inf", "-inf", "1e400", 1e308, "x", "0x10", "1,5"])
def test_no_number(raw: str | float) -> None:
    """What is not a finite amount is refused by every reader of numbers."""
    for reader in (number, rate, hours):
        with pytest.raises(ValueError, match=r"\S"):
            reader(raw)


@pytest.mark.parametrize(
    ("reader", "raw"),
    [
        (rate, "1.01"), (rate, -2), (hours, "25"), (hours, -1), (number, 1.1e18),
        (moment, 1_773_000_000), (moment, "9999999999999"), (moment, -5), (moment, "soon"),
    ],
)  # fmt: skip
def test_out_of_bounds(reader: object, raw: object) -> None:
    """A rate above 100 %, a payment every two days, seconds taken for milliseconds: refused."""
    with pytest.raises(ValueError, match=r"\S"):
        reader(raw)  # type: ignore[operator]  # readers of different types, one way to fail


@pytest.mark.parametrize(("size", "quoted"), [(1e18, 1e18), (1e-300, 1e-300), (math.inf, 1.0), (math.nan, 1.0)])
def test_products_are_within_bounds_too(size: float, quoted: float) -> None:
    """Two numbers that may each be, whose product may not: no closure of 10^36 dollars, none of nothing."""
    with pytest.raises(ValueError, match="out of bounds"):
        closure("bybit", AVAX, "long", size, quoted, T_MS, None)


def test_open_interest_may_be_zero() -> None:
    """A contract in which nobody holds a position is told as that."""
    held = open_interest("bybit", AVAX, 0.0, 21.3, T_MS, None)
    assert (held.coins, held.usd) == (0.0, 0.0)


def test_a_bad_row_is_named_and_costs_no_other() -> None:
    """Rows before and after the bad ones give their facts; each bad one is refused by contract, field and reason."""
    body = b"""[{"symbol":"AVAXUSDT","price":"1"},{"symbol":"BTCUSDT","price":"-1"},{"price":2},[],
        {"symbol":"AVAXUSDT","price":3},{"symbol":"OTHER","price":"4"}]"""
    parsed = read(body)
    assert [fact.price for fact in parsed.facts if isinstance(fact, Mark)] == [1.0, 3.0]
    assert [one.place for one in parsed.refused] == ["BTCUSDT.price", "row 2", "row 3"]
    assert "> 0" in parsed.refused[0].reason
    assert "symbol" in parsed.refused[1].reason


def test_a_row_that_cannot_be_computed_is_refused() -> None:
    """What the parser's own arithmetic refuses is refused like what cannot be decoded."""

    def facts_of(row: _Row, _instrument: Instrument, _t_ms: int) -> list[Mark]:
        raise ValueError(f"{row.price} will not do")

    parsed = gather(TABLE, b'[{"symbol":"AVAXUSDT","price":1}]', {"AVAXUSDT": AVAX}, T_MS, facts_of)
    assert parsed == Parsed([], [Refused("AVAXUSDT", "1.0 will not do")])


@pytest.mark.parametrize(
    "body", [b"", b"<html></html>", b'[{"symbol":"A","price":1', b'{"a":1}', b"[" * 20_000, b'[{"symbol":"\xff"}]']
)
def test_a_body_that_cannot_be_read(body: bytes) -> None:
    """The error names what was asked for and shows no more than the beginning of what came."""
    with pytest.raises(VenueError, match=r"^example: ") as caught:
        read(body)
    assert len(str(caught.value)) < reading.SHOWN * 4 + 200
