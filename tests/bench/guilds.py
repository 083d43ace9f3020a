"""What the client keeps of 2,500 servers: memory of the whole process before it connects and after it was told all."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from bot.alerts.channel_book import StoredChannels
from bot.chat.charts import ChartWorker
from bot.chat.discord.client import DiscordClient
from bot.chat.discord.endpoints import point_at
from bot.chat.discord.session import log_in, stay
from bot.market.view import Snapshot, StoredView
from bot.store.database import opened
from tests.bench.discord_service import TOKEN, Size, discord
from tests.bench.house import now_ms, reception_of, running
from tests.bench.measuring import Measured

SIZE = Size(guilds=2_500, channels=40, roles=25)
MB = 1024 * 1024


def resident_mb() -> float:
    """Memory of this process, as Linux counts it."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / MB


async def connect() -> list[Measured]:
    """Log in, be told of every server, and keep them."""
    async with discord(SIZE) as service, opened(":memory:") as store:
        point_at(service.api, service.gateway)
        reception = reception_of(StoredView(Snapshot(0, (), ())), store, ChartWorker())
        client = DiscordClient(reception, StoredChannels(store, now_ms))
        async with client:
            await log_in(client, TOKEN)
            before_mb, began = resident_mb(), time.perf_counter()
            async with running(lambda: stay(client)):
                await client.wait_until_ready()
                took_s, after_mb = time.perf_counter() - began, resident_mb()
                counts = len(client.guilds), sum(len(guild.channels) for guild in client.guilds)
    return [
        Measured("servers in the cache", counts[0]),
        Measured("channels in the cache", counts[1]),
        Measured("memory for them, MB", after_mb - before_mb),
        Measured("from the connection until all are known, s", took_s),
    ]


def measure() -> list[Measured]:
    """As many servers as one connection may serve."""
    return asyncio.run(connect())
