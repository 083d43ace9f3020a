"""All that a running engine remembers, and how it is kept: a restart goes on where the last one stood.

The past is kept by slots of five minutes, each under the names of its coins, venues and figures, so that a later
version of the program takes it up too. The present (what venues last said, the last hour, open episodes) is kept as it
lies in memory and taken up by the very code that wrote it alone; another version begins with the past and no present.
A slot of 300 coins on eight venues takes at most 57 kB, so fifteen days of a coin at most 815 kB, before packing.
"""

from __future__ import annotations

import io
import logging
import pickle
import zlib
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from bot.flush.baseline import KEEP_SLOTS, PAST_DAYS, UNKNOWN, Baseline
from bot.flush.day import DayMemory
from bot.flush.detector import Detector
from bot.flush.episode import Episode
from bot.flush.features import BASED
from bot.flush.forced import ForcedShares
from bot.flush.last import Last
from bot.market.board import Board
from bot.market.facts import Feed
from bot.market.gaps import Gaps
from bot.market.history import COLUMNS, SLOT_MS, SLOTS, History

log = logging.getLogger(__name__)

RENEWED_SLOTS = 8
"""How many of the last slots may still change: a flush takes back half an hour of what was held for usual."""
EXTREMES_MS = 90 * 86_400_000
# What a present may be made of, beside the classes of this program: nothing that does anything.
HARMLESS = {
    ("builtins", "set"),
    ("builtins", "list"),
    ("builtins", "slice"),
    ("collections", "defaultdict"),
    ("collections", "deque"),
    ("msgspec._core", "rebuild"),
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy.core.numeric", "_frombuffer"),
}

Ring = np.ndarray[Any, Any]
NOTHING: Ring = np.empty(0)
Extremes = dict[str, dict[str, tuple[int, float, str]]]
"""By coin and flush: UTC ms and price of the furthest point, and the side that was hurt."""


@dataclass
class Memory:
    """What the engine remembers; `whole` is false where the present of before could not be taken up."""

    board: Board = field(default_factory=Board)
    history: History = field(default_factory=History)
    detector: Detector = field(default_factory=Detector)
    day: DayMemory = field(default_factory=DayMemory)
    extremes: Extremes = field(default_factory=dict)
    whole: bool = True

    def learn(self, other: Memory, slots: range, *, usual: bool = True) -> None:
        """Take in what another memory knows of some slots of the same market, where this one heard nothing.

        With `usual` it learns what is usual too, which takes the past of all venues.
        """
        ours = self.history.coins
        rows = {row: ours[coin] for coin, row in other.history.coins.items() if coin in ours}
        if usual:
            self.detector.baseline.learn(other.detector.baseline, rows, slots, self.history.unheard)
        self.history.learn(other.history, rows, slots)

    def extremes_of(self, coin: str) -> tuple[tuple[int, float, str], ...]:
        """(UTC ms, price, side) of the coin's flushes so far, oldest first."""
        return tuple(sorted(self.extremes.get(coin, {}).values()))

    def note_extremes(self, episode: Episode) -> None:
        """Keep the furthest points of a flush for the levels of later ones."""
        for member in episode.members.values():
            known = self.extremes.setdefault(member.coin, {})
            known[episode.id] = (member.extreme_ms, member.extreme_price, episode.side)

    def forget(self, before_ms: int) -> None:
        """Drop the furthest points of flushes of long ago: they are no levels any more."""
        for coin, points in list(self.extremes.items()):
            kept = {id_: point for id_, point in points.items() if point[0] >= before_ms}
            if kept:
                self.extremes[coin] = kept
            else:
                del self.extremes[coin]


class About(msgspec.Struct, frozen=True):
    """What any version can take up beside the slots; `coins` and `venues` name the rows of those in order.

    `code` and `present` are the checksums of the program and of what it alone can read.
    """

    code: str
    present: int
    now_ms: int
    slot: int
    first_slot: int
    coins: list[str]
    venues: list[str]
    feeds: list[Feed]
    gaps: Gaps
    day: DayMemory
    extremes: Extremes
    forced: ForcedShares = msgspec.field(default_factory=ForcedShares)
    last: Last = msgspec.field(default_factory=Last)
    daily: bytes = b""
    """`Baseline.daily` of each of `coins`, as 32-bit numbers."""


