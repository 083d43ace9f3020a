"""The answer of the venues that put a code beside their rows: OKX and Bitget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from bot.errors import VenueError

Row = TypeVar("Row")


class Answer(msgspec.Struct, Generic[Row]):
    """What is around the rows; `code` tells whether the call went well, `msg` why not."""

    code: str
    msg: str | None = None
    data: list[Row] | None = None


def rows_of(venue: str, success: str) -> Callable[[Answer[Row]], list[Row]]:
    """What takes the rows out of an answer of `venue`; it raises `VenueError` unless the code is `success`."""

    def rows(answer: Answer[Row]) -> list[Row]:
        if answer.code != success:
            raise VenueError(f"{venue} answered {answer.code[:16]}: {(answer.msg or 'without a reason')[:200]}")
        if answer.data is None:
            raise VenueError(f"{venue} answered without rows")
        return answer.data

    return rows
