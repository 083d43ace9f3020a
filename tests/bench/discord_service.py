"""The fake Discord in a process of its own, so that its work is not counted as ours.

It reads one JSON object a line and answers each with one: `{"ask": line, "coins": […]}` is asked by one person a coin,
all at once, and answered with the seconds until each heard the first word and until each could read the answer.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from tests.fakes.discord import Channel, DiscordFake
from tests.fakes.discord.clock import loop_s
from tests.fakes.discord.world import Overwrite, World

TOKEN = "fake.bot.token"
LONGEST_LINE = 1 << 22
EVERY_COIN = ""
"""Asks without a coin."""


class Size(NamedTuple):
    """How many servers there are, and what is in each."""

    guilds: int
    channels: int
    roles: int


class Discord:
    """The other process; `channels` are the ids of all channels."""

    def __init__(self, process: asyncio.subprocess.Process, told: dict[str, Any]) -> None:
        self._process = process
        self.api: str = told["api"]
        self.gateway: str = told["gateway"]
        self.channels: list[int] = told["channels"]

    async def asked(self, line: str, coins: Sequence[str]) -> list[tuple[float, float]]:
        """For each person, who asks about one coin: seconds from the dispatch to the callback, and to the answer."""
        found = await self._exchange({"ask": line, "coins": coins})
        return [(callback_s, read_s) for callback_s, read_s in found["seconds"]]

    async def requests(self) -> dict[str, int]:
        """How many requests got each status."""
        return dict(await self._exchange({}))

    async def _exchange(self, wish: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(wish).encode() + b"\n")
        return dict(json.loads(await self._process.stdout.readline()))


@asynccontextmanager
async def discord(size: Size) -> AsyncIterator[Discord]:
    """A Discord of some size, until the block ends."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, *map(str, size), stdin=pipe, stdout=pipe, limit=LONGEST_LINE
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Discord(process, json.loads(await process.stdout.readline()))
    finally:
        process.stdin.close()
        await process.wait()


def fill(world: World, size: Size) -> list[Channel]:
    """Servers whose channels have names and, every second one, an exception to the rights of a role."""
    for number in range(size.guilds):
        guild = world.guild(f"Traders of coin {number}", [f"talk-{place}-{number}" for place in range(size.channels)])
        roles = [world.role(guild, f"role {place} of {number}") for place in range(size.roles - len(guild.roles))]
        for place, channel in enumerate(guild.channels.values()):
            if roles and place % 2:
                channel.overwrites[roles[place % len(roles)].id] = Overwrite()
    return [channel for guild in world.guilds.values() for channel in guild.channels.values()]


async def serve(size: Size) -> None:
    """Be Discord until the input ends."""
    async with DiscordFake(TOKEN) as fake:
        channels = fill(fake.world, size)
        gc.disable()  # its pauses would be counted as ours
        _tell({"api": fake.api, "gateway": fake.gateway, "channels": [channel.id for channel in channels]})
        while text := await asyncio.to_thread(sys.stdin.readline):
            wish = json.loads(text)
            _tell(await _ask(fake, channels, wish) if wish else _statuses(fake))


async def _ask(fake: DiscordFake, channels: list[Channel], wish: dict[str, Any]) -> dict[str, Any]:
    async def one(number: int, coin: str) -> tuple[float, float]:
        channel, user = channels[number % len(channels)], fake.world.user(f"person {number}")
        began_s = loop_s()
        asked = await fake.slash(channel, user, wish["ask"], {} if coin == EVERY_COIN else {"coin": coin})
        first = await asked.answered()
        await asked.reply()
        return first.after_s, loop_s() - began_s

    return {"seconds": await asyncio.gather(*map(one, itertools.count(), wish["coins"]))}


def _statuses(fake: DiscordFake) -> dict[str, int]:
    statuses = [str(entry.status) for entry in fake.log]
    return {status: statuses.count(status) for status in set(statuses)}


def _tell(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(Size(*map(int, sys.argv[1:]))))
