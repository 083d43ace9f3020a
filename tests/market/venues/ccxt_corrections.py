"""What rows of ccxt say once its known defects are undone: a function for each kind of row, which names the defect.

Only importable where the bench lock is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tests.market.venues.ccxt_side import Contract

Row = tuple[Any, ...]
# ccxt takes a coin by the thousand for a coin of another name.
MULTIPLIED = {"1000BONK": ("BONK", 1000.0), "KBONK": ("BONK", 1000.0)}
CONTRACTS: dict[str, list[Contract]] = {
    "binance": [
        *(Contract(f"{base}USDT", base, "USDT") for base in ("BTC", "AVAX", "1000BONK")),
        Contract("BTCUSDC", "BTC", "USDC"),
        Contract("BTCUSD_PERP", "BTC", "USD", 100.0, inverse=True),
        Contract("ETHUSD_PERP", "ETH", "USD", 10.0, inverse=True),
    ],
    "bybit": [
        *(Contract(f"{base}USDT", base, "USDT") for base in ("AVAX", "1000BONK")),
        Contract("BTCUSD", "BTC", "USD", 1.0, inverse=True),
    ],
    "okx": [
        Contract("ETH-USDT-SWAP", "ETH", "USDT", 0.1),
        Contract("ETH-USD-SWAP", "ETH", "USD", 10.0, inverse=True),
        Contract("PEPE-USDT-SWAP", "PEPE", "USDT", 1e7),
    ],
    "bitget": [Contract("ETHUSDT", "ETH", "USDT"), Contract("1000BONKUSDT", "1000BONK", "USDT")],
    "gate": [Contract("BTC_USDT", "BTC", "USDT", 1e-4), Contract("PEPE_USDT", "PEPE", "USDT", 1e7)],
    "hyperliquid": [Contract(name, name.upper(), "USDC") for name in ("ETH", "kBONK", "KAS")],
    "deribit": [Contract("BTC-PERPETUAL", "BTC", "USD", 1.0, inverse=True)],
    "dydx": [Contract("BTC-USD", "BTC", "USDC")],
}


class Of(NamedTuple):
    """A contract behind a row of ccxt: our name of its coin, and how many of them one price and one size are for."""

    base: str
    multiplier: float
    size: float
    inverse: bool

    def coins(self, amount: float, price: float) -> float:
        """Coins in an amount of units; ccxt counts an inverse contract as coins times price, or not at all."""
        return amount * self.size / price if self.inverse else amount * self.size * self.multiplier


Told = Callable[[Any, Of], Iterator[Row]]


def rates(row: Any, of: Of) -> Iterator[Row]:
    """Mark, index and running rate."""
    for kind, field in (("mark", "markPrice"), ("index", "indexPrice")):
        if row.get(field) is not None:
            yield kind, of.base, row[field] / of.multiplier
    if row.get("fundingRate") is not None:
        yield "funding", of.base, row["fundingRate"]


def next_rates(row: Any, of: Of) -> Iterator[Row]:
    """Of Gate, ccxt calls the rate that was paid last the rate, and the running one the next rate."""
    yield from rates(row | {"fundingRate": row["nextFundingRate"]}, of)


def told_rates(row: Any, of: Of) -> Iterator[Row]:
    """A row whose interval is not told is a rate for ccxt, while nobody knows what it is per."""
    if row["interval"] is not None:
        yield from rates(row, of)


def turnover(row: Any, of: Of) -> Iterator[Row]:
    """Turnover in dollars; of an inverse contract ccxt has volume and turnover the wrong way round."""
    yield "turnover", of.base, row["baseVolume"] * of.size if of.inverse else row["quoteVolume"]


def tickers(row: Any, of: Of) -> Iterator[Row]:
    """Turnover, mark and index."""
    yield from turnover(row, of)
    yield from rates({"markPrice": row.get("markPrice"), "indexPrice": row.get("indexPrice")}, of)


def notional(row: Any, of: Of) -> Iterator[Row]:
    """Deribit alone tells ccxt coins and dollars of an inverse contract as they are."""
    yield from tickers(row, of._replace(inverse=False))


def contracts(row: Any, of: Of) -> Iterator[Row]:
    """Of OKX, ccxt gives contracts where it says coins, and no turnover at all."""
    yield "turnover", of.base, of.coins(row["baseVolume"], row["last"]) * row["last"]


def interest(row: Any, of: Of) -> Iterator[Row]:
    """Open interest in the units of the contract."""
    yield "oi", of.base, row["openInterestAmount"] * of.size * of.multiplier


def coins_of_interest(row: Any, of: Of) -> Iterator[Row]:
    """Of OKX, the amount is contracts, and the coins stand where a volume is said to be."""
    yield "oi", of.base, row["baseVolume"]


def past_interest(row: Any, of: Of) -> Iterator[Row]:
    """Open interest of the past."""
    yield "oi", of.base, row["timestamp"], row["openInterestAmount"] * of.size * of.multiplier


def past_interest_at_its_end(row: Any, of: Of) -> Iterator[Row]:
    """Of Gate, ccxt names the statistics of five minutes by their begin, when they were not known."""
    yield from past_interest(row | {"timestamp": row["timestamp"] + 300_000}, of)


def past_coins(row: Any, of: Of) -> Iterator[Row]:
    """The same of OKX, as above."""
    yield "oi", of.base, row["timestamp"], row["baseVolume"]


def past_both_sides(row: Any, of: Of) -> Iterator[Row]:
    """Of Bybit, both sides are counted."""
    yield "oi", of.base, row["timestamp"], row["openInterestAmount"] / 2


def paid(row: Any, of: Of) -> Iterator[Row]:
    """Rates that were paid; of OKX, ccxt knows none where the realised one is not told beside it."""
    told = row["fundingRate"]
    yield "funding", of.base, row["timestamp"], float(row["info"]["fundingRate"]) if told is None else told


def bars(span_s: int) -> Told:
    """Bars, which ccxt names by their begin and gives in units of the contract."""

    def told(row: Any, of: Of) -> Iterator[Row]:
        begin_ms, *prices, volume = row
        yield "bar", of.base, begin_ms + span_s * 1000, *(price / of.multiplier for price in prices), volume * of.size

    return told


def bars_of_okx(span_s: int, now_ms: int) -> Told:
    """The same of OKX, in coins; that a bar is still going on is lost in ccxt, so it is dropped by its end."""

    def told(row: Any, of: Of) -> Iterator[Row]:
        if row[0] + span_s * 1000 <= now_ms:
            yield from bars(span_s)(row, of._replace(size=1.0))

    return told


def closures(row: Any, of: Of) -> Iterator[Row]:
    """A closure of Binance or OKX: ccxt's side is that of the order, its dollars of an inverse contract are coins."""
    price = row["price"] / of.multiplier
    coins = of.coins(row["contracts"], price)
    side = {"sell": "long", "buy": "short"}[row["side"]]
    yield "liquidation", of.base, row["timestamp"], side, price, coins, coins * price


def closed_positions(row: Any, of: Of) -> Iterator[Row]:
    """The same of Bybit, where the side is that of the position, though it is called buy and sell too."""
    yield from closures(row | {"side": {"sell": "buy", "buy": "sell"}[row["side"]]}, of)


def behind(contract: Contract) -> Of:
    """What a contract is to us."""
    base, multiplier = MULTIPLIED.get(contract.base, (contract.base, 1.0))
    return Of(base, multiplier, contract.size, contract.inverse)
