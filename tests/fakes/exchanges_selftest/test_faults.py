from __future__ import annotations

import gzip
import json

import aiohttp
import pytest

from bot.errors import VenueError
from bot.market.venues import VENUES
from bot.market.venues.venue import Parsed, Venue
from tests.fakes.exchanges import FAULTS, ExchangesFake, Fault
from tests.fakes.exchanges.faults import spoilt
from tests.fakes.exchanges_selftest import told
from tests.fakes.exchanges_selftest.client import STREAMED, Client, closures, host, title, venue_named
from tests.fakes.exchanges_selftest.comparing import key

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]
every_venue = pytest.mark.parametrize("venue", VENUES, ids=title)
STREAM_OF = {venue.name: stream for venue, stream in reversed(STREAMED)}
TOLD = tuple(STREAM_OF)
PAGE = b"<!DOCTYPE html>"


@every_venue
@pytest.mark.parametrize(
    ("fault", "status"), [("429", 429), ("418", 418), ("451", 451), ("403 page", 403), ("html", 200)]
)
async def test_calls_are_refused(venue: Venue, fault: Fault, status: int, fake: ExchangesFake, client: Client) -> None:
    """Each refusal has its code, its page or reason, and how long to wait where the venue would say so."""
    async with fake.suffering(host(venue), fault), client.asked(venue, venue.instruments[0]) as response:
        body = await response.read()
        assert response.status == status
        assert ("Retry-After" in response.headers) == (fault in ("429", "418"))
        assert body.startswith(PAGE) == (fault in ("403 page", "html"))
    assert await client.known(venue)


@pytest.mark.parametrize("fault", ["451", "403 page"])
async def test_a_refused_place_has_no_sockets_either(fault: Fault, fake: ExchangesFake, client: Client) -> None:
    """Where a venue refuses a place of the world, open sockets end and new ones are refused."""
    stream = STREAM_OF["okx"]
    async with client.listening(stream, {}) as heard, fake.suffering("okx", fault):
        await heard.closed.wait()
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await client.session.ws_connect(client.address(stream.url))
    assert caught.value.status == (451 if fault == "451" else 403)


async def test_an_answer_that_hangs_ends_with_the_callers_patience(fake: ExchangesFake, client: Client) -> None:
    """A call under way gets nothing; the fault's end ends it too."""
    venue = venue_named("gate")
    async with fake.suffering("gate", "hang"):
        with pytest.raises(TimeoutError):
            await client.session.get(client.address(venue.rest), timeout=aiohttp.ClientTimeout(total=15))
    assert await client.known(venue)


async def test_an_answer_can_break_off(fake: ExchangesFake, client: Client) -> None:
    """The connection ends in the middle of a body whose length was told."""
    venue = venue_named("gate")
    async with fake.suffering("gate", "cut body"):
        with pytest.raises(aiohttp.ClientPayloadError):
            await client.body(venue, venue.instruments[0])


@every_venue
@pytest.mark.parametrize("fault", ["half", "wrong types", "empty strings", "unknown fields", "nan", "1e308"])
async def test_bodies_are_spoilt(venue: Venue, fault: Fault, fake: ExchangesFake, client: Client) -> None:
    """What a spoilt body still holds is true: facts are among those of the whole one, and some are missing."""
    known = await client.leading(venue)
    whole = await client.polled(venue, known)
    found: list[Parsed] = []
    async with fake.suffering(host(venue), fault):
        for poll in venue.polls:
            for request in poll.requests(known, 0):
                body = await client.body(venue, request)
                try:
                    found.append(poll.parse(body, known, fake.now_ms(), request.symbol))
                except VenueError:
                    assert fault != "unknown fields"
    count, left = (sum(len(one.facts) for one in parsed) for parsed in (whole, found))
    if fault == "unknown fields":
        assert left == count > 0
        assert not [refused for one in found for refused in one.refused]
    else:
        assert left < count
    assert {key(fact) for one in found for fact in one.facts} <= {key(fact) for one in whole for fact in one.facts}


