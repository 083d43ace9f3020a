from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.venues.symbols import Coin, coin, leaders
from bot.market.venues.venue import Instrument


@pytest.mark.parametrize(
    ("ticker", "base", "multiplier"),
    [
        ("BTC", "BTC", 1.0),
        ("1000PEPE", "PEPE", 1e3),
        ("10000LADYS", "LADYS", 1e4),
        ("1000000MOG", "MOG", 1e6),
        ("1MBABYDOGE", "BABYDOGE", 1e6),
        ("1000SATS", "SATS", 1e3),
        ("SHIB1000", "SHIB", 1e3),
        ("1000X", "1000X", 1.0),  # a coin of that name
        ("1INCH", "1INCH", 1.0),
        ("SPX6900", "SPX6900", 1.0),
        ("100X", "100X", 1.0),
        ("1000", "1000", 1.0),
        ("KAS", "KAS", 1.0),
        ("币安人生", "币安人生", 1.0),
    ],
)
def test_a_coin_and_its_multiplier(ticker: str, base: str, multiplier: float) -> None:
    """A multiplier in front or behind is taken off, and a name that only looks like one is left whole."""
    assert coin(ticker) == Coin(base, multiplier)


@pytest.mark.parametrize(
    ("ticker", "base", "multiplier"), [("kPEPE", "PEPE", 1e3), ("KAS", "KAS", 1.0), ("KSM", "KSM", 1.0)]
)
def test_a_small_k_is_a_thousand(ticker: str, base: str, multiplier: float) -> None:
    """Only the small letter in front is a multiplier, and only where the venue writes so."""
    assert coin(ticker, small_k=True) == Coin(base, multiplier)
    assert coin("kPEPE") == Coin("KPEPE", 1.0)


@pytest.mark.parametrize(
    "ticker", ["USDC", "FDUSD", "EUR", "XAU", "PAXG", "BTCDOM", "DEFI", "", "A B", "a" * 25, "<b>"]
)
def test_what_is_no_coin(ticker: str) -> None:
    """Dollars in disguise, metals, indices and what cannot be a name are none of ours."""
    assert coin(ticker) is None


@given(st.text(max_size=40), st.booleans())
def test_any_text_is_a_coin_or_none(ticker: str, small_k: bool) -> None:
    """Whatever a venue calls a coin, its name is short and its multiplier at least one."""
    found = coin(ticker, small_k=small_k)
    assert found is None or (1 <= len(found.base) <= 24 and found.multiplier >= 1)


def contract(symbol: str, base: str, quote: str) -> Instrument:
    """A contract; one quoted in USD is coin-margined here."""
    return Instrument(symbol, base, quote, usd_per_unit=1.0) if quote == "USD" else Instrument(symbol, base, quote, 1.0)


@given(st.permutations([("A", "BTC", "USD"), ("B", "BTC", "USDC"), ("C", "BTC", "USDT"), ("D", "EOS", "USD")]))
def test_one_contract_leads(listed: list[tuple[str, str, str]]) -> None:
    """In whatever order they are listed, USDT leads, a coin with one contract has that, and the order is kept."""
    known = {symbol: contract(symbol, base, quote) for symbol, base, quote in listed}
    assert list(leaders(known)) == [symbol for symbol, _, _ in listed if symbol in "CD"]


def test_a_venue_may_put_coin_margined_contracts_first() -> None:
    """Where the coin-margined contract is the large one, it leads."""
    known = {symbol: contract(symbol, "BTC", quote) for symbol, quote in (("A", "USDC"), ("B", "USD"))}
    assert list(leaders(known, coin_margined_first=True)) == ["B"]


def test_of_two_contracts_in_the_same_money_the_plain_one_leads() -> None:
    """SHIB is told by SHIBUSDT where a 1000SHIBUSDT is listed beside it."""
    known = {
        "1000SHIBUSDT": Instrument("1000SHIBUSDT", "SHIB", "USDT", 1000.0, multiplier=1000.0),
        "SHIBUSDT": Instrument("SHIBUSDT", "SHIB", "USDT", 1.0),
    }
    assert list(leaders(known)) == ["SHIBUSDT"]
