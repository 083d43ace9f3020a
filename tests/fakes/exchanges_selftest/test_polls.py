from __future__ import annotations

import msgspec
import pytest

from bot.market.facts import Bar
from bot.market.venues import VENUES
from bot.market.venues.venue import Request, Venue
from tests.fakes.exchanges import ExchangesFake, minutes
from tests.fakes.exchanges_selftest import told
from tests.fakes.exchanges_selftest.client import Client, title, venue_named
from tests.fakes.exchanges_selftest.comparing import key, kind, same

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]
every_venue = pytest.mark.parametrize("venue", VENUES, ids=title)


@every_venue
async def test_what_was_told_comes_back(venue: Venue, fake: ExchangesFake, client: Client) -> None:
    """One round of a venue's polls gives every fact of the world that the venue carries, and nothing is refused."""
    parsed = await client.polled(venue, await client.leading(venue))
    found = [fact for one in parsed for fact in one.facts]
    assert same(found, [fact for fact in told.present(told.START_MS) if key(fact)[1::2] == (venue.name, venue.market)])
    assert not [refused for one in parsed for refused in one.refused]
    assert fake.unknown == []


@every_venue
async def test_only_coins_are_listed_each_once_and_led_by_one_contract(venue: Venue, client: Client) -> None:
    """Shares, goods, dated and ended contracts stand in the lists too; what is taken are the coins of the world."""
    known = await client.known(venue)
    assert {instrument.base for instrument in known.values()} == set(told.BASES)
    assert [instrument.base for instrument in (await client.leading(venue)).values()] == list(told.BASES)


async def test_the_venues_own_time_is_the_facts_own_or_now(fake: ExchangesFake, client: Client) -> None:
    """A mark without a time of its own is that of the moment it is looked up, one with keeps it."""
    fake.tell(msgspec.structs.replace(next(told.present(told.START_MS)), at=told.START_MS - 4_000))
    await fake.reach(told.START_MS + 60_000)
    venue = venue_named("binance")
    marks = venue.polls[0].parse(
        await client.body(venue, Request("/fapi/v1/premiumIndex")), await client.known(venue), 0, ""
    )
    ages = {fact.base: fake.now_ms() - (fact.at or 0) for fact in marks.facts if kind(fact) == "mark"}
    assert ages["BTC"] == 64_000
    assert 0 <= ages["SOL"] < 100


async def test_minutes_come_when_they_are_over(client: Client) -> None:
    """Of bars told by the minute a venue gives the last of them, without the one that goes on."""
    bars = [fact for fact in told.past(told.START_MS, 1) if isinstance(fact, Bar)]
    async with ExchangesFake(minutes(bars), start_ms=told.START_MS, bases=told.BASES) as fake:
        own = Client(fake, client.session)
        for venue in VENUES:
            for poll in venue.polls:
                if poll.feeds == ("bar",):
                    known = await own.leading(venue)
                    request = poll.requests(known, 0)[0]
                    parsed = poll.parse(await own.body(venue, request), known, fake.now_ms(), request.symbol)
                    assert [fact.t for fact in parsed.facts][-1] == told.START_MS
                    assert {fact.span_s for fact in parsed.facts if isinstance(fact, Bar)} == {60}


async def test_a_call_nobody_knows_is_said(fake: ExchangesFake, client: Client) -> None:
    """An address or a symbol that a venue does not have is refused and can be read afterwards."""
    venue = venue_named("bybit")
    async with client.asked(venue, Request("/v5/market/nothing")) as response:
        assert response.status == 404
    async with client.asked(venue, Request("/v5/market/kline", {"category": "linear", "symbol": "X"})) as response:
        assert response.status == 400
    assert len(fake.unknown) == 2


async def test_who_asks_too_much_is_told_to_wait(fake: ExchangesFake, client: Client) -> None:
    """Calls beyond the budget are refused until it is there again, and the answer's header tells what was used."""
    venue = venue_named("binance")
    used = []
    for _ in range(61):
        async with client.asked(venue, Request("/fapi/v1/ticker/24hr")) as response:
            used.append((response.status, response.headers["X-MBX-USED-WEIGHT-1M"]))
    assert used[0] == (200, "40")
    assert used[59] == (200, "2400")
    assert used[60] == (429, "2400")
    await fake.reach(fake.now_ms() + int(response.headers["Retry-After"]) * 1000)
    async with client.asked(venue, Request("/fapi/v1/ticker/24hr")) as response:
        assert response.status == 200


async def test_each_venue_is_reached_under_every_address_of_its_file(fake: ExchangesFake, client: Client) -> None:
    """Every root of calls and every socket of the venues' files has a place here."""
    for venue in VENUES:
        for address in (venue.rest, *(stream.url for stream in venue.streams)):
            assert "127.0.0.1" in client.address(address)
    with pytest.raises(LookupError):
        client.address("https://example.com")