class Layout(msgspec.Struct, frozen=True, array_like=True):
    """How the numbers of a slot lie: how many coins and venues, and the names of its figures."""

    coins: int
    venues: int
    columns: tuple[str, ...]
    based: tuple[tuple[str, int], ...]


class Kept(NamedTuple):
    """A memory as it is stored: `about` is JSON, `present` packed by `pickle`, `slots` by their number."""

    about: str
    present: bytes
    slots: dict[int, bytes]


def keep(memory: Memory, now_ms: int) -> Kept:
    """Freeze a memory as of now, with the slots that may have changed lately; what is too old is forgotten."""
    memory.forget(now_ms - EXTREMES_MS)
    present = pickle.dumps(_without_rings(memory), protocol=5)
    about = About(
        code=_code(),
        present=zlib.crc32(present),
        now_ms=now_ms,
        slot=now_ms // SLOT_MS,
        first_slot=memory.history.first_slot,
        coins=list(memory.board.coins),
        venues=list(memory.board.venues),
        feeds=list(memory.board.feeds.values()),
        gaps=memory.board.gaps,
        day=memory.day,
        extremes=memory.extremes,
        forced=memory.detector.tracker.forced,
        last=memory.detector.tracker.last,
        daily=memory.detector.baseline.daily[: len(memory.board.coins)].astype(np.float32).tobytes(),
    )
    slots = keep_slots(memory, range(about.slot - RENEWED_SLOTS + 1, about.slot + 1))
    return Kept(msgspec.json.encode(about).decode(), present, slots)


def keep_slots(memory: Memory, slots: range) -> dict[int, bytes]:
    """Freeze some slots of a memory; those that it does not have are left out."""
    history, baseline = memory.history, memory.detector.baseline
    return {slot: _packed(history, baseline, slot) for slot in slots if slot >= history.oldest_slot}


def recall(about: str, present: bytes, slots: Mapping[int, bytes]) -> Memory:
    """The memory that was kept; without its present where another version of the program wrote that.

    What is damaged is left out, which the log is told.
    """
    try:
        told = msgspec.json.decode(about, type=About)
    except msgspec.MsgspecError as error:
        log.warning("What was kept of the market cannot be read: %s", error)
        return Memory(whole=False)
    past = Memory(day=told.day, extremes=told.extremes, whole=False)
    past.board.make_room(told.coins, told.venues)
    past.board.now_ms, past.board.gaps = told.now_ms, told.gaps
    past.board.feeds = {(feed.venue, feed.feed): feed for feed in told.feeds}
    past.history.make_room(past.board.coins, past.board.venues, told.slot, told.first_slot)
    past.detector.tracker.forced, past.detector.tracker.last = told.forced, told.last
    past.detector.baseline.resume(len(told.coins), told.slot, told.first_slot)
    if len(told.daily) == 4 * PAST_DAYS * len(told.coins):
        past.detector.baseline.daily[: len(told.coins)] = np.frombuffer(told.daily, np.float32).reshape(-1, PAST_DAYS)
    damaged = [slot for slot, body in slots.items() if not _is_unpacked(past, told, slot, body)]
    if damaged:
        log.warning("%d of %d slots that were kept of the market cannot be read", len(damaged), len(slots))
    if told.code != _code():
        return past
    if told.present != zlib.crc32(present):
        log.warning("What was kept of the present is damaged")
        return past
    return _with_present(past, present)


def _with_present(past: Memory, packed: bytes) -> Memory:
    try:
        whole: Memory = _Unpickler(io.BytesIO(packed)).load()
    except pickle.UnpicklingError as error:
        log.warning("What was kept of the present is refused: %s", error)
        return past
    whole.history.columns, whole.history.venue_coins = past.history.columns, past.history.venue_coins
    whole.detector.baseline.take_samples(past.detector.baseline.samples)
    return whole


