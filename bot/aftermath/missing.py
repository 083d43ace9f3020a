"""What could not be assessed, as a value: named, never replaced by a guess and never zero."""

from __future__ import annotations

from typing import Literal

import msgspec

What = Literal[
    "price", "open_interest", "funding", "levels", "basis", "volume", "liquidations", "coins", "venues", "depth"
]


class Missing(msgspec.Struct, frozen=True):
    """An input that is not there; `venues` are those that would have brought it, empty where none ever did."""

    what: What
    venues: tuple[str, ...] = ()


class Hole(msgspec.Struct, frozen=True):
    """A stretch in which a venue told nothing, UTC ms; `to_ms` is None while it lasts."""

    venue: str
    from_ms: int
    to_ms: int | None


class Slow(msgspec.Struct, frozen=True):
    """A venue that speaks only every `period_ms`: its last word may be older than the flush."""

    venue: str
    period_ms: int
