"""Deribit's order books: up to 10,000 levels a side, more than its largest book has within 1 %."""

from __future__ import annotations

import msgspec

from bot.market.facts import Milliseconds
from bot.market.venues.book import Sides, books, read
from bot.market.venues.deribit_frames import NAME
from bot.market.venues.reading import UNREADABLE, unreadable
from bot.market.venues.venue import Instrument, Known, Parsed, Request

LEVELS = 10_000
"""The most that the venue gives (API guide, public/get_order_book)."""


class _Book(msgspec.Struct):
    bids: msgspec.Raw
    asks: msgspec.Raw
    at: Milliseconds | None = msgspec.field(name="timestamp", default=None)


class _Answer(msgspec.Struct):
    result: _Book


_BOOK = msgspec.json.Decoder(_Answer, strict=False)


def parse_book(body: bytes, known: Known, t_ms: int, symbol: str) -> Parsed:
    """Depth of one perpetual, none where the levels told end before 1 %.

    ```
    {"jsonrpc":"2.0","result":{
      "instrument_name":"ETH-PERPETUAL","state":"open",
      "timestamp":1773000000075,                UTC ms
      "bids":[[3050.95,120400.0]],              US dollars a coin; dollars (coin-margined) or coins (USDC)
      "asks":[[3051.0,88000.0]],
      "best_bid_price":3050.95,"best_ask_price":3051.0,"mark_price":3051.1,"index_price":3050.9,
      "change_id":74183904217}}
    ```
    """
    try:
        book = _BOOK.decode(body).result
    except UNREADABLE as error:
        raise unreadable("deribit book", body, error) from error
    return read(NAME, Sides(book.bids, book.asks, book.at), known, t_ms, symbol)


def _request(one: Instrument) -> Request:
    return Request("/public/get_order_book", {"instrument_name": one.symbol, "depth": LEVELS}, symbol=one.symbol)


BOOKS = books(_request, parse_book)
