from __future__ import annotations

from bot.flush.coverage import blind_spans, never_whole, unheard, venue_states
from bot.market.board import Board
from bot.market.facts import (
    Bar,
    Fact,
    Feed,
    Funding,
    Liquidation,
    LiquidationTotal,
    Mark,
    OpenInterest,
    Turnover,
)
from bot.market.gaps import Gap
from bot.market.rings import MINUTE_MS
from tests.flush.passes import START_MS


def board_of(*facts: Fact) -> Board:
    """A Board that heard these facts."""
    board = Board()
    for fact in facts:
        board.apply(fact)
    return board


def test_venues_are_live_or_missing_since() -> None:
    """Marks and open interest are missing after three of their gaps and 15 minutes, liquidations as their feed says."""
    minutes = [START_MS + number * MINUTE_MS for number in range(3)]
    board = board_of(
        *(Mark(t, "a", "BTC", 100.0) for t in minutes),
        *(OpenInterest(t, "a", "BTC", coins=5.0) for t in (START_MS - 30 * MINUTE_MS, START_MS)),
        Feed(START_MS, "a", "liquidation", "partial", START_MS),
        Feed(START_MS, "b", "liquidation", "stale", START_MS - 5),
    )
    late = START_MS + 17 * MINUTE_MS
    assert venue_states(board, "BTC", late) == {
        "a mark": "live",
        "a oi": "live",
        "a liquidation": "live",
        "b liquidation": f"missing since {START_MS - 5}",
    }
    assert venue_states(board, "BTC", late + 1)["a mark"] == f"missing since {minutes[-1]}"
    assert venue_states(board, "BTC", late + 1)["a oi"] == "live"


def test_venues_are_told_by_what_they_never_tell_whole() -> None:
    """Throttled venues count where they tell liquidations, also as part of a sum; perpetuals without any are untold.

    Of a venue that tells bars alone it matters whether any are of perpetuals.
    """
    t = START_MS
    board = board_of(
        LiquidationTotal(t, "binance+bybit+okx", "BTC", 3600, 1e6, 1e6),
        Mark(t, "binance", "BTC", 100.0),
        Turnover(t, "bitget", "BTC", "perp", 1e6),
        Liquidation(t, "gate", "BTC", "long", 100.0, 1.0, 100.0),
        OpenInterest(t, "hyperliquid", "BTC", coins=1.0),
        Bar(t, "coinbase", "BTC", "spot", 60, 100.0, 100.0, 100.0, 100.0, 1.0),
        Bar(t, "kraken", "BTC", "spot", 60, 100.0, 100.0, 100.0, 100.0, 1.0),
        Bar(t, "kraken", "BTC", "perp", 60, 100.0, 100.0, 100.0, 100.0, 1.0),
    )
    assert never_whole(board.heard.rows({}, t)) == (("binance", "okx"), ("hyperliquid", "kraken"))
    assert never_whole(board_of(Funding(t, "bitget", "BTC", 1e-4, 8, settled=True)).heard.rows({}, t)) == (
        (),
        ("bitget",),
    )


def test_gaps_count_for_coins_that_the_venue_may_list() -> None:
    """A gap of a venue that tells other coins alone is none of this coin's; one that told nothing may have told it."""
    later = START_MS + 10 * MINUTE_MS
    board = board_of(
        *(Mark(START_MS, venue, coin, 100.0) for venue, coin in (("a", "BTC"), ("b", "ETH"), ("d", "BTC"))),
        *(Feed(START_MS, venue, "liquidation", "stale", START_MS) for venue in "abc"),
        Feed(START_MS, "d", "oi", "stale", START_MS),
        Feed(later, "a", "liquidation", "live", later),
    )
    assert blind_spans(board, START_MS, later, ["BTC"]) == (
        Gap("a", "liquidation", START_MS, later),
        Gap("c", "liquidation", START_MS),
    )
    assert [gap.venue for gap in blind_spans(board, START_MS, later, ["BTC", "ETH"])] == ["a", "b", "c"]
    assert [gap.venue for gap in blind_spans(board, later, later + 1, ["BTC"])] == ["c"]


def test_what_a_total_leaves_out() -> None:
    """Over all coins: throttled venues, those without liquidations, and every gap of the time."""
    board = board_of(
        Mark(START_MS, "hyperliquid", "BTC", 100.0),
        Liquidation(START_MS, "okx", "BTC", "long", 100.0, 1.0, 100.0),
        Feed(START_MS + 5, "bybit", "liquidation", "blocked", START_MS),
    )
    told = unheard(board, START_MS, START_MS + MINUTE_MS)
    assert (told.throttled, told.untold) == (("okx",), ("hyperliquid",))
    assert told.gaps == (Gap("bybit", "liquidation", START_MS),)
