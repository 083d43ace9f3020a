"""The answer of Bybit that is around the rows of every call."""

from __future__ import annotations

from typing import Generic, TypeVar
from urllib.parse import unquote

import msgspec

from bot.errors import VenueError
from bot.market.venues.reading import UNREADABLE, unreadable
from bot.market.venues.venue import Request

NAME = "bybit"
Row = TypeVar("Row")


class Result(msgspec.Struct, Generic[Row]):
    """The rows of an answer that is no error."""

    rows: list[Row] | msgspec.UnsetType = msgspec.field(name="list", default=msgspec.UNSET)


class Answer(msgspec.Struct, Generic[Row], rename="camel"):
    """What is around the rows; `time` is the venue's own, UTC ms."""

    ret_code: int
    ret_msg: str = ""
    result: Result[Row] | None = None
    time: int = 0


def rows_of(answer: Answer[Row]) -> list[Row]:
    """The rows of an answer; raises `VenueError` where it reports an error instead."""
    rows = answer.result.rows if answer.result is not None else msgspec.UNSET
    if answer.ret_code or isinstance(rows, msgspec.UnsetType):
        raise VenueError(f"bybit answered {answer.ret_code} without rows: {answer.ret_msg[:200]}")
    return rows


class _Page(msgspec.Struct):
    rows: list[msgspec.Raw] = msgspec.field(name="list", default_factory=list)
    cursor: str | None = msgspec.field(name="nextPageCursor", default=None)


class _Paged(msgspec.Struct):
    result: _Page


def next_page(body: bytes, request: Request) -> Request | None:
    """The call for the rows that did not fit, None where these are the last; raises `VenueError`.

    ```
    {"retCode":0,"retMsg":"OK","result":{"list":[…],
      "nextPageCursor":"first%3DAVAXUSDT%26last%3DBTCUSDT"},"time":1773000000100}      "" on the last page
    ```

    The cursor stands there as in an address, and is encoded again when it is sent.
    """
    try:
        page = msgspec.json.decode(body, type=_Paged).result
    except UNREADABLE as error:
        raise unreadable("bybit contracts", body, error) from error
    cursor = unquote(page.cursor or "")
    if not page.rows or cursor in ("", request.params.get("cursor")):
        return None
    return request._replace(params={**request.params, "cursor": cursor})
