"""Coins by what moved furthest or stands furthest out, among those with enough open interest to compare."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from bot.market.history import DAY_MS
from bot.market.view import CoinView
from bot.message import Count, Name, Percent, Phrase, Phrases, Rate, Value

LEAST_USD = 5e6
FEW_COINS = 8
LEAST_MOVE = 0.0005
"""What rounds to 0.0 % is no move."""
NEUTRAL_8H = 0.0001
"""Funding rests here, not at zero (domain notes, section 0.9)."""
NEAR_NEUTRAL = 0.00005
"""Nearer than this on every coin is at rest."""


class Move(NamedTuple):
    """One coin's figure, a fraction or a rate per 8 h, and over how many venues it is known."""

    coin: str
    value: float
    venues: int


class Ends(NamedTuple):
    """The furthest up and down, the furthest first."""

    up: list[Move]
    down: list[Move]

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self.up or self.down)


def interest_moves(coins: Iterable[CoinView], span_ms: int) -> list[Move]:
    """Changes of open interest in coins."""
    changes = ((coin.coin, change) for coin in coins for change in coin.open_interest_changes)
    return [Move(name, change.coins, len(change.venues)) for name, change in changes if change.span_ms == span_ms]


def price_moves(coins: Iterable[CoinView], span_ms: int) -> list[Move]:
    """Changes of the price."""
    moves = ((coin, move) for coin in coins for move in coin.price_moves)
    return [Move(coin.coin, move.fraction, coin.price_venues) for coin, move in moves if move.span_ms == span_ms]


def funding_of(coins: Iterable[CoinView], now_ms: int) -> list[Move]:
    """Rates per 8 h, without those of which the newest is a day old; with the venues that weigh, if any do."""
    known = ((coin, [row.at_ms for row in coin.funding if row.at_ms > now_ms - DAY_MS]) for coin in coins)
    told = ((coin, coin.funding_8h, len(coin.funding_by) or len(at)) for coin, at in known if at)
    return [Move(coin.coin, rate_8h, venues) for coin, rate_8h, venues in told if rate_8h is not None]


def ends_of(moves: Iterable[Move], most: int, middle: float = 0.0, least: float = LEAST_MOVE) -> Ends:
    """At most so many on each side of `middle`, at least so far from it."""
    ordered = sorted(moves, key=lambda move: (-move.value, move.coin))
    up = [move for move in ordered if move.value - middle >= least]
    down = [move for move in reversed(ordered) if middle - move.value >= least]
    return Ends(up[:most], down[:most])


def halves_of(rates: Iterable[Move], most: int) -> Ends:
    """The highest and the lowest, at most so many of each and none in both; of an odd number the middle is high.

    Of rates, which have no middle that all would agree on: what is highest may still lie below zero.
    """
    ordered = sorted(rates, key=lambda rate: (-rate.value, rate.coin))
    half = -(-len(ordered) // 2)
    return Ends(ordered[:half][:most], ordered[half:][::-1][:most])


def resting(rates: Collection[Move]) -> Phrase | None:
    """That all rates are where funding rests; None where one is not."""
    if any(abs(rate.value - NEUTRAL_8H) >= NEAR_NEUTRAL for rate in rates):
        return None
    values: dict[str, Value] = {"neutral": Rate(NEUTRAL_8H), "within": Percent(NEAR_NEUTRAL, 4)}
    return Phrase("digest-funding-rests", {**values, "n": Count(len(rates))})


def named(moves: Iterable[Move], *, rates: bool = False) -> Phrases:
    """Each coin with its figure and its venues."""
    return Phrases(tuple(_move(move, rates=rates) for move in moves))


def _move(move: Move, *, rates: bool) -> Phrase:
    figure: Value = Rate(move.value) if rates else Percent(move.value, signed=True)
    return Phrase("movers-coin", {"coin": Name(move.coin), "figure": figure, "n": Count(move.venues)})


def large_of(coins: Collection[CoinView]) -> list[CoinView]:
    """Coins with at least `LEAST_USD` of open interest; all of them where fewer than `FEW_COINS` are there."""
    if len(coins) < FEW_COINS:
        return list(coins)
    return [coin for coin in coins if interest_usd(coin) >= LEAST_USD]


def interest_usd(coin: CoinView) -> float:
    """Open interest in dollars over the venues that tell it now."""
    return sum(row.usd for row in coin.open_interest if row.missing_since_ms is None)
