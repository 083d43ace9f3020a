from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flush.day import KEPT_DAYS, Day, DayMemory, judge_day
from bot.market.board import Board
from bot.market.facts import Feed, Mark, OpenInterest
from bot.market.gaps import Gap
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, History

START_MS = 1_768_780_800_000  # 19 January 2026, 00:00 UTC
NOW_MS = START_MS + DAY_MS + 5000
COINS = {"BTC": 0, "ETH": 1, "WIF": 2, "ORDI": 3, "BOME": 4}
FLAT = {"BTC": 0.004, "ETH": 0.006, "WIF": -0.01, "ORDI": 0.0, "BOME": 0.01}
SMALL_USD = 5e6
# Coins whose open interest is 100 million dollars each; this much liquidated is 2 % of it and more.
STRESSED_USD = {"WIF": 4e6, "ORDI": 3e6, "BOME": 2.1e6}


def market(
    usd: dict[str, float], moves: dict[str, float] | None = None, covered_h: float = 24
) -> tuple[History, Board]:
    """A day of slots in which `usd` is liquidated per coin, evenly, and each price makes its move; 100 at the end."""
    history, board = History(), Board()
    ends = range(START_MS, START_MS + DAY_MS + 1, SLOT_MS)
    moves = FLAT | (moves or {})
    for end_ms in ends:
        done = (end_ms - START_MS) / DAY_MS
        place = history.enter(COINS, {"okx": 0}, end_ms)
        close = np.array([100 / (1 + moves[coin]) * (1 + moves[coin] * done) for coin in COINS])
        history.write(place, np.stack([close, close, close, close * np.nan, close * np.nan]))
        told = end_ms > START_MS + DAY_MS - covered_h * HOUR_MS
        amounts = np.full((5, len(COINS)), np.nan)
        if told and end_ms > START_MS:
            shares = np.array([usd.get(coin, 0.0) for coin in COINS]) * SLOT_MS / (covered_h * HOUR_MS)
            amounts[:3] = 0.75 * shares, 0.25 * shares, np.full(len(COINS), SLOT_MS / 1000)
        history.add(place, amounts)
    for coin in COINS:
        board.apply(Mark(t=NOW_MS, venue="okx", base=coin, price=100.0))
        board.apply(OpenInterest(t=NOW_MS, venue="okx", base=coin, coins=1e6))
    return history, board


def days(*totals_usd: float) -> DayMemory:
    """A memory of the days before, the newest last."""
    today = NOW_MS // DAY_MS
    return DayMemory(dict(zip(range(today - len(totals_usd), today), totals_usd, strict=True)))


def judged(usd: dict[str, float], memory: DayMemory, **market_is: object) -> Day | None:
    """One judgement at NOW_MS."""
    return judge_day(*market(usd, **market_is), NOW_MS, memory)  # type: ignore[arg-type]  # passed through


