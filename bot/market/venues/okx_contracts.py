"""Which swaps OKX trades, and what one contract of each is."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.market.facts import Positive
from bot.market.venues.answer import Answer, rows_of
from bot.market.venues.reading import UNREADABLE, Table, Told, ToldTime, moment, positive
from bot.market.venues.symbols import coin
from bot.market.venues.venue import Instrument

NAME = "okx"
CRYPTO = "1"
"""`instCategory` of coins; shares, goods and currencies have others."""
_ROWS = rows_of(NAME, "0")


class _Contract(msgspec.Struct):
    symbol: str = msgspec.field(name="instId")
    family: str = msgspec.field(name="uly")
    kind: Literal["linear", "inverse"] = msgspec.field(name="ctType")
    size: Positive = msgspec.field(name="ctVal")
    size_in: str = msgspec.field(name="ctValCcy")
    state: str
    factor: Told = msgspec.field(name="ctMult", default=None)
    listed: ToldTime = msgspec.field(name="listTime", default=None)
    category: str = msgspec.field(name="instCategory", default=CRYPTO)


_CONTRACTS = Table("okx contracts", _Contract, Answer, _ROWS)


def parse_instruments(body: bytes, _t_ms: int) -> dict[str, Instrument]:
    """Contracts that trade, by `instId`; shares and goods, test contracts and stablecoins are left out.

    ```
    {"code":"0","msg":"","data":[{
      "instType":"SWAP","instId":"ETH-USDT-SWAP","uly":"ETH-USDT",
      "ctType":"linear",       linear: sizes are coins, inverse: dollars
      "ctVal":"0.1","ctMult":"1","ctValCcy":"ETH",   what one contract is: ctVal times ctMult of ctValCcy
      "settleCcy":"USDT","state":"live","instCategory":"1",
      "listTime":"1611907686000"}]}                  UTC ms
    ```
    """
    rows, _ = _CONTRACTS.read(body)
    return {row.symbol: found for row in rows if (found := _instrument(row)) is not None}


def _instrument(row: _Contract) -> Instrument | None:
    ticker, _, quote = row.family.partition("-")
    found = coin(ticker)
    if found is None or row.state != "live" or row.category not in ("", CRYPTO):
        return None
    try:
        size = positive(row.size * float(row.factor or 1))
        listed_ms = moment(row.listed)
    except UNREADABLE:
        return None
    inverse = row.kind == "inverse"
    if row.size_in != ("USD" if inverse else ticker):
        return None
    return Instrument(
        row.symbol,
        found.base,
        quote,
        coins_per_unit=0.0 if inverse else size * found.multiplier,
        usd_per_unit=size if inverse else 0.0,
        multiplier=found.multiplier,
        listed_ms=listed_ms,
    )
