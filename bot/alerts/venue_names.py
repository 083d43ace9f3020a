"""How exchanges write their names, and which of them stand in two rows of a flush."""

from collections import Counter
from collections.abc import Collection

from bot.flush.episode import VenueTold
from bot.message import Name

# As the venues write themselves; one that is missing here is called as the facts call it.
VENUES = {
    "aster": "Aster",
    "binance": "Binance",
    "bitget": "Bitget",
    "bybit": "Bybit",
    "coinbase": "Coinbase",
    "deribit": "Deribit",
    "dydx": "dYdX",
    "gate": "Gate",
    "htx": "HTX",
    "hyperliquid": "Hyperliquid",
    "kraken": "Kraken",
    "lighter": "Lighter",
    "okx": "OKX",
}


def venue_name(venue: str) -> Name:
    """A venue as it writes itself; a sum of venues as "Binance + Bybit"."""
    return Name(" + ".join(VENUES.get(part, part) for part in venue.split("+")))


def in_two_rows(told: Collection[VenueTold]) -> set[VenueTold]:
    """The rows of an exchange that tells some coins of a flush by itself and others within a sum."""
    rows_of = Counter(part for row in told for part in row.venue.split("+"))
    return {row for row in told if any(rows_of[part] > 1 for part in row.venue.split("+"))}
