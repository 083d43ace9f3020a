from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.market.facts import Fact, Feed, Liquidation
from bot.market.live.health import Health
from bot.market.live.listing import Listing
from bot.market.live.merge import Merge
from bot.market.live.sockets import NOT_OURS, Sockets, shared_out
from bot.market.live.wire import Wire
from bot.market.venues import VENUES
from bot.market.venues.venue import Instrument, Stream, Venue
from tests.market.live.toy import CLOSURES, COINS, VENUE, Toy, serving, until, with_stream

pytestmark = [pytest.mark.jumping_clock, pytest.mark.wire]

CLOSURE = ("AVAX", "long", 2.0, 10.0)


class Heard:
    """What came of a venue's sockets."""

    def __init__(self, toy: Toy, session: aiohttp.ClientSession, venue: Venue) -> None:
        self.feeds: list[Feed] = []
        self.closures: list[Liquidation] = []
        self.health = Health(toy.now_ms, self.feeds.append)
        self.listing = Listing(venue, Wire(venue, session, toy.addresses), toy.now_ms)
        self.sockets = Sockets(venue, self.listing, Merge([venue]), self.health, self._put, toy.now_ms)

    def _put(self, facts: Iterable[Fact]) -> None:
        self.closures += [fact for fact in facts if isinstance(fact, Liquidation)]

    @property
    def state(self) -> str:
        return self.feeds[-1].state if self.feeds else ""


@asynccontextmanager
async def listening(toy: Toy, venue: Venue = VENUE) -> AsyncIterator[Heard]:
    """The sockets of a venue at its server, connected."""
    async with serving(toy), aiohttp.ClientSession() as session:
        heard = Heard(toy, session, venue)
        await heard.listing.load()
        await heard.sockets.update(session, toy.addresses)
        try:
            yield heard
        finally:
            await heard.sockets.stop()


async def test_closures_are_heard_and_silence_is_no_fault() -> None:
    """After a night without a word, in which pings are answered, the same connection still brings a closure."""
    toy = Toy()
    async with listening(toy) as heard:
        await asyncio.sleep(8 * 3600)
        await toy.tell((*CLOSURE, toy.now_ms()))
        await until(lambda: len(heard.closures) == 1)
        assert [feed.state for feed in heard.feeds] == ["live"]
        assert len(toy.opened_s) == 1
        assert toy.heard.count("ping") > 1400


async def test_a_venue_that_has_no_words_for_pings_is_pinged_by_the_socket() -> None:
    """Without a text of its own the socket's pings keep the connection, and their answers show that it lives."""
    toy = Toy()
    async with listening(toy, with_stream(ping=None)) as heard:
        await asyncio.sleep(3600)
        assert (len(toy.opened_s), heard.state, toy.heard.count("ping")) == (1, "live", 0)
        toy.mute = True
        await until(lambda: len(toy.opened_s) > 1)


async def test_who_does_not_answer_pings_is_left() -> None:
    """A dead line is noticed within a minute, though nothing closed it; the gap begins when it was last heard."""
    toy = Toy()
    async with listening(toy) as heard:
        await until(lambda: heard.state == "live")
        await asyncio.sleep(100)
        toy.mute, muted_ms = True, toy.now_ms()
        await until(lambda: len(heard.feeds) > 1, 90)
        assert heard.feeds[1].state == "stale"
        assert muted_ms - 21_000 <= heard.feeds[1].since <= muted_ms
        toy.mute = False
        await until(lambda: heard.state == "live")


async def test_a_closed_socket_is_opened_again_and_subscribed_again() -> None:
    """After a hang-up the line is stale, then a new connection asks for the same topics and is live."""
    toy = Toy()
    async with listening(toy) as heard:
        await until(lambda: heard.state == "live")
        await asyncio.sleep(120)
        closed_s = asyncio.get_running_loop().time()
        await toy.hang_up()
        await until(lambda: len(heard.feeds) == 3)
        assert [feed.state for feed in heard.feeds] == ["live", "stale", "live"]
        assert toy.opened_s[-1] - closed_s < 2
        assert toy.heard.count("subscribe AVAX") == 2


