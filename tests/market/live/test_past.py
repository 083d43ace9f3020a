from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import pytest

from bot.errors import VenueDown, VenueError
from bot.market.facts import Fact, Funding
from bot.market.live.past import Asked, asked, fetch_past
from bot.market.live.reports import Reports
from bot.market.live.sources import Source, load, opened_sources
from bot.market.venues import VENUES
from bot.market.venues.venue import Venue
from tests.fakes.exchanges import ExchangesFake, Fault
from tests.fakes.exchanges_selftest import told
from tests.fakes.exchanges_selftest.client import title, venue_named
from tests.fakes.exchanges_selftest.comparing import near, says
from tests.market.live.past_world import BASE, DAY_MS, HOUR_MS, NOW_MS, expected, facts_of

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]
FEEDS = ("bar", "oi", "funding", "liquidations")
SPANS = 3


def every_history(source: Source) -> list[Asked]:
    """All that the venue tells of the past of the coin, in all spans."""
    (contract,) = source.listing.leading.values()
    return [Asked(source.venue, source.wire, contract, past) for past in source.venue.past]


def same(found: Sequence[Fact], wanted: Sequence[Fact]) -> bool:
    """Whether the facts agree one by one, in what the venue tells of them."""
    assert [fact.t for fact in found] == [fact.t for fact in wanted]
    for fact, other in zip(found, wanted, strict=True):
        row, plain = says(fact), says(other)
        names = row.keys() & plain.keys()
        assert names >= {"venue", "base"}
        assert {name: row[name] for name in names} == near({name: plain[name] for name in names})
    return True


