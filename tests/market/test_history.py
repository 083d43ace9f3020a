from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.market.facts import Bar, Funding
from bot.market.history import AMOUNTS, COLUMNS, DAY_MS, DAYS, HOUR_MS, SLOT_MS, SLOTS, History, Past

START_MS = 1_768_780_800_000  # 19 January 2026, 00:00 UTC
NAN = float("nan")
Slot = tuple[float, float, float]  # close, longs in dollars, open interest in coins
SLOT = st.tuples(
    st.one_of(st.floats(10, 100), st.just(NAN)),
    st.one_of(st.floats(0, 1e6), st.just(NAN)),
    st.one_of(st.integers(1, 1000).map(float), st.just(NAN)),
)


def write(history: History, now_ms: int, slot: Slot) -> None:
    """One step of BTC at one venue."""
    close, longs, coins = slot
    place = history.enter({"BTC": 0}, {"binance": 0}, now_ms)
    history.write(place, np.array([[close], [close + 1], [close - 1], [NAN], [NAN]]))
    history.add(place, np.array([[longs], [NAN], [60.0], [NAN], [NAN]]))
    history.write_open_interest(place, np.array([[coins]]))


def hour_bar(t: int, close: float, venue: str = "binance") -> Bar:
    """An hourly perp bar."""
    return Bar(t, venue, "BTC", "perp", 3600, close, close, close, close, 5.0)


def answers(past: Past, start_ms: int) -> list[object]:
    """Everything a Past says."""
    end_ms = past.now_ms + DAY_MS
    told = [past.column("BTC", name, start_ms, end_ms) for name in COLUMNS]
    interest = past.open_interest("BTC", start_ms, end_ms)
    return [
        *([*ends.tolist(), *map(repr, values.tolist())] for ends, values in told),
        {venue: list(map(repr, values.tolist())) for venue, values in interest[1].items()},
        past.open_interest_at("BTC", end_ms),
        past.price_at("BTC", past.now_ms),
        past.settled("BTC", start_ms, end_ms),
        past.hours("BTC"),
    ]


@settings(max_examples=40)
@given(before=st.lists(SLOT, min_size=1, max_size=30), after=st.lists(SLOT, max_size=30))
def test_a_past_never_shows_what_came_later(before: list[Slot], after: list[Slot]) -> None:
    """Whatever is added after a moment changes no answer given as of that moment."""
    history = History()
    for number, slot in enumerate(before):
        write(history, START_MS + number * SLOT_MS, slot)
    now_ms = START_MS + (len(before) - 1) * SLOT_MS
    history.apply(Funding(now_ms, "binance", "BTC", 1e-4, 8, settled=True))
    history.apply(hour_bar(now_ms, 50.0))
    past = history.until(now_ms)
    first = answers(past, START_MS - DAY_MS)
    for number, slot in enumerate(after, start=1):
        write(history, now_ms + number * SLOT_MS, slot)
        history.apply(Funding(now_ms + number * SLOT_MS, "binance", "BTC", 2e-4, 8, settled=True))
        history.apply(hour_bar(now_ms + number * SLOT_MS, 60.0))
    assert answers(past, START_MS - DAY_MS) == first
    assert answers(history.until(now_ms), START_MS - DAY_MS) == first


def test_a_slot_holds_its_last_close_its_range_and_its_sums() -> None:
    """Within a slot the close is replaced, the range widens, amounts add up, and unknown changes nothing."""
    history = History()
    for second, slot in enumerate(((50.0, 10.0, 5.0), (40.0, 5.0, 7.0), (NAN, NAN, NAN))):
        write(history, START_MS + 1000 * (second + 1), slot)
    past = history.until(START_MS + SLOT_MS)
    got = {name: past.column("BTC", name, START_MS, START_MS + SLOT_MS)[1].tolist() for name in COLUMNS}
    assert (got["close"], got["high"], got["low"]) == ([40.0], [51.0], [39.0])
    assert (got["long_usd"], got["liquidation_s"]) == ([15.0], [180.0])
    assert np.isnan(got["short_usd"]).all()
    assert past.open_interest_at("BTC", START_MS + SLOT_MS) == {"binance": 7.0}