def _without_rings(memory: Memory) -> Memory:
    """A copy without what is kept by slots: others may look at the memory meanwhile, so it stays as it is."""
    history, baseline, detector = copy(memory.history), copy(memory.detector.baseline), copy(memory.detector)
    history.columns, history.venue_coins, baseline.samples = NOTHING, NOTHING, NOTHING
    detector.baseline = baseline
    return replace(memory, history=history, detector=detector)


def _packed(history: History, baseline: Baseline, slot: int) -> bytes:
    coins = min(len(history.coins), history.columns.shape[1], baseline.samples.shape[1])
    venues = min(len(history.venues), history.venue_coins.shape[1])
    columns = history.columns[:, :coins, slot % SLOTS]
    venue_coins = history.venue_coins[:coins, :venues, slot % SLOTS]
    samples = baseline.samples[:, :coins, slot % KEEP_SLOTS]
    if slot > history.slot:  # not begun: what lies there is fifteen days old
        columns, venue_coins = np.full_like(columns, np.nan), np.full_like(venue_coins, np.nan)
    if not baseline.has(slot):
        samples = np.full_like(samples, UNKNOWN)
    layout = msgspec.json.encode(Layout(coins, venues, COLUMNS, BASED))
    return zlib.compress(b"".join((layout, b"\n", *(part.tobytes() for part in (columns, venue_coins, samples)))), 1)


def _is_unpacked(memory: Memory, told: About, slot: int, packed: bytes) -> bool:
    """Whether a slot could be read; one that is too old is not looked at."""
    if not told.slot - SLOTS < slot <= told.slot:
        return True
    try:
        _unpack(memory, told, slot, packed)
    except (zlib.error, ValueError, msgspec.MsgspecError):  # the second is numpy's word for too few bytes
        return False
    return True


def _unpack(memory: Memory, told: About, slot: int, packed: bytes) -> None:
    """Put one slot into its places; figures that this version does not know are left out."""
    history, baseline = memory.history, memory.detector.baseline
    head, _, numbers = zlib.decompress(packed).partition(b"\n")
    layout, body = msgspec.json.decode(head, type=Layout), memoryview(numbers)
    columns, body = _rows(body, np.float64, len(layout.columns), layout.coins)
    venue_coins, body = _rows(body, np.float32, layout.coins, layout.venues)
    samples, _ = _rows(body, np.float32, len(layout.based), layout.coins)
    # Slots may have been kept after the last present, with coins and venues that it does not have.
    coins, venues = min(layout.coins, len(told.coins)), min(layout.venues, len(told.venues))
    for row, name in enumerate(layout.columns):
        if name in COLUMNS:
            history.columns[COLUMNS.index(name), :coins, slot % SLOTS] = columns[row, :coins]
    history.venue_coins[:coins, :venues, slot % SLOTS] = venue_coins[:coins, :venues]
    for row, based in enumerate(layout.based):
        if based in BASED and slot > told.slot - KEEP_SLOTS:
            baseline.samples[BASED.index(based), :coins, slot % KEEP_SLOTS] = samples[row, :coins]


def _rows(body: memoryview, kind: type[np.floating[Any]], rows: int, length: int) -> tuple[Ring, memoryview]:
    """The first numbers of a body as rows of that length, and the rest of it."""
    end = rows * length * np.dtype(kind).itemsize
    return np.frombuffer(body[:end], kind).reshape(rows, length), body[end:]


class _Unpickler(pickle.Unpickler):
    """Makes values of this program's classes and of plain containers alone, whatever the database holds."""

    def find_class(self, module: str, name: str) -> object:
        """A class of this program, or a harmless one."""
        ours = module.startswith("bot.")
        found = super().find_class(module, name) if ours or (module, name) in HARMLESS else None
        if found is None or (ours and not isinstance(found, type)):
            raise pickle.UnpicklingError(f"{module}.{name} does not belong into a memory")
        return found


@cache
def _code() -> str:
    """What tells one version of the remembering code from another."""
    here = Path(__file__).parent
    files = sorted((*here.glob("market/*.py"), *here.glob("flush/*.py"), Path(__file__)))
    return f"{zlib.crc32(b''.join(file.read_bytes() for file in files)):08x} numpy {np.__version__}"
