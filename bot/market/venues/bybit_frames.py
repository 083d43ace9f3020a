"""Bybit's closures: every one of them, in batches each half second, of contracts that are asked for by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Generic, Literal, TypeVar

import msgspec

from bot.market.facts import Fact, Milliseconds, Positive, Side
from bot.market.venues.bybit_answer import NAME
from bot.market.venues.reading import UNREADABLE, Table, closure, refusal
from bot.market.venues.venue import Known, Parsed, Refused, Stream

TOPIC = "allLiquidation."
# The side of the position that was closed: "Buy" is a long (documents of the topic; nine of nine captured "Sell"
# closures were printed above the ask, as only a bought-back short is).
SIDES: dict[str, Side] = {"Buy": "long", "Sell": "short"}
TOPICS_A_FRAME = 50
# All topics of a connection together may have 21,000 characters (public websocket, "args limits"): 35 each.
TOPICS_A_CONNECTION = 500
Row = TypeVar("Row")


class _Closure(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="s")
    side: Literal["Buy", "Sell"] = msgspec.field(name="S")
    size: Positive = msgspec.field(name="v")
    price: Positive = msgspec.field(name="p")
    at: Milliseconds = msgspec.field(name="T")


class _Frame(msgspec.Struct, Generic[Row], gc=False):
    topic: str = ""
    op: str = ""
    success: bool = True
    said: str = msgspec.field(name="ret_msg", default="")
    data: list[Row] | dict[str, msgspec.Raw] = []
    """An object in topics that are none of closures."""


def _closures(frame: _Frame[Row]) -> list[Row]:
    return frame.data if isinstance(frame.data, list) else []


_FRAMES = Table("bybit frame", _Closure, _Frame, _closures)


def parse_closures(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Forced closures of one contract.

    ```
    {"topic":"allLiquidation.AVAXUSDT","type":"snapshot","ts":1773000000512,      UTC ms, when it was sent
     "data":[{"T":1773000000310,                UTC ms
       "s":"AVAXUSDT",
       "S":"Buy",                               side of the position: a long was closed
       "v":"96.4",                              coins; US dollars where coin-margined
       "p":"21.118"}]}                          bankruptcy price, USDT (USD) a coin
    ```
    """
    frame, rows, refused = _FRAMES.open(body)
    if not frame.topic.startswith(TOPIC):
        return _not_a_closure(frame)
    facts: list[Fact] = []
    for row in rows:
        instrument = known.get(row.symbol)
        if instrument is not None:
            try:
                facts.append(closure(NAME, instrument, SIDES[row.side], row.size, row.price, t_ms, row.at))
            except UNREADABLE as error:
                refused.append(refusal(row.symbol, error))
    return Parsed(facts, refused)


def _not_a_closure(frame: _Frame[_Closure]) -> Parsed:
    """An answer to a ping (`op` "ping", said "pong") or to a subscription, or a topic nobody asked for."""
    if not frame.success:
        return Parsed(control="error", said=frame.said[:200])
    if frame.op in {"ping", "pong"}:
        return Parsed(control="pong")
    if frame.op:
        return Parsed(control="ack")
    return Parsed(refused=(Refused(frame.topic[:64] or "frame", "not a closure"),))


def _subscribe(*, inverse: bool) -> Callable[[Known], list[str]]:
    def frames(known: Known) -> list[str]:
        topics = [TOPIC + symbol for symbol, one in known.items() if (one.usd_per_unit > 0) == inverse]
        return [
            json.dumps({"op": "subscribe", "args": topics[first : first + TOPICS_A_FRAME]})
            for first in range(0, len(topics), TOPICS_A_FRAME)
        ]

    return frames


def _stream(category: str, *, inverse: bool) -> Stream:
    return Stream(
        name=f"{category} closures",
        feeds=("liquidation",),
        url=f"wss://stream.bybit.com/v5/public/{category}",
        subscribe=_subscribe(inverse=inverse),
        parse=parse_closures,
        ping='{"op":"ping"}',
        ping_s=20.0,
        most_topics=TOPICS_A_CONNECTION,
    )


CLOSURES = (_stream("linear", inverse=False), _stream("inverse", inverse=True))
