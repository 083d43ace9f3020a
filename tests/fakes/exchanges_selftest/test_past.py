from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.market.facts import Bar, Fact, LiquidationTotal
from bot.market.venues import VENUES
from bot.market.venues.venue import Past, Venue
from tests.fakes.exchanges import ExchangesFake
from tests.fakes.exchanges.world import joined
from tests.fakes.exchanges_selftest import told
from tests.fakes.exchanges_selftest.client import Client, title, venue_named
from tests.fakes.exchanges_selftest.comparing import key, near, says

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]
HOURS = 50
SPAN_MS = told.START_MS - (HOURS - 10) * told.HOUR_MS, told.START_MS
WORLD = list(told.past(told.START_MS, HOURS))


def of_world(venue: Venue, base: str, past: Past, span_s: int) -> list[Fact]:
    """What the world told of a history, bars put together by the span."""
    rows = [fact for fact in WORLD if key(fact) == (past.feed, venue.name, base, venue.market)]
    count = span_s // 300
    bars = [row for row in rows if isinstance(row, Bar)]
    if bars:
        return [joined(bars[first : first + count]) for first in range(0, len(bars), count)]
    return [fact for fact in rows if past.feed != "oi" or fact.t % (span_s * 1000) == 0]


@pytest.mark.parametrize(
    ("venue", "past"),
    [
        pytest.param(venue, past, id=f"{title(venue)} {past.name}", marks=[] if past == ours[0] else [pytest.mark.slow])
        for venue in VENUES
        if (ours := [past for past in venue.past if past.feed != "liquidations"])
        for past in ours
    ],
)
async def test_history_is_what_was_played(venue: Venue, past: Past, client: Client) -> None:
    """Every history of a venue, cut into its calls, gives what was played of each coin, oldest first."""
    async with ExchangesFake(WORLD, start_ms=told.START_MS + 1000, bases=told.BASES) as fake:
        own = Client(fake, client.session)
        for instrument in (await own.leading(venue)).values():
            told_back = await own.past(venue, instrument, past.name, SPAN_MS)
            found = [fact for fact in told_back if SPAN_MS[0] <= fact.t <= SPAN_MS[1]]  # a page may begin sooner
            first = found[0]
            hourly = past.name.endswith("3600 s")
            span_s = first.span_s if isinstance(first, Bar) else 3600 if hourly else 300
            expected = of_world(venue, instrument.base, past, span_s)
            compare(found, [fact for fact in expected if SPAN_MS[0] <= fact.t <= SPAN_MS[1]])
        assert fake.unknown == []


def compare(found: Sequence[Fact], expected: Sequence[Fact]) -> None:
    """Every moment that was found says what was told, in order and once; the span's borders may be told or not."""
    times = [fact.t for fact in found]
    assert times == sorted(set(times))
    by_time = {fact.t: says(fact) for fact in expected}
    inner = [t for t in by_time if SPAN_MS[0] < t < SPAN_MS[1]]
    assert set(inner) - set(times) <= set(inner[:1])  # a venue may include its bounds or not
    for fact in found:
        plain = {name: value for name, value in says(fact).items() if name in by_time[fact.t]}
        row = near({name: value for name, value in by_time[fact.t].items() if name in plain})
        assert plain == row


async def test_gates_statistics_are_the_sums_of_what_was_closed(client: Client) -> None:
    """Closures of five minutes add up by side in Gate's history, which needs no socket."""
    venue = venue_named("gate")
    facts = [
        told.closure(told.START_MS - 250_000, "gate", "SOL", "long", 1000.0),
        told.closure(told.START_MS - 10_000, "gate", "SOL", "long", 500.0),
        told.closure(told.START_MS - 9_000, "gate", "SOL", "short", 30.0),
    ]
    async with ExchangesFake(facts, start_ms=told.START_MS, bases=told.BASES) as fake:
        own = Client(fake, client.session)
        instrument = (await own.known(venue))["SOL_USDT"]
        found = await own.past(venue, instrument, "totals", (told.START_MS - told.HOUR_MS, told.START_MS))
    assert found == [LiquidationTotal(told.START_MS, "gate", "SOL", 300, 1500.0, 30.0)]