@pytest.mark.parametrize("venue", VENUES, ids=title)
async def test_every_history_is_fetched_whole_whatever_the_span(venue: Venue) -> None:
    """From any moment to any other, pages lose and double nothing: what the world knew, as far back as it is told."""
    world = list(facts_of(venue))
    dice = random.Random(title(venue))
    async with (
        ExchangesFake(world, start_ms=NOW_MS, bases=[BASE]) as fake,
        opened_sources([venue], fake.now_ms, fake.addresses) as (source,),
    ):
        await load(source, fake.now_ms, Reports())
        for one in every_history(source):
            rows = expected(one, world)
            first_ms = max(rows[0].t, NOW_MS - (one.past.longest_ms or 10**13) + 2 * HOUR_MS)
            moments = [sorted(dice.sample(range(first_ms - 1, NOW_MS + 1), 2)) for _ in range(SPANS)]
            step_ms = 300_000
            on_grid = [[moment // step_ms * step_ms for moment in pair] for pair in moments[: SPANS // 2]]
            a_day = first_ms, first_ms + DAY_MS
            for from_ms, to_ms in [(first_ms - 1, NOW_MS), a_day, *moments, *on_grid]:
                reports = Reports()
                found = await fetch_past(one, from_ms, to_ms, NOW_MS, reports=reports)
                assert same(found, [fact for fact in rows if max(from_ms, first_ms - 1) < fact.t <= to_ms])
                assert not reports.refusals.total()
        assert fake.unknown == []


def histories(source: Source, span_s: int, feeds: Sequence[str] = FEEDS) -> list[str]:
    """The names of what is asked for of one coin."""
    return [one.past.name for one in asked([source], [BASE], feeds=feeds, span_s=span_s)]


async def test_of_several_spans_the_wanted_one_is_asked_for() -> None:
    """The span that was named, else the next longer, else the only one; the coins in their order, feeds as wanted."""
    venues = [venue for venue in VENUES if venue.name in ("binance", "okx")]
    async with (
        ExchangesFake((), start_ms=NOW_MS, bases=["BTC", BASE]) as fake,
        opened_sources(venues, fake.now_ms, fake.addresses) as sources,
    ):
        for source in sources:
            await load(source, fake.now_ms, Reports())
        by_market = {title(source.venue): source for source in sources}
        assert histories(by_market["okx"], 300) == ["open interest each 300 s", "bars of 300 s", "settled funding"]
        assert histories(by_market["okx"], 3600) == ["open interest each 3600 s", "bars of 3600 s", "settled funding"]
        assert histories(by_market["okx"], 900) == ["open interest each 3600 s", "bars of 3600 s", "settled funding"]
        assert histories(by_market["okx"], 7200, ["bar"]) == ["bars of 3600 s"]
        assert histories(by_market["binance"], 3600) == ["open interest", "funding", "1h bars"]
        assert histories(by_market["binance spot"], 300) == ["5m bars"]
        both = asked(sources, [BASE, "BTC", "NOPE"], feeds=["funding"], span_s=300)
        assert [(one.instrument.base, one.venue.name) for one in both] == [
            (BASE, "binance"),
            (BASE, "okx"),
            ("BTC", "binance"),
            ("BTC", "okx"),
        ]


@pytest.fixture
def gate() -> Venue:
    """A venue with all kinds of histories."""
    return venue_named("gate")


async def loaded(fake: ExchangesFake, source: Source) -> Asked:
    """Five-minute bars of the one coin."""
    await load(source, fake.now_ms, Reports())
    return next(one for one in every_history(source) if one.past.name == "5m bars")


async def test_a_venue_that_asks_for_patience_is_waited_for(gate: Venue) -> None:
    """Told 429 in the middle of the pages, what is missing is asked for again after the wait, and nothing is lost."""
    world = list(facts_of(gate))
    async with (
        ExchangesFake(world, start_ms=NOW_MS, bases=[BASE]) as fake,
        opened_sources([gate], fake.now_ms, fake.addresses) as (source,),
    ):
        one = await loaded(fake, source)
        await fake["gate"].suffer("429")
        fetching = asyncio.create_task(fetch_past(one, NOW_MS - 8 * DAY_MS, NOW_MS, NOW_MS))
        await asyncio.sleep(10)
        await fake["gate"].recover("429")
        assert same(await fetching, [fact for fact in expected(one, world) if fact.t > NOW_MS - 8 * DAY_MS])
        assert 429 in {call.status for call in fake["gate"].calls}


@pytest.mark.parametrize(("fault", "state", "most_s"), [("451", "blocked", 1), ("no route", "stale", 60)])
async def test_a_venue_that_does_not_answer_is_said_to_be_down(
    fault: Fault, state: str, most_s: float, gate: Venue
) -> None:
    """Refused from this place, it is asked once; unreachable, three times more: then the reason is raised."""
    clock = asyncio.get_running_loop().time
    async with (
        ExchangesFake((), start_ms=NOW_MS, bases=[BASE]) as fake,
        opened_sources([gate], fake.now_ms, fake.addresses) as (source,),
    ):
        one = await loaded(fake, source)
        calls, began_s = len(fake["gate"].calls), clock()
        await fake["gate"].suffer(fault)
        with pytest.raises(VenueDown) as caught:
            await fetch_past(one, NOW_MS - DAY_MS, NOW_MS, NOW_MS)
        assert caught.value.state == state
        assert clock() - began_s < most_s
        assert len(fake["gate"].calls) - calls <= 1


async def test_what_cannot_be_read_is_told_and_costs_nothing_else(gate: Venue) -> None:
    """Rows without numbers are counted, their neighbours are kept; of half a body nothing is, which is an error."""
    world = list(facts_of(gate))
    async with (
        ExchangesFake(world, start_ms=NOW_MS, bases=[BASE]) as fake,
        opened_sources([gate], fake.now_ms, fake.addresses) as (source,),
    ):
        one = await loaded(fake, source)
        reports = Reports()
        async with fake.suffering("gate", "empty strings"):
            found = await fetch_past(one, NOW_MS - DAY_MS, NOW_MS, NOW_MS, reports=reports)
        assert {fact.t for fact in found} < {fact.t for fact in expected(one, world)}
        assert len(found) > 100
        assert len(found) + reports.refusals.total() >= 288
        async with fake.suffering("gate", "half"):
            with pytest.raises(VenueError, match="gate candles"):
                await fetch_past(one, NOW_MS - DAY_MS, NOW_MS, NOW_MS)


async def test_a_payment_alone_on_its_page_has_the_interval_of_the_page_before() -> None:
    """Gate's pages of 100 hours may hold one payment of eight hours: it is eight hours after the one before."""
    venue = venue_named("gate")
    facts = [
        Funding(told.START_MS - hours * HOUR_MS, "gate", BASE, 1e-5, 8.0, settled=True) for hours in range(480, -1, -8)
    ]
    async with (
        ExchangesFake(facts, start_ms=NOW_MS, bases=[BASE]) as fake,
        opened_sources([venue], fake.now_ms, fake.addresses) as (source,),
    ):
        await load(source, fake.now_ms, Reports())
        (contract,) = source.listing.leading.values()
        past = next(past for past in venue.past if past.feed == "funding")
        one = Asked(venue, source.wire, contract._replace(funding_h=None), past)
        for hours in range(60, 160):
            found = await fetch_past(one, told.START_MS - hours * HOUR_MS, NOW_MS, NOW_MS)
            assert [fact.interval_h for fact in found if isinstance(fact, Funding)] == [8.0] * -(-hours // 8)


@pytest.mark.parametrize(("from_ms", "to_ms"), [(NOW_MS, NOW_MS), (NOW_MS, NOW_MS - 1), (NOW_MS + 1, NOW_MS + DAY_MS)])
async def test_a_span_without_a_past_asks_nothing(from_ms: int, to_ms: int, gate: Venue) -> None:
    """An empty span, one that ends before it begins, and the future are no calls."""
    async with (
        ExchangesFake((), start_ms=NOW_MS, bases=[BASE]) as fake,
        opened_sources([gate], fake.now_ms, fake.addresses) as (source,),
    ):
        one = await loaded(fake, source)
        calls = len(fake["gate"].calls)
        assert await fetch_past(one, from_ms, to_ms, NOW_MS) == []
        assert len(fake["gate"].calls) == calls
