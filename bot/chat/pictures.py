"""Charts of messages: drawn when somebody first needs one, once for each language and theme."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple, Protocol

import msgspec

from bot.chat.wording import Wording
from bot.errors import ChartError
from bot.message import ChartRequest, Message, Theme

KEPT_PICTURES = 200


class Drawing(Protocol):
    """Whoever draws: the chart worker."""

    async def draw(self, request: ChartRequest, wording: Wording, theme: Theme, note: str | None = None) -> bytes:
        """A PNG, with the mark of origin as `note`; raises `ChartError`."""


class PictureKey(NamedTuple):
    """One picture; `digest` names what is in it."""

    digest: str
    language: str
    theme: Theme


def picture_key(message: Message, language: str, theme: Theme) -> PictureKey:
    """Names a message's picture by what is in it: another run may post another one under the same id and revision."""
    body = msgspec.json.encode((message.chart, message.origin))
    return PictureKey(hashlib.blake2b(body, digest_size=8).hexdigest(), language, theme)


class Pictures:
    """The newest pictures, each drawn once however many pages ask for it at the same time."""

    def __init__(self, drawing: Drawing, wordings: Mapping[str, Wording]) -> None:
        self._drawing = drawing
        self._wordings = wordings
        self._drawn: OrderedDict[PictureKey, asyncio.Task[bytes]] = OrderedDict()

    async def picture(self, key: PictureKey, message: Message) -> bytes:
        """The PNG of the message's chart; raises `ChartError`, and then the next request tries again."""
        task = self._drawn.get(key)
        if task is None:
            task = asyncio.create_task(self._draw(key, message))
            self._drawn[key] = task
        self._drawn.move_to_end(key)
        while len(self._drawn) > KEPT_PICTURES:
            self._drawn.popitem(last=False)
        try:
            return await asyncio.shield(task)
        finally:
            if task.done() and (task.cancelled() or task.exception()):
                self._drawn.pop(key, None)

    async def _draw(self, key: PictureKey, message: Message) -> bytes:
        if message.chart is None:
            raise ChartError("the message has no chart")
        wording = self._wordings[key.language]
        note = None if message.origin is None else wording.text(message.origin)
        return await self._drawing.draw(message.chart, wording, key.theme, note)
