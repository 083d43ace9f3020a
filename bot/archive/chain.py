"""A file to which every flush that is over is added, and in which nothing that was written is changed.

One line of JSON a flush. Each begins with the SHA-256 of the line before it, so that a line that was changed, taken out
or put in shows at the next one, to anybody who has the file. What is written is the episode and its reports as kept.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from bot.aftermath.checks import CHECKPOINTS
from bot.errors import ConfigError
from bot.flush.episode import Episode
from bot.lock import take_lock
from bot.store.database import Database
from bot.store.episodes import load_due_of, load_ended_episodes
from bot.store.progress import load_cursor
from bot.store.reports import load_reports
from bot.store.rows import EpisodeRow, ReportRow

LAST_MS = CHECKPOINTS["72h"]


class ReportOfLine(msgspec.Struct, frozen=True):
    """A kept report: `found` is the JSON of its body."""

    step: str
    due_ms: int
    posted_ms: int
    found: msgspec.Raw


class Line(msgspec.Struct, frozen=True):
    """One line. `previous` is the SHA-256 of the line before it without its line end, null in the first."""

    previous: str | None
    episode: msgspec.Raw
    reports: list[ReportOfLine]


class Identity(msgspec.Struct, frozen=True):
    """What a line is looked at for when a file is read again; an episode of an older version may lack other fields."""

    id: str


class Told(msgspec.Struct, frozen=True):
    """A line as it is checked."""

    previous: str | None
    episode: Identity
    reports: list[msgspec.Raw]


class Chain(NamedTuple):
    """A file that fits together: the ids in it, and the SHA-256 of its last line, None of an empty one."""

    ids: frozenset[str]
    last: str | None


class Over(NamedTuple):
    """A flush of which no follow-up is due any more, with its reports."""

    episode: EpisodeRow
    reports: list[ReportRow]


def load_over(db: Database) -> list[Over]:
    """The flushes that have ended and whose +72 h has passed by the stream's clock, in the order in which it did."""
    cursor = load_cursor(db)
    now_ms = 0 if cursor is None else cursor.t_ms
    passed = sorted((_passed_ms(row), row.id, row) for row in load_ended_episodes(db))
    return [
        Over(row, load_reports(db, row.id))
        for passed_ms, id_, row in passed
        if passed_ms <= now_ms
        and all(due.done_ms is not None for due in load_due_of(db, id_) if due.step in CHECKPOINTS)
    ]


def _passed_ms(row: EpisodeRow) -> int:
    episode = msgspec.json.decode(row.body, type=Episode)
    counted_ms = episode.onset_ms if episode.anchor_ms is None else episode.anchor_ms
    return max(counted_ms + LAST_MS, row.ended_ms or 0)


def verify(lines: Iterable[bytes], name: str) -> Chain:
    """Read a file as lines; raises `ConfigError` with the first line that does not fit, and why."""
    last: str | None = None
    ids: set[str] = set()
    for number, line in enumerate(lines, start=1):
        what = _wrong(line, last, ids)
        if what is not None:
            raise ConfigError(f"{name}:{number}: {what}; nothing was written.")
        last = _digest(line)
    return Chain(frozenset(ids), last)


def _wrong(line: bytes, last: str | None, ids: set[str]) -> str | None:
    """Why a line does not fit; of one that does, its id is added."""
    if not line.endswith(b"\n"):
        return "the line is not whole, it has no line end"
    try:
        told = msgspec.json.decode(line, type=Told)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return f"this is no line of such a file ({error})"
    if told.previous != last:
        return "previous is not the SHA-256 of the line before: that one was changed, or one was taken out or put in"
    if told.episode.id in ids:
        return f"{told.episode.id[:64]!r} stands in an earlier line already"
    ids.add(told.episode.id)
    return None


def append(file: Path, over: Iterable[Over]) -> tuple[int, Chain]:
    """Add what the file does not hold yet; how many lines that were, and what it is now.

    Raises `ConfigError` where the file does not fit together, cannot be written, or another process adds to it.
    """
    try:
        with _opened(file) as opened:
            before = verify(opened, str(file))
            lines, after = _lines(before, over)
            if lines:
                opened.write(b"".join(lines))
                opened.flush()
                os.fsync(opened.fileno())
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror or error}.") from error
    return len(lines), after


def check(file: Path) -> Chain:
    """Whether a file fits together, without adding to it; raises `ConfigError` where it does not."""
    try:
        with file.open("rb") as opened:
            return verify(opened, str(file))
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror or error}.") from error


def _opened(file: Path) -> BinaryIO:
    """The file at its begin; whatever is written goes to its end. Locked until it is closed."""
    opened = file.open("a+b")
    try:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise ConfigError(f"{file} cannot be written: it is not a file.")
        take_lock(opened.fileno())
        opened.seek(0)
    except BlockingIOError:
        opened.close()
        raise ConfigError(f"{file} is being written by another process.") from None
    except BaseException:
        opened.close()
        raise
    return opened


def _lines(chain: Chain, over: Iterable[Over]) -> tuple[list[bytes], Chain]:
    lines, last, ids = [], chain.last, set(chain.ids)
    for one in over:
        if one.episode.id not in ids:
            line = _line(one, last)
            lines.append(line)
            last = _digest(line)
            ids.add(one.episode.id)
    return lines, Chain(frozenset(ids), last)


def _line(one: Over, previous: str | None) -> bytes:
    reports = [ReportOfLine(row.step, row.due_ms, row.posted_ms, _on_one_line(row.body)) for row in one.reports]
    return msgspec.json.encode(Line(previous, _on_one_line(one.episode.body), reports)) + b"\n"


def _on_one_line(body: str) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(msgspec.json.decode(body)))


def _digest(line: bytes) -> str:
    return hashlib.sha256(line.removesuffix(b"\n")).hexdigest()
