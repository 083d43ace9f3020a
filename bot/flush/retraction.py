"""A price that a later bar does not know of: the flush it opened was none."""

import numpy as np

from bot.flush.episode import Episode, Member
from bot.flush.member import NEW_EXTREME, Figures
from bot.market.facts import Side

SEEN_SHARE = 0.5
"""The bar must show at least this part of the move."""
HIGH, LOW = 1, 2
"""Rows of the last bar."""
MOST_VENUES = 2
"""The middle mark of three venues is not wrong because of one of them."""


def wrong(figures: Figures, episodes: list[Episode]) -> list[Episode]:
    """Those of which no coin's move was real, and those that only lead back from such a price."""
    found = [e for e in episodes if all(_disproved(figures, member, e.side) for member in e.members.values())]
    prices = [(member.coin, member.extreme_price) for e in found for member in e.members.values()]
    back = [e for e in episodes if e not in found and all(_from_any(prices, member) for member in e.members.values())]
    return found + back


def _from_any(prices: list[tuple[str, float]], member: Member) -> bool:
    return any(coin == member.coin and abs(member.reference_price / price - 1) <= NEW_EXTREME for coin, price in prices)


def _disproved(figures: Figures, member: Member, side: Side) -> bool:
    """Whether a bar over the moment of the extreme, of a venue whose marks it came from, shows less than half of it.

    Liquidations or open interest above their level speak for the move whatever a bar says.
    """
    row, board = figures.board.coins[member.coin], figures.board
    if not board.flow.bar_begin_ms[row] < member.extreme_ms <= board.flow.bar_close_ms[row]:
        return False
    if not member.price_only or not board.mark.at_ms[row, board.flow.bar_source[row]]:
        return False
    if np.count_nonzero(board.mark.at_ms[row]) > MOST_VENUES:
        return False
    edge = board.flow.last_bar[LOW if side == "long" else HIGH, row]
    shown, told = (np.log(price / member.reference_price) for price in (edge, member.extreme_price))
    return bool(abs(shown) < SEEN_SHARE * abs(told) or shown * told < 0)


def forget_price(figures: Figures, member: Member) -> None:
    """Take the wrong price out of the last hour and of the past, so that the way back from it opens nothing."""
    row = figures.board.coins[member.coin]
    high, low = figures.board.flow.last_bar[HIGH : LOW + 1, row]
    figures.board.flow.forget_extremes(row)
    figures.judge.forget_moves(row)
    figures.history.correct(member.coin, member.extreme_ms, (float(high), float(low)))
