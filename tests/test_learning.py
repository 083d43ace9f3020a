"""What is learnt from the past of the venues, and when."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from bot.engine import Engine
from bot.learning import LEARNT
from bot.live_stage import NAME, Listened
from bot.market.facts import Fact, Liquidation
from bot.market.history import SLOT_MS
from bot.market.live.market import LiveMarket
from bot.market.simulation import SCENARIOS, simulate
from bot.market.venues import VENUES
from bot.store.channels import save_mark
from bot.store.database import Store, opened
from bot.warmup import by_turnover, wished
from tests.fakes.exchanges import ExchangesFake, eight
from tests.fakes.exchanges.eight import minutes
from tests.test_live_stage import FLUSH_MS, MINUTE_MS, staged

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

SMALL = SCENARIOS["small"]


COINS = ("BTC", "DOGE")


async def as_learnt_before(store: Store, now_ms: int) -> None:
    """A store as a run left it a moment ago that had learnt the two weeks of every venue."""
    titles = [f"{venue.name} {venue.market}" for venue in VENUES]
    await store.run(lambda db: save_mark(db, LEARNT, msgspec.json.encode(titles).decode()))
    engine = Engine(store, NAME, remembers=True)
    engine.pass_time(now_ms)
    await engine.rest()


@pytest.mark.slow
async def test_what_gate_told_while_it_was_not_heard_is_added(tmp_path: Path) -> None:
    """Gate is away for 16 minutes of a flush: afterwards its open interest and liquidations of then are known."""
    start_ms = FLUSH_MS - MINUTE_MS
    simulated = (fact for fact in simulate("small") if fact.base is None or fact.base in COINS)
    facts = minutes(eight(simulated), longest_s=1800)
    async with ExchangesFake(facts, start_ms=start_ms, bases=COINS) as fake, opened(tmp_path / "a.db") as store:
        await as_learnt_before(store, start_ms - MINUTE_MS)
        happened: list[Fact] = []
        fake.watch(happened.append)
        async with staged(Listened(VENUES, fake.now_ms, fake.addresses), store) as stage:
            await fake.play(FLUSH_MS)
            async with fake.suffering("gate", "no route"):
                lost_ms = fake.now_ms()
                await fake.play(FLUSH_MS + 16 * MINUTE_MS)
                back_ms = fake.now_ms()
            slots = range(-(-lost_ms // SLOT_MS), back_ms // SLOT_MS)

            def of_gap() -> tuple[float, int]:
                """Liquidated longs of both coins, and slots with Gate's open interest, within the outage."""
                span = slots.start * SLOT_MS, slots.stop * SLOT_MS
                past = stage.engine.history.until(fake.now_ms())
                longs = sum(np.nansum(past.column(coin, "long_usd", *span)[1]) for coin in COINS)
                told = past.open_interest("BTC", *span)[1].get("gate", np.array([np.nan]))
                return float(longs), int(np.count_nonzero(~np.isnan(told)))

            before = of_gap()
            for minute in range(1, 60):
                await fake.play(back_ms + minute * MINUTE_MS)
                after = of_gap()
                if after[0] > before[0] and after[1] > before[1]:
                    break
        closures = [one for one in happened if isinstance(one, Liquidation)]
        missed = [one for one in closures if (one.venue, one.side) == ("gate", "long") and _slot_of(one) in slots]
        assert missed
        # Gate's totals are told in whole contracts.
        assert after[0] - before[0] == pytest.approx(sum(one.usd for one in missed), rel=0.02)
        assert after[1] == len(slots)


def _slot_of(fact: Fact) -> int:
    return (fact.t - 1) // SLOT_MS


async def test_what_is_asked_for_is_what_is_told_live() -> None:
    """Bars of the venues whose bars are polled, for the coins they are polled of; one venue's for the others."""
    start_ms = SMALL.start_ms + 60 * MINUTE_MS
    async with (
        ExchangesFake(eight(simulate("small")), start_ms=start_ms, bases=SMALL.coins) as fake,
        LiveMarket(VENUES, fake.now_ms, fake.addresses) as market,
    ):
        await fake.play(start_ms + 3 * MINUTE_MS)
        coins = by_turnover(market.stations)
        feeds = ("oi", "bar", "funding")
        first = list(wished(market.stations, coins[0], coins, feeds))
        other = list(wished(market.stations, coins[0], ["other"] * 20 + coins, feeds))
    assert set(coins) == set(SMALL.coins)
    polled = {(v.name, v.market) for v in VENUES if any("bar" in poll.feeds for poll in v.polls)}
    assert {(one.venue.name, one.venue.market) for one in first if one.past.feed == "bar"} == polled
    assert len([one for one in other if one.past.feed == "bar"]) == 1
    telling = {v.name for v in VENUES if v.market == "perp" and any(past.feed == "oi" for past in v.past)}
    assert {one.venue.name for one in other if one.past.feed == "oi"} == telling
    assert len([one for one in first if one.past.feed == "funding"]) == 2
