"""Confidence where liquidations were not heard everywhere: less by the part of open interest that is missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bot.flush.at_onset import heard_share
from bot.flush.confidence import lowered
from bot.flush.episode import Component
from bot.flush.severity import PRICE_ONLY_CONFIDENCE, WEIGHTS
from bot.market.board import Board
from bot.market.facts import Fact, Feed, FeedState, Liquidation, Mark, OpenInterest
from bot.market.history import HOUR_MS
from bot.market.recording import read
from tests.flush.passes import START_MS, Pass

SMALL = Path(__file__).parents[1] / "data" / "small.jsonl.gz"
WHOLE = sum(WEIGHTS.values())
VENUES = ("binance", "bybit", "hyperliquid", "okx")
SHARES = st.floats(0, 1)
INPUTS = st.sets(st.sampled_from(sorted(WEIGHTS))).map(sorted)


def known(inputs: list[str] | set[str], *, price_only: bool = False) -> tuple[float, dict[str, Component]]:
    """The judge's confidence in these inputs, and the inputs."""
    share = sum(WEIGHTS[name] for name in inputs) / WHOLE
    return min(share, PRICE_ONLY_CONFIDENCE) if price_only else share, {
        name: Component(1.0, 1.0, 0.5) for name in inputs
    }


def test_the_part_that_was_not_heard_is_taken_off() -> None:
    """Everything known, 40 % of open interest not heard: 40 % of the weight of liquidations is missing."""
    assert lowered(*known(list(WEIGHTS)), 0.6) == pytest.approx(1 - 0.4 * 0.45 / 1.65)
    assert lowered(*known(list(WEIGHTS)), 1.0) == pytest.approx(1.0)
    assert lowered(*known({"P", "O"}), 0.0) == pytest.approx(0.8 / 1.65)


@given(INPUTS, st.sampled_from(sorted(WEIGHTS)), SHARES, SHARES, st.booleans())
def test_losing_an_input_never_raises_confidence(
    inputs: list[str], gone: str, one: float, two: float, price_only: bool
) -> None:
    """Whether a venue is lost (less is heard) or a whole input, liquidations among them."""
    less, more = sorted((one, two))
    whole = lowered(*known(inputs, price_only=price_only), more)
    assert lowered(*known(inputs, price_only=price_only), less) <= whole + 1e-12
    rest = [name for name in inputs if name != gone]
    assert lowered(*known(rest, price_only=price_only), more) <= whole + 1e-12
    assert 0 <= whole <= 1


def market(coins: dict[str, float], **states: FeedState) -> Board:
    """Venues with open interest of BTC, and what their liquidation feeds say."""
    board = Board()
    facts: list[Fact] = [Mark(START_MS, venue, "BTC", 100.0) for venue in VENUES]
    facts += [OpenInterest(START_MS, venue, "BTC", coins=value) for venue, value in coins.items()]
    facts += [Feed(START_MS, venue, "liquidation", state, START_MS) for venue, state in states.items()]
    for fact in facts:
        board.apply(fact)
    return board


def heard(board: Board, now_ms: int = START_MS) -> float:
    """The share heard of BTC."""
    return float(heard_share(board, now_ms)[0])


COINS = {"binance": 40.0, "bybit": 25.0, "hyperliquid": 17.0, "okx": 18.0}


def test_what_is_down_counts_by_its_open_interest() -> None:
    """Of four venues one that is down takes its part; a venue that never tells any is no loss."""
    assert heard(market(COINS)) == 1.0
    assert heard(market(COINS, binance="partial", bybit="live", okx="partial")) == 1.0
    assert heard(market(COINS, binance="stale", bybit="live", okx="partial")) == pytest.approx(0.6)
    assert heard(market(COINS, binance="stale", bybit="blocked", okx="partial")) == pytest.approx(0.35)


def test_a_full_feed_counts_as_not_heard_for_an_hour() -> None:
    """OKX in every second of a minute: nothing tells how much more there was."""
    board = market(COINS, okx="partial")
    for second in range(60):
        board.apply(Liquidation(START_MS + second * 1000 + 1, "okx", "BTC", "long", 100.0, 1.0, 100.0))
    assert heard(board, START_MS + 60_000) == pytest.approx(0.82)
    assert heard(board, START_MS + 60_000 + HOUR_MS) == 1.0


def test_an_unknown_part_counts_as_the_whole() -> None:
    """A feed that is down at a venue that lists the coin and never told its open interest: nothing counts as heard."""
    assert heard(market({"bybit": 25.0}, binance="stale")) == 0.0
    assert heard(market({}, binance="stale")) == 0.0
    board = market({"bybit": 25.0})
    board.apply(Feed(START_MS, "gate", "liquidation", "stale", START_MS))
    assert heard(board) == 1.0  # a venue of which nothing was ever heard does not list it


@given(
    st.dictionaries(st.sampled_from(VENUES), st.floats(1, 1e6)),
    st.dictionaries(st.sampled_from(VENUES), st.sampled_from(["live", "partial", "stale", "blocked"])),
    st.sampled_from(VENUES),
)
def test_losing_a_stream_never_raises_what_is_heard(
    coins: dict[str, float], states: dict[str, FeedState], gone: str
) -> None:
    """Neither a feed that goes down nor open interest that never came makes more of the market heard."""
    whole = heard(market(coins, **states))
    assert 0 <= whole <= 1
    assert heard(market(coins, **(states | {gone: "stale"}))) <= whole + 1e-12
    fewer = {venue: value for venue, value in coins.items() if venue != gone}
    assert heard(market(fewer, **states)) <= whole + 1e-12


def test_old_open_interest_still_counts() -> None:
    """Losing the open interest of a venue that is down does not make it count for less."""
    assert np.all(heard_share(market(COINS, binance="stale"), START_MS + 40 * HOUR_MS)[0] == pytest.approx(0.6))


@pytest.mark.slow
def test_a_flush_heard_in_part_is_the_same_with_less_confidence() -> None:
    """With Binance's feed down from its onset on a simulated flush scores the same, and is less sure by its share."""
    onset_ms = 1_772_687_640_000

    def lose(fact: Fact) -> Fact:
        lost = isinstance(fact, Feed) and (fact.venue, fact.feed) == ("binance", "liquidation") and fact.t > onset_ms
        return structs.replace(fact, state="stale", since=onset_ms) if lost else fact

    facts = [fact for fact in read(SMALL) if fact.t < onset_ms + 3 * HOUR_MS]
    (whole,), (part,) = (Pass().read(told).episodes() for told in (facts, map(lose, facts)))
    assert part.peak_score == whole.peak_score
    assert whole.confidence == pytest.approx(1 - 0.5 * 0.45 / 1.65)  # price has a prior still
    assert part.confidence == pytest.approx(whole.confidence - 0.4 * 0.45 / 1.65, abs=0.02)
    assert [row.lost for row in part.told if row.venue == "binance"] == [True]
    assert part.estimate_usd is not None
    assert whole.estimate_usd is not None
    assert part.estimate_usd[1] > whole.estimate_usd[1]
