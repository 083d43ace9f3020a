from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.market.facts import Fact, Liquidation, Side
from bot.market.live.market import LiveMarket
from bot.market.venues import VENUES
from tests.fakes.exchanges import ExchangesFake
from tests.fakes.exchanges_selftest import told
from tests.market.live.trial import TOLD

pytestmark = [pytest.mark.jumping_clock, pytest.mark.wire]

LONGEST_S = 60
SMALLER, LARGEST = 2_000, 20_000
SIDES: tuple[Side, Side] = ("long", "short")


@pytest.mark.parametrize("name", TOLD)
@pytest.mark.parametrize("largest", [SMALLER, pytest.param(LARGEST, marks=pytest.mark.slow)])
async def test_bursts_are_counted_to_the_last_closure(name: str, largest: int) -> None:
    """Forty bursts of 25 frames and a large one, in the frames of each exchange: every closure is told once."""
    await check(name, [25] * 40 + [largest])


async def test_the_largest_burst_is_counted_to_the_last_closure() -> None:
    """The same with 20,000 frames at once, of one exchange."""
    await check(TOLD[0], [LARGEST])


async def check(name: str, bursts: Sequence[int]) -> None:
    """Every closure of bursts of so many, a second apart, is told once."""
    venues = [venue for venue in VENUES if venue.market == "perp" and venue.name == name]
    heard: list[Fact] = []
    async with ExchangesFake(told.present(told.START_MS), start_ms=told.START_MS, bases=told.BASES) as fake:
        async with LiveMarket(venues, fake.now_ms, fake.addresses) as market:

            async def listen() -> None:
                async for fact in market.facts():
                    heard.append(fact)  # noqa: PERF401 - one by one, so that what came so far can be counted

            listening = asyncio.create_task(listen())
            await fake.reach(told.START_MS + 30_000)
            sent = 0
            for count in bursts:
                numbers = range(sent, sent + count)
                fake[name].burst(
                    told.closure(fake.now_ms(), name, told.BASES[n % 3], SIDES[n % 2], 100.0 + n) for n in numbers
                )
                sent += count
                await fake[name].drained()
                await fake.reach(fake.now_ms() + 1_000)
            for _ in range(LONGEST_S):  # a busy machine may need a moment for what is still on its way
                if sum(isinstance(fact, Liquidation) for fact in heard) >= sent:
                    break
                await fake.reach(fake.now_ms() + 1_000)
        await listening
    closures = [fact for fact in heard if isinstance(fact, Liquidation)]
    assert len(fake[name].told) == len(closures) == sum(bursts)
    assert {round(fact.usd - 100) for fact in closures} == set(range(sent))
