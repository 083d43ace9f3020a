"""What is left out of liquidations, venue by venue: from what it told, how full its feed was, and its open interest."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flush.at_onset import USUAL_MOVE_LEAST, AtOnset, usual_move
from bot.flush.episode import Episode, Member, VenueTold
from bot.flush.forced import PUBLIC
from bot.flush.undercount import (
    CAP_TIMES,
    Fall,
    against_falls,
    by_venue,
    estimate,
    fused,
    telling_of,
    ways_of_telling,
    weigh,
)
from bot.market.board import Board
from bot.market.facts import Fact, Feed, Liquidation, LiquidationTotal, Mark, OpenInterest, Side
from bot.market.history import HOUR_MS, SLOT_MS, History
from bot.market.occupancy import one_a_second
from bot.market.rings import MINUTE_MS
from bot.market.told import Amounts
from tests.commands.flushes import member
from tests.flush.passes import START_MS
from tests.flush.stage import Stage, events

LONG, CALM = (60.0, 0.0), (0.0, 0.0)
MONEY = st.floats(0, 1e9)
AMOUNTS = st.tuples(MONEY, st.floats(1, 9), st.floats(1, 2), st.integers(0, 3)).map(
    lambda parts: Amounts(parts[0], parts[0] * parts[1], parts[0] * parts[1] * parts[2], parts[3])
)
FALLS = st.builds(Fall, MONEY, speaks=st.booleans())


def board_of(*facts: Fact) -> Board:
    """A Board that heard these facts."""
    board = Board()
    for fact in facts:
        board.apply(fact)
    return board


def listed(*venues: str, coin: str = "BTC") -> list[Fact]:
    """Venues that have a price of the coin."""
    return [Mark(START_MS, venue, coin, 100.0) for venue in venues]


def hit(venue: str, seconds: int, usd: float = 1e4, side: Side = "long") -> list[Fact]:
    """One liquidation in each of the first seconds of the minute after the start."""
    return [Liquidation(START_MS + s * 1000 + 1, venue, "BTC", side, 100.0, usd / 100, usd) for s in range(seconds)]


def part(observed_usd: float | None = 0.0, reference: float = 100.0, extreme: float = 90.0) -> Member:
    """BTC from `reference` to `extreme`, since the start."""
    shorts = None if observed_usd is None else 0.0
    return member(
        onset_ms=START_MS, long_usd=observed_usd, short_usd=shorts, reference_price=reference, extreme_price=extreme
    )


def money(row: VenueTold) -> list[float | None]:
    """Observed, at least, at most."""
    return [row.observed_usd, row.low_usd, row.high_usd]


def standing(board: Board | None = None, **falls: tuple[float, float]) -> AtOnset:
    """At the start, with open interest before and at its least by venue."""
    where = AtOnset(Board() if board is None else board, "BTC", START_MS)
    where.begin(History().until(START_MS), "BTC", {venue: before for venue, (before, _) in falls.items()})
    where.follow(np.array([least for _, (_, least) in sorted(falls.items())]))
    return where


def rows(
    board: Board, where: AtOnset, lost: frozenset[str] = frozenset(), whole: Member | None = None
) -> dict[str, VenueTold]:
    """What each venue told, by its name."""
    return {row.venue: row for row in weigh(board, whole or part(), where, ways_of_telling(board), set(lost), PUBLIC)}


def test_a_complete_feed_is_taken_at_its_word() -> None:
    """What Bybit told is the whole there, however far its open interest fell."""
    board = board_of(*listed("bybit"), *hit("bybit", 40))
    assert rows(board, standing(bybit=(1e6, 5e5)))["bybit"] == VenueTold(
        "bybit", "complete", 4e5, 4e5, 4e5, coins=("BTC",)
    )


def test_a_throttled_feed_by_its_occupancy() -> None:
    """40 of 60 seconds: 1.65 times what it showed, without a look at open interest but for the cap."""
    board = board_of(*listed("okx"), *hit("okx", 40))
    whole = 4e5 * one_a_second(40 / 60)
    row = rows(board, standing(okx=(1e6, 9e5)))["okx"]
    assert (row.tells, row.saturated, row.lost) == ("throttled", False, False)
    assert money(row) == pytest.approx([4e5, whole, whole])
    # Not more than 1.5 times a fall of 5,000, or 3,500 coins at 95 dollars.
    within = rows(board, standing(okx=(1e5, 95_000)))["okx"]
    assert money(within) == pytest.approx([4e5, whole, whole])
    capped = rows(board, standing(okx=(1e5, 96_500)))["okx"]
    assert money(capped) == pytest.approx([4e5, 1.5 * 3500 * 95, 1.5 * 3500 * 95])
    hardly = rows(board, standing(okx=(1e6, 999_900)))["okx"]  # says nothing of positions, and so nothing of a cap
    assert money(hardly) == pytest.approx([4e5, whole, whole])


def test_a_full_feed_takes_the_larger_of_both() -> None:
    """Every second held a message: at least the factor of a full minute, or the forced share of the fall."""
    board = board_of(*listed("binance"), *hit("binance", 60))
    row = rows(board, standing(binance=(1e6, 9e5)))["binance"]
    assert row.saturated
    assert row.low_usd == pytest.approx(6e5 * one_a_second(1.0))  # more than 17 % of 9.5 million
    assert row.high_usd == pytest.approx(0.59 * 1e5 * 95)  # more than 9.2 times 600,000
    alone = rows(board, standing())["binance"]
    assert money(alone) == pytest.approx([6e5, 6e5 * one_a_second(1.0), 6e5 * 9.21], rel=1e-3)


def test_the_largest_of_a_second_by_its_classes() -> None:
    """Bitget in 40 seconds of longs: 1.05 to 1.2 times what it showed."""
    board = board_of(*listed("bitget"), *hit("bitget", 40))
    row = rows(board, standing())["bitget"]
    assert row.tells == "largest"
    assert money(row) == pytest.approx([4e5, 4.2e5, 4.8e5])


def test_a_venue_that_tells_none_by_its_open_interest() -> None:
    """Hyperliquid lost 100,000 coins at 95 dollars on the way: 17 to 59 % of that; without its figures nothing."""
    board = board_of(*listed("hyperliquid"), *hit("bybit", 1))
    told = rows(board, standing(hyperliquid=(1e6, 9e5)))["hyperliquid"]
    assert told.tells == "silent"
    assert money(told) == pytest.approx([None, 1.615e6, 5.605e6])
    assert rows(board, standing())["hyperliquid"] == VenueTold(
        "hyperliquid", "silent", None, None, None, coins=("BTC",)
    )


@pytest.mark.parametrize(
    ("least", "extreme", "speaks"),
    [(9.84e5, 90.0, True), (9.86e5, 90.0, False), (9e5, 99.9, False), (1.1e6, 90.0, False)],
)
def test_when_a_fall_speaks(least: float, extreme: float, *, speaks: bool) -> None:
    """From 1.5 % on, and only when the price moved at least as far as it usually does."""
    board = board_of(*listed("hyperliquid"))
    row = rows(board, standing(hyperliquid=(1e6, least)), whole=part(extreme=extreme))["hyperliquid"]
    assert (row.high_usd is not None) == speaks


def test_a_recount_is_no_fall() -> None:
    """A venue that changed its way of counting since the start says nothing by its open interest."""
    board = board_of(*listed("hyperliquid"))
    board.recounts.note("hyperliquid", START_MS + 1)
    assert rows(board, standing(hyperliquid=(1e6, 5e5)))["hyperliquid"].high_usd is None


def test_a_feed_that_was_down_counts_as_if_it_told_none() -> None:
    """Its gap is unknown: what it told is the least, and the forced share of its fall what it may have been."""
    board = board_of(
        *listed("bybit", "gate"), *hit("bybit", 10), Feed(START_MS, "gate", "liquidation", "live", START_MS)
    )
    where = standing(bybit=(1e6, 9e5), gate=(1e6, 9e5))
    lost = rows(board, where, frozenset({"bybit", "gate"}))
    assert lost["bybit"].lost
    assert money(lost["bybit"]) == pytest.approx([1e5, 1.615e6, 5.605e6])
    assert lost["gate"].observed_usd is None
    assert rows(board, where)["gate"] == VenueTold("gate", "complete", 0.0, 0.0, 0.0, coins=("BTC",))


def test_a_sum_of_venues_is_wide() -> None:
    """Of "binance+bybit+okx" an hourly total alone is known: what Binance's fall says on top, and no seconds."""
    total = LiquidationTotal(START_MS + MINUTE_MS, "binance+bybit+okx", "BTC", 3600, 9e5, 1e5)
    board = board_of(*listed("binance"), total)
    told = rows(board, standing(binance=(1e6, 9e5), bybit=(1e6, 1e5)))
    assert list(told) == ["binance+bybit+okx"]  # its parts are not told of twice
    row = told["binance+bybit+okx"]
    assert (row.tells, row.lost) == ("totals", False)
    assert money(row) == pytest.approx([1e6, 1.615e6, 5.605e6])
    assert rows(board, standing(binance=(1e6, 1e6)))[row.venue].high_usd == 1e6
    assert rows(board_of(*listed("x")), standing()) == {"x": VenueTold("x", "silent", None, None, None, coins=("BTC",))}
    whole = board_of(LiquidationTotal(START_MS + MINUTE_MS, "bybit+gate", "BTC", 3600, 9e5, 1e5))
    assert telling_of(whole, "BTC", ways_of_telling(whole)) == {"bybit+gate": "complete"}


