from __future__ import annotations

import json
from dataclasses import replace

import aiohttp
import pytest

from bot.errors import VenueError
from bot.market.facts import Turnover
from bot.market.live.listing import MOST_PAGES, Listing
from bot.market.live.wire import Wire
from bot.market.venues import bybit
from bot.market.venues.venue import Instrument, Known, Request, Terms
from tests.fakes.exchanges import ExchangesFake
from tests.market.live.facts import T_MS
from tests.market.live.toy import VENUE, Toy, serving

pytestmark = [pytest.mark.jumping_clock, pytest.mark.wire]


def parse_hours(body: bytes, known: Known) -> dict[str, Instrument]:
    """Every contract pays at the hours told."""
    return {symbol: one._replace(funding_h=float(json.loads(body))) for symbol, one in known.items()}


async def test_the_most_traded_coins_come_first() -> None:
    """Contracts are in the order of the turnover that was noted, those without any last."""
    async with serving(Toy()) as toy, aiohttp.ClientSession() as session:
        listing = Listing(VENUE, Wire(VENUE, session, toy.addresses), toy.now_ms)
        await listing.load()
        listing.note([Turnover(T_MS, "toy", "DOGE", "perp", 9.0), Turnover(T_MS, "toy", "LINK", "perp", 5.0)])
        assert list(listing.leading) == ["AVAX", "LINK", "DOGE"]
        listing.sort()
        assert list(listing.leading) == list(listing.known) == ["DOGE", "LINK", "AVAX"]


async def test_a_spot_market_tells_of_wanted_coins_only() -> None:
    """Its polls ask about coins that have a perpetual somewhere; a later list keeps to them too."""
    async with serving(Toy()) as toy, aiohttp.ClientSession() as session:
        listing = Listing(VENUE, Wire(VENUE, session, toy.addresses), toy.now_ms)
        listing.want(frozenset({"LINK"}))
        await listing.load()
        assert list(listing.leading) == ["LINK"]
        assert listing.coins == {"AVAX", "LINK", "DOGE"}


async def test_an_empty_list_leaves_the_one_of_before() -> None:
    """A venue that lists nothing has a bad moment: what was known stays known."""
    async with serving(Toy()) as toy, aiohttp.ClientSession() as session:
        listing = Listing(VENUE, Wire(VENUE, session, toy.addresses), toy.now_ms)
        await listing.load()
        toy.contracts = ()
        with pytest.raises(VenueError):
            await listing.load()
        assert list(listing.known) == ["AVAX", "LINK", "DOGE"]


async def test_terms_stand_until_they_are_told_again() -> None:
    """A new list without the terms keeps those of before, and new terms replace them."""
    terms = Terms(every_s=900, request=Request("/terms"), parse=parse_hours)
    venue = replace(VENUE, terms=(terms,))
    async with serving(Toy()) as toy, aiohttp.ClientSession() as session:
        listing = Listing(venue, Wire(venue, session, toy.addresses), toy.now_ms)
        await listing.load()
        toy.body = "4"
        await listing.load_terms(terms)
        toy.body = None
        await listing.load()
        assert {one.funding_h for one in listing.leading.values()} == {4.0}
        toy.body = "1"
        await listing.load_terms(terms)
        assert {one.funding_h for one in listing.leading.values()} == {1.0}


@pytest.mark.parametrize(("coins", "pages"), [(999, 1), (1000, 2), (2500, 3)])
async def test_a_list_of_several_pages_is_read_to_its_end(coins: int, pages: int) -> None:
    """Bybit tells 1,000 contracts at once, a dated one among them; the others are asked for, and each is known."""
    bases = [f"C{number:04d}X" for number in range(coins)]
    async with ExchangesFake(start_ms=T_MS, bases=bases) as fake, aiohttp.ClientSession() as session:
        listing = Listing(bybit.VENUE, Wire(bybit.VENUE, session, fake.addresses), fake.now_ms)
        await listing.load()
        assert listing.coins == set(bases)
        asked = [call.query["category"] for call in fake["bybit"].calls]
        assert (asked.count("linear"), asked.count("inverse")) == (pages, 1)
        assert fake.unknown == []


async def test_a_list_that_leads_back_to_itself_is_refused() -> None:
    """Pages that follow each other for ever are given up, and what was known stays known."""
    async with serving(Toy()) as toy, aiohttp.ClientSession() as session:
        wire = Wire(VENUE, session, toy.addresses)
        listing = Listing(replace(VENUE, next_page=lambda _body, request: request), wire, toy.now_ms)
        with pytest.raises(VenueError, match="without an end"):
            await listing.load()
        assert len(toy.asked) == MOST_PAGES
        assert not listing.known