async def test_a_socket_that_closes_each_time_is_opened_more_and_more_slowly() -> None:
    """A venue that hangs up every 3 s is not hammered: in ten minutes it sees a few dozen connections."""
    toy = Toy()
    async with listening(toy):
        for _ in range(200):
            await asyncio.sleep(3)
            await toy.hang_up()
        assert 10 < len(toy.opened_s) < 60


async def test_a_refused_place_is_tried_hourly() -> None:
    """A socket answered with 451 is blocked, tried about once an hour, and live when the venue opens."""
    toy = Toy(refuses_sockets=451)
    async with listening(toy) as heard:
        await until(lambda: heard.state == "blocked")
        await asyncio.sleep(5 * 3600)
        assert 5 <= len(toy.opened_s) <= 6
        toy.refuses_sockets = None
        await until(lambda: heard.state == "live", 4000)


async def test_a_connection_is_renewed_without_a_hole() -> None:
    """Before the venue ends a connection the next one stands; what is told meanwhile to both counts once."""
    toy, told = Toy(), 0
    async with listening(toy, with_stream(lives_s=3600)) as heard:
        await until(lambda: heard.state == "live")
        while asyncio.get_running_loop().time() < toy.opened_s[0] + 2 * 3600:
            await toy.tell((*CLOSURE, toy.now_ms()))
            told += 1
            await asyncio.sleep(4.1)
        await until(lambda: len(heard.closures) == told)
        assert [feed.state for feed in heard.feeds] == ["live"]
        assert 2 <= len(toy.opened_s) <= 4
        assert all(later - earlier < 3600 for earlier, later in zip(toy.opened_s, toy.opened_s[1:], strict=False))


async def test_a_renewal_that_fails_leaves_the_old_connection() -> None:
    """While no new connection can be had, the old one goes on."""
    toy = Toy()
    async with listening(toy, with_stream(lives_s=3600)) as heard:
        await until(lambda: heard.state == "live")
        toy.refuses_sockets = 503
        await asyncio.sleep(3590)
        assert len(toy.opened_s) > 2
        await toy.tell((*CLOSURE, toy.now_ms()))
        await until(lambda: len(heard.closures) == 1)
        assert heard.state == "live"


async def test_a_new_contract_is_subscribed_without_a_hole() -> None:
    """When the list grows, a new connection with all topics takes over; the feed was never lost."""
    toy = Toy()
    async with listening(toy) as heard, aiohttp.ClientSession() as session:
        await until(lambda: heard.state == "live")
        toy.contracts = (*COINS, "SOL")
        await heard.listing.load()
        await heard.sockets.update(session, toy.addresses)
        await until(lambda: "subscribe SOL" in toy.heard)
        await until(lambda: len(toy.sockets) == 1)
        await toy.tell(("SOL", "short", 1.0, 20.0, toy.now_ms()))
        await until(lambda: len(heard.closures) == 1)
        assert [feed.state for feed in heard.feeds] == ["live"]


async def test_topics_are_shared_out_over_connections() -> None:
    """With one topic a connection three contracts need three, and one of them down leaves the feed partial."""
    toy = Toy()
    async with listening(toy, with_stream(most_topics=1)) as heard:
        await until(lambda: len(toy.sockets) == 3 and heard.state == "live")
        assert sorted(toy.heard) == [f"subscribe {coin}" for coin in sorted(COINS)]
        await toy.sockets[0].close()
        await until(lambda: heard.state == "partial")
        await until(lambda: heard.state == "live")


async def test_a_refused_subscription_is_not_live() -> None:
    """A socket whose subscription is refused delivers nothing: it is stale, though it answers pings."""
    toy = Toy(refuses="error no such topic")
    async with listening(toy) as heard:
        await until(lambda: heard.state == "stale")
        toy.refuses = ""
        await until(lambda: heard.state == "live")


