"""Which coins take part where all are compared: those with enough open interest, unless few are known at all."""

from __future__ import annotations

from collections.abc import Collection

from bot.market.view import CoinView
from bot.message import Count, Row, Usd
from commands.phrases import muted

LEAST_USD = 5e6
FEW_COINS = 8


def large_of(coins: Collection[CoinView]) -> list[CoinView]:
    """Coins with at least `LEAST_USD` of open interest; all of them where fewer than `FEW_COINS` are there."""
    if len(coins) < FEW_COINS:
        return list(coins)
    return [coin for coin in coins if interest_usd(coin) >= LEAST_USD]


def of_large(shown: Collection[CoinView], known: Collection[CoinView]) -> list[Row]:
    """The rule in words, where it left out anything or could have."""
    if len(known) < FEW_COINS:
        return []
    return [muted("funding-of-large", n=Count(len(shown)), least=Usd(LEAST_USD))]


def interest_usd(coin: CoinView) -> float:
    """Open interest in dollars over the venues that tell it now."""
    return sum(row.usd for row in coin.open_interest if row.missing_since_ms is None)
