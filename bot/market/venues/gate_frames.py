"""Frames of Gate's futures socket: closures of all swaps by one subscription."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

import msgspec

from bot.market.facts import Fact, Positive, Side
from bot.market.venues.gate_past import NAME, SETTLE
from bot.market.venues.reading import FIRST_MS, Table, closure, collect, moment
from bot.market.venues.venue import Instrument, Known, Parsed, Refused, Stream

CHANNEL = "futures.public_liquidates"
R = TypeVar("R")


class _Closure(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="contract")
    size: float
    price: Positive
    time_ms: int | None = None
    time: int | None = None


class _Failure(msgspec.Struct):
    message: str = ""


class _Status(msgspec.Struct):
    status: str = ""


class _Frame(msgspec.Struct, Generic[R]):
    channel: str = ""
    event: str = ""
    error: _Failure | None = None
    result: list[R] | _Status | None = None


def _rows(frame: _Frame[R]) -> Sequence[R]:
    return frame.result if isinstance(frame.result, list) else ()


_CLOSURES = Table("gate liquidations", _Closure, _Frame, _rows)


def parse_liquidations(frame: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Closures of one contract within a second, one or several.

    ```
    {"channel":"futures.public_liquidates","event":"update","time":1773000000,"time_ms":1773000000412,
     "result":[{
       "contract":"AVAX_USDT",
       "size":-310,               contracts, positive where a long was closed; text where the venue sends parts of them
       "price":"21.118",          of the order, USDT a coin
       "time":1773000000075}]}    UTC ms; before 2026-08-20 seconds, with the ms in "time_ms"
    ```

    Other frames: `futures.pong`, and `"event":"subscribe"` with a status or an error.
    """
    envelope, rows, refused = _CLOSURES.open(frame)
    if envelope.error is not None:
        return Parsed(control="error", said=envelope.error.message[:200])
    if envelope.channel == "futures.pong":
        return Parsed(control="pong")
    if envelope.channel != CHANNEL or envelope.event not in ("update", "subscribe"):
        return Parsed(refused=(Refused(envelope.channel[:64] or "frame", "not a closure"),))
    return collect(rows, refused, known, t_ms, _closure) if envelope.event == "update" else Parsed(control="ack")


def _closure(row: _Closure, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    at_ms = row.time_ms or row.time
    if at_ms is not None and at_ms < FIRST_MS:
        at_ms *= 1000
    side: Side = "long" if row.size > 0 else "short"
    return (closure(NAME, instrument, side, abs(row.size), row.price, t_ms, moment(at_ms)),)


# The venue does not look at the time of a frame that needs no signature.
SUBSCRIBE = f'{{"time":1,"channel":"{CHANNEL}","event":"subscribe","payload":["!all"]}}'

LIQUIDATIONS = Stream(
    name="liquidations",
    feeds=("liquidation",),
    url=f"wss://fx-ws.gateio.ws/v4/ws/{SETTLE}",
    subscribe=lambda _known: [SUBSCRIBE],
    parse=parse_liquidations,
    ping='{"time":1,"channel":"futures.ping"}',
    ping_s=15,
)
