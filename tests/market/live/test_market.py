from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.market.facts import Fact, Feed, Liquidation, Mark
from bot.market.live.market import LiveMarket
from bot.market.venues.venue import Parsed, Poll, Request, Venue
from tests.market.live.toy import FIGURES, REST, SOCKET, START_MS, VENUE, Toy, serving, until

pytestmark = [pytest.mark.jumping_clock, pytest.mark.wire]


class Listener:
    """A market and everything it told so far."""

    def __init__(self, market: LiveMarket) -> None:
        self.market = market
        self.facts: list[Fact] = []

    async def listen(self) -> None:
        async for fact in self.market.facts():
            self.facts.append(fact)

    def count(self, kind: type[Fact], venue: str = "toy") -> int:
        return sum(isinstance(fact, kind) and fact.venue == venue for fact in self.facts)

    def states(self, feed: str, venue: str = "toy") -> list[str]:
        return [f.state for f in self.facts if isinstance(f, Feed) and (f.venue, f.feed) == (venue, feed)]


@asynccontextmanager
async def living(*venues: Venue, toys: dict[str, str], now_ms: Toy) -> AsyncIterator[Listener]:
    """A live market of these venues, whose addresses lead to the toys."""
    async with LiveMarket(venues, now_ms.now_ms, toys) as market:
        listener = Listener(market)
        task = asyncio.create_task(listener.listen())
        yield listener
    await task


def other(name: str, **changes: object) -> Venue:
    """A second venue at an address of its own, which calls itself by its own name."""

    def parse(body: bytes, known: object, t_ms: int, symbol: str) -> Parsed:
        told = FIGURES.parse(body, known, t_ms, symbol)  # type: ignore[arg-type]  # as the poll itself is handed it
        return Parsed([replace_venue(fact, name) for fact in told.facts], told.refused)

    poll = replace(FIGURES, parse=parse)
    return replace(VENUE, name=name, rest=f"https://{name}.example", polls=(poll,), streams=(), **changes)  # type: ignore[arg-type]  # fields of Venue


def replace_venue(fact: Fact, name: str) -> Fact:
    """The same of another venue."""
    return type(fact)(**{field: getattr(fact, field) for field in fact.__struct_fields__} | {"venue": name})


def addresses(**toys: Toy) -> dict[str, str]:
    """Where the addresses of several venues lead."""
    return {f"https://{name}.example": toy.addresses[REST] for name, toy in toys.items()} | {
        SOCKET: next(iter(toys.values())).addresses[SOCKET]
    }


async def test_a_poll_and_a_socket_come_out_as_facts() -> None:
    """From the list of contracts to marks, open interest and a closure, each feed said to be live first."""
    async with serving(Toy()) as toy, living(VENUE, toys=toy.addresses, now_ms=toy) as heard:
        await until(lambda: heard.states("liquidation") == ["live"])
        await toy.tell(("LINK", "short", 2.0, 11.0, toy.now_ms()))
        await asyncio.sleep(60)
        assert next(fact for fact in heard.facts if isinstance(fact, Liquidation)).usd == 22.0
        assert 9 <= heard.count(Mark) <= 18
        assert heard.states("mark") == heard.states("oi") == ["live"]
        assert {row.state for row in heard.market.coverage()} == {"live"}
        assert all(row.heard_ms is not None for row in heard.market.coverage())


async def test_time_never_goes_back() -> None:
    """The clock is set back by an hour: facts go on with the moment reached, and polls go on as before."""
    async with serving(Toy()) as toy:
        back_ms = 0

        def clock() -> int:
            return toy.now_ms() - back_ms

        async with LiveMarket([VENUE], clock, toy.addresses) as market:
            heard = Listener(market)
            task = asyncio.create_task(heard.listen())
            await asyncio.sleep(60)
            back_ms, before = 3_600_000, heard.count(Mark)
            await asyncio.sleep(60)
            assert heard.count(Mark) >= before + 9
        await task
        times = [fact.t for fact in heard.facts]
        assert times == sorted(times)


