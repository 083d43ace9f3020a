"""Frames of dYdX's socket: the trades of one market each, of which some are closures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar

import msgspec

from bot.market.facts import Fact, Positive, Side
from bot.market.venues.reading import UNREADABLE, Table, closure, moment, refusal
from bot.market.venues.venue import Known, Parsed, Refused, Stream

NAME = "dydx"
FORCED = "LIQUIDATED"
TRADES = ("channel_data", "channel_batch_data")
# The side of the order that closed the position, which is the opposite of the position's.
SIDES: dict[str, Side] = {"SELL": "long", "BUY": "short"}
R = TypeVar("R")
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Dated(msgspec.Struct, gc=False):
    """A row with a time, which is refused when it lies outside of the years 2010 to 2100."""

    at: Moment

    def __post_init__(self) -> None:
        """Bounds of time cannot be told to the decoder, which takes a bare number for seconds too."""
        if moment(self.at_ms) is None:
            raise ValueError(f"{self.at} is no time")

    @property
    def at_ms(self) -> int:
        """UTC ms."""
        return round(self.at.timestamp() * 1000)


class _Trade(Dated, gc=False, kw_only=True):
    side: Literal["BUY", "SELL"]
    size: Positive
    price: Positive
    at: Moment = msgspec.field(name="createdAt")
    kind: str = msgspec.field(name="type", default="")


class _Contents(msgspec.Struct, Generic[R]):
    trades: list[R] = []


class _Frame(msgspec.Struct, Generic[R]):
    kind: str = msgspec.field(name="type", default="")
    symbol: str = msgspec.field(name="id", default="")
    message: str = ""
    contents: _Contents[R] | list[_Contents[R]] | None = None


def _rows(frame: _Frame[R]) -> Sequence[R]:
    # What was traded before the subscription comes with its acknowledgement, days of it where a market is quiet.
    if frame.kind not in TRADES or frame.contents is None:
        return ()
    if isinstance(frame.contents, list):
        return [row for contents in frame.contents for row in contents.trades]
    return frame.contents.trades


_TRADES = Table("dydx trades", _Trade, _Frame, _rows)


def parse_liquidations(frame: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Closures among the trades of one market. The snapshot that follows a subscription is passed over: it is old.

    ```
    {"type":"channel_data","channel":"v4_trades","version":"2.1.0","connection_id":"…","message_id":40,
     "id":"AVAX-USD",                                the market
     "contents":{"trades":[{                         a list of such contents in "channel_batch_data"
       "id":"03f2a0c10000000200000005",
       "side":"SELL",                                of the order that closed the position: selling closes a long
       "size":"41.5",                                coins
       "price":"21.12",                              US dollars a coin
       "createdAt":"2026-03-08T20:00:00.075Z",       UTC
       "type":"LIQUIDATED"}]}}                       LIMIT, LIQUIDATED, DELEVERAGED, …
    ```

    Other frames: `connected`, `subscribed`, `unsubscribed`, `error`.
    """
    envelope, rows, refused = _TRADES.open(frame)
    if envelope.kind == "error":
        return Parsed(control="error", said=envelope.message[:200])
    if envelope.kind in ("connected", "unsubscribed"):
        return Parsed(control="pong")
    if envelope.kind == "subscribed":
        return Parsed(control="ack")
    if envelope.kind not in TRADES:
        return Parsed(refused=(Refused(envelope.kind[:64] or "frame", "no trades"),))
    instrument = known.get(envelope.symbol)
    if instrument is None:
        return Parsed((), refused)
    facts: list[Fact] = []
    for row in rows:
        if row.kind == FORCED:
            try:
                facts.append(closure(NAME, instrument, SIDES[row.side], row.size, row.price, t_ms, row.at_ms))
            except UNREADABLE as error:
                refused.append(refusal(envelope.symbol, error))
    return Parsed(facts, refused)


def _subscribe(known: Known) -> list[str]:
    return [f'{{"type":"subscribe","channel":"v4_trades","id":"{symbol}"}}' for symbol in known]


LIQUIDATIONS = Stream(
    name="liquidations",
    feeds=("liquidation",),
    url="wss://indexer.dydx.trade/v4/ws",
    subscribe=_subscribe,
    parse=parse_liquidations,
    most_topics=32,  # subscriptions to v4_trades on one connection (indexer, default of its socket service)
)
