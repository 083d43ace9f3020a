from __future__ import annotations

from contextlib import AsyncExitStack
from typing import NamedTuple

import pytest

from bot.market.facts import Bar, LiquidationTotal, Mark
from bot.market.venues import VENUES
from tests.fakes.exchanges import FAULTS, Fault
from tests.fakes.exchanges_selftest.comparing import same_closures
from tests.market.live.trial import PERPS, SLOW, TOLD, Trial, trial

pytestmark = [pytest.mark.jumping_clock, pytest.mark.wire]

FAULT_MIN = 4
BOUND_S = 7 * 60
"""Five minutes and a fifth is the longest that a venue is left alone, and then its slowest poll has to come."""
HOUR_S = 66 * 60


class Said(NamedTuple):
    """What has to be said of a feed under a fault: one of these states; nothing may be said, nor lost, where empty.

    None: nothing has to be, and anything may.
    """

    mark: tuple[str, ...] | None = ()
    closures: tuple[str, ...] = ()


STALE, BLOCKED, SPOILT = ("stale",), ("blocked",), ("partial", "stale")
EXPECTED: dict[Fault, tuple[str, Said]] = {
    "429": ("hyperliquid", Said(STALE)),
    "418": ("binance", Said(STALE)),
    "451": ("binance", Said(BLOCKED, BLOCKED)),
    "403 page": ("bybit", Said(BLOCKED, BLOCKED)),
    "html": ("gate", Said(BLOCKED)),
    "hang": ("hyperliquid", Said(STALE)),
    "cut body": ("dydx", Said(STALE)),
    "half": ("okx", Said(STALE, STALE)),
    "wrong types": ("bybit", Said(SPOILT, SPOILT)),
    "empty strings": ("deribit", Said(None, SPOILT)),  # a price left empty is one that the exchange does not know
    "unknown fields": ("hyperliquid", Said()),
    "nan": ("bitget", Said(SPOILT, SPOILT)),
    "1e308": ("gate", Said(SPOILT, SPOILT)),
    "duplicate frames": ("okx", Said()),
    "reordered frames": ("bitget", Said()),
    "silent socket": ("binance", Said()),
    "socket closes": ("deribit", Said((), STALE)),
    "gzip pings": ("dydx", Said()),
    "no route": ("bybit", Said(STALE, STALE)),
    "clock skew": ("dydx", Said()),
    "subscription refused": ("okx", Said((), STALE)),
}
"""The exchange that suffers a fault in `make test`, and what is said then."""
FEW = ("429", "451", "nan", "silent socket", "socket closes")
"""Faults of calls, of a place refused, of values and of sockets; the others, which are like these, are slow tests."""
UNSEEN = "silent socket"
"""An exchange that answers pings and tells nothing looks like one on which nothing is closed."""


async def suffer(running: Trial, sick: str, fault: Fault) -> None:
    """The fault on one exchange, for a while."""
    async with running.fake.suffering(sick, fault) as exchange:
        if fault == "subscription refused" and exchange.sockets is not None:
            exchange.sockets.close_all()
        await running.go_on(FAULT_MIN)


def check_others(running: Trial, sick: str, began_ms: int) -> None:
    """Whoever is not sick loses nothing and is said to be well."""
    assert running.fake.unknown == []
    for name in PERPS:
        if name == sick:
            continue
        assert running.losses(name, began_ms) == [], name
        assert running.longest_pause_s(name) <= SLOW.get(name, 15.0) * 1.15 + 1, name
        assert same_closures(running.closures(name), running.fake[name].told), name
        assert len(running.fake[name].told) > 40 or name not in TOLD, name
    times = [fact.t for fact in running.heard if not isinstance(fact, Bar | LiquidationTotal)]
    assert times == sorted(times)


