"""What the page needs of whoever plays the stream: its clock and, but for the live market, to be told how to go on."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import msgspec

from bot.message import Phrase


class PlayerState(msgspec.Struct, frozen=True):
    """Where the stream stands. Times are UTC ms of the stream, never of the wall.

    `name` is the recording or scenario, `origin` the mark that every post of it carries. `speed` is stream seconds
    per second of waiting, None is as fast as it goes. `next_due_ms` is the next follow-up, None when none is open.
    With `live` it is the market as it happens: `now_ms` is the present, there is no mark and no end, and the page has
    no controls.
    """

    name: str
    origin: Phrase | None
    now_ms: int
    start_ms: int
    end_ms: int
    speed: float | None
    paused: bool
    finished: bool
    next_due_ms: int | None
    live: bool = False


class Shown(Protocol):
    """A stream that can be watched, such as the live market."""

    def state(self) -> PlayerState:
        """Where the stream stands now."""


@runtime_checkable
class Player(Shown, Protocol):
    """A stream that takes the wishes of a visitor."""

    def play(self) -> None:
        """Go on from where it stands."""

    def pause(self) -> None:
        """Stop where it stands."""

    def set_speed(self, speed: float | None) -> None:
        """Stream seconds per second, None for as fast as it goes."""

    def jump(self) -> None:
        """Run without waiting to the next post."""

    async def restart(self) -> None:
        """Begin again with an empty channel; returns before the new run has sent anything."""
