"""What `flushwatch history` wrote is played through the whole engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, takewhile
from pathlib import Path

import msgspec
import pytest

from bot.alerts.sender import Sender
from bot.chat.console import SilentTransport
from bot.engine import Engine
from bot.market.facts import Bar, Fact
from bot.market.simulation import SCENARIOS, simulate
from bot.market.venues import VENUES
from bot.once import add_channel
from bot.replay import Pace, open_source, play
from bot.store.database import opened
from bot.store.deliveries import load_sent
from tests.fakes.exchanges import ExchangesFake, eight
from tests.fakes.exchanges_selftest import told
from tests.two_days import facts_of, written

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock, pytest.mark.slow]

VENUES_OF_CRASH = ("binance", "bybit", "gate")


def crash(to_ms: int) -> Iterator[Fact]:
    """A simulated flush as three exchanges tell it, with its bars of half an hour cut into five minutes."""
    for fact in takewhile(lambda fact: fact.t <= to_ms, eight(simulate("small"))):
        if fact.venue in VENUES_OF_CRASH and not isinstance(fact, Bar):
            yield fact
        elif fact.venue in VENUES_OF_CRASH and isinstance(fact, Bar):
            prices = [fact.open, fact.low, fact.high, *[fact.close] * 4]
            for place, (first, last) in enumerate(pairwise(prices)):
                ends = {"t": fact.t - (5 - place) * 300_000, "span_s": 300, "open": first, "close": last}
                sides = {"high": max(first, last), "low": min(first, last), "volume": fact.volume / 6}
                yield msgspec.structs.replace(fact, **ends, **sides, taker_buy=None)


async def test_a_flush_of_the_past_is_told_by_a_replay(tmp_path: Path) -> None:
    """Four days with a flush in them are fetched and played through the whole engine: it posts the card."""
    scenario, file = SCENARIOS["small"], tmp_path / "past.jsonl.gz"
    to_ms = scenario.start_ms + 84 * told.HOUR_MS
    facts = sorted(crash(to_ms), key=lambda fact: fact.t)
    async with ExchangesFake(facts, start_ms=to_ms, bases=scenario.coins) as fake:
        venues = [venue for venue in VENUES if venue.name in VENUES_OF_CRASH and venue.market == "perp"]
        await written(fake, file, venues=venues, days=4, coins=scenario.coins)
    source = open_source(str(file))
    async with opened(":memory:") as store:
        await store.run(lambda db: add_channel(db, "none", "en", source.start_ms))
        engine = Engine(store, source.key, source.origin)
        sender = Sender(store, SilentTransport(), wall_ms=lambda: to_ms)
        await play(source, engine, sender.drain, Pace(None))
        kinds = Counter(row.message.kind for row in await store.run(lambda db: load_sent(db, "none", 100)))
        assert engine.facts == len(facts_of(file))
    assert kinds["card"] == 1
