"""Bybit's order books: up to 500 levels a side, which span 1 % where prices are told in coarse enough steps."""

from __future__ import annotations

import msgspec

from bot.errors import VenueError
from bot.market.facts import Milliseconds
from bot.market.venues.book import Sides, books, read
from bot.market.venues.bybit_answer import NAME
from bot.market.venues.bybit_past import category
from bot.market.venues.reading import UNREADABLE, unreadable
from bot.market.venues.venue import Instrument, Known, Parsed, Request

LEVELS = 500
"""The most that may be asked for (v5 guide, "Get Orderbook"); its call for 10,000 is not announced for perpetuals."""


class _Book(msgspec.Struct):
    bids: msgspec.Raw = msgspec.field(name="b")
    asks: msgspec.Raw = msgspec.field(name="a")
    at: Milliseconds | None = msgspec.field(name="ts", default=None)


class _Answer(msgspec.Struct):
    code: int = msgspec.field(name="retCode")
    said: str = msgspec.field(name="retMsg", default="")
    result: msgspec.Raw = msgspec.Raw(b"{}")


_ANSWER = msgspec.json.Decoder(_Answer)
_BOOK = msgspec.json.Decoder(_Book, strict=False)


def parse_book(body: bytes, known: Known, t_ms: int, symbol: str) -> Parsed:
    """Depth of one contract, none where the levels told end before 1 %.

    ```
    {"retCode":0,"retMsg":"OK","result":{"s":"AVAXUSDT",
      "b":[["21.343","119.4"]],         USDT (USD) a coin and coins (US dollars where coin-margined), the best first
      "a":[["21.344","84.1"]],
      "ts":1773000000090,"cts":1773000000082,   UTC ms: told, matched
      "u":230704,"seq":1432604333},"retExtInfo":{},"time":1773000000100}
    ```
    """
    try:
        answer = _ANSWER.decode(body)
        if answer.code:
            raise VenueError(f"bybit answered {answer.code} without a book: {answer.said[:200]}")
        book = _BOOK.decode(answer.result)
    except UNREADABLE as error:
        raise unreadable("bybit book", body, error) from error
    return read(NAME, Sides(book.bids, book.asks, book.at), known, t_ms, symbol)


def _request(one: Instrument) -> Request:
    asked: dict[str, str | int] = {"category": category(one), "symbol": one.symbol, "limit": LEVELS}
    return Request("/v5/market/orderbook", asked, symbol=one.symbol)


BOOKS = books(_request, parse_book)
