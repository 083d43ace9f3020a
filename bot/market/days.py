"""Recordings of one UTC day each in a folder, written as it happens, and gone on with after a stop or a crash.

What is written is packed in parts of its own, so that a file can be read at any moment. `going-on.json.gz` says how far
the last file goes and what is held back for it; a part behind that was written by a process that died before it could
note it, and is cut off, because the next process writes the same facts again as far as they were held.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import FileIO
from itertools import takewhile
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from bot.errors import RecorderError
from bot.lock import take_lock
from bot.market.facts import Fact, Feed
from bot.market.gaps import paused
from bot.market.recording import FORMAT_VERSION, Header

NOTE = "going-on.json.gz"
LOCK = ".lock"
HEADER_BYTES = 600
"""Length of the header with its blanks: `to` and `facts` are written over those of before."""
AHEAD_MS = 300_000
MOST_PARTS = 1000


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """How far the last file goes: its length in bytes, every fact up to `floor_ms`; and what is to be written next."""

    file: str
    size: int
    header: Header
    floor_ms: int
    feeds: list[Feed]
    held: list[Fact]


class Days:
    """The recordings of a folder; one process at a time. Whatever the disk refuses is a `RecorderError`.

    Every fact up to `floor_ms` is written; `held` are facts that an earlier process could not write any more.
    """

    def __init__(self, folder: Path, now_ms: int, about: str) -> None:
        self._folder = folder
        self._about = about
        with self._telling():
            folder.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._lock()
            with self._telling():
                note = self._load()
            if note is not None and note.floor_ms > now_ms + AHEAD_MS:
                raise RecorderError(
                    f"{folder} holds facts that are later than the clock of this machine; put the clock right, or "
                    "record into another folder."
                )
        except RecorderError:
            os.close(self._descriptor)
            raise
        self._file = "" if note is None else note.file
        self._size = 0 if note is None else note.size
        self._header = None if note is None else note.header
        self.floor_ms = now_ms if note is None else note.floor_ms
        self.held: Sequence[Fact] = () if note is None else note.held
        self._feeds = _newest(() if note is None else note.feeds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def pause(self, now_ms: int) -> list[Feed]:
        """That no feed was heard since the last fact, for those that were heard until then."""
        latest_ms = max((fact.t for fact in self.held), default=self.floor_ms)
        return paused((self._feeds | _newest(self.held)).values(), latest_ms, now_ms)

    def keep(self, facts: Sequence[Fact], held: Sequence[Fact], floor_ms: int) -> None:
        """Write facts, which are in order and later than those of before, and note what else there is up to now."""
        with self._telling():
            rest = list(facts)
            while rest:
                day = day_of(rest[0])
                header = self._header
                if header is None or day != day_of_ms(header.start_ms):
                    header = self._begin(day, rest[0].t)
                    rest[:0] = self._standing(rest[0].t)
                    self._note([*rest, *held])
                of_day = list(takewhile(lambda fact: day_of(fact) == day, rest))  # noqa: B023 -- used up at once
                self._append(header, of_day)
                rest = rest[len(of_day) :]
                self.floor_ms = of_day[-1].t
                if rest:
                    self._note([*rest, *held])
            if self._header is None and held:
                self._begin(day_of(held[0]), held[0].t)  # so that there is a file to go on with from the first minute
            self.floor_ms = max(self.floor_ms, floor_ms)
            self._note(held)

    def _standing(self, t_ms: int) -> list[Feed]:
        """How every feed stands at the beginning of a day: otherwise a day would tell changes alone."""
        return [msgspec.structs.replace(feed, t=t_ms, at=None) for feed in self._feeds.values()]

    def _begin(self, day: str, start_ms: int) -> Header:
        """A new file of a day, or a further part of it where there is a file that this folder's note does not know."""
        names = (f"{day}{f'-{part}' if part > 1 else ''}.jsonl.gz" for part in range(1, MOST_PARTS))
        self._file = next(name for name in names if _is_free(self._folder / name))
        name = self._file.removesuffix(".jsonl.gz")
        self._header = Header(recording=FORMAT_VERSION, name=f"live {name}", about=self._about, start_ms=start_ms)
        first = _packed_header(self._header)
        (self._folder / self._file).write_bytes(first)
        self._size = len(first)
        return self._header

    def _append(self, header: Header, facts: Sequence[Fact]) -> None:
        encode = msgspec.json.Encoder().encode
        packed = gzip.compress(b"".join(encode(fact) + b"\n" for fact in facts), 6, mtime=0)
        header = msgspec.structs.replace(
            header,
            start_ms=min(header.start_ms, facts[0].t),
            end_ms=facts[-1].t,
            facts=(header.facts or 0) + len(facts),
        )
        with (self._folder / self._file).open("r+b", buffering=0) as file:
            try:
                _write(file, packed, self._size)
                _write(file, _packed_header(header), 0)
                os.fsync(file.fileno())
            except OSError:
                with suppress(OSError):
                    file.truncate(self._size)
                raise
        self._header = header
        self._size += len(packed)
        self._feeds |= _newest(facts)

    def _note(self, held: Sequence[Fact]) -> None:
        if self._header is None:
            return  # nothing was heard yet
        note = Note(
            file=self._file,
            size=self._size,
            header=self._header,
            floor_ms=self.floor_ms,
            feeds=list(self._feeds.values()),
            held=list(held),
        )
        new = self._folder / f"{NOTE}.new"
        with new.open("wb") as file:
            file.write(gzip.compress(msgspec.json.encode(note), 1, mtime=0))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._folder / NOTE)

    def _load(self) -> Note | None:
        """What an earlier process noted; None where there is nothing, or the file is not what was noted of it."""
        try:
            note = msgspec.json.decode(gzip.decompress((self._folder / NOTE).read_bytes()), type=Note)
            size = (self._folder / note.file).stat().st_size
        except FileNotFoundError:
            return None
        except (msgspec.DecodeError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise RecorderError(f"{self._folder / NOTE} is damaged; delete it to go on in new files.") from error
        if size < note.size:
            return None
        os.truncate(self._folder / note.file, note.size)
        return note

    def _lock(self) -> None:
        try:
            take_lock(self._descriptor)
        except OSError as error:
            raise RecorderError(f"Another Flushwatch process records into {self._folder}.") from error

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise RecorderError(f"{self._folder} cannot be recorded into: {error.strerror or error}.") from error


def day_of(fact: Fact) -> str:
    """The UTC day in which a fact became known."""
    return day_of_ms(fact.t)


def day_of_ms(t_ms: int) -> str:
    """The UTC day of a moment, such as "2026-11-26"."""
    return f"{datetime.fromtimestamp(t_ms / 1000, UTC):%Y-%m-%d}"


def _newest(facts: Sequence[Fact]) -> dict[tuple[str, str, str | None], Feed]:
    """The last that was said of each feed."""
    return {(one.venue, one.feed, one.base): one for one in facts if isinstance(one, Feed)}


def _is_free(path: Path) -> bool:
    """Whether there is no file, or one without a fact: of a process that died before its first one."""
    return not path.exists() or path.stat().st_size <= HEADER_BYTES


def _packed_header(header: Header) -> bytes:
    """The header, not compressed and filled up with blanks, so that a later one has the same length."""
    line = msgspec.json.encode(header)
    return gzip.compress(line.ljust(HEADER_BYTES - 50) + b"\n", 0, mtime=0)


def _write(file: FileIO, data: bytes, at: int) -> None:
    """All of the data at one place of a file; a disk that takes a part of it is full."""
    file.seek(at)
    while data:
        data = data[file.write(data) :]
