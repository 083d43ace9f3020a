"""The chats that have a token, each at home on its platform with a sender of its own, apart from the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Literal, NamedTuple, Protocol

from bot.alerts.outbox import Transport
from bot.alerts.pacing import Limit, Pacing
from bot.alerts.sender import Sender, chat_of
from bot.chat.channel_book import ChannelBook
from bot.chat.discord.budget import Budget
from bot.chat.discord.client import DiscordClient
from bot.chat.discord.endpoints import point_at
from bot.chat.discord.rights import introduction
from bot.chat.discord.session import log_in, stay
from bot.chat.discord.transport import DiscordTransport
from bot.chat.reception import Reception
from bot.chat.telegram import limits
from bot.chat.telegram.chat import PUBLIC, TelegramChat
from bot.chat.telegram.session import introduction as telegram_introduction
from bot.clock import wall_ms
from bot.command import Caller
from bot.config import Config
from bot.errors import ChatError, ConfigError, UserError
from bot.message import Spot
from bot.store.database import Store
from bot.supervision import keep_running

DISCORD_PACE = Limit(1 / 45)
"""Of 50 requests a second over all routes; the rest is for what people cause (Discord, topics/rate-limits)."""

Name = Literal["discord", "telegram"]
NAMES: tuple[Name, ...] = ("discord", "telegram")


class Parts(NamedTuple):
    """What a platform is built from; `say` tells the operator a line."""

    config: Config
    reception: Reception
    store: Store
    book: ChannelBook
    now_ms: Callable[[], int]
    say: Callable[[str], None]


class Platform(Protocol):
    """A chat platform in which the bot is at home."""

    name: Name

    async def keep_running(self) -> None:
        """Be connected, answer and post until cancelled; started again after failures."""

    async def spot(self, caller: Caller, wanted: str) -> Spot:
        """A channel as it is now; raises `UserError` for one that the caller may not speak for."""

    def wake(self) -> None:
        """Something may be due to be sent."""


def platforms_of(parts: Parts) -> tuple[Platform, ...]:
    """A platform for each token that is set; the operator is told of the others."""
    made: list[Platform] = []
    for name in NAMES:
        token = parts.config.token(name)
        if token is None:
            parts.say(f"{name.capitalize()} is not started: FLUSHWATCH_{name.upper()}_TOKEN is not set.")
        elif name == "discord":
            made.append(DiscordPlatform(parts, token))
        else:
            made.append(TelegramPlatform(parts, token))
    return tuple(made)


class DiscordPlatform:
    """Discord, with a new client for each start."""

    name: Name = "discord"

    def __init__(self, parts: Parts, token: str) -> None:
        self._parts = parts
        self._token = token
        self._pacing = Pacing(DISCORD_PACE)
        self._budget = Budget()
        self._client: DiscordClient | None = None
        self._sender: Sender | None = None
        point_discord(parts.config)

    async def keep_running(self) -> None:
        """Be connected, answer and post until cancelled; started again after failures."""
        await keep_running("Discord", self._be_there)

    async def spot(self, caller: Caller, wanted: str) -> Spot:
        """A channel as it is now; raises `UserError` for one that the caller may not speak for."""
        if self._client is None:
            raise UserError("error-not-connected")
        return await self._client.spots.spot(caller, wanted)

    def wake(self) -> None:
        """Something may be due to be sent."""
        if self._sender is not None:
            self._sender.wake()

    async def _be_there(self) -> None:
        parts = self._parts
        async with DiscordClient(parts.reception, parts.book, budget=self._budget) as client:
            await log_in(client, self._token)
            parts.say(f"Discord: {introduction(client)}")
            transport = DiscordTransport(client, parts.reception, parts.config.discord_storage_channel)
            self._client, self._sender = client, Sender(parts.store, transport, self._pacing, wall_ms=wall_ms)
            await self._sender.start()
            async with asyncio.TaskGroup() as group:
                group.create_task(_for_ever("Discord", stay(client)))
                group.create_task(self._sender.run(parts.now_ms))


class TelegramPlatform:
    """Telegram, with a new bot for each start."""

    name: Name = "telegram"

    def __init__(self, parts: Parts, token: str) -> None:
        self._parts = parts
        self._token = token
        self._pacing = telegram_pacing()
        self._chat: TelegramChat | None = None
        self._sender: Sender | None = None

    async def keep_running(self) -> None:
        """Be connected, answer and post until cancelled; started again after failures."""
        await keep_running("Telegram", self._be_there)

    async def spot(self, caller: Caller, wanted: str) -> Spot:
        """A channel as it is now; raises `UserError` for one that the caller may not speak for."""
        if self._chat is None:
            raise UserError("error-not-connected")
        return await self._chat.spot(caller, wanted)

    def wake(self) -> None:
        """Something may be due to be sent."""
        if self._sender is not None:
            self._sender.wake()

    async def _be_there(self) -> None:
        parts = self._parts
        base_url = parts.config.telegram_api or PUBLIC
        async with TelegramChat(self._token, parts.reception, parts.book, self._turn, base_url, self._hold) as chat:
            parts.say(f"Telegram: {telegram_introduction(chat.username)}")
            self._chat, self._sender = chat, Sender(parts.store, chat.transport, self._pacing, wall_ms=wall_ms)
            await self._sender.start()
            async with asyncio.TaskGroup() as group:
                group.create_task(_for_ever("Telegram", chat.run()))
                group.create_task(self._sender.run(parts.now_ms))

    async def _turn(self, channel: str) -> None:
        if self._sender is not None:
            await self._sender.turns.answer(chat_of(channel))

    def _hold(self, channel: str, seconds: float) -> None:
        """Telegram asked for patience at an answer: posts to that chat have to wait as well."""
        self._pacing.hold(chat_of(channel), asyncio.get_running_loop().time() + seconds)


@asynccontextmanager
async def opened_transport(channel: str, parts: Parts) -> AsyncIterator[tuple[Transport, Pacing]]:
    """The way to post to a platform without being at home there; raises `ConfigError` without a token."""
    name: Name = "telegram" if channel.startswith("telegram:") else "discord"
    token = parts.config.token(name)
    if token is None:
        setting = f"FLUSHWATCH_{name.upper()}_TOKEN"
        raise ConfigError(f"There is no token: set {setting}, or name the file that holds it in {setting}_FILE.")
    if name == "telegram":
        base_url = parts.config.telegram_api or PUBLIC
        async with TelegramChat(token, parts.reception, parts.book, _at_once, base_url) as chat:
            yield chat.transport, telegram_pacing()
        return
    point_discord(parts.config)
    async with DiscordClient(parts.reception, parts.book, offers_commands=False) as client:
        await log_in(client, token)
        yield DiscordTransport(client, parts.reception, parts.config.discord_storage_channel), Pacing(DISCORD_PACE)


def telegram_pacing() -> Pacing:
    """What Telegram lets a bot do, as `bot.chat.telegram.limits` has it from Telegram."""
    return Pacing(Limit(*limits.WHOLE), lambda chat: Limit(*limits.chat_limit(chat)))


async def _for_ever(name: str, work: Awaitable[None]) -> None:
    """What is meant to run until it is cancelled takes its group down when it ends by itself."""
    await work
    raise ChatError(f"The connection to {name} ended by itself.")


async def _at_once(_: str) -> None:
    """Nobody is answered, so nothing has to wait for its turn."""


def point_discord(config: Config) -> None:
    """Let discord.py talk to the addresses that are set.

    Only ever for tests: `Config` takes these addresses with an explicit flag and on loopback alone.
    """
    if config.discord_api and config.discord_gateway:
        point_at(config.discord_api, config.discord_gateway)