def test_a_fall_speaks_once_beside_a_sum() -> None:
    """Where Binance tells a total of its own, what it adds to the sum is that alone: its fall is its own row's."""
    end_ms = START_MS + MINUTE_MS
    totals = [LiquidationTotal(end_ms, venue, "BTC", 3600, 9e5, 1e5) for venue in ("binance", "binance+bybit")]
    told = rows(board_of(*listed("binance"), *totals), standing(binance=(1e6, 9e5)))
    assert money(told["binance"]) == pytest.approx([1e6, 1.615e6, 5.605e6])
    assert money(told["binance+bybit"]) == [0.0, 0.0, 0.0]


def test_a_venue_that_is_not_listened_to_any_more_is_not_told_of() -> None:
    """Once the operator left it out nothing of it is missing; one without a price of the coin never was."""
    board = board_of(*listed("bybit", "okx"), *listed("gate", coin="ETH"), *hit("okx", 1))
    assert list(rows(board, standing())) == ["bybit", "okx"]
    board.keep_to(["bybit", "gate"])
    assert list(rows(board, standing())) == ["bybit"]


def test_a_total_of_before_says_nothing_of_now() -> None:
    """Until the first total since the start has come nothing is observed."""
    board = board_of(*listed("binance"), LiquidationTotal(START_MS - MINUTE_MS, "binance+okx", "BTC", 3600, 9e5, 0.0))
    assert rows(board, standing(board))["binance+okx"].observed_usd is None


