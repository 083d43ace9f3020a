"""A Discord at home: the real commands, store and client over a simulated server, for tests to walk about in."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.alerts.channel_book import StoredChannels
from bot.catalogue import Catalogue
from bot.chat.discord.budget import Budget
from bot.chat.discord.client import DiscordClient
from bot.chat.pictures import Drawing, Pictures
from bot.chat.reception import Reception
from bot.chat.wording import Wording, wordings
from bot.command import Caller
from bot.errors import ChartError
from bot.market.view import MarketView
from bot.message import ChartRequest, Phrase, Spot, Theme
from bot.store.database import Store
from commands import ALL
from commands.desk import Desk
from tests.commands.market import HOUR_MS, NOW_MS, market

TOKEN = "fake.bot.token"


def png(grey: int = 90) -> bytes:
    """A picture of one colour."""
    row = b"\0" + bytes([grey, grey, grey]) * 16

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 16, 9, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 9)) + chunk(b"IEND", b"")


@dataclass
class Brush:
    """Draws at once or for as long as it is told, or fails when told to; `drawn` counts."""

    fails: bool = False
    takes_s: float = 0.0
    drawn: int = 0

    async def draw(self, request: ChartRequest, wording: Wording, theme: Theme, note: str | None = None) -> bytes:
        if self.fails:
            raise ChartError("no paint left")
        await asyncio.sleep(self.takes_s)
        self.drawn += 1
        return png(len(request.times_ms) % 200)


@dataclass
class Home:
    """Everything behind a client; `client()` makes a fresh one, as after a restart. `drawing` replaces the brush."""

    store: Store
    view: MarketView
    brush: Brush = field(default_factory=Brush)
    now_ms: int = NOW_MS
    origin: Callable[[int], Phrase] | None = None
    drawing: Drawing | None = None
    tests: list[str] = field(default_factory=list)
    clients: list[DiscordClient] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.book = StoredChannels(self.store, lambda: self.now_ms)
        self.reception = Reception(Catalogue(ALL, self._desk()), Pictures(self.drawing or self.brush, wordings()))

    def client(self, *, offers_commands: bool = True, budget: Budget | None = None) -> DiscordClient:
        """A client that was never connected."""
        made = DiscordClient(self.reception, self.book, offers_commands=offers_commands, budget=budget)
        self.clients.append(made)
        return self.clients[-1]

    def _desk(self) -> Desk:
        async def post_test(channel: str) -> None:
            self.tests.append(channel)

        async def spot(caller: Caller, wanted: str) -> Spot:
            return await self.clients[-1].spots.spot(caller, wanted)

        return Desk(
            view=lambda: self.view,
            store=self.store,
            now_ms=lambda: self.now_ms,
            post_test=post_test,
            spot=spot,
            flushes=lambda: ["2026-01-19-BTC-1"],
            languages=("en", "es"),
            language=None,
            started_ms=self.now_ms - 2 * HOUR_MS,
            origin=self.origin,
        )


@asynccontextmanager
async def at_home(view: MarketView | None = None) -> AsyncIterator[Home]:
    """A home with an empty database over the market of the command tests."""
    store = await Store.open(":memory:")
    try:
        yield Home(store, view or market(charted=False))
    finally:
        await store.close()


@asynccontextmanager
async def running(client: DiscordClient) -> AsyncIterator[None]:
    """Connect a client, go on when it is ready, and close it at the end."""
    async with client:
        started = asyncio.create_task(client.start(TOKEN))
        await client.wait_until_ready()
        yield
    await asyncio.gather(started, return_exceptions=True)


async def until(condition: Callable[[], object]) -> None:
    """Wait until something becomes true, which has no event to wait for."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # see above
            await asyncio.sleep(0.01)
