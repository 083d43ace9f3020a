"""The chats that have a token, each with its sender, kept running apart from each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.chat.reception import Reception
from bot.command import Caller
from bot.config import Config
from bot.message import Spot
from bot.store.database import Store


class Platform(Protocol):
    """A chat platform in which the bot is at home."""

    name: str

    async def keep_running(self) -> None:
        """Be connected, answer and post until cancelled; started again after failures."""

    async def spot(self, caller: Caller, wanted: str) -> Spot:
        """A channel as it is now; raises `UserError` for one that the caller may not speak for."""

    def wake(self) -> None:
        """Something may be due to be sent."""


def platforms_of(config: Config, reception: Reception, store: Store, now_ms: Callable[[], int]) -> tuple[Platform, ...]:
    """A platform for each token that is set."""
    return ()
