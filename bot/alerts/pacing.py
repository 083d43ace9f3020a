"""When the next request to a chat may go: even spacing for a platform, limits of chats, pauses that they ask for.

Pure: `now_s` is any clock that does not jump back, in seconds. Spacing is the generic cell rate algorithm: each request
moves the moment at which its limit is used up, so nothing has to be counted or forgotten. Written here because the
libraries for it (aiolimiter, pyrate-limiter) wait inside themselves and cannot say which chats are ready, which is what
a sender has to know before it claims a delivery.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Limit(NamedTuple):
    """One request every `every_s` seconds, of which `burst` may come at once after a rest."""

    every_s: float
    burst: int = 1


class Pacing:
    """The limits of one platform; `chat_limit` gives that of a chat by its id, None for none."""

    def __init__(self, whole: Limit | None = None, chat_limit: Callable[[str], Limit | None] = lambda _: None) -> None:
        self._whole = whole
        self._chat_limit = chat_limit
        self._whole_used_s = float("-inf")
        self._used_s: dict[str, float] = {}
        self._held_s: dict[str, float] = {}
        self._all_held_s = float("-inf")

    def take(self, chat: str, now_s: float) -> float:
        """The moment at which one request to a chat may go; it is counted as made then."""
        at_s = max(self.ready_s(chat, now_s), _free_s(self._whole, self._whole_used_s, now_s))
        if self._whole:
            self._whole_used_s = max(self._whole_used_s, at_s) + self._whole.every_s
        limit = self._chat_limit(chat)
        if limit:
            self._used_s[chat] = max(self._used_s.get(chat, at_s), at_s) + limit.every_s
        return at_s

    def ready_s(self, chat: str, now_s: float) -> float:
        """When a chat's limit and pauses, and those of the platform, let a request go; `now_s` when they do already."""
        return max(self.chat_ready_s(chat, now_s), self._all_held_s)

    def chat_ready_s(self, chat: str, now_s: float) -> float:
        """The same, leaving a pause of the whole platform aside."""
        used_s = self._used_s.get(chat, float("-inf"))
        return max(_free_s(self._chat_limit(chat), used_s, now_s), self._held_s.get(chat, now_s))

    def waiting(self, now_s: float) -> dict[str, float]:
        """Chats that have to wait, with the moment at which each is ready."""
        self._forget(now_s)
        ready = {chat: self.ready_s(chat, now_s) for chat in {*self._used_s, *self._held_s}}
        return {chat: at_s for chat, at_s in ready.items() if at_s > now_s}

    def hold(self, chat: str, until_s: float) -> None:
        """No request to a chat before a moment."""
        self._held_s[chat] = max(self._held_s.get(chat, until_s), until_s)

    def hold_all(self, until_s: float) -> None:
        """No request to the platform before a moment."""
        self._all_held_s = max(self._all_held_s, until_s)

    @property
    def all_held_s(self) -> float:
        """Until when the whole platform is paused."""
        return self._all_held_s

    def _forget(self, now_s: float) -> None:
        """Chats whose limit is whole again take no memory."""
        self._used_s = {chat: used_s for chat, used_s in self._used_s.items() if used_s > now_s}
        self._held_s = {chat: held_s for chat, held_s in self._held_s.items() if held_s > now_s}


def _free_s(limit: Limit | None, used_s: float, now_s: float) -> float:
    return now_s if limit is None else max(now_s, used_s - (limit.burst - 1) * limit.every_s)
