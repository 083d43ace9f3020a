"""What a platform has to look up and to note about its channels; kept elsewhere, seen here as a protocol."""

from __future__ import annotations

from typing import Protocol


class ChannelBook(Protocol):
    """Channels and places by their ids in the store, "discord:123"; reasons are those of `errors.ChannelLostError`."""

    async def language(self, channel: str) -> str | None:
        """The language that was chosen for a channel; None for one that is not kept."""

    async def places(self, platform: str) -> list[str]:
        """Every place of a platform in which a channel is kept, once."""

    async def channels(self, place: str) -> list[str]:
        """The channels kept of a place."""

    async def lose_place(self, place: str, reason: str) -> None:
        """All channels of a server or chat cannot be reached any more."""

    async def find_place(self, place: str) -> None:
        """They can be reached again."""

    async def lose(self, channel: str, reason: str) -> None:
        """One channel cannot be reached any more."""

    async def find(self, channel: str) -> None:
        """It can be reached again."""

    async def move(self, old: str, new: str) -> None:
        """A chat has a new id."""

    async def recall(self, key: str) -> str | None:
        """What was remembered under a name."""

    async def remember(self, key: str, value: str) -> None:
        """Keep something across restarts; never a secret."""
