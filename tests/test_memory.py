"""What an engine remembers is kept and recalled whole, and never makes anything that does something."""

from __future__ import annotations

import io
import os
import pickle
import zlib
from functools import cache

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.memory
from bot.engine import QUIET_STEP_MS, STEP_MS
from bot.flush.episode import Ended
from bot.flush.tracker import Change
from bot.market.facts import Bar, Fact, Feed, Funding
from bot.market.history import COLUMNS, SLOT_MS
from bot.memory import About, Kept, Memory, keep, keep_slots, recall
from tests.last_day import last_day

FIRST_FLUSH_MS = 1_772_687_640_000  # the flush of the recording opens a minute later


def live_through(memory: Memory, facts: list[Fact]) -> list[bytes]:
    """Let time pass with these facts; what changed, as JSON."""
    changes: list[Change] = []
    stepped_ms = memory.board.now_ms
    for fact in facts:
        wait_ms = QUIET_STEP_MS if memory.detector.tracker.quiet else STEP_MS
        if fact.t > memory.board.now_ms and memory.board.now_ms - stepped_ms >= wait_ms:
            stepped_ms = memory.board.now_ms
            changes += memory.detector.step(memory.board, memory.history, stepped_ms)
        memory.board.apply(fact)
        if isinstance(fact, Bar | Funding):
            memory.history.apply(fact)
    memory.detector.step(memory.board, memory.history, memory.board.now_ms)
    return [msgspec.json.encode(change) for change in changes]


def lived(count: int) -> Memory:
    """A memory of the first facts of the recording."""
    memory = Memory()
    live_through(memory, last_day()[:count])
    return memory


STANDING_FACTS = 2_000


