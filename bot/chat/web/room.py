"""The channel in memory: what stands in it, who listens, and the one place where both change together.

A page that opens gets everything that stands here and then every change, with nothing lost or doubled between the
two: both happen in one step of the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

import msgspec

from bot.chat.web.frames import Answered, Cleared, Post, ToPage
from bot.chat.web.views import AnswerView, Posted, PostView, view_of
from bot.chat.wording import Wording

Kept = TypeVar("Kept")

KEPT_POSTS = 500
KEPT_ANSWERS = 100
WAITING_FRAMES = 256
"""Frames a socket may fall behind; one that does not keep up is dropped and loads everything again."""


class Listener:
    """One open socket: frames that wait to be written to it, and how to drop it."""

    def __init__(self, drop: Callable[[], object]) -> None:
        self.frames: asyncio.Queue[bytes] = asyncio.Queue(WAITING_FRAMES)
        self.drop = drop


class Shown(NamedTuple):
    """A post and its view, which is made once."""

    posted: Posted
    view: PostView


class Room:
    """The channel `web` and the pages that show it."""

    def __init__(self, wordings: Mapping[str, Wording]) -> None:
        self.wordings = wordings
        self._posts: dict[str, Shown] = {}
        self._answers: dict[str, tuple[Posted, AnswerView]] = {}
        self._listeners: set[Listener] = set()

    def load(self, posts: Iterable[Posted]) -> None:
        """Put posts of an earlier run in place, oldest first, without telling anybody."""
        for posted in posts:
            self._posts[posted.message_id] = Shown(posted, view_of(posted, self.wordings))
        _forget_oldest(self._posts, KEPT_POSTS)

    def show(self, posted: Posted) -> None:
        """Add a post or replace it by a newer revision, and tell every page."""
        self.load([posted])
        self._tell(Post(self._posts[posted.message_id].view), self._listeners)

    def reply(self, asked: str | None, posted: Posted, listener: Listener) -> None:
        """Add a command and its reply; a private one is told to the asker alone, and only once."""
        private = posted.message.private
        answer = AnswerView(asked, private, view_of(posted, self.wordings))
        self._answers[posted.message_id] = (posted, answer)
        _forget_oldest(self._answers, KEPT_ANSWERS)
        self._tell(Answered(answer), {listener} if private else self._listeners)

    def clear(self) -> None:
        """Empty the channel everywhere."""
        self._posts.clear()
        self._answers.clear()
        self._tell(Cleared(), self._listeners)

    def find(self, message_id: str) -> Posted | None:
        """The post or reply of that id as it stands now; None when it never was here or was forgotten."""
        if message_id in self._posts:
            return self._posts[message_id].posted
        return self._answers[message_id][0] if message_id in self._answers else None

    def standing(self) -> tuple[list[PostView], list[AnswerView]]:
        """All posts and all public replies, oldest first."""
        answers = [answer for _, answer in self._answers.values() if not answer.private]
        return [shown.view for shown in self._posts.values()], answers

    def enter(self, listener: Listener) -> None:
        """From now on `listener` hears every change."""
        self._listeners.add(listener)

    def leave(self, listener: Listener) -> None:
        """No more frames for `listener`."""
        self._listeners.discard(listener)

    def drop_all(self) -> None:
        """Close what is still open, without waiting for anybody."""
        for listener in self._listeners:
            listener.drop()
        self._listeners.clear()

    def tell(self, frame: ToPage, listener: Listener) -> None:
        """Queue a frame for one page."""
        self._tell(frame, {listener})

    def _tell(self, frame: ToPage, listeners: Iterable[Listener]) -> None:
        data = msgspec.json.encode(frame)
        for listener in list(listeners):
            try:
                listener.frames.put_nowait(data)
            except asyncio.QueueFull:
                self.leave(listener)
                listener.drop()


def _forget_oldest(kept: dict[str, Kept], most: int) -> None:
    while len(kept) > most:
        del kept[next(iter(kept))]