def test_a_slot_ends_with_its_last_millisecond() -> None:
    """What becomes known at 00:05:00.000 belongs to the slot that ends then; a millisecond later to the next."""
    history = History()
    write(history, START_MS + SLOT_MS, (1.0, NAN, NAN))
    write(history, START_MS + SLOT_MS + 1, (2.0, NAN, NAN))
    ends, closes = history.until(START_MS + 2 * SLOT_MS).column("BTC", "close", START_MS, START_MS + DAY_MS)
    assert list(zip(ends.tolist(), closes.tolist(), strict=True)) == [
        (START_MS + SLOT_MS, 1.0),
        (START_MS + 2 * SLOT_MS, 2.0),
    ]
    assert history.until(START_MS + 2 * SLOT_MS - 1).price_at("BTC", START_MS + 2 * SLOT_MS) == 1.0


def test_a_silent_stretch_is_unknown_and_not_the_lap_before() -> None:
    """After fifteen days the ring begins again, and slots nobody wrote into are unknown."""
    history = History()
    write(history, START_MS, (1.0, 1.0, 1.0))
    later = START_MS + (SLOTS + 5) * SLOT_MS
    write(history, later, (2.0, 1.0, 1.0))
    past = history.until(later)
    ends, closes = past.column("BTC", "close", START_MS - DAY_MS, later)
    assert ends.size == SLOTS
    assert closes[~np.isnan(closes)].tolist() == [2.0]
    assert past.open_interest_at("BTC", later - SLOT_MS) == {}


def test_old_prices_and_open_interest_are_not_given_as_now() -> None:
    """A close older than an hour and open interest older than ten minutes are unknown."""
    history = History()
    write(history, START_MS, (50.0, NAN, 5.0))
    write(history, START_MS + 3 * HOUR_MS, (NAN, NAN, NAN))
    past = history.until(START_MS + 3 * HOUR_MS)
    assert past.price_at("BTC", START_MS + HOUR_MS - SLOT_MS) == 50.0
    assert past.price_at("BTC", START_MS + HOUR_MS) is None
    assert past.open_interest_at("BTC", START_MS + SLOT_MS) == {"binance": 5.0}
    assert past.open_interest_at("BTC", START_MS + 2 * SLOT_MS) == {}
    assert past.hours("DOGE") is None


def test_hours_are_the_venue_s_own_where_it_sends_them() -> None:
    """Hours are built from slots, replaced by hourly bars of the first venue that sent one, known at their end."""
    history = History()
    for number in range(1, 25):
        write(history, START_MS + number * SLOT_MS, (50.0 + number, NAN, NAN))
    history.apply(hour_bar(START_MS + HOUR_MS, 77.0))
    history.apply(hour_bar(START_MS + HOUR_MS, 99.0, "okx"))
    hours = history.until(START_MS + 2 * HOUR_MS).hours("BTC")
    assert hours is not None
    assert hours.start_ms == (START_MS, START_MS + HOUR_MS)
    assert hours.close == (77.0, 74.0)
    assert (hours.high[1], hours.low[1]) == (75.0, 62.0)
    assert hours.volume == (5.0, None)
    earlier = history.until(START_MS + HOUR_MS - 1).hours("BTC")
    assert earlier is not None
    assert earlier.close == (61.0,)


def test_payments_and_bars_are_kept_for_fifteen_days() -> None:
    """Settled funding older than the days kept is dropped, and running estimates are never payments."""
    history = History()
    for t in (START_MS, START_MS + DAYS * DAY_MS + 1):
        history.apply(Funding(t, "binance", "BTC", 1e-4, 8, settled=True))
        history.apply(Funding(t, "binance", "BTC", 9e-4, 8, settled=False))
    past = history.until(START_MS + 20 * DAY_MS)
    assert [fact.t for fact in past.settled("BTC", 0, START_MS + 20 * DAY_MS)] == [START_MS + DAYS * DAY_MS + 1]


