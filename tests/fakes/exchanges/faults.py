"""What can go wrong at a venue, by name: `await exchange.suffer("429")`, `await exchange.recover("429")`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Literal, get_args

from tests.fakes.exchanges.wire import Json

Fault = Literal[
    "429",  # every call, with Retry-After
    "418",  # every call, as Binance bans: with Retry-After too
    "451",  # calls and sockets, as from a place that the venue refuses
    "403 page",  # the same with the page of a firewall
    "html",  # calls are answered 200 with a page
    "hang",  # calls are not answered
    "cut body",  # the connection ends in the middle of an answer
    "half",  # bodies and frames that end in the middle
    "wrong types",  # objects where numbers belong
    "empty strings",  # nothing where numbers belong
    "unknown fields",  # more than is known; nothing is missing
    "nan",  # NaN where prices and amounts belong
    "1e308",  # a number that overflows when it is multiplied
    "duplicate frames",
    "reordered frames",  # frames of a second come in the wrong order
    "silent socket",  # it answers pings and subscriptions and tells nothing
    "socket closes",  # 3 s after it opened
    "gzip pings",  # a packed {"ping": ms} each 5 s, as HTX sends them; none of these venues does
    "no route",  # nobody answers a connection, and what is open is dead
    "clock skew",  # the venue's clock is 5 minutes ahead of the world's
    "subscription refused",
]
FAULTS: tuple[Fault, ...] = get_args(Fault)
STATUS: dict[Fault, int] = {"429": 429, "418": 418, "451": 451, "403 page": 403, "html": 200}
TO_SOCKETS: tuple[Fault, ...] = ("451", "403 page")
"""Those of `STATUS` with which a socket is refused too."""
PAGES: tuple[Fault, ...] = ("403 page", "html")
PAGE = "<!DOCTYPE html><html><head><title>Request blocked</title></head><body><h1>403 ERROR</h1></body></html>"
RETRY_AFTER_S = 7
CLOSES_AFTER_S = 3.0
SKEW_MS = 300_000
GZIP_PING_S = 5.0

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
_TIME = re.compile(r"\d{10}(\d{3})?")


def _put(value: object) -> Callable[[object], object]:
    return lambda _number: value


SPOILT: dict[Fault, Callable[[object], object]] = {
    "wrong types": _put({"wrong": [True]}),
    "empty strings": _put(""),
    "nan": lambda number: "NaN" if isinstance(number, str) else float("nan"),
    "1e308": lambda number: "1e308" if isinstance(number, str) else 1e308,
}
"""What stands in the place of a number; times keep theirs, so that it is the amounts that are looked at."""


def spoilt(told: str, faults: set[Fault]) -> str:
    """A body or frame as it goes out under these faults.

    In a list of rows every second row is spoilt, so that it can be seen that the others are kept; in a body without
    one, everything is.
    """
    for fault in faults & SPOILT.keys():
        if told[:1] in "[{":
            told = json.dumps(_spoil(json.loads(told), SPOILT[fault]))
    if "unknown fields" in faults and told[:1] in "[{":
        told = json.dumps(_more(json.loads(told)))
    return told[: len(told) // 2] if "half" in faults else told


def _rows(body: Json) -> list[Json] | None:
    """The longest list (or mapping) of rows in a body, the last of equals, None without any."""
    found: list[list[Json]] = []

    def look(part: Json) -> None:
        values = list(part.values()) if isinstance(part, dict) else part if isinstance(part, list) else []
        if len(values) > 1 and all(isinstance(value, dict | list) for value in values):
            found.append(values)
        for value in values:
            look(value)

    look(body)
    return max(reversed(found), key=len) if found else None


def _spoil(body: Json, put: Callable[[object], object]) -> Json:
    rows = _rows(body)
    if rows is None:
        return _replaced(body, put)
    for row in rows[1::2]:
        # In place, because the rows hang in whatever is around them.
        new = _replaced(row, put)
        if isinstance(row, dict):
            row.update(new)
        else:
            row[:] = new
    return body


def _replaced(part: Json, put: Callable[[object], object]) -> Json:
    if isinstance(part, dict):
        return {name: _replaced(value, put) for name, value in part.items()}
    if isinstance(part, list):
        return [_replaced(value, put) for value in part]
    is_number = isinstance(part, int | float | str) and not isinstance(part, bool) and _NUMBER.fullmatch(str(part))
    return put(part) if is_number and not _TIME.fullmatch(str(part)) else part


def _more(part: Json) -> Json:
    if isinstance(part, dict):
        grown = {name: _more(value) for name, value in part.items()}
        # A mapping of rows by their names is a list: what is added there would be a row.
        of_rows = all(isinstance(value, dict | list) for value in part.values())
        return grown if of_rows else grown | {"added": {"since": [2027, None]}}
    if isinstance(part, list):
        # A candle is a list: venues append to it. A list of names or of rows is left as it is.
        is_row = len(part) > 3 and not any(isinstance(value, dict | list) for value in part)
        return [*map(_more, part), *(["added"] if is_row else [])]
    return part
