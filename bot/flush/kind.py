"""What a flush is called: by whose positions were closed, how slowly, and whether one venue stood apart."""

import numpy as np

from bot.flush.episode import Episode, Kind
from bot.flush.member import Figures
from bot.market.facts import Side

ONE_SIDED: dict[Side, Kind] = {"long": "long_flush", "short": "short_squeeze"}
TWO_SIDED_DOMINANCE = 0.65
DISLOCATED_SHARE = 0.9
"""Of the liquidations of an hour, on one venue (domain notes, section 2.8)."""
DISLOCATED_MARK = 0.01
"""How far that venue's mark stands from the middle one of all."""
LEAST_VENUES = 3
"""Of two marks nobody can say which one stands apart."""


def kind_of(figures: Figures, episode: Episode) -> Kind:
    """Two-sided below 65 % dominance, then the one-venue case, then the slow one, then the side that is hurt."""
    longs, shorts = (
        sum(getattr(m, name) or 0.0 for m in episode.members.values()) for name in ("long_usd", "short_usd")
    )
    if longs + shorts > 0 and max(longs, shorts) / (longs + shorts) < TWO_SIDED_DOMINANCE:
        return "two_sided"
    if episode.dislocated is not None:
        return "venue_dislocation"
    slow = all(member.slow for member in episode.members.values())
    return "slow_unwind" if slow and figures.unwinding(episode.coin) else ONE_SIDED[episode.side]


def dislocated(figures: Figures, episode: Episode) -> str | None:
    """The venue that nearly all liquidations of an hour come from; to be named first, its mark must stand apart."""
    row, board = figures.board.coins[episode.coin], figures.board
    usd = board.flow.liquidated_by_venue.window(60)[:, :, row].sum(axis=(0, -1))
    if usd.sum() <= 0 or np.count_nonzero(board.mark.until_ms[row] >= figures.now_ms) < LEAST_VENUES:
        return episode.dislocated
    column = int(usd.argmax())
    if usd[column] < DISLOCATED_SHARE * usd.sum():
        return None
    venue = next(name for name, place in board.venues.items() if place == column)
    apart = abs(float(board.mark.value[row, column]) / figures.price(episode.coin) - 1)
    return venue if venue == episode.dislocated or apart > DISLOCATED_MARK else None
