"""How long people on Discord wait for an answer, while an alert goes out to 2,000 channels and without.

Everything on our side is real (`tests.bench.house`). Discord is the fake of the tests in another process. It measures
from its dispatch to the callback; the way over loopback and the fake's own work are within.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bot.platforms import DiscordPlatform
from bot.store.claims import Moment, count_due
from bot.store.database import Store, opened
from tests.bench.discord_service import EVERY_COIN, Discord, Size, discord
from tests.bench.house import COINS, at_home, now_ms
from tests.bench.measuring import Measured, spread
from tests.bench.outbox import a_card, put

SIZE = Size(guilds=50, channels=40, roles=2)
PEOPLE, ROUNDS, CHARTS = 50, 20, 20
PAUSE_S = 0.35


async def funding(service: Discord, coins: Sequence[str]) -> list[float]:
    """Seconds to the text answers of people who ask at once, again and again."""
    times: list[float] = []
    for _ in range(ROUNDS):
        times += [first_s for first_s, _ in await service.asked("funding", coins)]
        await asyncio.sleep(PAUSE_S)
    return times


async def levels(service: Discord) -> list[float]:
    """Seconds to the picture, for one person after the other; each is a new one, because time has gone on."""
    times: list[float] = []
    for _ in range(CHARTS):
        times += [read_s for _, read_s in await service.asked("levels", ["BTC"])]
        await asyncio.sleep(PAUSE_S / 2)
    return times


async def asked(service: Discord, when: str) -> list[Measured]:
    """Text answers to many at once; one over all coins and one that is asked beside it; charts."""
    many = await funding(service, ["BTC"] * PEOPLE)
    others = await funding(service, COINS[:PEOPLE])
    beside = await funding(service, [EVERY_COIN, "BTC"])
    return [
        *spread(f"{when}: /funding BTC by {PEOPLE} at once, first word", many),
        *spread(f"{when}: /funding of {PEOPLE} coins at once, first word", others),
        *spread(f"{when}: /funding of all {len(COINS)} coins, first word", beside[::2]),
        *spread(f"{when}: /funding BTC at the same time, first word", beside[1::2]),
        *spread(f"{when}: /levels BTC, picture", await levels(service)),
    ]


async def fan_out_s(store: Store, platform: DiscordPlatform) -> float:
    """Seconds until nothing waits any more."""
    began = time.perf_counter()
    platform.wake()
    while await store.run(lambda db: count_due(db, platform.name, Moment(now_ms(), now_ms()))):  # noqa: ASYNC110 -- the sender tells nobody
        await asyncio.sleep(0.5)
    return time.perf_counter() - began


async def answers() -> list[Measured]:
    """In peace, then during a fan-out."""
    with tempfile.TemporaryDirectory() as folder:
        card = await a_card(Path(folder))
        async with discord(SIZE) as service, opened(Path(folder) / "bench.db") as store, at_home(service, store) as bot:
            await service.asked("funding", COINS)
            rows = await asked(service, "in peace")
            await put(store, card, [f"discord:{channel}" for channel in service.channels], now_ms())
            sending = asyncio.create_task(fan_out_s(store, bot))
            rows += await asked(service, "during a fan-out")
            rows.append(Measured("whether the fan-out outlasted these, 1 is yes", not sending.done()))
            rows.append(
                Measured(
                    f"the fan-out to {len(service.channels):,} channels at 45 a second, s (44.4 at best)", await sending
                )
            )
            statuses = await service.requests()
            refused = sum(count for status, count in statuses.items() if not status.startswith("2"))
            return [*rows, Measured("requests that Discord refused", refused)]


def measure() -> list[Measured]:
    """What people wait for."""
    return asyncio.run(answers())
