"""How exchanges write their names."""

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
