"""The answer of Bybit that is around the rows of every call."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from bot.errors import VenueError

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
