"""Sends what waits in a database, and may be killed over it: `python -m tests.sending.fan_out PLATFORM DATABASE …`."""

from __future__ import annotations

import asyncio
import sys
import time

from bot.store.database import opened
from tests.sending.conftest import sending_to_discord, sending_to_telegram
from tests.sending.outbox import NOW_MS


async def main(platform: str, database: str, api: str, began: str) -> None:
    """Send everything; the stream's clock goes on with the wall's from `began`, in Unix seconds."""
    sending = sending_to_discord if platform == "discord" else sending_to_telegram
    async with opened(database) as store, sending(api, store) as sender:
        await sender.drain(NOW_MS + int(1000 * (time.time() - float(began))))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
