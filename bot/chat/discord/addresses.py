"""Ids of the store and what they mean: "discord:123" is a channel, a thread, a server or a person, by its snowflake."""

from __future__ import annotations

PLATFORM = "discord"


def named(number: int) -> str:
    """The id that a channel, a server or a person has in the store."""
    return f"{PLATFORM}:{number}"


def number_of(stored: str) -> int:
    """The inverse of `named`; 0, which nothing has, for anything else."""
    told = stored.removeprefix(f"{PLATFORM}:")
    return int(told) if told != stored and told.isdecimal() else 0
