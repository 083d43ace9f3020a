"""Frames and bodies for a market of many coins, in the venues' own formats: a fixture's first row for every coin.

Numbers differ from coin to coin and from body to body as they do on a real market, so that nothing gains from meeting
the same number twice.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bot.market.venues.venue import Instrument
from tests.market.venues.samples import sample

COINS = tuple(f"COIN{number}" for number in range(500))
T_MS = 1_773_000_001_000
BODIES, FRAMES = 8, 1000
Rows = list[dict[str, Any]]


class Naming(NamedTuple):
    """How a venue calls the contract of a coin, and how many coins one unit of its sizes is."""

    suffix: str
    contract: float = 1.0

    def symbol(self, coin: str) -> str:
        """The venue's symbol."""
        return coin + self.suffix

    def known(self, coins: Sequence[str] = COINS) -> dict[str, Instrument]:
        """What our parsers know of these contracts."""
        return {
            self.symbol(coin): Instrument(
                self.symbol(coin), coin, "USDT", coins_per_unit=self.contract, funding_h=8.0, funding_cap=0.02
            )
            for coin in coins
        }


NAMING: Mapping[str, Naming] = {
    "binance": Naming("USDT"),
    "bybit": Naming("USDT"),
    "okx": Naming("-USDT-SWAP", 0.1),
    "bitget": Naming("USDT"),
    "gate": Naming("_USDT", 0.01),
    "hyperliquid": Naming("USDT"),
    "deribit": Naming("-PERPETUAL"),
    "dydx": Naming("-USD"),
}


def moved(told: str, chance: random.Random) -> str:
    """Another number with at least as many digits behind the point, up to a tenth away."""
    digits = max(len(told.partition(".")[2]), 2)
    if abs(float(told)) < 0.01:
        digits = max(digits, 8)
    return f"{float(told) * chance.uniform(0.9, 1.1):.{digits}f}"


def bodies(fixture: str, rows_of: Callable[[Any], Rows], name: str, fields: Sequence[str], times: str) -> list[bytes]:
    """Several bodies of 500 rows; `fields` are moved, `times` is the field of the row's own time, `name` its symbol."""
    naming, chance, found = NAMING[fixture.partition("/")[0]], random.Random(7), []
    for _ in range(BODIES):
        body = json.loads(sample(fixture))
        rows = rows_of(body)
        first = rows[0]
        rows[:] = [_row(first, {name: naming.symbol(coin)}, fields, times, chance) for coin in COINS]
        found.append(json.dumps(body, separators=(",", ":")).encode())
    return found


def _row(
    first: dict[str, Any], named: dict[str, str], fields: Sequence[str], times: str, chance: random.Random
) -> dict[str, Any]:
    row = first | named | {field: moved(first[field], chance) for field in fields}
    if times:
        at_ms = int(row[times]) + chance.randrange(900)
        row[times] = at_ms if isinstance(first[times], int) else str(at_ms)
    return row


def frames(fixture: str, change: Callable[[Any, str, random.Random], None]) -> list[str]:
    """A thousand frames of one closure each; `change` puts a symbol and other numbers into the fixture."""
    naming, chance, found = NAMING[fixture.partition("/")[0]], random.Random(7), []
    for _ in range(FRAMES):
        frame = json.loads(sample(fixture))
        change(frame, naming.symbol(chance.choice(COINS)), chance)
        found.append(json.dumps(frame, separators=(",", ":")))
    return found


def _binance(frame: Any, symbol: str, chance: random.Random) -> None:
    order = frame["o"]
    filled = moved(order["z"], chance)
    order |= {"s": symbol, "ps": symbol, "S": chance.choice(("SELL", "BUY")), "ap": moved(order["ap"], chance)}
    order |= {"q": filled, "l": filled, "z": filled, "T": order["T"] + chance.randrange(900)}


def _okx(frame: Any, symbol: str, chance: random.Random) -> None:
    frame["data"][0]["instId"] = symbol
    told = frame["data"][0]["details"][0]
    side, order = chance.choice((("long", "sell"), ("short", "buy")))
    told |= {"bkPx": moved(told["bkPx"], chance), "sz": moved(told["sz"], chance), "posSide": side, "side": order}
    told["ts"] = str(int(told["ts"]) + chance.randrange(900))


def _bybit(frame: Any, symbol: str, chance: random.Random) -> None:
    frame["topic"] = f"allLiquidation.{symbol}"
    told = frame["data"][0]
    told |= {"s": symbol, "v": moved(told["v"], chance), "p": moved(told["p"], chance)}
    told |= {"S": chance.choice(("Buy", "Sell")), "T": told["T"] + chance.randrange(900)}


def binance_frames() -> list[str]:
    """Closures as Binance's one stream of all contracts sends them."""
    return frames("binance/closure_long", _binance)


def okx_frames() -> list[str]:
    """Closures of OKX, one a frame, as nearly all of its frames are."""
    return frames("okx/liquidation_long", _okx)


def bybit_frames() -> list[str]:
    """Closures of Bybit, one a frame."""
    return frames("bybit/closure_long", _bybit)


def combined(told: Sequence[str]) -> Iterator[str]:
    """Binance's frames in the envelope of a combined stream."""
    for frame in told:
        symbol = json.loads(frame)["o"]["s"].lower()
        yield f'{{"stream":"{symbol}@forceOrder","data":{frame}}}'


def okx_pages(told: Sequence[str], size: int = 100) -> Iterator[str]:
    """OKX's closures as its REST call tells them, so many of one contract in an answer."""
    for first in range(0, len(told), size):
        details = [json.loads(frame)["data"][0]["details"][0] for frame in told[first : first + size]]
        contract = json.loads(told[first])["data"][0] | {"details": details}
        yield json.dumps({"code": "0", "data": [contract], "msg": ""}, separators=(",", ":"))