def check_sick(running: Trial, sick: str, fault: Fault, said: Said, began_ms: int) -> None:
    """Of the sick one is said what it lost, and nothing is heard twice."""
    assert running.doubled(sick) == {}
    for feed, states in (("mark", said.mark), ("liquidation", said.closures)):
        if states is None or feed not in running.known(sick):
            continue
        told = running.said(sick, feed, began_ms)
        assert set(states) & set(told) if states else told == []
    if fault != UNSEEN:
        assert running.undeclared(sick, partial=SPOILT in said) == []
    if not said.closures and fault != UNSEEN:
        assert running.lost(sick) == []


def check_well_again(running: Trial, sick: str) -> None:
    """Marks and closures of now are heard, and no gap goes on."""
    feeds = running.known(sick)
    assert all(gap.to_ms is not None for gap in running.market.gaps(sick) if gap.feed in feeds)
    assert sick not in TOLD or running.closures(sick)[-1].t > running.fake.now_ms() - 10_000


async def check(fault: Fault, sick: str, said: Said) -> None:
    """One exchange is sick for a while; it recovers, unless it was refused for an hour, and costs no other anything."""
    async with trial() as running:
        began_ms = running.fake.now_ms()
        await suffer(running, sick, fault)
        if BLOCKED not in said:
            await running.until_well([sick], BOUND_S)
            await running.close_one_each()
            check_well_again(running, sick)
        await running.settle()
        check_others(running, sick, began_ms)
        check_sick(running, sick, fault, said, began_ms)


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, marks=[] if fault in FEW else [pytest.mark.slow]) for fault in FAULTS]
)
async def test_one_sick_exchange_costs_no_other_and_recovers(fault: Fault) -> None:
    """The seven others lose nothing; of the sick one is said what is missing, until it is well again by itself."""
    await check(fault, *EXPECTED[fault])


@pytest.mark.soak
@pytest.mark.parametrize("sick", PERPS)
@pytest.mark.parametrize("fault", FAULTS)
async def test_every_exchange_may_suffer_every_fault(fault: Fault, sick: str) -> None:
    """The same with each fault on each exchange."""
    await check(fault, sick, EXPECTED[fault][1])


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["451", "403 page", "html"])
async def test_who_was_refused_is_found_again_within_the_hour(fault: Fault) -> None:
    """A refusal that ends is noticed by the hourly call: marks and closures come again, and the gap is known."""
    sick, _ = EXPECTED[fault]
    two = [venue for venue in VENUES if venue.market == "perp" and venue.name in (sick, "dydx")]
    async with trial(two) as running:
        began_ms = running.fake.now_ms()
        await suffer(running, sick, fault)
        ended_ms = running.fake.now_ms()
        await running.until_well([sick], HOUR_S)
        await running.close_one_each()
        check_well_again(running, sick)
        assert running.losses("dydx", began_ms) == []
        (gap,) = running.market.gaps(sick, "mark")
        assert began_ms - 16_000 <= gap.from_ms <= began_ms
        assert gap.to_ms is not None
        assert ended_ms <= gap.to_ms


async def test_our_clock_may_be_wrong() -> None:
    """Our clock is five minutes behind that of the world: every exchange is well, and every closure is heard."""
    async with trial(clock=lambda now_ms: now_ms - 300_000) as running:
        await running.go_on(4)
        await running.settle()
        check_others(running, "", 0)
        behind_ms = [fact.at - fact.t for fact in running.heard if isinstance(fact, Mark) and fact.at is not None]
        assert min(behind_ms) > 290_000


async def test_half_a_minute_without_any_route() -> None:
    """Nobody answers for half a minute: what is lost of closures is said of each exchange, and then all are well."""
    async with trial() as running:
        began_ms = running.fake.now_ms()
        async with AsyncExitStack() as stack:
            for name in running.fake.exchanges:
                await stack.enter_async_context(running.fake.suffering(name, "no route"))
            await running.go_on(0.5)
        await running.until_well(PERPS, BOUND_S)
        await running.close_one_each()
        for name in PERPS:
            check_well_again(running, name)
            assert running.undeclared(name, partial=False) == []
            assert running.doubled(name) == {}
            assert "stale" in running.said(name, "liquidation", began_ms) or name not in TOLD
