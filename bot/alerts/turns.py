"""Whose turn it is: posts and answers share the limits of a platform and its chats, and neither starves the other."""

from __future__ import annotations

import asyncio
from collections.abc import Set as AbstractSet

from bot.alerts.pacing import Pacing
from bot.errors import TemporaryDeliveryError

PATIENCE_S = 30.0
"""No answer waits longer for posts than this."""


class Turns:
    """Hands out the requests of one platform; all time is the loop's.

    Answers to people go at once where they may. In a chat for which posts wait, an answer and a post take turns:
    otherwise a handful of people who ask would keep an alert out of their group.
    """

    def __init__(self, pacing: Pacing) -> None:
        self.pacing = pacing
        self._expected: frozenset[str] = frozenset()
        self._queued: set[str] = set()
        self._next_post = asyncio.Lock()
        self._answered: set[str] = set()
        self._change = asyncio.Event()

    def expect(self, chats: AbstractSet[str]) -> None:
        """Chats for which posts wait."""
        self._expected = frozenset(chats)
        # Remembered for as long as a chat's limit is not whole again: then nobody was kept waiting.
        self._answered &= {*self._expected, *self._queued, *self.pacing.waiting(_now_s())}
        self._tell()

    async def take(self, chat: str) -> None:
        """Wait for the turn of a post; raises `TemporaryDeliveryError` when the platform is paused before it comes."""
        self._queued.add(chat)
        try:
            while not await self._taken_when_ready(chat):
                pass
        finally:
            self._queued.discard(chat)
            self._answered.discard(chat)
            self._tell()

    async def _taken_when_ready(self, chat: str) -> bool:
        """One post at a time takes the platform's next turn: whatever has not taken it an answer can overtake."""
        while (wait_s := self.pacing.chat_ready_s(chat, _now_s()) - _now_s()) > 0:
            self._refuse_when_paused()
            await asyncio.sleep(wait_s)
        async with self._next_post:
            self._refuse_when_paused()
            if self.pacing.chat_ready_s(chat, _now_s()) > _now_s():
                return False  # an answer came first
            await self._take(chat)
            self._refuse_when_paused()
            return True

    async def answer(self, chat: str) -> None:
        """Wait for the turn of an answer."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._until_ready(chat)
                while self._owes(chat):
                    await self._change.wait()
                    await self._until_ready(chat)
        except TimeoutError:
            await self._until_ready(chat)
        self._answered.add(chat)
        await self._take(chat)

    def _owes(self, chat: str) -> bool:
        return chat in self._answered and (chat in self._expected or chat in self._queued)

    def _tell(self) -> None:
        self._change.set()
        self._change = asyncio.Event()

    def _refuse_when_paused(self) -> None:
        held_s = self.pacing.all_held_s - _now_s()
        if held_s > 0:
            raise TemporaryDeliveryError("the platform asks for patience", held_s, everywhere=True)

    async def _take(self, chat: str) -> None:
        """The platform's turn is taken when the chat is ready: one far ahead would hold up every other chat."""
        now_s = _now_s()
        await asyncio.sleep(self.pacing.take(chat, now_s) - now_s)

    async def _until_ready(self, chat: str) -> None:
        while (wait_s := self.pacing.ready_s(chat, _now_s()) - _now_s()) > 0:  # noqa: ASYNC110 -- it waits for a time
            await asyncio.sleep(wait_s)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