@given(AMOUNTS | st.none(), FALLS | st.none(), st.booleans())
def test_the_range_holds_what_was_seen(amounts: Amounts | None, fall: Fall | None, open_ended: bool) -> None:
    """Low is at most high, neither is below what was seen, and neither above the cap unless that was seen."""
    told = fused(amounts, fall, PUBLIC if open_ended else None)
    if told is None:
        assert amounts is None
        return
    low_usd, high_usd = told
    seen_usd = 0.0 if amounts is None else amounts.usd
    assert seen_usd <= low_usd <= high_usd
    if fall is not None and fall.speaks:
        assert high_usd <= max(seen_usd, CAP_TIMES * fall.usd)


def told(venue: str, *usd: float | None) -> VenueTold:
    """A throttled venue with observed, low and high."""
    return VenueTold(venue, "throttled", *usd)  # type: ignore[arg-type]  # three of them


def test_coins_add_up_by_venue() -> None:
    """Rows of several coins are one row a venue; what is unknown of one coin takes nothing from the other."""
    both = by_venue([told("okx", 1.0, 2.0, 3.0), told("aster", None, None, None), told("okx", None, 5.0, 7.0)])
    assert both == (told("aster", None, None, None), told("okx", 1.0, 7.0, 10.0))


def test_the_whole_is_the_sum_and_never_below_what_was_seen() -> None:
    """Low and high add up over venues; where that is next to nothing beyond what was seen there is no estimate."""
    both = [told("okx", 1e6, 2e6, 3e6), told("hyperliquid", None, 1e6, 4e6)]
    assert estimate(both, 1e6) == (3e6, 7e6)
    assert estimate(both, 5e6) == (5e6, 7e6)
    assert estimate([told("okx", 1e6, 1e6, 1.05e6)], 1e6) is None
    assert estimate([], 0.0) is None


