"""Binance's order books: up to 1,000 levels a side, which span 1 % where prices are told in coarse enough steps."""

from __future__ import annotations

import msgspec

from bot.market.facts import Milliseconds
from bot.market.venues.binance_bars import NAME
from bot.market.venues.book import Sides, books, read
from bot.market.venues.reading import UNREADABLE, unreadable
from bot.market.venues.venue import Instrument, Known, Parsed, Request

LEVELS, WEIGHT = 1000, 20
"""The most levels that the venue gives, and what they cost (USDⓈ-M API guide, "Order Book")."""


class _Book(msgspec.Struct):
    bids: msgspec.Raw
    asks: msgspec.Raw
    at: Milliseconds | None = msgspec.field(name="E", default=None)


_BOOK = msgspec.json.Decoder(_Book, strict=False)


def parse_book(body: bytes, known: Known, t_ms: int, symbol: str) -> Parsed:
    """Depth of one contract, none where the levels told end before 1 %.

    ```
    {"lastUpdateId":1027024,
      "E":1773000000922,"T":1773000000913,      UTC ms: told, last changed
      "bids":[["21.343","119"]],                USDT a coin and coins, the best first
      "asks":[["21.344","84"]]}
    ```
    """
    try:
        book = _BOOK.decode(body)
    except UNREADABLE as error:
        raise unreadable("binance book", body, error) from error
    return read(NAME, Sides(book.bids, book.asks, book.at), known, t_ms, symbol)


def _request(one: Instrument) -> Request:
    return Request("/fapi/v1/depth", {"symbol": one.symbol, "limit": LEVELS}, weight=WEIGHT, symbol=one.symbol)


BOOKS = books(_request, parse_book)
