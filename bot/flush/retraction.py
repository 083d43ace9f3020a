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
    untrue = [member for e in found for member in e.members.values()]
    rest = [e for e in episodes if e not in found and untrue]
    return found + [e for e in rest if all(_leads_back(figures, member, untrue) for member in e.members.values())]


def _leads_back(figures: Figures, member: Member, untrue: list[Member]) -> bool:
    """Whether a move by price alone, under the same bar, began at a price that was wrong."""
    return (
        member.price_only
        and _under_bar(figures, member)
        and any(
            other.coin == member.coin
            and other.onset_ms <= member.onset_ms
            and abs(member.reference_price / other.extreme_price - 1) <= NEW_EXTREME
            for other in untrue
        )
    )


def _under_bar(figures: Figures, member: Member) -> bool:
    """Whether the coin's last bar covers the moment of the extreme."""
    row, flow = figures.board.coins[member.coin], figures.board.flow
    return bool(flow.bar_begin_ms[row] < member.extreme_ms <= flow.bar_close_ms[row])


def _disproved(figures: Figures, member: Member, side: Side) -> bool:
    """Whether a bar over the moment of the extreme, of a venue whose marks it came from, shows less than half of it.

    Liquidations or open interest above their level speak for the move whatever a bar says.
    """
    row, board = figures.board.coins[member.coin], figures.board
    if not member.price_only or not _under_bar(figures, member):
        return False
    marked = board.mark.until_ms[row] >= member.extreme_ms
    if not marked[board.flow.bar_source[row]] or np.count_nonzero(marked) > MOST_VENUES:
        return False
    edge = board.flow.last_bar[LOW if side == "long" else HIGH, row]
    shown, told = (np.log(price / member.reference_price) for price in (edge, member.extreme_price))
    return bool(abs(shown) < SEEN_SHARE * abs(told) or shown * told < 0)


def forget_price(figures: Figures, member: Member) -> None:
    """Take the wrong price out of the last hour and of the past, so that the way back from it opens nothing."""
    row, flow = figures.board.coins[member.coin], figures.board.flow
    high, low = flow.last_bar[HIGH : LOW + 1, row]
    span_ms = int(flow.bar_begin_ms[row]), int(flow.bar_close_ms[row])
    flow.forget_extremes(row)
    figures.judge.forget_moves(row)
    figures.history.correct(member.coin, span_ms, (float(low), float(high)))