def test_only_venues_that_tell_all_teach_the_forced_share() -> None:
    """Bybit, heard throughout, counts where it fell; a throttled venue, one that was down and a calm one do not."""
    everywhere = [fact for venue in ("bybit", "okx", "gate", "deribit") for fact in hit(venue, 10)]
    board = board_of(*listed("bybit", "okx", "gate", "deribit"), *everywhere)
    where = standing(bybit=(1e4, 9e3), okx=(1e4, 9e3), gate=(1e4, 9e3), deribit=(1e4, 9.99e3))
    (only,) = against_falls(board, part(), where, ways_of_telling(board), {"gate"})
    assert only == pytest.approx((1e5, 95_000.0))


def test_the_usual_move_of_an_hour() -> None:
    """1.4826 times the median of hourly moves; the floor where fewer than three days are known."""
    history = History()
    for number in range(100 * 12 + 1):
        hour = number // 12
        close = np.array([[100.0 * 1.01 ** (hour % 2)]])
        place = history.enter({"BTC": 0}, {"a": 0}, START_MS + number * SLOT_MS)
        history.write(place, np.concatenate([close, close, close, close * np.nan, close * np.nan]))
    move = usual_move(history.until(START_MS + 100 * HOUR_MS), "BTC")
    assert move == pytest.approx(1.4826 * np.log(1.01))
    assert usual_move(history.until(START_MS + 71 * HOUR_MS), "BTC") == USUAL_MOVE_LEAST


class Flush:
    """A flush of BTC on a stage where Binance, Bybit and Hyperliquid lose a tenth of their open interest."""

    def __init__(self) -> None:
        self.stage = Stage("BTC")
        self.feed("binance", "partial")
        self.feed("bybit", "live")
        self.stage.go(5, {"BTC": CALM})
        for _ in range(4):  # open interest is known where it came twice
            self.tell(1e4)
            self.stage.go(1, {"BTC": CALM})

    def fall_silent(self) -> Episode:
        """A recording without a word of feeds: Bybit tells a liquidation, then nothing at all is heard of it."""
        stage = self.stage
        stage.board.feeds.clear()
        stage.go(1, {"BTC": LONG})
        stage.board.apply(Liquidation(stage.now_ms - 1, "bybit", "BTC", "long", 90.0, 1.0, 90.0))
        stage.prices["BTC"] = 90.0
        stage.go(2, {"BTC": LONG})
        stage.go(32, {"BTC": CALM})
        return stage.changes[-1].episode

    def feed(self, venue: str, state: str) -> None:
        """What a venue's connection says of liquidations."""
        now_ms = self.stage.now_ms
        self.stage.board.apply(Feed(now_ms, venue, "liquidation", state, now_ms))  # type: ignore[arg-type]  # a state

    def tell(self, coins: float) -> None:
        """Open interest of three venues."""
        for venue in ("binance", "bybit", "hyperliquid"):
            self.stage.board.apply(Mark(self.stage.now_ms, venue, "BTC", self.stage.prices["BTC"]))
            self.stage.board.apply(OpenInterest(self.stage.now_ms, venue, "BTC", coins=coins))

    def liquidations(self, seconds: int = 60) -> Iterator[Fact]:
        """One a second at Binance and two at Bybit, 100 dollars each."""
        for second in range(seconds):
            t = self.stage.now_ms + second * 1000 + 1
            for venue, after_ms in (("binance", 0), ("bybit", 1), ("bybit", 2)):
                yield Liquidation(t + after_ms, venue, "BTC", "long", 90.0, 100 / 90, 100.0)

    def run(self, *, down: bool = False) -> Episode:
        """Two minutes of it, then calm until it has ended; with `down` Binance's feed is lost on the way."""
        stage = self.stage
        stage.go(1, {"BTC": LONG})
        stage.prices["BTC"] = 90.0
        for coins in (9.5e3, 9e3):
            for fact in self.liquidations():
                stage.board.apply(fact)
            stage.now_ms += MINUTE_MS
            self.tell(coins)
            stage.step({"BTC": LONG})
            if down:
                self.feed("binance", "stale")
        stage.go(32, {"BTC": CALM})
        assert events(stage.changes) == ["opened", "ended"]
        return stage.changes[-1].episode


