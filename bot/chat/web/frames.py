"""What travels over the page's socket, both ways, as JSON with a `type`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from bot.chat.web.views import AnswerView, PlayerView, PostView

Speed = Annotated[float, msgspec.Meta(gt=0, le=100_000)]


class Say(msgspec.Struct, frozen=True, tag="say", forbid_unknown_fields=True):
    """A command, typed or behind a button; `admin` is the switch of the page, worth nothing where it is forbidden."""

    text: str
    language: str
    admin: bool = False


class Complete(msgspec.Struct, frozen=True, tag="complete", forbid_unknown_fields=True):
    """What could `text` become? `ask` comes back with the lines, so that a late reply is not taken for a new one."""

    text: str
    ask: int
    admin: bool = False


class Control(msgspec.Struct, frozen=True, tag="control", forbid_unknown_fields=True):
    """A button of the player."""

    action: Literal["play", "pause", "jump", "restart"]


class SetSpeed(msgspec.Struct, frozen=True, tag="speed", forbid_unknown_fields=True):
    """Stream seconds per second; None is as fast as it goes."""

    speed: Speed | None


FromPage = Say | Complete | Control | SetSpeed


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """The whole channel, first on every socket; it replaces what the page showed of it."""

    posts: list[PostView]
    answers: list[AnswerView]
    player: PlayerView
    languages: list[str]
    allow_admin: bool


class Post(msgspec.Struct, frozen=True, tag="post"):
    """A new post, or a newer revision of one that stands there."""

    post: PostView


class Answered(msgspec.Struct, frozen=True, tag="answer"):
    """A command and its reply."""

    answer: AnswerView


class Completions(msgspec.Struct, frozen=True, tag="completions"):
    """Whole lines that the text could become."""

    ask: int
    lines: list[str]


class Played(msgspec.Struct, frozen=True, tag="player"):
    """Where the stream stands."""

    player: PlayerView


class Cleared(msgspec.Struct, frozen=True, tag="cleared"):
    """The stream begins again: the channel is empty."""


ToPage = Opened | Post | Answered | Completions | Played | Cleared


def parse_frame(data: str | bytes) -> FromPage:
    """A frame of the page; raises `msgspec.MsgspecError` or `UnicodeError` on anything else."""
    frame: FromPage = msgspec.json.decode(data, type=FromPage)
    return frame