async def test_a_subscription_without_an_answer_is_not_live() -> None:
    """A venue that never confirms is tried again; until then nothing is called live."""
    toy = Toy(refuses="pong")
    async with listening(toy) as heard:
        await asyncio.sleep(29)
        assert heard.feeds == []
        await until(lambda: heard.state == "stale")


async def test_pings_of_the_venue_are_answered_in_its_words() -> None:
    """A frame that asks for an answer gets it."""
    toy = Toy()
    async with listening(toy) as heard:
        await until(lambda: heard.state == "live")
        await toy.sockets[0].send_str("ping I am here")
        await until(lambda: "I am here" in toy.heard)


async def test_garbage_costs_one_frame() -> None:
    """Half a frame, bytes of nothing, an odd error: each costs itself, and the closure after them is heard."""
    toy = Toy()
    async with listening(toy) as heard:
        await until(lambda: heard.state == "live")
        for frame in ('[["AVAX","lo', "error of some kind", ""):
            await toy.sockets[0].send_str(frame)
        await toy.sockets[0].send_bytes(b"\x1f\x8b\x00")
        await toy.tell((*CLOSURE, toy.now_ms()))
        await until(lambda: len(heard.closures) == 1)
        assert heard.health.reports.refusals["toy closures"] == 2
        assert [feed.state for feed in heard.feeds] == ["live", "partial"]


async def test_closures_that_cannot_be_read_are_as_lost_as_others() -> None:
    """A socket that tells nothing but broken frames is stale since the first of them, until one can be read again."""
    toy = Toy()
    async with listening(toy) as heard:
        await until(lambda: heard.state == "live")
        first_ms = toy.now_ms()
        for _ in range(4):
            await toy.sockets[0].send_str('[["AVAX","lo')
            await asyncio.sleep(3)
        assert heard.state == "stale"
        assert abs(heard.feeds[-1].since - first_ms) < 100
        await toy.tell((*CLOSURE, toy.now_ms()))
        await until(lambda: heard.state == "partial")
        await asyncio.sleep(60)
        await toy.tell((*CLOSURE, toy.now_ms()))
        await until(lambda: heard.state == "live")


async def test_bursts_are_counted_to_the_last_closure() -> None:
    """Forty bursts of 25 frames and one of 20,000: all are heard."""
    toy, told = Toy(), 0
    async with listening(toy) as heard:
        await until(lambda: heard.state == "live")
        for burst in [25] * 40 + [20_000]:
            for _ in range(burst):
                told += 1
                await toy.tell((*CLOSURE, 1_773_000_000_000 + told))
            await asyncio.sleep(0.1)
        await until(lambda: len(heard.closures) == told)
        assert len({fact.at for fact in heard.closures}) == told


async def test_contracts_keep_their_connection() -> None:
    """A contract that comes or goes moves no other to another connection."""
    stream = with_stream(most_topics=2).streams[0]
    known = {name: Instrument(name, name, "USDT", 1.0) for name in "ABCDE"}
    first = shared_out(stream, known)
    assert [list(share) for share in first] == [["A", "B"], ["C", "D"], ["E"]]
    changed = {name: Instrument(name, name, "USDT", 1.0) for name in "ZACDE"}
    assert [list(share) for share in shared_out(stream, changed, first)] == [["A", "Z"], ["C", "D"], ["E"]]
    assert shared_out(CLOSURES, known) == [known]


@pytest.mark.parametrize(
    ("venue", "stream"), [(venue, stream) for venue in VENUES for stream in venue.streams], ids=lambda one: one.name
)
def test_a_frame_of_another_kind_is_no_lost_closure(venue: Venue, stream: Stream) -> None:
    """News that a venue sends now and then are told from closures that cannot be read, whichever venue sends them."""
    parsed = stream.parse(b'{"type":"news","channel":"news","text":"maintenance on Sunday"}', {}, 1_773_000_000_000, "")
    assert parsed.facts == ()
    assert parsed.control or (parsed.refused and {row.reason for row in parsed.refused} <= set(NOT_OURS))
