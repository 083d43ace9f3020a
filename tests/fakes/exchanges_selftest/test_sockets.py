from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from itertools import takewhile

import pytest

from bot.market.facts import Liquidation, Side
from bot.market.simulation import SCENARIOS, simulate
from bot.market.venues.venue import Stream, Venue
from tests.fakes.exchanges import ExchangesFake, eight
from tests.fakes.exchanges_selftest import told
from tests.fakes.exchanges_selftest.client import STREAMED, Client, Heard, closures, venue_named
from tests.fakes.exchanges_selftest.comparing import same_closures

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]
ALONE = [(venue, stream) for venue, stream in STREAMED if len(venue.streams) == 1]
"""Streams that tell all of their venue."""
every_stream = pytest.mark.parametrize(("venue", "stream"), ALONE, ids=[venue.name for venue, _ in ALONE])
SIDES: tuple[Side, Side] = ("long", "short")


async def heard_after(fake: ExchangesFake, heard: Heard, seconds: float) -> list[bytes]:
    """Everything heard until then."""
    await fake.reach(fake.now_ms() + int(seconds * 1000))
    return heard.frames


@every_stream
async def test_closures_come_back_in_coins_dollars_and_side(
    venue: Venue, stream: Stream, fake: ExchangesFake, client: Client
) -> None:
    """Both sides, on linear and coin-margined contracts and by the contract, are what the world said."""
    known = await client.known(venue)
    sent = []
    async with client.listening(stream, known) as heard:
        for number in range(8):
            for base in told.BASES:
                fact = told.closure(fake.now_ms(), venue.name, base, SIDES[number % 2], 1234.5 * (1 + number))
                sent.append(fact)
                fake.tell(fact)
            await fake.reach(fake.now_ms() + 1500)
        found = closures(stream, heard.frames, known, fake.now_ms())
    assert {fact.side for fact in found} == set(SIDES)
    assert same_closures(found, sent)
    assert fake[venue.name].told == sent


async def test_both_sockets_of_bybit_together_tell_everything(fake: ExchangesFake, client: Client) -> None:
    """Each category has a socket; a closure comes on one of them, in a batch of half a second."""
    venue = venue_named("bybit")
    known = await client.known(venue)
    linear, inverse = venue.streams
    async with client.listening(linear, known) as one, client.listening(inverse, known) as other:
        sent = [told.closure(fake.now_ms() + n, "bybit", "BTC", SIDES[n % 2], 500.0 + n) for n in range(12)]
        for fact in sent:
            fake.tell(fact)
        await fake.reach(fake.now_ms() + 2000)
        found = [*closures(linear, one.frames, known, 0), *closures(inverse, other.frames, known, 0)]
    assert same_closures(found, sent)
    assert len([frame for frame in one.frames if b"allLiquidation.BTCUSDT" in frame and b'"data"' in frame]) <= 2


AMOUNTS = [300.0, 900.0, 100.0]
THINNED = {
    "binance": [100.0],
    "okx": [100.0],
    "bitget": [900.0],
    "gate": AMOUNTS,
    "deribit": AMOUNTS,
    "dydx": AMOUNTS,
}
"""What comes of these, told in this order within a second."""


@pytest.mark.parametrize("name", THINNED)
async def test_a_venue_that_thins_sends_one_a_second(name: str, fake: ExchangesFake, client: Client) -> None:
    """Of closures of one contract, side and second: the latest, the largest, or every one, by the venue's rule."""
    venue = venue_named(name)
    stream, known = venue.streams[0], await client.known(venue)
    async with client.listening(stream, known) as heard:
        await fake.reach(told.START_MS + 5_000)
        for place, usd in enumerate(AMOUNTS):
            fake.tell(told.closure(told.START_MS + 5_100 + place * 100, name, "PEPE", "long", usd))
        await fake.reach(told.START_MS + 7_000)
        found = [fact.usd for fact in closures(stream, heard.frames, known, fake.now_ms())]
    assert found == pytest.approx(THINNED[name])


@pytest.mark.slow
async def test_a_simulated_crash_is_told_by_all_venues(client: Client) -> None:
    """The crash, told by eight venues: each socket hears what its venue lets out, thinned or whole by its rule."""
    scenario = SCENARIOS["small"]
    from_ms, to_ms = (scenario.start_ms + minutes * 60_000 for minutes in (76 * 60 + 50, 78 * 60))
    facts = list(takewhile(lambda fact: fact.t <= to_ms, eight(simulate("small"))))
    closed = [fact for fact in facts if isinstance(fact, Liquidation) and fact.t > from_ms]
    async with ExchangesFake(facts, start_ms=from_ms, bases=scenario.coins) as fake, AsyncExitStack() as stack:
        own = Client(fake, client.session)
        known = {venue.name: await own.known(venue) for venue, _ in STREAMED}
        heard = [
            (venue, stream, await stack.enter_async_context(own.listening(stream, known[venue.name], kept=True)))
            for venue, stream in STREAMED
        ]
        await fake.play()
        await fake.reach(fake.now_ms() + 2_000)
        found = [
            fact
            for venue, stream, one in heard
            for fact in closures(stream, one.frames, known[venue.name], fake.now_ms())
        ]
        told_of = {name: exchange.told for name, exchange in fake.exchanges.items()}
    for venue, _ in STREAMED:
        mine = [fact for fact in found if fact.venue == venue.name]
        all_told = [fact for fact in closed if fact.venue == venue.name]
        assert len(mine) > 100, venue.name
        assert same_closures(mine, told_of[venue.name])
        # What the recording thinned is not thinned again; Bitget's likeness of a venue that tells all is.
        assert len(mine) == len(all_told) if venue.name != "bitget" else len(mine) < len(all_told)