def test_a_large_day_under_flat_majors() -> None:
    """60 million where the most of three days were 30: every figure of the day, and the memory keeps it."""
    memory = days(30e6, 10e6, 20e6)
    day = judged({"BTC": 59e6, "WIF": 1e6}, memory)
    assert day is not None
    assert (day.usd, day.long_usd, day.short_usd) == pytest.approx((60e6, 45e6, 15e6))
    assert (day.days_known, day.rank, day.highest_usd, day.hours_covered) == (3, 1.0, 30e6, 24.0)
    assert (day.btc_return, day.eth_return) == pytest.approx((0.004, 0.006))
    assert [hit.coin for hit in day.hit] == ["BTC"]
    assert day.hit[0].share == pytest.approx(0.59)
    assert (day.stressed, day.spot_known) == (1, False)
    assert day.severity is not None
    assert (day.severity.word, sorted(day.severity.inputs)) == ("quiet", ["D", "P", "U"])
    assert day.severity.inputs["U"].value == pytest.approx(60e6)
    assert (day.breadth.moved, day.breadth.coins) == (0, 5)
    assert memory.totals_usd[NOW_MS // DAY_MS] == pytest.approx(60e6)
    assert (memory.judged_ms, memory.said_ms) == (START_MS + DAY_MS, START_MS + DAY_MS)


def test_a_day_tells_what_was_not_heard() -> None:
    """Gaps of its 24 hours go with it, those before do not; a venue without liquidations is named."""
    history, board = market({"BTC": 60e6})
    begin_ms = NOW_MS - 5 * HOUR_MS
    for back_ms in (START_MS - HOUR_MS, begin_ms + 1000):
        board.apply(Feed(back_ms - 1000, "bybit", "liquidation", "stale", back_ms - 1000))
        board.apply(Feed(back_ms, "bybit", "liquidation", "live", back_ms))
    day = judge_day(history, board, NOW_MS, days(30e6, 10e6))
    assert day is not None
    assert day.unheard.gaps == (Gap("bybit", "liquidation", begin_ms, begin_ms + 1000),)
    assert (day.unheard.throttled, day.unheard.untold) == ((), ("okx",))


@pytest.mark.parametrize(
    ("known", "usd", "speaks"),
    [
        ((), 1e9, False),
        ((1e6,), 1e9, False),
        ((30e6, 20e6), 44e6, False),
        ((30e6, 20e6), 46e6, True),
        (tuple(n * 1e6 for n in range(1, 21)), 18e6, False),
        (tuple(n * 1e6 for n in range(1, 21)), 18.2e6, True),
    ],
)
def test_what_counts_as_large(known: tuple[float, ...], usd: float, *, speaks: bool) -> None:
    """Half as much again as the most of two to thirteen days; the 90th percentile of more."""
    assert (judged({"BTC": usd}, days(*known)) is not None) == speaks


@pytest.mark.parametrize("moves", [{"BTC": 0.016}, {"BTC": -0.016}, {"ETH": -0.021}])
def test_majors_that_moved_are_no_quiet_day(moves: dict[str, float]) -> None:
    """Whatever was liquidated, a day on which BTC or ETH moved is told by other posts."""
    assert judged({"BTC": 1e9, **STRESSED_USD}, days(30e6, 20e6), moves=moves) is None


def test_hidden_stress_of_three_coins() -> None:
    """Three coins with 2 % of their open interest liquidated under a flat price, on a day above the others."""
    day = judged(STRESSED_USD, days(8e6, 7e6))
    assert day is not None
    assert [hit.coin for hit in day.hit] == ["WIF", "ORDI", "BOME"]
    assert [hit.share for hit in day.hit] == pytest.approx([0.04, 0.03, 0.021])
    assert day.stressed == 3


@pytest.mark.parametrize(
    ("usd", "moves", "known"),
    [
        ({**STRESSED_USD, "BOME": 1.9e6}, {}, (8e6, 7e6)),
        (STRESSED_USD, {"WIF": -0.03}, (8e6, 7e6)),
        (STRESSED_USD, {}, (10e6, 7e6)),
    ],
)
def test_less_is_no_hidden_stress(usd: dict[str, float], moves: dict[str, float], known: tuple[float, ...]) -> None:
    """Two coins, a price that moved, or an ordinary total are not enough."""
    assert judged(usd, days(*known), moves=moves) is None


def test_too_little_coverage_is_no_day_and_no_memory() -> None:
    """Nineteen hours of feed say nothing about 24, neither today nor as a day to compare with."""
    memory = days(30e6, 20e6)
    assert judged({"BTC": 1e9}, memory, covered_h=19) is None
    assert NOW_MS // DAY_MS not in memory.totals_usd


def test_once_an_hour_and_once_in_a_day() -> None:
    """The same hour is judged once; another hour judges, and says nothing twice."""
    history, board = market({"BTC": 60e6})
    memory = days(30e6, 10e6, 20e6)
    assert judge_day(history, board, NOW_MS, memory) is not None
    memory.said_ms = None
    assert judge_day(history, board, NOW_MS + 1000, memory) is None
    memory.judged_ms = START_MS + DAY_MS - HOUR_MS
    assert judge_day(history, board, NOW_MS, memory) is not None
    memory.judged_ms = START_MS + DAY_MS - HOUR_MS
    assert judge_day(history, board, NOW_MS, memory) is None


def test_a_market_without_btc_is_not_judged() -> None:
    """Without a return of BTC nothing can be said about the majors."""
    history, board = market({"BTC": 60e6})
    history.coins = {"XRP": 0, **{coin: row for coin, row in COINS.items() if coin != "BTC"}}
    assert judge_day(history, board, NOW_MS, days(30e6, 10e6)) is None


@given(st.lists(st.floats(0, 1e10), min_size=0, max_size=120))
def test_memory_is_bounded_and_survives_the_database(totals: list[float]) -> None:
    """At most 90 days are kept, the newest, and the memory comes back from JSON as it was."""
    memory = days(*totals)
    judge_day(*MARKET, NOW_MS, memory)
    assert len(memory.totals_usd) <= max(KEPT_DAYS, 1)
    assert NOW_MS // DAY_MS in memory.totals_usd
    assert msgspec.json.decode(msgspec.json.encode(memory), type=DayMemory) == memory


MARKET = market({"BTC": SMALL_USD})
