"""Which coin a venue's name for it means, how many of them one quoted price is for, and which contract stands for it.

Venues quote coins of tiny price by the thousand or million, each in its own spelling. What is no coin of ours (a dollar
in disguise, gold, a share, an index of coins) is known here too, for venues that do not mark it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from bot.market.venues.venue import Instrument


class Coin(NamedTuple):
    """A coin's own name, and for how many of them the venue quotes one price."""

    base: str
    multiplier: float


# 1000PEPE, 10000LADYS, 1000000MOG, 1MBABYDOGE; Bybit's SHIB1000.
_FRONT = re.compile(r"(1(?:0{3,7}|M))(?=[A-Z])(.+)")
_BACK = re.compile(r"([A-Z]{2,})(10{3,7})")
_NAME = re.compile(r"\w{1,24}")  # letters of any script: a few coins have Chinese names

# Names that only look as if they held a multiplier.
WHOLE_NAMES = frozenset({"1000X"})

# Listed for venues that do not mark them; names that are also those of volatile coins (USTC, FRAX) are not here.
MONEY = frozenset(
    "USDT USDC USD1 USDE USDS USDD USDP USDG FDUSD TUSD BUSD DAI PYUSD RLUSD GUSD XUSD BFUSD EUR EURI EURC GBP".split()  # noqa: SIM905 -- names in a row read better
)
GOODS = frozenset("XAU XAG XPT XPD XCU XAUT PAXG CL BRENT WTI NATGAS".split())  # noqa: SIM905 -- as above
INDICES = frozenset("BTCDOM DEFI ALL BLUEBIRD TOTAL2 TOTAL3 BTCDVOL ETHDVOL US100 US500 SPX500".split())  # noqa: SIM905 -- as above
NOT_COINS = MONEY | GOODS | INDICES

_QUOTES = {"USDT": 0, "USDC": 1, "USD": 2}


def coin(ticker: str, *, small_k: bool = False) -> Coin | None:
    """The coin behind a venue's name of it: 1000PEPE is PEPE by the thousand. None for what is no coin of ours.

    With `small_k` a small k in front is a thousand too, as Hyperliquid writes it (kPEPE, while KAS is KAS).
    """
    found = _split(ticker, small_k=small_k)
    if found.base in NOT_COINS or not _NAME.fullmatch(found.base):
        return None
    return found


def _split(ticker: str, *, small_k: bool) -> Coin:
    if small_k and ticker[:1] == "k" and ticker[1:].isupper():
        return Coin(ticker[1:], 1000.0)
    name = ticker.upper()
    if name in WHOLE_NAMES:
        return Coin(name, 1.0)
    if front := _FRONT.fullmatch(name):
        return Coin(front[2], float(front[1].replace("M", "000000")))
    if back := _BACK.fullmatch(name):
        return Coin(back[1], float(back[2]))
    return Coin(name, 1.0)


def leaders(known: Mapping[str, Instrument], *, coin_margined_first: bool = False) -> dict[str, Instrument]:
    """One contract for each coin, in the order of `known`: in USDT where there is one, then USDC, then coin-margined.

    Marks, rates, open interest and turnover of a venue are those of its leading contract, since two contracts of one
    coin would overwrite each other; closures are counted on all. With `coin_margined_first` (`Venue` says where) a
    coin-margined contract leads. Whoever asks a venue calls this once for a list of contracts and hands the outcome to
    its polls: parsers need not, and it is too slow to do for each body.
    """
    best: dict[str, tuple[tuple[bool, int, float], Instrument]] = {}
    for instrument in known.values():
        last = (instrument.usd_per_unit > 0) != coin_margined_first
        ranked = (last, _QUOTES.get(instrument.quote, len(_QUOTES)), instrument.multiplier), instrument
        if instrument.base not in best or ranked[0] < best[instrument.base][0]:
            best[instrument.base] = ranked
    chosen = {instrument.symbol for _rank, instrument in best.values()}
    return {symbol: instrument for symbol, instrument in known.items() if instrument.symbol in chosen}
