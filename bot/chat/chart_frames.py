"""What goes through the pipe between the program and its chart worker: a length, then a value as MessagePack.

Texts arrive in the reader's language; only the numbers on the axes are written by the worker, which chooses them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Theme = Literal["dark", "light"]
ChartForm = Literal["panels", "ladder", "venues", "heat"]
LENGTH_BYTES = 4


class Captions(msgspec.Struct, frozen=True):
    """The words around the panels; `span` says how long one liquidation bar is, empty when unknown."""

    price: str
    longs: str
    shorts: str
    span: str
    open_interest: str
    no_data: str
    zone: str
    funding: str = ""
    model: str = ""
    venues: str = ""
    heat: str = ""


class Line(msgspec.Struct, frozen=True):
    """A horizontal price line with its label; `strength`, 0 to 1, is how long a rung it is."""

    price: float
    label: str
    strength: float = 0.0


class Shade(msgspec.Struct, frozen=True):
    """A band of prices of a model around `price`, as strong as `strength`, 0 to 1."""

    price: float
    side: Literal["long", "short"]
    strength: float


class Mark(msgspec.Struct, frozen=True):
    """A moment with its label; `tick` as in the request."""

    at_ms: int
    label: str
    tick: bool = False


class Venue(msgspec.Struct, frozen=True):
    """A column of one venue."""

    name: str
    values: tuple[float | None, ...]


class Drawing(msgspec.Struct, frozen=True):
    """A `ChartRequest` with its texts resolved; columns and units are those of the request."""

    title: str
    note: str
    captions: Captions
    language: str
    theme: Theme
    times_ms: tuple[int, ...]
    price: tuple[float | None, ...]
    long_usd: tuple[float | None, ...]
    short_usd: tuple[float | None, ...]
    open_interest: tuple[float | None, ...]
    window_ms: tuple[int, int] | None
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...] = ()
    funding: tuple[float | None, ...] = ()
    form: ChartForm = "panels"
    shades: tuple[Shade, ...] = ()
    venues: tuple[Venue, ...] = ()


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The worker's first word: it can draw now."""


class Picture(msgspec.Struct, frozen=True, tag="picture"):
    """A finished PNG."""

    png: bytes


class Refusal(msgspec.Struct, frozen=True, tag="refusal"):
    """Why nothing was drawn."""

    reason: str


Answer = Ready | Picture | Refusal


def pack(value: Drawing | Answer) -> bytes:
    """A value with its length before it."""
    body = msgspec.msgpack.encode(value)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body
