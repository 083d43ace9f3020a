"""The bot at home on the fake Discord: platform, sender, store on disk, commands over a large market that goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import numpy as np

from bot.alerts.channel_book import StoredChannels
from bot.app import avoid_pauses
from bot.catalogue import Catalogue
from bot.chat.charts import ChartWorker
from bot.chat.pictures import Pictures
from bot.chat.reception import Reception
from bot.chat.wording import LANGUAGES, wordings
from bot.command import Caller
from bot.config import Config
from bot.errors import UserError
from bot.market.board import Board
from bot.market.board_view import BoardView
from bot.market.facts import Fact, Funding, Index, Mark, OpenInterest
from bot.market.history import AMOUNTS, SLOT_MS, SLOTS, History
from bot.market.view import MarketView
from bot.message import Spot
from bot.platforms import DiscordPlatform, Parts
from bot.store.database import Store
from commands import ALL
from commands.desk import Desk
from tests.bench.discord_service import TOKEN, Discord

COINS = ("BTC", *(f"COIN{number}" for number in range(1, 300)))
VENUES = ("binance", "bybit", "okx", "bitget", "hyperliquid", "deribit", "kraken", "bitmex")
FEEDING_S = 0.05
FED_AT_ONCE = 15


def now_ms() -> int:
    """UTC milliseconds."""
    return time.time_ns() // 1_000_000


def told(coin: str, venue: str, at_ms: int, price: float) -> list[Fact]:
    """What a venue says of a coin in one poll."""
    return [
        Mark(at_ms, venue, coin, price),
        Index(at_ms, venue, coin, price),
        OpenInterest(at_ms, venue, coin, coins=1e6),
        Funding(at_ms, venue, coin, 1e-5 * (1 + VENUES.index(venue)), 8, settled=False),
    ]


def history_of(board: Board, until_ms: int) -> History:
    """Fifteen days of every coin, as random walks."""
    history, rng = History(), np.random.default_rng(7)
    price = np.full(len(COINS), 100.0)
    interest = np.full((len(COINS), len(VENUES)), 1e6)
    for slot in range(SLOTS):
        place = history.enter(board.coins, board.venues, until_ms - (SLOTS - slot) * SLOT_MS)
        price = price * np.exp(rng.normal(0, 0.001, len(COINS)))
        history.write(place, np.stack([price, price * 1.001, price * 0.999, price * 0, price * 0 + 1e-4]))
        history.add(place, np.full((len(AMOUNTS), len(COINS)), 1e5))
        history.write_open_interest(place, interest)
    return history


class Market:
    """300 coins on eight venues, all of them known for fifteen days."""

    def __init__(self) -> None:
        self.board = Board()
        for coin in COINS:
            for venue in VENUES:
                self._apply(coin, venue)
        self.view = BoardView(self.board, history_of(self.board, now_ms()), lambda _: ())

    async def feed(self) -> None:
        """Let every coin be told of once a second by one venue, until cancelled."""
        turn = 0
        while True:
            for _ in range(FED_AT_ONCE):
                turn += 1
                self._apply(COINS[turn % len(COINS)], VENUES[turn // len(COINS) % len(VENUES)])
            await asyncio.sleep(FEEDING_S)

    def _apply(self, coin: str, venue: str) -> None:
        for fact in told(coin, venue, now_ms(), 100.0):
            self.board.apply(fact)


def reception_of(view: MarketView, store: Store, charts: ChartWorker) -> Reception:
    """Every command over this market."""

    async def nowhere(_: str) -> None:
        """Nobody asks for a test post here."""

    async def no_spot(caller: Caller, wanted: str) -> Spot:
        raise UserError("error-server-only")

    began_ms = view.as_of_ms
    desk = Desk(lambda: view, store, lambda: view.as_of_ms, nowhere, no_spot, lambda: (), LANGUAGES, None, began_ms)
    return Reception(Catalogue(ALL, desk), Pictures(charts, wordings()))


@asynccontextmanager
async def running(work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Something in the background while the block runs."""
    task = asyncio.ensure_future(work())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def at_home(service: Discord, store: Store) -> AsyncIterator[DiscordPlatform]:
    """The bot at home on that Discord, with its chart worker and a market that goes on."""
    charts, market = ChartWorker(), Market()
    await charts.start()
    reception = reception_of(market.view, store, charts)
    config = Config(discord_token=TOKEN, test_fakes="yes", discord_api=service.api, discord_gateway=service.gateway)  # type: ignore[arg-type]  # pydantic makes a secret of it
    platform = DiscordPlatform(
        Parts(config, reception, store, StoredChannels(store, now_ms), now_ms, lambda _: None), TOKEN
    )
    avoid_pauses()
    async with running(market.feed), running(platform.keep_running):
        await asyncio.sleep(5)  # every server has been told
        yield platform
    await charts.stop()
