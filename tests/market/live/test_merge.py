from __future__ import annotations

from dataclasses import replace

from bot.market.facts import Fact, OpenInterest
from bot.market.live.merge import RECOUNT_MS, Merge
from bot.market.live.prices import Pair
from tests.market.live.facts import T_MS, bar, closure, mark
from tests.market.live.toy import VENUE

BASES = ("AVAX", "LINK", "DOGE", "SOL", "ADA", "DOT")
OTHERS = [replace(VENUE, name=name, rest=f"https://{name}.example") for name in ("one", "two")]


def merge_with_prices() -> Merge:
    """Three venues that agree on the price of AVAX."""
    merge = Merge([*OTHERS, VENUE])
    for venue in (*OTHERS, VENUE):
        merge.polled(venue, 15, [mark(10.0, venue=venue.name)], T_MS)
    return merge


def test_everything_of_a_pair_with_a_wrong_price_is_left_out() -> None:
    """Mark, open interest and closures of a coin that is another coin go nowhere; other coins of the venue do."""
    merge = merge_with_prices()
    facts: list[Fact] = [mark(400.0), OpenInterest(T_MS, "toy", "AVAX", 5.0), mark(3.0, base="LINK")]
    assert merge.polled(VENUE, 15, facts, T_MS) == [facts[2]]
    assert merge.heard(VENUE, [closure(), closure(base="LINK", price=3.0)], T_MS) == [closure(base="LINK", price=3.0)]
    assert merge.prices.left_out() == [Pair("toy", "perp", "AVAX")]


def test_a_closure_at_an_impossible_price_is_left_out() -> None:
    """A contract whose multiplier was read wrong shows by its price, though the venue's leading contract is right."""
    merge = merge_with_prices()
    assert merge.heard(VENUE, [closure(price=0.01), closure(price=9.0)], T_MS) == [closure(price=9.0)]


def test_a_bar_counts_once() -> None:
    """Polls ask for the last bars again and again: each goes on once, those of other coins and spans beside it."""
    merge, spot = Merge([VENUE]), replace(VENUE, market="spot")
    bars = [bar(T_MS), bar(T_MS + 60_000), bar(T_MS, base="LINK")]
    assert merge.polled(spot, 60, bars, T_MS) == bars
    assert merge.polled(spot, 60, [*bars, bar(T_MS + 120_000)], T_MS) == [bar(T_MS + 120_000)]


def test_a_bar_of_last_week_counts_too() -> None:
    """A late bar is not a repeat."""
    merge, spot = Merge([VENUE]), replace(VENUE, market="spot")
    merge.polled(spot, 60, [bar(T_MS)], T_MS)
    assert merge.polled(spot, 60, [bar(T_MS - 604_800_000)], T_MS)


def test_a_venue_that_counts_differently_is_marked_for_a_while() -> None:
    """Open interest of most coins halves at once while prices rest: that is a recount, for ten minutes."""
    merge = Merge([VENUE])
    for at_ms, coins in ((T_MS, 100.0), (T_MS + 15_000, 50.0)):
        facts: list[Fact] = [mark(10.0, base=base, t_ms=at_ms) for base in BASES]
        facts += [OpenInterest(at_ms, "toy", base, coins) for base in BASES]
        assert merge.polled(VENUE, 15, facts, at_ms) == facts
    assert merge.is_recounted("toy", T_MS + 15_000)
    assert not merge.is_recounted("toy", T_MS + 15_000 + RECOUNT_MS)


def test_a_flush_is_no_recount() -> None:
    """Open interest of all coins falls by a third while prices fall too: positions were closed."""
    merge = Merge([VENUE])
    for at_ms, coins, price in ((T_MS, 100.0, 10.0), (T_MS + 15_000, 66.0, 9.7)):
        facts: list[Fact] = [mark(price, base=base, t_ms=at_ms) for base in BASES]
        merge.polled(VENUE, 15, [*facts, *(OpenInterest(at_ms, "toy", base, coins) for base in BASES)], at_ms)
    assert not merge.is_recounted("toy", T_MS + 15_000)


def test_one_coin_that_steps_is_no_recount() -> None:
    """A single coin may be closed out; the venue counts as before."""
    merge = Merge([VENUE])
    for at_ms, coins in ((T_MS, 100.0), (T_MS + 15_000, 50.0)):
        facts: list[Fact] = [mark(10.0, base=base, t_ms=at_ms) for base in BASES]
        facts += [OpenInterest(at_ms, "toy", base, coins if base == "AVAX" else 100.0) for base in BASES]
        merge.polled(VENUE, 15, facts, at_ms)
    assert not merge.is_recounted("toy", T_MS + 15_000)
