"""What the venues of the fake list: the same coins, each under its own name and in its own unit.

Written from the venues' own lists and not from `bot.market.venues`, so that a mistake there meets something here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

Market = Literal["perp", "spot"]
THOUSANDS = frozenset({"PEPE", "SHIB", "BONK", "FLOKI", "SATS", "RATS", "CAT", "LUNC", "XEC"})
MILLIONS = frozenset({"BABYDOGE", "MOG"})
COIN_MARGINED = ("BTC", "ETH", "SOL", "XRP", "BNB", "DOGE", "ADA", "LINK", "AVAX", "LTC", "BCH")
BY_TEN_MILLION = frozenset({"PEPE", "SHIB", "BONK", "FLOKI", "BABYDOGE", "MOG", "SATS"})


class Contract(NamedTuple):
    """A contract or pair. A unit is `coins` coins or `dollars` dollars; a quoted price is for `multiplier` coins.

    `share` is its part of what the venue holds of the coin: one for the contract whose figures the facts are, a tenth
    for others. `listed` is false where another host lists it.
    """

    symbol: str
    base: str
    ticker: str
    quote: str = "USDT"
    coins: float = 0.0
    dollars: float = 0.0
    multiplier: float = 1.0
    share: float = 1.0
    listed: bool = True
    market: Market = "perp"

    def quoted(self, price: float) -> float:
        """What the venue quotes for a price of one coin."""
        return price * self.multiplier

    def units(self, coins: float, price: float) -> float:
        """Size in the venue's units, of coins at a price of one coin."""
        return coins / self.coins if self.coins else coins * price / self.dollars


def multiplier(base: str) -> float:
    """How many coins Binance quotes one price for; most venues do alike."""
    return 1_000_000.0 if base in MILLIONS else 1_000.0 if base in THOUSANDS else 1.0


def swap(symbol: str, base: str, ticker: str, quoted_coins: float = 1.0, quote: str = "USDT") -> Contract:
    """A contract counted in what is quoted."""
    return Contract(symbol, base, ticker, quote, coins=quoted_coins, multiplier=quoted_coins)


def inverse(symbol: str, base: str, dollars: float, share: float = 0.1) -> Contract:
    """A coin-margined contract of so many dollars."""
    return Contract(symbol, base, base, "USD", dollars=dollars, share=share)


def pair(symbol: str, base: str, quote: str = "USDT") -> Contract:
    """A spot pair."""
    return Contract(symbol, base, base, quote, coins=1.0, market="spot")


def dollars_of(base: str) -> float:
    """Worth of a coin-margined contract at Binance and OKX."""
    return 100.0 if base == "BTC" else 10.0


def binance(bases: Sequence[str]) -> Iterator[Contract]:
    """1000PEPEUSDT and 1MBABYDOGEUSDT; coin-margined ones are listed elsewhere and only their closures come."""
    for base in bases:
        times = multiplier(base)
        ticker = {1_000.0: "1000", 1_000_000.0: "1M"}.get(times, "") + base
        yield swap(f"{ticker}USDT", base, ticker, times)
        if base in COIN_MARGINED:
            yield inverse(f"{base}USD_PERP", base, dollars_of(base))._replace(listed=False)


def bybit(bases: Sequence[str]) -> Iterator[Contract]:
    """1000PEPEUSDT, but SHIB1000USDT; coin-margined ones count dollars; spot pairs have no multiplier."""
    for base in bases:
        times = multiplier(base)
        ticker = "SHIB1000" if base == "SHIB" else (f"{times:.0f}" if times > 1 else "") + base
        yield swap(f"{ticker}USDT", base, ticker, times)
        if base in COIN_MARGINED:
            yield inverse(f"{base}USD", base, 1.0)
        yield pair(f"{base}USDT", base)


OKX_COINS: Mapping[str, float] = {"BTC": 0.01, "ETH": 0.1, "XRP": 100.0, "DOGE": 1000.0, "ADA": 100.0, "LTC": 1.0}
GATE_COINS: Mapping[str, float] = {"BTC": 0.0001, "ETH": 0.01, "XRP": 10.0, "DOGE": 10.0, "ADA": 10.0, "LTC": 0.1}


def _contract_coins(base: str, sizes: Mapping[str, float]) -> float:
    return 10_000_000.0 if base in BY_TEN_MILLION else sizes.get(base, 1.0)


def okx(bases: Sequence[str]) -> Iterator[Contract]:
    """Swaps by the contract, in coins or, coin-margined, in dollars; spot pairs in coins."""
    for base in bases:
        yield Contract(f"{base}-USDT-SWAP", base, base, coins=_contract_coins(base, OKX_COINS))
        if base in COIN_MARGINED:
            yield inverse(f"{base}-USD-SWAP", base, dollars_of(base))
        yield pair(f"{base}-USDT", base)


def hyperliquid(bases: Sequence[str]) -> Iterator[Contract]:
    """KPEPE with a small k."""
    for base in bases:
        thousand = base in THOUSANDS
        ticker = f"k{base}" if thousand else base
        yield swap(ticker, base, ticker, 1_000.0 if thousand else 1.0, "USDC")


def bitget(bases: Sequence[str]) -> Iterator[Contract]:
    """1000BONKUSDT, but PEPEUSDT and SHIBUSDT."""
    for base in bases:
        times = 1_000.0 if base in {"BONK", "SATS", "RATS", "CAT", "XEC"} else 1.0
        ticker = ("1000" if times > 1 else "") + base
        yield swap(f"{ticker}USDT", base, ticker, times)


def gate(bases: Sequence[str]) -> Iterator[Contract]:
    """Swaps by the contract of `quanto_multiplier` coins."""
    for base in bases:
        yield Contract(f"{base}_USDT", base, base, coins=_contract_coins(base, GATE_COINS))


def deribit(bases: Sequence[str]) -> Iterator[Contract]:
    """BTC and ETH coin-margined, which lead, and in USDC; others in USDC."""
    for base in bases:
        if base in {"BTC", "ETH"}:
            yield inverse(f"{base}-PERPETUAL", base, 1.0, share=1.0)
            yield swap(f"{base}_USDC-PERPETUAL", base, base, quote="USDC")._replace(share=0.1)
        else:
            yield swap(f"{base}_USDC-PERPETUAL", base, base, quote="USDC")


def dydx(bases: Sequence[str]) -> Iterator[Contract]:
    """Markets in US dollars, sizes in coins."""
    for base in bases:
        yield swap(f"{base}-USD", base, base, quote="USD")


def binance_spot(bases: Sequence[str]) -> Iterator[Contract]:
    """Pairs in USDT."""
    for base in bases:
        yield pair(f"{base}USDT", base)


def coinbase(bases: Sequence[str]) -> Iterator[Contract]:
    """Pairs in US dollars."""
    for base in bases:
        yield pair(f"{base}-USD", base, "USD")