async def test_bursts_arrive_whole(fake: ExchangesFake, client: Client) -> None:
    """Twenty thousand closures of one moment, each in a frame of its own, all reach whoever listens."""
    venue = venue_named("bybit")
    stream, known = venue.streams[0], await client.known(venue)
    async with client.listening(stream, known) as heard:
        fake["bybit"].burst(
            told.closure(fake.now_ms(), "bybit", "PEPE", "long", 100.0 + number) for number in range(20_000)
        )
        await fake["bybit"].drained()
        await fake.reach(fake.now_ms() + 1_000)
        assert len(heard.frames) == 1 + 20_000
        found = closures(stream, heard.frames, known, fake.now_ms())
    assert len({fact.usd for fact in found}) == len(found) == 20_000


async def test_raw_frames_pass_all_windows(fake: ExchangesFake, client: Client) -> None:
    """For measurements, a frame can be sent as it is and as often as one likes."""
    venue = venue_named("binance")
    async with client.listening(venue.streams[0], {}) as heard:
        fake["binance"].say("all", "{}", times=3)
        assert await heard_after(fake, heard, 1) == [b"{}"] * 3


async def test_the_unrouted_address_of_binance_connects_and_tells_nothing(fake: ExchangesFake, client: Client) -> None:
    """The path without /market is answered and never delivers a closure."""
    url = client.address("wss://fstream.binance.com/ws/!forceOrder@arr")
    async with client.session.ws_connect(url) as ws:
        heard = Heard(ws)
        taking = asyncio.create_task(heard.take())
        fake.tell(told.closure(fake.now_ms(), "binance", "BTC", "long", 900.0))
        assert await heard_after(fake, heard, 5) == []
        taking.cancel()


async def test_dydx_sends_what_was_before_and_takes_32_topics(fake: ExchangesFake, client: Client) -> None:
    """A subscription brings an old closure that must not be counted; one topic too many is an error."""
    async with ExchangesFake(start_ms=told.START_MS, bases=[f"C{number}" for number in range(33)]) as many:
        own, venue = Client(many, client.session), venue_named("dydx")
        known = venue.parse_instruments(await own.body(venue, venue.instruments[0]), 0)
        async with own.listening(venue.streams[0], known) as heard:
            frames = await heard_after(many, heard, 1)
    parsed = [venue.streams[0].parse(frame, known, 0, "") for frame in frames]
    assert len(known) == 33
    assert [one.control for one in parsed] == ["pong"] + ["ack"] * 32 + ["error"]
    assert sum(b"LIQUIDATED" in frame for frame in frames) == 32


async def test_pings_of_the_application_are_answered(fake: ExchangesFake, client: Client) -> None:
    """Bybit, OKX, Bitget and Gate answer their own ping with what their parsers call a pong."""
    for name in ("bybit", "okx", "bitget", "gate"):
        stream = venue_named(name).streams[0]
        async with client.listening(stream, {}) as heard:
            assert stream.ping is not None
            heard.frames.clear()
            await heard.ws.send_str(stream.ping)
            frames = await heard_after(fake, heard, 1)
            assert [stream.parse(frame, {}, 0, "").control for frame in frames] == ["pong"], name


@pytest.mark.parametrize(("name", "after_s"), [("okx", 30), ("bitget", 30), ("gate", 60)])
async def test_who_says_nothing_is_disconnected(name: str, after_s: int, fake: ExchangesFake, client: Client) -> None:
    """A connection without pings of its own is ended; the protocol's pongs do not count."""
    stream = venue_named(name).streams[0]
    async with client.listening(stream, {}) as heard:
        began_ms = fake.now_ms()
        await heard.closed.wait()
        assert fake.now_ms() - began_ms == pytest.approx(after_s * 1000, abs=1000)


async def test_deribit_asks_whether_somebody_listens(fake: ExchangesFake, client: Client) -> None:
    """It asks each 30 s, and ends the connection of who has not answered by the next time."""
    stream = venue_named("deribit").streams[0]
    async with client.listening(stream, {}) as heard:
        frames = await heard_after(fake, heard, 31)
        assert [stream.parse(frame, {}, 0, "").control for frame in frames] == ["pong", "ack", "ping"]
        await heard.ws.send_str(stream.parse(frames[-1], {}, 0, "").said)
        await heard_after(fake, heard, 31)
        assert not heard.closed.is_set()
        await heard_after(fake, heard, 31)
        assert heard.closed.is_set()


@pytest.mark.slow
async def test_binance_ends_a_connection_after_a_day(fake: ExchangesFake, client: Client) -> None:
    """A connection lives 24 hours, kept by the protocol's pings."""
    async with client.listening(venue_named("binance").streams[0], {}) as heard:
        await heard_after(fake, heard, 86_390)
        assert not heard.closed.is_set()
        await heard_after(fake, heard, 20)
        assert heard.closed.is_set()
