"""What goes in comes out: the live market tells the facts that the exchanges were driven by."""

from __future__ import annotations

import msgspec
import pytest

from bot.market.facts import Bar, Depth, Fact, Funding, Liquidation, OpenInterest, Turnover
from bot.market.live.market import LiveMarket
from bot.market.venues import VENUES
from tests.fakes.exchanges import ExchangesFake
from tests.fakes.exchanges_selftest.comparing import key, same, same_closures
from tests.market.live.trial import BEGIN_MS, COINS, MINUTE_MS, flush

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

END_MS = BEGIN_MS + 6 * MINUTE_MS


@pytest.mark.slow
async def test_the_facts_are_those_of_the_recording() -> None:
    """Six minutes of a flush on all exchanges: every closure once, and of all else the last of each is what was told.

    The simulation tells no turnover of a day and the books of few exchanges, which the others here make up.
    """
    happened: list[Fact] = []
    async with ExchangesFake(iter(flush()), start_ms=BEGIN_MS, bases=COINS) as fake:
        fake.watch(happened.append)
        async with LiveMarket(VENUES, fake.now_ms, fake.addresses) as market:
            await fake.play(END_MS)
            await fake.reach(END_MS + 90_000)  # every poll goes once more, and tells what is known by then
            heard = await market.heard(0)
        told = [closure for exchange in fake.exchanges.values() for closure in exchange.told]
    assert len(told) > 100
    assert same_closures([fact for fact in heard if isinstance(fact, Liquidation)], told)
    carried = {(feed, venue.name, venue.market) for venue in VENUES for poll in venue.polls for feed in poll.feeds}
    before = [fact for fact in flush() if fact.t <= BEGIN_MS]
    known = [plain(fact) for fact in (*before, *happened) if _without_coin(fact) in carried and not _is_paid(fact)]
    books = {key(fact) for fact in known if isinstance(fact, Depth)}
    found = [plain(fact) for fact in heard if _without_coin(fact) in carried and not isinstance(fact, Turnover)]
    found = [fact for fact in found if not isinstance(fact, Depth) or key(fact) in books]
    assert {key(fact)[0] for fact in found} == {"mark", "index", "oi", "funding", "bar", "depth"}
    assert {venue for _, venue, _, _ in books} == {"binance", "bybit", "deribit"}
    assert same(found, known)


def plain(fact: Fact) -> Fact:
    """What feeds carry: dollars of open interest are of its price now, and most bars have no takers."""
    if isinstance(fact, OpenInterest):
        return msgspec.structs.replace(fact, usd=None)
    if isinstance(fact, Bar) and fact.venue != "binance":
        return msgspec.structs.replace(fact, taker_buy=None)
    return fact


def _without_coin(fact: Fact) -> tuple[str, str, str]:
    kind, venue, _, market = key(fact)
    return kind, venue, market


def _is_paid(fact: Fact) -> bool:
    """Payments are of the past, which is asked for apart."""
    return isinstance(fact, Funding) and fact.settled