def of_all(memory: Memory) -> Kept:
    """The memory with all of its slots."""
    last = keep(memory, memory.board.now_ms)
    return last._replace(
        slots=keep_slots(memory, range(memory.history.oldest_slot, memory.board.now_ms // SLOT_MS + 1))
    )


def place_of(t_ms: int) -> int:
    """How many facts were known by then."""
    return next(place for place, fact in enumerate(last_day()) if fact.t > t_ms)


@settings(max_examples=2)
@given(st.integers(-20, 20))
def test_a_break_around_a_flush_changes_nothing(minutes: int) -> None:
    """Recalled at any moment around a flush, the market goes on to the same changes and the same past."""
    place = place_of(FIRST_FLUSH_MS + minutes * 60_000)
    whole = lived(place)
    recalled = recall(*of_all(whole))
    rest = last_day()[place : place + 3_000]
    assert recalled.whole
    assert live_through(recalled, rest) == live_through(whole, rest)
    np.testing.assert_array_equal(recalled.history.columns, whole.history.columns)
    np.testing.assert_array_equal(recalled.detector.baseline.samples, whole.detector.baseline.samples)
    np.testing.assert_array_equal(recalled.detector.baseline.levels, whole.detector.baseline.levels)


def test_slots_kept_one_after_the_other_make_the_same_past() -> None:
    """Kept every five minutes with what may have changed alone, all slots together are the whole past."""
    memory, slots, kept_slot = Memory(), dict[int, bytes](), 0
    end = place_of(FIRST_FLUSH_MS + 1_800_000)
    start = place_of(FIRST_FLUSH_MS - 1_800_000)
    live_through(memory, last_day()[:start])
    slots |= of_all(memory).slots
    for place in range(start, end, 20):
        live_through(memory, last_day()[place : place + 20])
        if memory.board.now_ms // SLOT_MS != kept_slot:
            kept_slot = memory.board.now_ms // SLOT_MS
            slots |= keep(memory, memory.board.now_ms).slots
    last = keep(memory, memory.board.now_ms)
    recalled = recall(last.about, last.present, slots | last.slots)
    np.testing.assert_array_equal(recalled.history.columns, memory.history.columns)
    np.testing.assert_array_equal(recalled.history.venue_coins, memory.history.venue_coins)
    np.testing.assert_array_equal(recalled.detector.baseline.samples, memory.detector.baseline.samples)


def test_another_version_takes_up_the_past_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept by other code, the figures of every coin and what is usual are known, and no flush is open."""
    whole = lived(place_of(FIRST_FLUSH_MS + 600_000))
    assert whole.detector.tracker.open
    kept = of_all(whole)
    monkeypatch.setattr(bot.memory, "_code", lambda: "another version")
    recalled = recall(*kept)
    assert not recalled.whole
    assert not recalled.detector.tracker.open
    assert list(recalled.board.coins) == list(whole.board.coins)
    now_ms, coin = whole.board.now_ms, next(iter(whole.board.coins))
    for name in ("close", "high", "funding_8h", "long_usd"):
        before, after = (m.history.until(now_ms).column(coin, name, 0, now_ms) for m in (whole, recalled))
        np.testing.assert_array_equal(before[1], after[1])
    assert recalled.history.until(now_ms).open_interest_at(coin, now_ms)
    rows = len(whole.board.coins)
    np.testing.assert_array_equal(
        recalled.detector.baseline.samples[:, :rows], whole.detector.baseline.samples[:, :rows]
    )
    assert recalled.extremes == whole.extremes


def test_figures_that_are_not_known_any_more_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure that this version does not have, and another order of those it has, mix nothing up."""
    whole = lived(20_000)
    renamed = tuple("old" if name == "basis_bps" else name for name in reversed(COLUMNS))
    with monkeypatch.context() as other:  # as a version with another table would have written them
        other.setattr(bot.memory, "COLUMNS", renamed)
        whole.history.columns = np.ascontiguousarray(whole.history.columns[::-1])
        kept = of_all(whole)
        whole.history.columns = np.ascontiguousarray(whole.history.columns[::-1])
    monkeypatch.setattr(bot.memory, "_code", lambda: "another version")
    recalled = recall(*kept)
    now_ms, coin = whole.board.now_ms, next(iter(whole.board.coins))
    assert np.isnan(recalled.history.until(now_ms).column(coin, "basis_bps", 0, now_ms)[1]).all()
    for name in ("close", "funding_8h", "perp_usd"):
        before, after = (m.history.until(now_ms).column(coin, name, 0, now_ms) for m in (whole, recalled))
        np.testing.assert_array_equal(before[1], after[1])


def test_slots_of_two_versions_are_both_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an update with one more figure the older slots are read as they were written, at every later start."""
    memory = lived(20_000)
    older = of_all(memory).slots
    monkeypatch.setattr(bot.memory, "COLUMNS", (*COLUMNS[:-1], "new"))
    newer = keep(memory, memory.board.now_ms)
    monkeypatch.undo()
    recalled = recall(newer.about, newer.present, older | newer.slots)
    now_ms, coin = memory.board.now_ms, next(iter(memory.board.coins))
    for name in COLUMNS[:-1]:
        before, after = (m.history.until(now_ms).column(coin, name, 0, now_ms) for m in (memory, recalled))
        np.testing.assert_array_equal(before[1], after[1])


def test_another_version_knows_when_it_heard_what(monkeypatch: pytest.MonkeyPatch) -> None:
    """The moment of the last fact, the feeds and their gaps outlive an update."""
    memory = lived(2_000)
    memory.board.apply(Feed(memory.board.now_ms, "bybit", "liquidation", "stale", memory.board.now_ms - 60_000))
    kept = of_all(memory)
    monkeypatch.setattr(bot.memory, "_code", lambda: "another version")
    recalled = recall(*kept)
    assert recalled.board.now_ms == memory.board.now_ms
    assert recalled.board.feeds == memory.board.feeds
    assert recalled.board.gaps.kept == memory.board.gaps.kept != []


def test_another_version_keeps_what_flushes_taught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forced shares, last flushes and the levels of past days outlive an update; what was kept before has none."""
    memory = lived(100)
    memory.detector.tracker.forced.learn("2026-03-05-BTC-1", 0.4)
    memory.detector.tracker.last.ended["BTC"] = {"long": Ended(1, "2026-03-05-BTC-1")}
    memory.detector.baseline.daily[0, 7] = 0.25
    kept = of_all(memory)
    assert recall(*kept).detector.tracker.forced == memory.detector.tracker.forced
    monkeypatch.setattr(bot.memory, "_code", lambda: "another version")
    tracker = recall(*kept).detector.tracker
    assert tracker.forced.known == {"2026-03-05-BTC-1": 0.4}
    assert tracker.last == memory.detector.tracker.last
    assert recall(*kept).detector.baseline.daily[0, 7] == 0.25
    about = msgspec.json.decode(kept.about)
    for name in ("forced", "last", "daily"):
        del about[name]
    older = recall(*kept._replace(about=msgspec.json.encode(about).decode())).detector
    assert (older.tracker.forced.known, older.tracker.last.ended) == ({}, {})
    assert np.isnan(older.baseline.daily).all()


class Harmful:
    """A value that does something when it is read."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("true",)


class Hidden:
    """The same by way of one of the program's own functions."""

    def __reduce__(self) -> tuple[object, ...]:
        return keep, ()


@pytest.mark.parametrize("value", [Harmful(), Hidden()])
def test_a_present_that_does_something_is_refused(value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database from elsewhere runs nothing: only values of known kinds are made of it, and the past is kept."""
    called: list[object] = []
    monkeypatch.setattr(os, "system", called.append)
    kept = of_all(lived(2_000))
    file = io.BytesIO()
    pickle.Pickler(file).dump(value)
    about = msgspec.structs.replace(msgspec.json.decode(kept.about, type=About), present=zlib.crc32(file.getvalue()))
    recalled = recall(msgspec.json.encode(about).decode(), file.getvalue(), kept.slots)
    assert called == []
    assert not recalled.whole
    assert recalled.board.coins


@cache
def standing() -> Memory:
    """One that is kept again and again, and never lives on."""
    return lived(STANDING_FACTS)


@given(st.data())
@settings(max_examples=30)
def test_what_is_damaged_is_left_out(data: st.DataObject) -> None:
    """Bytes changed anywhere: the rest is recalled, and nothing is raised."""
    kept = of_all(standing())

    def spoil(body: bytes) -> bytes:
        at = data.draw(st.integers(0, len(body) - 1))
        return body[:at] + data.draw(st.binary(max_size=5)) + body[at + data.draw(st.integers(0, 5)) :]

    which = data.draw(st.sampled_from(["about", "present", "slot"]))
    if which == "about":
        kept = kept._replace(about=spoil(kept.about.encode()).decode(errors="replace"))
    elif which == "present":
        kept = kept._replace(present=spoil(kept.present))
    else:
        slot = data.draw(st.sampled_from(sorted(kept.slots)))
        kept = kept._replace(slots=kept.slots | {slot: spoil(kept.slots[slot])})
    recalled = recall(*kept)
    live_through(recalled, last_day()[STANDING_FACTS : STANDING_FACTS + 50])


def test_a_slot_is_no_larger_than_is_said() -> None:
    """A coin on eight venues takes at most 164 bytes a slot before packing, as the documents say."""
    memory = lived(5_000)
    coins, venues = len(memory.board.coins), len(memory.board.venues)
    slots = keep(memory, memory.board.now_ms).slots
    most = 16 + coins * (10 * 8 + 4 * venues + 13 * 4)
    assert max(len(body) for body in slots.values()) <= most + 100
    assert 10 * 8 + 4 * 8 + 13 * 4 == 164
