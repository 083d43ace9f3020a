"""A bot with the real commands and a real database, on a Telegram that is ours."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.alerts.channel_book import StoredChannels
from bot.catalogue import Catalogue
from bot.chat.pictures import Drawing, Pictures
from bot.chat.reception import Reception
from bot.chat.telegram.chat import TelegramChat
from bot.chat.wording import LANGUAGES, Wording, wordings
from bot.command import Caller
from bot.errors import ChartError
from bot.market.view import MarketView
from bot.message import ChartRequest, Message, Name, Phrase, Post, Row, Spot, Theme
from bot.store.database import Store
from bot.store.episodes import save_episode
from commands import ALL
from commands.desk import Desk
from tests.commands.flushes import episode, member, row_of
from tests.commands.market import HOUR_MS, NOW_MS, market
from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.chats import Message as Posted


def by_bot(chat: Chat) -> list[Posted]:
    """What the bot said in a chat and still stands."""
    return [post for post in chat.posts if post.by_bot]


def png(note: str) -> bytes:
    """The beginning of a PNG, which is all that the fake looks at."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 1_200, 600) + note.encode()


async def at_once() -> None:
    """Every request may go."""


class Pencil:
    """Draws the title of a chart; `broken` as only a worker can be."""

    def __init__(self) -> None:
        self.drawn = 0
        self.broken = False

    async def draw(self, request: ChartRequest, wording: Wording, theme: Theme, note: str | None = None) -> bytes:
        await asyncio.sleep(0)
        if self.broken:
            raise ChartError("the pencil broke")
        self.drawn += 1
        return png(f"{wording.text(request.title)} {wording.language} {theme}")


@dataclass
class House:
    """The bot and everything around it.

    `tests` are channels a test message was asked for, `turns` those of answers, `held` those to be left alone, with
    seconds. `drawing` draws in the place of the pencil, `origin` marks answers.
    """

    fake: TelegramFake
    store: Store
    view: MarketView = field(default_factory=lambda: market(charted=False))
    pencil: Pencil = field(default_factory=Pencil)
    drawing: Drawing | None = None
    now_ms: int = NOW_MS
    origin: Callable[[int], Phrase] | None = None
    tests: list[str] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)
    held: list[tuple[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.book = StoredChannels(self.store, lambda: self.now_ms)
        self.chat = self.built()

    def built(self) -> TelegramChat:
        """The bot as a process builds it at its start."""
        catalogue = Catalogue(ALL, self._desk())
        reception = Reception(catalogue, Pictures(self.drawing or self.pencil, wordings()))
        return TelegramChat(self.fake.token, reception, self.book, self._turn, self.fake.api, self._hold)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """The bot hears while this lasts, or until it is closed."""
        await self.chat.start()
        self.running = asyncio.create_task(self.chat.run())
        await self.fake.until(lambda: self.fake.updates.polling)
        try:
            yield
        finally:
            await self.close()

    async def close(self) -> None:
        """The bot stops."""
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        await self.chat.stop()

    async def send(self, post: Post) -> str:
        """Let a post go at once; its number."""
        return await self.chat.transport.send(post, at_once)

    async def edit(self, post: Post, number: str) -> None:
        """Let an edit go at once."""
        await self.chat.transport.edit(post, number, at_once)

    def post(self, message: Message, channel: str, **changes: Any) -> Post:
        """A message on its way to a channel."""
        made: dict[str, Any] = {"message_id": "2026-01-19-BTC-1/card", "revision": 1, "language": "en"}
        made["now_ms"] = self.now_ms
        return Post(channel, message=message, **(made | changes))

    async def told(self, chat: Chat, count: int = 1) -> Posted:
        """The last message of the bot in a chat, once there are `count`."""
        await self.fake.until(lambda: len(by_bot(chat)) >= count)
        assert len(by_bot(chat)) == count
        return by_bot(chat)[-1]

    async def flush(self) -> None:
        """A flush that the commands can talk about."""
        await self.store.run(lambda db: save_episode(db, row_of(episode(member(), member("SOL")))))

    async def _turn(self, channel: str) -> None:
        self.turns.append(channel)

    def _hold(self, channel: str, seconds: float) -> None:
        self.held.append((channel, seconds))

    async def _post_test(self, channel: str) -> None:
        self.tests.append(channel)

    async def _spot(self, caller: Caller, wanted: str) -> Spot:
        return await self.chat.spot(caller, wanted)

    def _desk(self) -> Desk:
        return Desk(
            view=lambda: self.view,
            store=self.store,
            now_ms=lambda: self.now_ms,
            post_test=self._post_test,
            spot=self._spot,
            flushes=lambda: ["2026-01-19-BTC-1"],
            languages=LANGUAGES,
            language=None,
            started_ms=self.now_ms - 2 * HOUR_MS,
            origin=self.origin,
        )


def said(text: str) -> Phrase:
    """A sentence that exists in every language and names `text`."""
    return Phrase("error-internal", {"incident": Name(text)})


def chart(title: str = "chart") -> ChartRequest:
    """A small chart."""
    times_ms = tuple(NOW_MS + minute * 60_000 for minute in range(5))
    return ChartRequest(said(title), said("a fall"), times_ms, (5.0, 4.0, 3.0, None, 2.0))


def card(text: str = "alpha", **changes: Any) -> Message:
    """A card whose headline names `text`, with a chart."""
    rows = (Row(said("first row")), Row(said("rule"), "muted"), Row(said("gap"), "muted"))
    made = Message("card", said(text), rows, said(f"push {text}"), "flush", chart(), origin=Phrase("origin-simulated"))
    return Message(**{name: changes.get(name, getattr(made, name)) for name in made.__struct_fields__})
