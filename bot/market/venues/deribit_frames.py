"""Frames of Deribit's socket: trades of all futures, of which some are closures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, Literal, TypeVar

import msgspec

from bot.market.facts import Fact, Milliseconds, Positive, Side
from bot.market.venues.reading import Table, closure, collect
from bot.market.venues.venue import Instrument, Known, Parsed, Refused, Stream

NAME = "deribit"
TEST = '{"jsonrpc":"2.0","id":9,"method":"public/test","params":{}}'
SUBSCRIBED = 2
"""Number of the subscription, by which its answer is told from that to the heartbeat."""
OF_TAKER: dict[str, Side] = {"sell": "long", "buy": "short"}
"""Whose position a taker's trade closes; the maker's is the other one."""
OTHER: dict[Side, Side] = {"long": "short", "short": "long"}
R = TypeVar("R")


class _Trade(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="instrument_name")
    price: Positive
    amount: Positive
    taker: Literal["buy", "sell"] = msgspec.field(name="direction")
    at: Milliseconds = msgspec.field(name="timestamp")
    forced: Literal["T", "M", "MT"] | None = msgspec.field(name="liquidation", default=None)


class _Params(msgspec.Struct, Generic[R]):
    data: list[R] = []
    kind: str = msgspec.field(name="type", default="")


class _Failure(msgspec.Struct):
    code: int = 0
    message: str = ""


class _Frame(msgspec.Struct, Generic[R]):
    method: str = ""
    params: _Params[R] | None = None
    error: _Failure | None = None
    asked: int | None = msgspec.field(name="id", default=None)


def _rows(frame: _Frame[R]) -> Sequence[R]:
    return frame.params.data if frame.params is not None else ()


_TRADES = Table("deribit trades", _Trade, _Frame, _rows)


def parse_liquidations(frame: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Closures among the trades of 100 ms; a trade may close a position on either side, or on both.

    ```
    {"jsonrpc":"2.0","method":"subscription","params":{"channel":"trades.future.any.100ms","data":[{
      "instrument_name":"ETH-PERPETUAL","trade_id":"ETH-301","trade_seq":4102,
      "timestamp":1773000000075,               UTC ms
      "price":3050.2,                          US dollars a coin
      "amount":12400.0,"contracts":12400.0,    dollars (coin-margined) or coins (USDC), and contracts of them
      "direction":"sell",                      of the taker
      "liquidation":"T",                       who was forced: T taker, M maker, MT both; absent on other trades
      "mark_price":3051.1,"index_price":3050.9,"tick_direction":2}]}}
    ```

    Other frames: answers to what was asked, and heartbeats, of which `test_request` has to be answered.
    """
    envelope, rows, refused = _TRADES.open(frame)
    if envelope.method == "heartbeat":
        asked = envelope.params is not None and envelope.params.kind == "test_request"
        return Parsed(control="ping", said=TEST) if asked else Parsed(control="pong")
    if envelope.error is not None:
        return Parsed(control="error", said=f"{envelope.error.code} {envelope.error.message}"[:200])
    if envelope.method == "subscription":
        return collect(rows, refused, known, t_ms, _closures)
    if envelope.asked is not None:
        return Parsed(control="ack" if envelope.asked == SUBSCRIBED else "pong")
    return Parsed(refused=(Refused(envelope.method[:64] or "frame", "no trades"),))


def _closures(row: _Trade, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    if row.forced is None:
        return ()
    taker = OF_TAKER[row.taker]
    sides = {"T": (taker,), "M": (OTHER[taker],), "MT": (taker, OTHER[taker])}[row.forced]
    return [closure(NAME, instrument, side, row.amount, row.price, t_ms, row.at) for side in sides]


# The venue asks every 30 s whether somebody is there and ends the connection of who does not answer. "any" stands for
# all currencies; finer than 100 ms is given to signed-in users only (API guide, trades.{kind}.{currency}.{interval}).
_HEARTBEAT = '{"jsonrpc":"2.0","id":1,"method":"public/set_heartbeat","params":{"interval":30}}'
_SUBSCRIBE = (
    f'{{"jsonrpc":"2.0","id":{SUBSCRIBED},"method":"public/subscribe",'
    '"params":{"channels":["trades.future.any.100ms"]}}'
)

LIQUIDATIONS = Stream(
    name="liquidations",
    feeds=("liquidation",),
    url="wss://www.deribit.com/ws/api/v2",
    subscribe=lambda _known: [_SUBSCRIBE],
    opening=(_HEARTBEAT,),
    parse=parse_liquidations,
)
