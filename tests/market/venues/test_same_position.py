"""The same position, written in the units of each kind of contract, is worth the same."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from bot.market.venues.reading import closure, open_interest
from bot.market.venues.venue import Instrument

T_MS = 1_773_000_000_000
amounts = st.floats(min_value=1e-3, max_value=1e7)
prices = st.floats(min_value=1e-7, max_value=1e6)
sizes_of_contract = st.sampled_from([1e-4, 0.01, 0.1, 1.0, 10.0, 100.0, 1e7])
multipliers = st.sampled_from([1.0, 1000.0, 1e6])


def close(one: float, other: float) -> bool:
    """Equal within a billionth."""
    return math.isclose(one, other, rel_tol=1e-9)


def ways(coins: float, price: float, contract: float, multiplier: float) -> list[tuple[Instrument, float, float]]:
    """One position as (instrument, size, quoted price): in coins, multiplied coins, contracts, dollars, dollar lots."""
    linear = Instrument("A", "AVAX", "USDT", coins_per_unit=1.0)
    multiplied = Instrument("B", "AVAX", "USDT", coins_per_unit=multiplier, multiplier=multiplier)
    in_contracts = Instrument("C", "AVAX", "USDT", coins_per_unit=contract)
    multiplied_contracts = Instrument("D", "AVAX", "USDT", coins_per_unit=contract, multiplier=multiplier)
    inverse = Instrument("E", "AVAX", "USD", usd_per_unit=1.0)
    dollar_lots = Instrument("F", "AVAX", "USD", usd_per_unit=contract)
    return [
        (linear, coins, price),
        (multiplied, coins / multiplier, price * multiplier),
        (in_contracts, coins / contract, price),
        (multiplied_contracts, coins / contract, price * multiplier),
        (inverse, coins * price, price),
        (dollar_lots, coins * price / contract, price),
    ]


@given(amounts, prices, sizes_of_contract, multipliers)
def test_a_position_is_worth_the_same_on_every_kind_of_contract(
    coins: float, price: float, contract: float, multiplier: float
) -> None:
    """Coins, dollars and price of a closure and of open interest do not depend on the units of the contract."""
    for instrument, size, quoted in ways(coins, price, contract, multiplier):
        closed = closure("bybit", instrument, "long", size, quoted, T_MS, None)
        held = open_interest("bybit", instrument, size, quoted, T_MS, None)
        assert close(closed.coins, coins)
        assert close(closed.usd, coins * price)
        assert close(closed.price, price)
        assert (held.coins, held.usd) == (closed.coins, closed.usd)


@given(amounts, prices, sizes_of_contract, multipliers)
def test_an_instrument_agrees_with_what_is_computed_for_a_row(
    coins: float, price: float, contract: float, multiplier: float
) -> None:
    """`Instrument` and the one step that stands for it in the parsers are the same arithmetic."""
    for instrument, size, quoted in ways(coins, price, contract, multiplier):
        closed = closure("bybit", instrument, "short", size, quoted, T_MS, None)
        assert close(instrument.price(quoted), closed.price)
        assert close(instrument.coins(size, quoted), closed.coins)
        assert close(instrument.usd(size, quoted), closed.usd)