async def test_an_outage_is_a_gap_and_ends_by_itself() -> None:
    """The venue answers nothing for ten minutes: its feeds are stale, then live, and the gap of closures is known."""
    async with serving(Toy()) as toy, living(VENUE, toys=toy.addresses, now_ms=toy) as heard:
        await asyncio.sleep(120)
        lost_ms, toy.status, toy.refuses_sockets = toy.now_ms(), 502, 502
        await toy.hang_up()
        await asyncio.sleep(600)
        back_ms, toy.status, toy.refuses_sockets = toy.now_ms(), 200, None
        await asyncio.sleep(400)
        for feed in ("mark", "oi", "turnover", "liquidation"):
            assert heard.states(feed) == ["live", "stale", "live"]
        (gap,) = heard.market.gaps("toy", "liquidation")
        assert lost_ms - 21_000 <= gap.from_ms <= lost_ms
        assert gap.to_ms is not None
        assert back_ms <= gap.to_ms <= back_ms + 60_000


async def test_one_venue_never_costs_another_anything() -> None:
    """Whatever one venue answers, the marks of the other come at their period, and it is never called stale."""
    spoilt = [(200, "<html>"), (200, "nonsense"), (200, "[[1,2]]"), (200, "[]"), (451, ""), (429, ""), (500, "")]
    async with serving(Toy()) as toy, serving(Toy()) as bad:
        toys = addresses(toy=toy, bad=bad)
        async with living(VENUE, other("bad"), toys=toys, now_ms=toy) as heard:
            await asyncio.sleep(60)
            for bad.status, bad.body in spoilt:
                before = heard.count(Mark)
                await asyncio.sleep(150)
                assert heard.count(Mark) - before >= 24
            assert heard.states("mark") == ["live"]
            assert heard.states("mark", "bad")[:2] in (["live", "stale"], ["live", "blocked"])


async def test_a_blocked_venue_is_said_to_be_blocked_from_the_beginning() -> None:
    """A place that the venue refuses: every feed is blocked, closures too, until the place is let in."""
    async with serving(Toy(status=451)) as toy, living(VENUE, toys=toy.addresses, now_ms=toy) as heard:
        await asyncio.sleep(1800)
        assert {(row.feed, row.state) for row in heard.market.coverage()} == {
            (feed, "blocked") for feed in ("mark", "oi", "turnover", "liquidation")
        }
        assert len(toy.asked) == 1
        toy.status = 200
        await asyncio.sleep(3 * 3600)
        assert {row.state for row in heard.market.coverage()} == {"live"}


async def test_a_venue_that_stands_still_is_stale() -> None:
    """It answers every call, but its time does not move: after half a minute that is no news, and said so."""
    async with serving(Toy()) as toy, living(VENUE, toys=toy.addresses, now_ms=toy) as heard:
        await asyncio.sleep(60)
        toy.frozen_ms = toy.now_ms()
        await asyncio.sleep(120)
        assert heard.states("mark") == ["live", "stale"]
        told = heard.count(Mark)
        await asyncio.sleep(120)
        assert heard.count(Mark) == told
        toy.frozen_ms = None
        await asyncio.sleep(60)
        assert heard.states("mark") == ["live", "stale", "live"]


async def test_a_clock_that_is_wrong_loses_nothing() -> None:
    """Our clock five minutes ahead of the venue's: marks and closures are taken as ever."""
    async with serving(Toy()) as toy:

        def clock() -> int:
            return toy.now_ms() + 300_000

        async with LiveMarket([VENUE], clock, toy.addresses) as market:
            heard = Listener(market)
            task = asyncio.create_task(heard.listen())
            await asyncio.sleep(60)
            await toy.tell(("LINK", "short", 2.0, 11.0, toy.now_ms()))
            await asyncio.sleep(60)
            assert (heard.states("mark"), heard.count(Liquidation)) == (["live"], 1)
        await task


