from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable

import aiohttp
import pytest
import pytest_asyncio

from bot.errors import VenueDown, VenueError
from bot.market.live.wire import Wire, where
from bot.market.venues.venue import Request
from tests.market.live.toy import REST, VENUE, Toy, serving

pytestmark = [pytest.mark.jumping_clock, pytest.mark.wire]

CALL = Request("/figures")


@pytest_asyncio.fixture
async def toy() -> AsyncIterator[Toy]:
    """A server that answers well."""
    async with serving(Toy()) as server:
        yield server


@pytest_asyncio.fixture
async def wire(toy: Toy) -> AsyncIterator[Wire]:
    """What asks it."""
    async with aiohttp.ClientSession() as session:
        yield Wire(VENUE, session, toy.addresses)


async def down(call: Awaitable[bytes]) -> VenueDown:
    """Why a call was not answered."""
    with pytest.raises(VenueDown) as caught:
        await call
    return caught.value


@pytest.mark.parametrize(("status", "seconds"), [(429, 7), (418, 7)])
async def test_retry_after_is_honoured(toy: Toy, wire: Wire, status: int, seconds: int) -> None:
    """Told to wait seven seconds, nothing is asked for seven seconds, and then the venue is back."""
    toy.status, toy.headers = status, {"Retry-After": str(seconds)}
    assert (await down(wire.get(CALL))).retry_after_s == seconds
    toy.status = 200
    await asyncio.sleep(seconds - 1)
    refused = await down(wire.get(CALL))
    assert (refused.state, round(refused.retry_after_s)) == ("stale", 1)
    assert len(toy.asked) == 1
    await asyncio.sleep(1.01)
    assert await wire.get(CALL)


async def test_an_answer_to_an_earlier_call_does_not_end_a_pause(toy: Toy, wire: Wire) -> None:
    """A call that was under way when the venue asked for patience may be answered well: the patience stays."""
    toy.answers_s = 2
    slow = asyncio.create_task(wire.get(CALL))
    await asyncio.sleep(1)
    toy.answers_s, toy.status, toy.headers = 0, 429, {"Retry-After": "60"}
    await down(wire.get(CALL))
    toy.status = 200
    assert await slow
    await down(wire.get(CALL))


@pytest.mark.parametrize("status", [451, 403])
async def test_a_refused_place_is_asked_hourly(toy: Toy, wire: Wire, status: int) -> None:
    """A venue that refuses this place of the world counts as blocked, and is asked once an hour."""
    toy.status = status
    assert (await down(wire.get(CALL))).state == "blocked"
    for _ in range(60):
        await asyncio.sleep(59)
        assert (await down(wire.get(CALL))).state == "blocked"
    assert len(toy.asked) == 1
    await asyncio.sleep(61)
    await down(wire.get(CALL))
    assert len(toy.asked) == 2


async def test_too_frequent_is_no_refused_place(toy: Toy, wire: Wire) -> None:
    """Bybit's 403 for asking too often is over after ten minutes."""
    toy.status, toy.body = 403, "403, access too frequent. Please try again later."
    assert (await down(wire.get(CALL))).state == "stale"
    toy.status = 200
    await asyncio.sleep(601)
    assert await wire.get(CALL)


async def test_a_page_instead_of_data_is_a_refused_place(toy: Toy, wire: Wire) -> None:
    """The page of a firewall with code 200 is no answer."""
    toy.body = "\n<!DOCTYPE html><html></html>"
    assert (await down(wire.get(CALL))).state == "blocked"


async def test_failures_in_a_row_are_left_alone_longer_each_time(toy: Toy, wire: Wire) -> None:
    """After three failures the venue is left alone; asked each second for ten minutes it is called a few times only."""
    toy.status = 502
    for _ in range(600):
        await down(wire.get(CALL))
        await asyncio.sleep(1)
    assert 5 <= len(toy.asked) <= 15
    toy.status = 200
    await asyncio.sleep(400)
    assert await wire.get(CALL)
    assert await wire.get(CALL)


async def test_one_call_goes_first_after_a_pause(toy: Toy, wire: Wire) -> None:
    """When a pause is over one call finds out whether the venue is back; others do not pile up behind it."""
    toy.status, toy.headers = 429, {"Retry-After": "5"}
    await down(wire.get(CALL))
    await asyncio.sleep(6)
    toy.status, toy.headers, toy.answers_s = 503, {}, 1
    results = await asyncio.gather(*(wire.get(CALL) for _ in range(20)), return_exceptions=True)
    assert all(isinstance(result, VenueDown) for result in results)
    assert len(toy.asked) == 2


async def test_a_refused_call_is_not_a_venue_that_is_down(toy: Toy, wire: Wire) -> None:
    """A wrong symbol costs this call alone."""
    toy.status, toy.body = 400, '{"code":-1121}'
    with pytest.raises(VenueError) as caught:
        await wire.get(CALL)
    assert not isinstance(caught.value, VenueDown)
    toy.status, toy.body = 200, None
    assert await wire.get(CALL)


async def test_who_does_not_answer_is_given_up(toy: Toy, wire: Wire) -> None:
    """A call without an answer ends after 15 seconds."""
    toy.answers_s = 1000
    began_s = asyncio.get_running_loop().time()
    await down(wire.get(CALL))
    assert asyncio.get_running_loop().time() - began_s == pytest.approx(15, abs=1)


async def test_nobody_there_is_down(toy: Toy) -> None:
    """A port nobody listens on is a venue that is down, not an error of the program."""
    async with aiohttp.ClientSession() as session:
        wire = Wire(VENUE, session, {REST: "http://127.0.0.1:9"})
        assert (await down(wire.get(CALL))).state == "stale"


async def test_few_calls_are_under_way_at_once(toy: Toy, wire: Wire) -> None:
    """Of twenty calls at most four are under way at the same time, as the venue's limits say."""
    toy.answers_s = 0.5
    await asyncio.gather(*(wire.get(CALL) for _ in range(20)))
    assert toy.at_once["most"] == VENUE.limits.at_once


async def test_the_header_corrects_the_count(toy: Toy, wire: Wire) -> None:
    """What the answer says is used counts: with nearly all of it used, the next call waits for the span to pass."""
    toy.headers = {"X-Used": "90"}
    await wire.get(CALL)
    began_s = asyncio.get_running_loop().time()
    await wire.get(CALL)
    assert asyncio.get_running_loop().time() - began_s >= 9


def test_the_longest_beginning_of_an_address_counts() -> None:
    """A test may lead one path of a host elsewhere, and an address that nobody named stays."""
    addresses = {"https://a": "http://1", "https://a/b": "http://2"}
    told = [where(one, addresses) for one in ("https://a/c", "https://a/b/c", "https://x")]
    assert told == ["http://1/c", "http://2/c", "https://x"]
    assert where("https://a", None) == "https://a"


def test_a_name_of_a_host_is_not_cut() -> None:
    """A beginning counts where a part of the address ends, so that its rest is never read as a name of a machine."""
    for begin in ("https://a", "https://a/"):
        asked = {one: where(one, {begin: "http://127.0.0.1"}) for one in ("https://a", "https://a/b", "https://ab.c/d")}
        assert list(asked.values()) == ["http://127.0.0.1", "http://127.0.0.1/b", "https://ab.c/d"]
