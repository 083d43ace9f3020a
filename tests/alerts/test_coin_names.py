from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.coin_names import find_coin
from bot.errors import UserError

KNOWN = ("1000PEPE", "1INCH", "BTC", "ETH", "KAS", "NEAR", "USDC", "kBONK")
names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=12)


@given(st.sets(names, min_size=1, max_size=8), st.data())
def test_every_coin_is_found_by_its_own_name(known: set[str], data: st.DataObject) -> None:
    """Whatever coins are known, each is found by its exact name, in small letters too."""
    coin = data.draw(st.sampled_from(sorted(known)))
    assert find_coin(coin, known) == coin
    assert find_coin(coin.lower(), known) == coin


@pytest.mark.parametrize(
    ("typed", "coin"),
    [
        ("btcusdt", "BTC"),
        ("BTC-USDT-SWAP", "BTC"),
        ("BTC/USDT:USDT", "BTC"),
        ("eth_perp", "ETH"),
        ("$btc", "BTC"),
        ("pepe", "1000PEPE"),
        ("kPEPE", "1000PEPE"),
        ("1000000PEPE", "1000PEPE"),
        ("bonk", "kBONK"),
        ("1000BONK", "kBONK"),
        ("1inch", "1INCH"),
        ("kas", "KAS"),
        ("usdc", "USDC"),
    ],
)
def test_names_of_exchanges_and_people_lead_to_the_coin(typed: str, coin: str) -> None:
    """Pairs, multipliers in either spelling and dollar signs are seen through; real names come first."""
    assert find_coin(typed, KNOWN) == coin


@pytest.mark.parametrize("typed", ["", " ", "$", "USDT", "1000", "k", "x" * 5000])
def test_what_is_left_of_nothing_is_no_coin(typed: str) -> None:
    """A quote currency, a multiplier or a sign alone names no coin."""
    with pytest.raises(UserError):
        find_coin(typed, KNOWN)
