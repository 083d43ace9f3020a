"""Rates of every interval on one scale: what a venue sends, per 8 h and for a year, from the fact to the answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.board import Board
from bot.market.board_view import BoardView
from bot.market.facts import Funding, Mark
from bot.market.history import History
from bot.market.view import CoinView
from bot.message import Percent, Phrases
from tests.commands.chat_room import Room
from tests.commands.market import NOW_MS, LiveView

GOLDEN = [
    ("eight hours", 0.0001, 8, 0.0001, 0.1095),
    ("four hours", 0.0001, 4, 0.0002, 0.219),
    ("one hour", 0.0001, 1, 0.0008, 0.876),
    ("Hyperliquid at rest", 0.0000125, 1, 0.0001, 0.1095),
    ("Hyperliquid", 0.0000198, 1, 0.0001584, 0.1734),
    ("dYdX", -0.00002, 1, -0.00016, -0.1752),
    ("Kraken: 0.75 dollars an hour at 60,000", 0.75 / 60_000, 1, 0.0001, 0.1095),
    ("Lighter: 0.0012 percent an hour", 0.0012 / 100, 1, 0.000096, 0.10512),
]


def btc(rate: float, interval_h: float) -> CoinView:
    """BTC on one venue, as the Board shows what it heard."""
    board = Board()
    board.apply(Mark(NOW_MS, "a", "BTC", 100.0))
    board.apply(Funding(NOW_MS, "a", "BTC", rate, interval_h, settled=False))
    coin = BoardView(board, History(), lambda _: ()).coin("BTC")
    assert coin is not None
    return coin


async def yearly(room: Room, coin: CoinView) -> float:
    """A year of it, as /funding tells it."""
    row = (await room.seeing(LiveView({"BTC": coin})).say("/funding BTC")).rows[0]
    parts = row.phrase.values["parts"]
    assert isinstance(parts, Phrases)
    year = parts.items[0].values["yearly"]
    assert isinstance(year, Percent)
    return year.value


@pytest.mark.parametrize(
    ("rate", "interval_h", "rate_8h", "of_a_year"), [row[1:] for row in GOLDEN], ids=[row[0] for row in GOLDEN]
)
async def test_golden_rates(room: Room, rate: float, interval_h: float, rate_8h: float, of_a_year: float) -> None:
    """f·8/h per 8 h and f·24/h·365 for a year, without compounding (domain notes, section 1.4)."""
    coin = btc(rate, interval_h)
    assert coin.funding[0].rate_8h == pytest.approx(rate_8h)
    assert coin.funding_8h == pytest.approx(rate_8h)
    assert await yearly(room, coin) == pytest.approx(of_a_year, rel=1e-3)


@given(st.floats(-0.01, 0.01), st.sampled_from([1, 2, 4, 8]), st.sampled_from([1, 2, 4]))
def test_splitting_the_interval_changes_nothing(rate: float, interval_h: int, parts: int) -> None:
    """The same payments cut into shorter ones are the same rate per 8 h."""
    whole, split = btc(rate, interval_h), btc(rate / parts, interval_h / parts)
    assert split.funding[0].rate_8h == pytest.approx(whole.funding[0].rate_8h)