@pytest.mark.parametrize("coins", [9, 40])
def test_new_coins_and_venues_find_room(coins: int) -> None:
    """More coins and venues than there were leave the figures of the first as they are."""
    history = History()
    write(history, START_MS, (50.0, 3.0, 5.0))
    names, venues = ({f"{kind}{n}": n for n in range(coins)} for kind in ("C", "v"))
    place = history.enter(names | {"BTC": 0}, venues | {"binance": 0}, START_MS)
    history.add(place, np.full((len(AMOUNTS), coins), 1.0))
    past = history.until(START_MS)
    assert past.price_at("BTC", START_MS) == 50.0
    assert past.column("BTC", "long_usd", START_MS - SLOT_MS, START_MS)[1].tolist() == [4.0]
    assert past.column(f"C{coins - 1}", "long_usd", START_MS - SLOT_MS, START_MS)[1].tolist() == [1.0]


def of_slots(slots: dict[int, float]) -> History:
    """A past in which BTC had these closes, with as many longs liquidated and as much open interest."""
    history = History()
    for slot, close in slots.items():
        write(history, START_MS + slot * SLOT_MS, (close, close, close))
    return history


def test_what_is_learnt_fills_what_was_not_heard() -> None:
    """Closes and open interest that were heard stand, liquidations are added, the open slot is left alone."""
    ours, theirs = of_slots({0: 10.0, 2: 12.0, 3: 13.0}), of_slots({0: 90.0, 1: 91.0, 2: NAN, 3: 93.0})
    ours.learn(theirs, {0: 0}, range(ours.first_slot, ours.slot + 1))
    past = ours.until(START_MS + 3 * SLOT_MS)
    told = {name: past.column("BTC", name, 0, past.now_ms)[1].tolist() for name in ("close", "long_usd")}
    assert told["close"] == [10.0, 91.0, 12.0, 13.0]
    assert told["long_usd"] == [100.0, 91.0, 12.0, 13.0]
    assert past.open_interest("BTC", 0, past.now_ms)[1]["binance"].tolist() == [10.0, 91.0, 12.0, 13.0]


def test_what_is_learnt_of_before_the_beginning_is_known_from_then_on() -> None:
    """Two slots before the first one that was heard, and a third one of a coin that is not ours."""
    ours, theirs = of_slots({5: 15.0, 6: 16.0}), of_slots({3: 93.0, 4: 94.0})
    first_slot = ours.first_slot
    ours.learn(theirs, {0: 0}, range(first_slot - 2, first_slot))
    closes = ours.until(START_MS + 6 * SLOT_MS).column("BTC", "close", 0, START_MS + 6 * SLOT_MS)[1]
    assert closes.tolist() == [93.0, 94.0, 15.0, 16.0]


@pytest.mark.parametrize("slots", [30, SLOTS - 1, SLOTS, SLOTS + 7, 2 * SLOTS + 100])
def test_a_day_is_read_whole_where_the_rings_begin_anew(slots: int) -> None:
    """Columns and the range of the last 24 hours are those of a plain list, wherever the newest slot lies."""
    history = History()
    closes = [50 + 40 * np.sin(number / 37) for number in range(slots)]
    for number, close in enumerate(closes):
        write(history, START_MS + number * SLOT_MS, (close, NAN, NAN))
    now_ms = START_MS + (slots - 1) * SLOT_MS
    day = closes[-DAY_MS // SLOT_MS :]
    assert history.block("close", now_ms - DAY_MS, now_ms)[0].tolist() == day
    assert history.range_of(now_ms - DAY_MS, now_ms)[:, 0].tolist() == [max(day) + 1, min(day) - 1]
    assert np.isnan(history.range_of(now_ms - 3 * DAY_MS * DAYS, now_ms - 2 * DAY_MS * DAYS)).all()
