"""Frames of OKX's public socket: liquidations of all swaps by one subscription."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.market.facts import Fact, Milliseconds, Positive, Side
from bot.market.venues.reading import UNREADABLE, closure, refusal, symbol_in, unreadable
from bot.market.venues.venue import Instrument, Known, Parsed, Refused, Stream

NAME = "okx"
WHAT = "okx liquidations"
# The side of the position where it is told, otherwise what the order that closed it tells: selling closes a long.
POSITIONS: dict[str, Side] = {"long": "long", "short": "short"}
ORDERS: dict[str, Side] = {"sell": "long", "buy": "short"}


class _Closure(msgspec.Struct, gc=False):
    price: Positive = msgspec.field(name="bkPx")
    size: Positive = msgspec.field(name="sz")
    order: Literal["buy", "sell"] = msgspec.field(name="side")
    at: Milliseconds = msgspec.field(name="ts")
    position: Literal["long", "short", "net", ""] = msgspec.field(name="posSide", default="")


class _Contract(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="instId")
    details: list[_Closure]


class _LooseContract(msgspec.Struct):
    symbol: str = msgspec.field(name="instId")
    details: list[msgspec.Raw]


class _Frame(msgspec.Struct, gc=False):
    data: list[_Contract] | None = None
    event: str = ""
    code: str | int = ""
    msg: str | None = None


class _LooseFrame(msgspec.Struct):
    data: list[msgspec.Raw]


_frame = msgspec.json.Decoder(_Frame, strict=False)
_loose_frame = msgspec.json.Decoder(_LooseFrame, strict=False)
_loose_contract = msgspec.json.Decoder(_LooseContract, strict=False)
_row = msgspec.json.Decoder(_Closure, strict=False)


def parse_liquidations(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Closures of all contracts; one frame may hold several contracts, and each several closures.

    ```
    {"arg":{"channel":"liquidation-orders","instType":"SWAP"},"data":[{
      "instType":"SWAP","instId":"ETH-USDT-SWAP","instFamily":"ETH-USDT","uly":"ETH-USDT",
      "details":[{
        "posSide":"long",          the position that was closed; "net" or "" where the account has one for both sides
        "side":"sell",             the order that closed it: selling closes a long
        "sz":"42",                 contracts
        "bkPx":"3050.2",           bankruptcy price, USDT a coin
        "bkLoss":"0","ccy":"",
        "ts":"1773000000075"}]}]}  UTC ms
    ```

    Other frames: `pong`, `{"event":"subscribe",…}`, `{"event":"error","code":"60012","msg":"…"}` and
    `{"event":"notice",…}`, which says that the connection will be closed.
    """
    if body == b"pong":
        return Parsed(control="pong")
    try:
        frame = _frame.decode(body)
    except msgspec.ValidationError:
        return _one_by_one(body, known, t_ms)
    except UNREADABLE as error:
        raise unreadable(WHAT, body, error) from error
    if frame.event:
        return _control(frame)
    if frame.data is None:
        return Parsed(refused=(Refused("frame", "neither closures nor an event"),))
    facts: list[Fact] = []
    refused: list[Refused] = []
    for contract in frame.data:
        instrument = known.get(contract.symbol)
        if instrument is not None:
            _take(contract.details, instrument, t_ms, facts, refused)
    return Parsed(facts, refused)


def _take(rows: list[_Closure], instrument: Instrument, t_ms: int, facts: list[Fact], refused: list[Refused]) -> None:
    for row in rows:
        side = POSITIONS.get(row.position) or ORDERS[row.order]
        try:
            facts.append(closure(NAME, instrument, side, row.size, row.price, t_ms, row.at))
        except UNREADABLE as error:
            refused.append(refusal(instrument.symbol, error))


def _control(frame: _Frame) -> Parsed:
    if frame.event in ("error", "notice"):
        return Parsed(control="error", said=f"{frame.code} {frame.msg or ''}"[:200])
    return Parsed(control="ack")


def _one_by_one(body: bytes, known: Known, t_ms: int) -> Parsed:
    """The same where a closure cannot be read: it is refused, and the others are kept."""
    facts: list[Fact] = []
    refused: list[Refused] = []
    try:
        parts = _loose_frame.decode(body).data
    except UNREADABLE as error:
        raise unreadable(WHAT, body, error) from error
    for place, part in enumerate(parts):
        try:
            contract = _loose_contract.decode(part)
        except UNREADABLE as error:
            refused.append(refusal(symbol_in(bytes(part)) or f"row {place}", error))
            continue
        instrument = known.get(contract.symbol)
        for raw in contract.details:
            try:
                row = _row.decode(raw)
            except UNREADABLE as error:
                refused.append(refusal(contract.symbol, error))
                continue
            if instrument is not None:
                _take([row], instrument, t_ms, facts, refused)
    return Parsed(facts, refused)


LIQUIDATIONS = Stream(
    name="liquidations",
    feeds=("liquidation",),
    url="wss://ws.okx.com:8443/ws/v5/public",
    subscribe=lambda _known: ['{"op":"subscribe","args":[{"channel":"liquidation-orders","instType":"SWAP"}]}'],
    parse=parse_liquidations,
    complete=False,  # at most one per contract and second (API guide, liquidation orders channel)
    ping="ping",
    ping_s=20,  # the venue closes a connection that was silent for 30 s
)
