"""Frames of Bitget's public socket: liquidations of all USDT contracts by one subscription."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, Literal, TypeVar

import msgspec

from bot.market.facts import Fact, Liquidation, Milliseconds, Positive, Side
from bot.market.venues.bitget_past import NAME
from bot.market.venues.reading import Table, collect, positive
from bot.market.venues.venue import Instrument, Known, Parsed, Refused, Stream

Row = TypeVar("Row")


class _Closure(msgspec.Struct, gc=False):
    symbol: str
    position: Literal["buy", "sell"] = msgspec.field(name="side")
    price: Positive
    usd: Positive = msgspec.field(name="amount")
    at: Milliseconds = msgspec.field(name="ts")


class _Frame(msgspec.Struct, Generic[Row], gc=False):
    data: list[Row] | None = None
    event: str = ""
    code: str | int = ""
    msg: str | None = None


_CLOSURES = Table("bitget liquidations", _Closure, _Frame, lambda frame: frame.data or ())


def parse_liquidations(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Closures of all contracts: the largest of each second, side and contract.

    ```
    {"action":"snapshot","arg":{"instType":"usdt-futures","topic":"liquidation"},
     "data":[{"symbol":"ETHUSDT",
       "side":"buy",             the position that was closed: buy is a long
       "price":"3050.2",         USDT a coin
       "amount":"12810.84",      USDT
       "ts":"1773000000075"}],   UTC ms
     "ts":1773000000081}
    ```

    Other frames: `pong`, `{"event":"subscribe",…}` and `{"event":"error","code":"30001","msg":"…"}`.
    """
    if body == b"pong":
        return Parsed(control="pong")
    frame, rows, refused = _CLOSURES.open(body)
    if frame.event == "error":
        return Parsed(control="error", said=f"{frame.code} {frame.msg or ''}"[:200])
    if frame.event:
        return Parsed(control="ack")
    if frame.data is None:
        return Parsed(refused=(Refused("frame", "neither closures nor an event"),))
    return collect(rows, refused, known, t_ms, _liquidation)


def _liquidation(row: _Closure, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    price = positive(instrument.price(row.price))
    side: Side = "long" if row.position == "buy" else "short"
    return (Liquidation(t_ms, NAME, instrument.base, side, price, positive(row.usd / price), row.usd, row.at),)


LIQUIDATIONS = Stream(
    name="liquidations",
    feeds=("liquidation",),
    url="wss://ws.bitget.com/v3/ws/public",
    subscribe=lambda _known: ['{"op":"subscribe","args":[{"instType":"usdt-futures","topic":"liquidation"}]}'],
    parse=parse_liquidations,
    complete=False,  # the largest of each second, side and contract (API guide, liquidation channel)
    ping="ping",
    ping_s=20,  # the venue closes a connection that sent nothing for 30 s
)