def test_an_episode_tells_every_venue_apart() -> None:
    """Whole at Bybit, full at Binance, by open interest at Hyperliquid; their sum is the estimate; Bybit teaches."""
    flush = Flush()
    episode = flush.run()
    by_name = {row.venue: row for row in episode.told}
    assert by_name["bybit"].tells == "complete"
    assert money(by_name["bybit"]) == pytest.approx([24_000] * 3)
    assert by_name["binance"].saturated
    assert by_name["binance"].observed_usd == pytest.approx(12_000)
    assert by_name["binance"].low_usd == pytest.approx(12_000 * one_a_second(1.0)) == pytest.approx(57_931, rel=1e-3)
    assert by_name["hyperliquid"].observed_usd is None
    assert by_name["hyperliquid"].high_usd == pytest.approx(0.59 * 1e3 * 95)
    known = [row.observed_usd for row in episode.told if row.observed_usd is not None]
    assert sum(known) == pytest.approx(episode.observed_usd)
    assert episode.estimate_usd is not None
    lows, highs = ([amounts[place] or 0.0 for amounts in map(money, episode.told)] for place in (1, 2))
    assert episode.estimate_usd == pytest.approx((sum(lows), sum(highs)))
    assert flush.stage.tracker.forced.known == pytest.approx({episode.id: 24_000 / (1e3 * 95)})
    assert msgspec.json.decode(msgspec.json.encode(episode), type=Episode) == episode


def test_a_feed_lost_on_the_way_is_told() -> None:
    """Binance went down: the row says so, and what it told stays."""
    row = next(row for row in Flush().run(down=True).told if row.venue == "binance")
    assert row.lost
    assert row.observed_usd == pytest.approx(12_000)


def test_a_venue_that_fell_silent_altogether_is_not_taken_at_its_word() -> None:
    """Where nothing says how feeds are, a venue without marks and open interest tells no liquidations either."""
    flush = Flush()
    episode = flush.fall_silent()
    row = next(row for row in episode.told if row.venue == "bybit")
    assert (row.tells, row.lost) == ("complete", True)
    last_ms = flush.stage.board.heard.feeds["bybit", "liquidation"].last_ms
    assert (episode.venues or {})["bybit liquidation"] == f"missing since {last_ms}"
    states = {
        feed.feed: feed.state for feed in flush.stage.board.heard.rows({}, flush.stage.now_ms) if feed.venue == "bybit"
    }
    assert states == {"mark": "stale", "oi": "stale", "liquidation": "stale"}


def test_an_episode_of_before_is_still_read() -> None:
    """One that was kept without venues has none."""
    body = msgspec.json.decode(msgspec.json.encode(Flush().run()))
    del body["told"], body["forced"]
    old = msgspec.convert(body, Episode)
    assert (old.told, old.forced) == ((), None)
