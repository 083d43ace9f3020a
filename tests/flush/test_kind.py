"""What a flush is called, which one it follows, and what it is while its feeds are silent."""

from __future__ import annotations

import pytest

from bot.market.facts import Feed, Liquidation, Mark, OpenInterest
from bot.market.history import HOUR_MS, SLOT_MS
from bot.market.rings import MINUTE_MS
from tests.flush.stage import Stage, events

LONG, SHORT, CALM = (60.0, 0.0), (0.0, 60.0), (0.0, 0.0)


def marks(stage: Stage, apart: float) -> list[Mark]:
    """Three more venues; the mark of the last stands apart by so much."""
    prices = (100.0, 100.0, 100.0 * (1 - apart))
    return [Mark(stage.now_ms, venue, "BTC", price) for venue, price in zip("bcd", prices, strict=True)]


@pytest.mark.parametrize(
    ("share", "apart", "kind"),
    [(0.95, 0.02, "venue_dislocation"), (0.8, 0.02, "long_flush"), (0.95, 0.005, "long_flush")],
)
def test_one_venue_alone_is_called_so(share: float, apart: float, kind: str) -> None:
    """Nine tenths of the liquidations on a venue whose mark stands more than a percent apart, not else."""
    stage = Stage("BTC")
    for minute in range(3):
        stage.now_ms += MINUTE_MS
        hits = [
            Liquidation(stage.now_ms, venue, "BTC", "long", 98.0, usd / 98, usd)
            for venue, usd in (("d", share * 1e6), ("b", (1 - share) * 1e6))
        ]
        stage.step({"BTC": LONG} if minute else {}, *marks(stage, apart), *hits)
    stage.now_ms += MINUTE_MS
    stage.step({"BTC": LONG}, *marks(stage, apart))
    (episode,) = stage.tracker.open.values()
    assert episode.kind == kind
    assert episode.dislocated == ("d" if kind == "venue_dislocation" else None)


@pytest.mark.parametrize("every_ms", [SLOT_MS, HOUR_MS])
@pytest.mark.parametrize("closed", [0.03, -0.03])
def test_a_day_unwinds_where_open_interest_fell(every_ms: int, closed: float) -> None:
    """Three percent fewer coins within a day, and not three percent more, however often an exchange tells them."""
    stage = Stage("BTC")
    for slot in range(1, 25 * 12 + 7):
        stage.now_ms += SLOT_MS
        fact = OpenInterest(stage.now_ms, "a", "BTC", coins=1000 * (1 - closed * slot / 288))
        stage.step({}, *([] if stage.now_ms % every_ms else [fact]))
    assert stage.figures({}).unwinding("BTC") == (closed > 0)


@pytest.mark.parametrize(("first_slot", "last_slot"), [(12 * 12, 25 * 12 + 6), (1, 12 * 12)])
def test_an_exchange_that_is_known_at_one_end_alone_says_nothing_of_a_day(first_slot: int, last_slot: int) -> None:
    """One that came or went within the day is in no sum: what closed on the other is an unwind all the same."""
    stage = Stage("BTC")
    for slot in range(1, 25 * 12 + 7):
        stage.now_ms += SLOT_MS
        facts = [OpenInterest(stage.now_ms, "a", "BTC", coins=1000 * (1 - 0.03 * slot / 288))]
        if first_slot <= slot <= last_slot:
            facts.append(OpenInterest(stage.now_ms, "b", "BTC", coins=100_000.0 + 100 * slot))
        stage.step({}, *facts)
    assert stage.figures({}).unwinding("BTC")


def test_a_flush_names_the_one_before_it() -> None:
    """One of the same coin and side that ended within 72 hours is named; of the other side, or older, is not."""
    stage = Stage("BTC")
    stage.go(5, {"BTC": LONG})
    stage.go(40, {"BTC": CALM}, pressing=False)
    stage.go(5, {"BTC": SHORT})
    stage.go(40, {"BTC": CALM}, pressing=False)
    stage.now_ms += 20 * HOUR_MS
    stage.go(5, {"BTC": LONG})
    stage.go(40, {"BTC": CALM}, pressing=False)
    stage.now_ms += 73 * HOUR_MS
    stage.go(5, {"BTC": LONG})
    opened = [change.episode for change in stage.changes if change.event == "opened"]
    followed = [e.follows.episode_id if e.follows else None for e in opened]
    assert followed == [
        None,
        None,
        opened[0].id,
        None,
    ]


def test_silence_is_no_calm() -> None:
    """While no price is known a flush neither ends nor grows; half an hour of calm counts what was seen alone."""
    stage = Stage("BTC")
    stage.go(10, {"BTC": LONG})
    price = stage.prices.pop("BTC")
    assert events(stage.go(120, {"BTC": LONG}, every=1, pressing=False)) == []
    stage.prices["BTC"] = price
    assert events(stage.go(15, {"BTC": LONG}, every=1, pressing=False)) == []
    assert events(stage.go(16, {"BTC": LONG}, every=1, pressing=False)) == ["ended"]


def test_a_feed_that_dies_in_the_middle_freezes_it() -> None:
    """Single liquidations that were told and are not any more are no sign of calm either; it ends as not followed."""
    stage = Stage("BTC")
    stage.step({}, Feed(stage.now_ms, "a", "liquidation", "live", stage.now_ms), *stage.hit("BTC", longs=1e6))
    stage.go(10, {"BTC": LONG})
    stage.step({"BTC": LONG}, Feed(stage.now_ms, "a", "liquidation", "stale", stage.now_ms))
    assert events(stage.go(5 * 60, {"BTC": LONG}, every=1, pressing=False)) == []
    assert events(stage.go(60, {"BTC": LONG}, every=1, pressing=False)) == ["ended"]
    assert stage.changes[-1].episode.end_reason == "lost"