async def test_a_poll_of_which_rows_are_refused_is_partial() -> None:
    """One contract of three cannot be read: its feed is partial, and live again when it can."""
    async with serving(Toy()) as toy, living(VENUE, toys=toy.addresses, now_ms=toy) as heard:
        await asyncio.sleep(60)
        toy.body = '[["AVAX",10.0,null],["LINK",11.0,null],["DOGE","",null]]'
        await asyncio.sleep(60)
        toy.body = None
        await asyncio.sleep(60)
        assert heard.states("mark") == ["live", "partial", "live"]


async def test_a_spot_market_is_asked_for_coins_that_have_a_perpetual() -> None:
    """Of the spot market's coins only the one that the perpetual market lists is told."""
    spot = other("shop", market="spot")
    async with (
        serving(Toy(contracts=("LINK",))) as toy,
        serving(Toy()) as shop,
        living(VENUE, spot, toys=addresses(toy=toy, shop=shop), now_ms=toy) as heard,
    ):
        await asyncio.sleep(120)
        assert {fact.base for fact in heard.facts if fact.venue == "shop" and isinstance(fact, Mark)} == {"LINK"}


async def test_a_part_of_the_calls_may_fail() -> None:
    """A poll of one call a contract is live while most of its calls are answered."""

    def parse(body: bytes, known: object, t_ms: int, symbol: str) -> Parsed:
        told = FIGURES.parse(body, known, t_ms, symbol)  # type: ignore[arg-type]  # as the poll itself is handed it
        if symbol == "LINK":
            raise KeyError(symbol)
        return told

    asked: Counter[int] = Counter()

    def requests(known: object, number: int) -> list[Request]:
        asked[number] += 1
        return [Request("/figures", symbol=symbol) for symbol in ("AVAX", "DOGE")]

    poll = Poll(name="each", feeds=("mark",), every_s=15, requests=requests, parse=parse)
    venue = replace(VENUE, polls=(poll,), streams=())
    async with serving(Toy()) as toy, living(venue, toys=toy.addresses, now_ms=toy) as heard:
        await asyncio.sleep(120)
        assert heard.states("mark") == ["live"]
        assert list(asked) == list(range(len(asked)))
        assert set(asked.values()) == {1}


async def test_an_error_that_nobody_foresaw_ends_no_other_poll() -> None:
    """A parser that raises what it never should costs its own poll, round by round, and nothing else."""

    def broken(_body: bytes, _known: object, _t_ms: int, _symbol: str) -> Parsed:
        raise RuntimeError("nobody foresaw this")

    poll = replace(FIGURES, name="broken", feeds=("index",), parse=broken)
    venue = replace(VENUE, polls=(FIGURES, poll))
    async with serving(Toy()) as toy, living(venue, toys=toy.addresses, now_ms=toy) as heard:
        await asyncio.sleep(300)
        assert heard.states("mark") == ["live"]
        assert heard.count(Mark) >= 50


async def test_leaving_ends_everything() -> None:
    """After the market is left its stream ends, no task is left, and the venue is asked no more."""
    async with serving(Toy()) as toy:
        before = asyncio.all_tasks()
        async with living(VENUE, toys=toy.addresses, now_ms=toy) as heard:
            toy.answers_s = 5
            await asyncio.sleep(47)
            assert heard.facts
        asked = len(toy.asked)
        await asyncio.sleep(120)
        assert len(toy.asked) == asked
        ours = [task for task in asyncio.all_tasks() - before if "RequestHandler" not in repr(task)]
        assert ours == []


async def test_it_begins_where_the_clock_stands() -> None:
    """Every fact of the first minute carries a moment of that minute."""
    async with serving(Toy()) as toy, living(VENUE, toys=toy.addresses, now_ms=toy) as heard:
        began_ms = toy.now_ms()
        await asyncio.sleep(60)
        assert all(began_ms <= fact.t <= began_ms + 60_000 for fact in heard.facts)
        assert began_ms >= START_MS
