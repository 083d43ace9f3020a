"""Which venues were heard of a flush, and why sums of liquidations are a floor; `undercount` estimates the rest."""

from collections.abc import Collection, Iterable

import msgspec

from bot.market.board import Board
from bot.market.gaps import Gap
from bot.market.heard import silent
from bot.market.occupancy import LIMITS
from bot.market.view import FeedRow

THROTTLED = frozenset(LIMITS)
"""At most one liquidation a second and symbol, or only the largest."""
PERPETUALS = frozenset({"mark", "oi", "funding"})
"""Of perpetuals alone; bars may be of spot too."""
LIQUIDATIONS = frozenset({"liquidation", "liquidations"})


class Unheard(msgspec.Struct, frozen=True):
    """Why sums of liquidations are a floor.

    `throttled` venues show only some, of `untold` ones none are known, `gaps` are when the others were not heard.
    """

    throttled: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


def venue_states(board: Board, coin: str, now_ms: int) -> dict[str, str]:
    """State by "venue kind": "live" or "missing since <ms>" for marks, open interest and liquidations of one coin."""
    states: dict[str, str] = {}
    row = board.coins[coin]
    for venue, column in sorted(board.venues.items()):
        for kind, latest in (("mark", board.mark), ("oi", board.open_interest)):
            at_ms, gap_ms = int(latest.at_ms[row, column]), int(latest.gap_ms[row, column])
            if at_ms:
                states[f"{venue} {kind}"] = f"missing since {at_ms}" if silent(now_ms, at_ms, gap_ms) else "live"
    for (venue, kind), feed in sorted(board.feeds.items()):
        if kind == "liquidation":
            states[f"{venue} {kind}"] = "live" if feed.state in ("live", "partial") else f"missing since {feed.since}"
    gone = sorted(board.heard.gone(board.feeds, now_ms).items())
    states |= {f"{venue} liquidation": f"missing since {last_ms}" for venue, last_ms in gone}
    if board.flow.total_ms[:, row].any():
        for (venue, kind), rhythm in sorted(board.heard.feeds.items()):
            if kind == "liquidations":
                lost = silent(now_ms, rhythm.last_ms, rhythm.gap_ms)
                states[f"{venue} liquidation"] = f"missing since {rhythm.last_ms}" if lost else "live"
    return states


def never_whole(feeds: Collection[FeedRow]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of all feeds heard: venues that show only some liquidations, and those with perpetuals of which none are known.

    A venue may be a sum, "binance+bybit".
    """
    telling = {venue for row in feeds if row.feed in LIQUIDATIONS for venue in row.venue.split("+")}
    trading = {venue for row in feeds if row.feed in PERPETUALS or row.perps for venue in row.venue.split("+")}
    untold = trading - telling
    return tuple(sorted(telling & THROTTLED)), tuple(sorted(untold))


def blind_spans(board: Board, start_ms: int, end_ms: int, coins: Iterable[str]) -> tuple[Gap, ...]:
    """Gaps of single liquidations between two moments, without venues that list none of the coins.

    A venue that told no figure of any coin may list them all.
    """
    rows = [board.coins[coin] for coin in coins]
    gaps = board.gaps.within(start_ms, end_ms, "liquidation")
    return tuple(gap for gap in gaps if _may_list(board, gap.venue, rows))


def unheard(board: Board, start_ms: int, end_ms: int) -> Unheard:
    """What the sums over all coins between two moments leave out."""
    throttled, untold = never_whole(board.heard.rows(board.feeds, end_ms))
    return Unheard(throttled, untold, tuple(board.gaps.within(start_ms, end_ms, "liquidation")))


def _may_list(board: Board, venue: str, rows: list[int]) -> bool:
    column = board.venues.get(venue)
    if column is None:
        return True
    told = (board.mark.at_ms[:, column] > 0) | (board.open_interest.at_ms[:, column] > 0)
    return not told.any() or bool(told[rows].any())
