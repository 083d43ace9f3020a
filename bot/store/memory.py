"""What a running engine remembers, as `bot.memory` froze it: one row of the present, one for each five minutes."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import NamedTuple

from sqlite_utils import Database


class MemoryRow(NamedTuple):
    """A memory as `bot.memory.Kept` has it."""

    about: str
    present: bytes
    slots: dict[int, bytes]


def save_memory(db: Database, about: str, present: bytes, slots: Mapping[int, bytes], oldest_slot: int) -> None:
    """Keep a memory in the place of the one before; its slots beside those of before, back to `oldest_slot`."""
    # Mostly zeros, and packed here because this thread holds up nobody.
    row = about, zlib.compress(present, 1)
    db.execute("INSERT OR REPLACE INTO memory (only, about, present) VALUES (1, ?, ?)", row)
    save_slots(db, slots)
    db.execute("DELETE FROM slots WHERE slot < ?", (oldest_slot,))


def save_slots(db: Database, slots: Mapping[int, bytes]) -> None:
    """Keep slots in the place of those of before."""
    db.conn.executemany("INSERT OR REPLACE INTO slots (slot, body) VALUES (?, ?)", slots.items())


def load_memory(db: Database) -> MemoryRow | None:
    """The memory that was kept last, None before the first; of one that is damaged nothing is left of its present."""
    found = db.execute("SELECT about, present FROM memory").fetchone()
    if found is None:
        return None
    slots = dict(db.execute("SELECT slot, body FROM slots ORDER BY slot").fetchall())
    try:
        present = zlib.decompress(found[1])
    except zlib.error:
        present = b""
    return MemoryRow(found[0], present, slots)