def test_the_second_of_two_rows_is_spoilt() -> None:
    """A list keeps its odd rows, wherever in the body it hangs; times keep their numbers."""
    body = '{"code":"0","data":[{"p":"1.5","ts":"1773000000000"},{"p":"2.5","ts":"1773000000000"}]}'
    found = json.loads(spoilt(body, {"nan"}))
    assert found["code"] == "0"
    assert [row["p"] for row in found["data"]] == ["1.5", "NaN"]
    assert found["data"][1]["ts"] == "1773000000000"
    assert json.loads(spoilt(body, {"1e308"}))["data"][1]["p"] == "1e308"
    assert json.loads(spoilt(body, {"empty strings"}))["data"][1]["p"] == ""
    assert isinstance(json.loads(spoilt(body, {"wrong types"}))["data"][1]["p"], dict)
    assert spoilt('[{"p":1.5}]', {"nan"}) == '[{"p": NaN}]'
    assert spoilt("pong", {"nan", "unknown fields"}) == "pong"


@pytest.mark.parametrize("name", TOLD)
@pytest.mark.parametrize("fault", ["half", "wrong types", "nan", "1e308", "empty strings", "unknown fields"])
async def test_frames_are_spoilt(name: str, fault: Fault, fake: ExchangesFake, client: Client) -> None:
    """Frames carry the same faults as bodies; what is only unknown costs nothing."""
    venue, stream = venue_named(name), STREAM_OF[name]
    known = await client.known(venue)
    async with client.listening(stream, known) as heard, fake.suffering(name, fault):
        heard.frames.clear()
        fake.tell(told.closure(fake.now_ms(), name, "SOL", "long", 900.0))
        await fake.reach(fake.now_ms() + 2_000)
        (frame,) = heard.frames
        try:
            parsed = stream.parse(frame, known, fake.now_ms(), "")
        except VenueError:
            assert fault in ("half", "nan")
        else:
            assert len(parsed.facts) == (fault == "unknown fields")
            assert len(parsed.refused) == (fault != "unknown fields")


async def test_frames_come_twice(fake: ExchangesFake, client: Client) -> None:
    """Every frame of the feed comes two times; answers do not."""
    stream = STREAM_OF["okx"]
    async with fake.suffering("okx", "duplicate frames"), client.listening(stream, {}) as heard:
        fake.tell(told.closure(fake.now_ms(), "okx", "SOL", "long", 900.0))
        await fake.reach(fake.now_ms() + 2_000)
        assert len(heard.frames) == 3
        assert heard.frames[1] == heard.frames[2]


async def test_frames_come_in_the_wrong_order(fake: ExchangesFake, client: Client) -> None:
    """Frames of about a second come the last first, and none is missing."""
    venue, stream = venue_named("dydx"), STREAM_OF["dydx"]
    known = await client.known(venue)
    async with fake.suffering("dydx", "reordered frames"), client.listening(stream, known) as heard:
        for usd in (100.0, 200.0, 300.0):
            fake.tell(told.closure(fake.now_ms(), "dydx", "SOL", "long", usd))
            await fake.reach(fake.now_ms() + 10)
        await fake.reach(fake.now_ms() + 2_000)
        found = [fact.usd for fact in closures(stream, heard.frames, known, fake.now_ms())]
    assert found == pytest.approx([300.0, 200.0, 100.0])


async def test_a_silent_socket_answers_and_tells_nothing(fake: ExchangesFake, client: Client) -> None:
    """It acknowledges, answers pings of both kinds, and no closure comes."""
    stream = STREAM_OF["gate"]
    async with fake.suffering("gate", "silent socket"), client.listening(stream, {}) as heard:
        for _ in range(6):
            assert stream.ping is not None
            await heard.ws.send_str(stream.ping)
            fake.tell(told.closure(fake.now_ms(), "gate", "SOL", "long", 900.0))
            await fake.reach(fake.now_ms() + 20_000)
        controls = [stream.parse(frame, {}, 0, "").control for frame in heard.frames]
        assert not heard.closed.is_set()  # the client's own heartbeat each 20 s was answered
    assert controls == ["ack"] + ["pong"] * 6
    assert fake["gate"].told == []


