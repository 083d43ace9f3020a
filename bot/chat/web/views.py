"""What the page is given to show: every text already in every language, so switching needs no further request."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bot.chat.pictures import picture_key
from bot.chat.web.player import PlayerState
from bot.chat.wording import Wording, Words
from bot.message import Band, Message, Phrase


class Posted(msgspec.Struct, frozen=True):
    """A message as it stands in the channel: `edited_ms` is None if it never changed."""

    message_id: str
    revision: int
    message: Message
    thread_of: str | None
    sent_ms: int
    edited_ms: int | None = None
    silent: bool = False


class Spoken(msgspec.Struct, frozen=True):
    """A message in one language; `alt` describes its chart."""

    words: Words
    alt: str | None


class PostView(msgspec.Struct, frozen=True):
    """A post; `chart` names the picture's content (None: no chart), `spoken` is by language."""

    id: str
    revision: int
    kind: str
    band: Band | None
    thread_of: str | None
    sent_ms: int
    edited_ms: int | None
    silent: bool
    chart: str | None
    spoken: dict[str, Spoken]


class AnswerView(msgspec.Struct, frozen=True):
    """What somebody typed (None when it could not be read) and the reply to it."""

    asked: str | None
    private: bool
    post: PostView


class PlayerView(msgspec.Struct, frozen=True):
    """A `PlayerState` with its mark in every language, where it has one."""

    state: PlayerState
    origin: dict[str, str]


def view_of(posted: Posted, wordings: Mapping[str, Wording]) -> PostView:
    """A post in every language."""
    message = posted.message
    return PostView(
        id=posted.message_id,
        revision=posted.revision,
        kind=message.kind,
        band=message.band,
        thread_of=posted.thread_of,
        sent_ms=posted.sent_ms,
        edited_ms=posted.edited_ms,
        silent=posted.silent,
        chart=None if message.chart is None else picture_key(message, "", "dark").digest,
        spoken={language: _spoken(message, wording) for language, wording in wordings.items()},
    )


def view_of_player(state: PlayerState, wordings: Mapping[str, Wording]) -> PlayerView:
    """The stream's state with its mark in every language."""
    return PlayerView(state, {} if state.origin is None else in_every_language(state.origin, wordings))


def in_every_language(phrase: Phrase, wordings: Mapping[str, Wording]) -> dict[str, str]:
    """A phrase by language."""
    return {language: wording.text(phrase) for language, wording in wordings.items()}


def _spoken(message: Message, wording: Wording) -> Spoken:
    return Spoken(wording.words(message), None if message.chart is None else wording.text(message.chart.alt))
