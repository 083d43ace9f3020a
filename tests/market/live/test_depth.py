from __future__ import annotations

import asyncio

import numpy as np
import pytest

from bot.market.board import Board
from bot.market.live.market import LiveMarket
from bot.market.venues import VENUES
from tests.fakes.exchanges import ExchangesFake
from tests.fakes.exchanges_selftest import told

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


async def test_books_of_all_that_show_them_are_one_sum_while_none_is_silent() -> None:
    """Four exchanges on the Board as one amount of dollars a coin; unknown while one of them is down, then whole."""
    board = Board()

    async def go_on(market: LiveMarket, minutes: float) -> float:
        await asyncio.sleep(60 * minutes)
        for fact in await market.heard(0):
            board.apply(fact)
        whole = board.books.whole(board.now_ms)
        assert whole is not None
        np.testing.assert_allclose(whole[[board.coins[coin] for coin in told.BASES]], whole[board.coins["BTC"]])
        return float(whole[board.coins["BTC"]])

    async with ExchangesFake(told.present(told.START_MS), start_ms=told.START_MS, bases=told.BASES) as fake:
        expected = sum(fact.bid_usd + fact.ask_usd for fact in told.depths(told.START_MS) if fact.base == "BTC")
        async with LiveMarket(VENUES, fake.now_ms, fake.addresses) as market:
            assert await go_on(market, 3) == pytest.approx(expected)
            assert {(row.venue, row.state) for row in market.coverage() if row.feed == "depth"} == {
                (venue, "live") for venue in told.BOOKS
            }
            async with fake.suffering("okx", "no route"):
                assert np.isnan(await go_on(market, 10))
            assert await go_on(market, 10) == pytest.approx(expected)