async def test_a_socket_closes_after_three_seconds(fake: ExchangesFake, client: Client) -> None:
    """A connection ends 3 s after it opened, one that is open 3 s after the fault began."""
    stream = STREAM_OF["bybit"]
    async with (
        client.listening(stream, {}) as before,
        fake.suffering("bybit", "socket closes"),
        client.listening(stream, {}) as after,
    ):
        began_ms = fake.now_ms()
        await before.closed.wait()
        await after.closed.wait()
        assert fake.now_ms() - began_ms == pytest.approx(3_000, abs=500)


async def test_packed_pings_come_in_binary_frames(fake: ExchangesFake, client: Client) -> None:
    """Each 5 s there is a binary frame that unpacks to a ping."""
    stream = STREAM_OF["bybit"]
    async with client.listening(stream, {}) as heard, fake.suffering("bybit", "gzip pings"):
        await fake.reach(fake.now_ms() + 11_000)
        pings = [json.loads(gzip.decompress(frame)) for frame in heard.frames]
    assert len(pings) == 3
    assert pings[1]["ping"] - pings[0]["ping"] == 5_000


async def test_no_route_for_half_a_minute(fake: ExchangesFake, client: Client) -> None:
    """Calls and connections fail, an open socket is dead without a word, and afterwards all is as before."""
    venue, stream = venue_named("okx"), STREAM_OF["okx"]
    async with client.listening(stream, {}) as heard, fake.suffering("okx", "no route"):
        with pytest.raises(aiohttp.ClientConnectorError):
            await client.body(venue, venue.instruments[0])
        with pytest.raises(aiohttp.ClientConnectorError):
            await client.session.ws_connect(client.address(stream.url))
        fake.tell(told.closure(fake.now_ms(), "okx", "SOL", "long", 900.0))
        await fake.reach(fake.now_ms() + 9_000)
        assert len(heard.frames) == 1
        await fake.reach(fake.now_ms() + 21_000)
        assert heard.closed.is_set()  # the client's ping had no answer
    assert await client.known(venue)
    async with client.listening(stream, {}) as again:
        assert len(again.frames) == 1


async def test_other_venues_are_reached_meanwhile(fake: ExchangesFake, client: Client) -> None:
    """A fault is one venue's alone."""
    for fault in FAULTS:
        async with fake.suffering("okx", fault):
            for venue in VENUES:
                if venue.name != "okx":
                    async with client.asked(venue, venue.instruments[0]) as response:
                        assert response.status == 200, fault
            await fake.reach(fake.now_ms() + 10_000)


@every_venue
async def test_a_clock_can_be_five_minutes_ahead(venue: Venue, fake: ExchangesFake, client: Client) -> None:
    """The venue's own times are later than the world's, and so is the date of its answers."""
    known = await client.leading(venue)
    async with fake.suffering(host(venue), "clock skew"), client.asked(venue, venue.instruments[0]) as response:
        parsed = await client.polled(venue, known)
        date = response.headers["Date"]
    told_at = [fact.at for one in parsed for fact in one.facts if fact.at is not None]
    assert all(at_ms - fake.now_ms() == pytest.approx(300_000, abs=1_000) for at_ms in told_at)
    assert date == "Mon, 02 Mar 2026 00:05:00 GMT"


@pytest.mark.parametrize("name", TOLD)
async def test_a_subscription_can_be_refused(name: str, fake: ExchangesFake, client: Client) -> None:
    """The socket opens, the subscription is answered with an error, and no closure comes."""
    venue, stream = venue_named(name), STREAM_OF[name]
    known = await client.known(venue)
    async with fake.suffering(name, "subscription refused"), client.listening(stream, known) as heard:
        fake.tell(told.closure(fake.now_ms(), name, "SOL", "long", 900.0))
        await fake.reach(fake.now_ms() + 2_000)
        parsed = [stream.parse(frame, known, 0, "") for frame in heard.frames]
    assert "error" in [one.control for one in parsed]
    assert not any(one.facts for one in parsed)


async def test_every_fault_can_be_switched_on_and_off_while_nobody_asks(fake: ExchangesFake, client: Client) -> None:
    """All venues take all faults, one after another, and answer afterwards as before."""
    for exchange in fake.exchanges.values():
        for fault in FAULTS:
            await exchange.suffer(fault)
            await exchange.recover(fault)
    for venue in VENUES:
        async with client.asked(venue, venue.instruments[0]) as response:
            assert response.status == 200
