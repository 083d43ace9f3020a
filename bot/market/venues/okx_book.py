"""OKX's order books: up to 5,000 levels a side."""

from __future__ import annotations

import msgspec

from bot.market.facts import Milliseconds
from bot.market.venues.answer import Answer, rows_of
from bot.market.venues.book import Sides, books, read
from bot.market.venues.okx_contracts import NAME
from bot.market.venues.reading import UNREADABLE, unreadable
from bot.market.venues.venue import Instrument, Known, Parsed, Request

LEVELS = 5000
"""The most that the venue gives; it gives one where nothing is asked for (API guide, "Full order book")."""


class _Book(msgspec.Struct):
    bids: msgspec.Raw
    asks: msgspec.Raw
    at: Milliseconds | None = msgspec.field(name="ts", default=None)


_BOOKS = msgspec.json.Decoder(Answer[_Book], strict=False)
_ROWS = rows_of(NAME, "0")


def parse_book(body: bytes, known: Known, t_ms: int, symbol: str) -> Parsed:
    """Depth of one swap, none where the levels told end before 1 %.

    ```
    {"code":"0","msg":"","data":[{
      "asks":[["3126","210","7"]],      USDT a coin, contracts, orders; the best first
      "bids":[["3125.9","95","2"]],
      "ts":"1773000000700"}]}           UTC ms
    ```
    """
    try:
        (book,) = _ROWS(_BOOKS.decode(body))
    except UNREADABLE as error:
        raise unreadable("okx book", body, error) from error
    return read(NAME, Sides(book.bids, book.asks, book.at), known, t_ms, symbol)


def _request(one: Instrument) -> Request:
    return Request("/api/v5/market/books-full", {"instId": one.symbol, "sz": LEVELS}, symbol=one.symbol)


BOOKS = books(_request, parse_book)
