"""What the page needs of whoever plays the stream: its clock, and the wish to go faster, wait or begin again."""

from __future__ import annotations

from typing import Protocol

import msgspec

from bot.message import Phrase


class PlayerState(msgspec.Struct, frozen=True):
    """Where the stream stands. Times are UTC ms of the stream, never of the wall.

    `name` is the recording or scenario, `origin` the mark that every post of it carries. `speed` is stream seconds
    per second of waiting, None is as fast as it goes. `next_due_ms` is the next follow-up, None when none is open.
    """

    name: str
    origin: Phrase
    now_ms: int
    start_ms: int
    end_ms: int
    speed: float | None
    paused: bool
    finished: bool
    next_due_ms: int | None


class Player(Protocol):
    """The wishes a visitor may have."""

    def state(self) -> PlayerState:
        """Where the stream stands now."""

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
