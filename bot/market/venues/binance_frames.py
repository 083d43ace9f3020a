"""Binance's closures: one stream that carries dollar-margined and coin-margined contracts together.

The unrouted address connects too and never delivers one, so the path has to begin with /market. At most the latest
closure of a contract in each second is sent: totals are a floor.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec

from bot.market.facts import Milliseconds, Positive, Side
from bot.market.venues.reading import UNREADABLE, closure, refusal, refused_frame, unreadable
from bot.market.venues.symbols import coin
from bot.market.venues.venue import Instrument, Known, Parsed, Refused, Stream

NAME = "binance"
COIN_MARGINED = 2
PERPETUAL = "USD_PERP"
# The side of the order that closed the position, which is the opposite of the position's.
SIDES: dict[str, Side] = {"SELL": "long", "BUY": "short"}


class _Order(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="s")
    side: Literal["SELL", "BUY"] = msgspec.field(name="S")
    price: Positive = msgspec.field(name="ap")
    filled: Positive = msgspec.field(name="z")
    at: Milliseconds = msgspec.field(name="T")
    margin: int = msgspec.field(name="st", default=1)


class _Event(msgspec.Struct, gc=False):
    event: str = msgspec.field(name="e", default="")
    order: _Order | None = msgspec.field(name="o", default=None)


class _Failure(msgspec.Struct, gc=False):
    said: str = msgspec.field(name="msg", default="")


class _Frame(_Event, gc=False):
    data: _Event | None = None
    error: _Failure | None = None
    request: int | None = msgspec.field(name="id", default=None)


_FRAME = msgspec.json.Decoder(_Frame, strict=False)


def parse_closure(frame: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """One forced closure; in a combined stream the same within `data`.

    ```
    {"e":"forceOrder","E":1773000000512,        UTC ms, when it was sent
     "o":{"s":"AVAXUSDT",                       BTCUSD_PERP and the like are coin-margined
          "S":"SELL",                           side of the order: SELL closes a long
          "o":"LIMIT","f":"IOC",
          "q":"410","p":"21.118",               ordered: size and limit price, which nobody paid
          "ap":"21.344",                        average price of the fills, USDT (USD) a coin
          "X":"FILLED","l":"150",               status, last fill
          "z":"410",                            filled: coins, contracts where coin-margined
          "T":1773000000508,                    UTC ms
          "ps":"AVAXUSDT","st":1}}              pair; 1 dollar-margined, 2 coin-margined; absent in older frames
    ```
    """
    try:
        told = _FRAME.decode(frame)
    except msgspec.ValidationError as error:
        return refused_frame(frame, error)
    except UNREADABLE as error:
        raise unreadable("binance frame", frame, error) from error
    event = told.data or told
    order = event.order
    if order is None or event.event != "forceOrder":
        return _not_a_closure(told, event)
    instrument = known.get(order.symbol)
    if instrument is None or order.margin == COIN_MARGINED:
        instrument = coin_margined_contract(order.symbol)
        if instrument is None:
            return Parsed()
    try:
        return Parsed((closure(NAME, instrument, SIDES[order.side], order.filled, order.price, t_ms, order.at),))
    except UNREADABLE as error:
        return Parsed(refused=(refusal(order.symbol, error),))


def _not_a_closure(told: _Frame, event: _Event) -> Parsed:
    if told.error is not None:
        return Parsed(control="error", said=told.error.said)
    if told.request is not None:
        return Parsed(control="ack")
    return Parsed(refused=(Refused(event.event[:64] or "frame", "not a closure"),))


@lru_cache(maxsize=512)
def coin_margined_contract(symbol: str) -> Instrument | None:
    """The contract behind BTCUSD_PERP; None for dated contracts and what is no coin of ours.

    Those contracts are listed at another host; what one is worth is fixed: 100 dollars for BTC, 10 for all others
    (contract specification of COIN-M futures).
    """
    ticker = symbol.removesuffix(PERPETUAL)
    found = None if ticker == symbol else coin(ticker)
    if found is None:
        return None
    worth = 100.0 if found.base == "BTC" else 10.0
    return Instrument(symbol, found.base, "USD", usd_per_unit=worth, multiplier=found.multiplier)


CLOSURES = Stream(
    name="closures",
    feeds=("liquidation",),
    url="wss://fstream.binance.com/market/ws/!forceOrder@arr",
    subscribe=lambda _known: [],  # the address names the stream; no subscription is counted against a limit
    parse=parse_closure,
    complete=False,
    lives_s=24 * 3600,
)
