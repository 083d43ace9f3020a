"""The channels in the store, as the platforms look them up and report on them."""

from __future__ import annotations

from collections.abc import Callable

from bot.alerts import subscription
from bot.alerts.settings import settings_of
from bot.store.channels import load_channel, load_channels_of, load_mark, load_places, save_mark
from bot.store.database import Store


class StoredChannels:
    """Implements the `ChannelBook` of the chats; `now_ms` stamps what happens to a channel."""

    def __init__(self, store: Store, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._now_ms = now_ms

    async def language(self, channel: str) -> str | None:
        """The language that was chosen for a channel; None for one that is not kept."""
        row = await self._store.run(lambda db: load_channel(db, channel))
        return settings_of(row).language if row else None

    async def places(self, platform: str) -> list[str]:
        """Every place of a platform in which a channel is kept, once."""
        return await self._store.run(lambda db: load_places(db, platform))

    async def channels(self, place: str) -> list[str]:
        """The channels kept of a place."""
        return [row.id for row in await self._store.run(lambda db: load_channels_of(db, place))]

    async def lose_place(self, place: str, reason: str) -> None:
        """All channels of a server or chat cannot be reached any more."""
        await self._store.run(lambda db: subscription.suspend_place(db, place, reason, self._now_ms()))

    async def find_place(self, place: str) -> None:
        """They can be reached again."""
        await self._store.run(lambda db: subscription.resume_place(db, place, self._now_ms()))

    async def lose(self, channel: str, reason: str) -> None:
        """One channel cannot be reached any more."""
        await self._store.run(lambda db: subscription.suspend(db, channel, reason, self._now_ms()))

    async def find(self, channel: str) -> None:
        """It can be reached again."""
        await self._store.run(lambda db: subscription.resume(db, channel, self._now_ms()))

    async def move(self, old: str, new: str) -> None:
        """A chat has a new id."""
        await self._store.run(lambda db: subscription.move(db, old, new))

    async def recall(self, key: str) -> str | None:
        """What was remembered under a name."""
        return await self._store.run(lambda db: load_mark(db, key))

    async def remember(self, key: str, value: str) -> None:
        """Keep something across restarts; never a secret."""
        await self._store.run(lambda db: save_mark(db, key, value))
