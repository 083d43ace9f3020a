"""A look at a database that changes nothing, neither while a process uses it nor after one was killed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlite_utils import Database

from bot.errors import StoreError
from bot.store.channels import load_channels
from bot.store.database import ADVICE
from bot.store.lock import is_locked
from bot.store.migrations import MIGRATIONS, check_version
from bot.store.rows import ChannelRow

T = TypeVar("T")


class Inspection(NamedTuple):
    """A database as it lies there: whether a process uses it, and its channels.

    `current` is false where the next start has tables to make or to bring up to date; `channels` is empty until then.
    """

    in_use: bool
    current: bool
    channels: list[ChannelRow]


def inspect_database(file: Path) -> Inspection:
    """Look at a file; raises `StoreError` for one that is missing, unreadable, not ours or of a newer version."""
    with _looking(file) as database:
        current = not MIGRATIONS.pending(database)
        return Inspection(is_locked(file), current, load_channels(database) if current else [])


def read_database(file: Path, work: Callable[[Database], T]) -> T:
    """What `work` reads, all as of one moment, also while a process uses the file.

    Raises `StoreError` as `inspect_database`, and where the next start has tables to bring up to date first.
    """
    with _looking(file) as database:
        if not file.stat().st_size:
            raise StoreError(f"The database {file} is an empty file: nothing was kept in it so far.")
        if MIGRATIONS.pending(database):
            raise StoreError(f"The database {file} was written by an older version; start the bot with it once.")
        database.execute("BEGIN")
        return work(database)


@contextmanager
def _looking(file: Path) -> Iterator[Database]:
    if not file.exists():
        raise StoreError(f"There is no database {file}; --database names another one.")
    try:
        with closing(sqlite3.connect(_address(file), uri=True, isolation_level=None)) as connection:
            database = Database(connection, recursive_triggers=False, execute_plugins=False)
            check_version(database)
            yield database
    except sqlite3.DatabaseError as error:
        raise StoreError(f"The database {file} cannot be read: {error}. {ADVICE}") from error
    except OSError as error:
        raise StoreError(f"The database {file} cannot be read: {error.strerror}.") from error


def _address(file: Path) -> str:
    """How SQLite makes no side files: without a log nobody writes; with one the index beside it is only read.

    Sources: sqlite.org/uri.html ("immutable"), sqlite.org/wal.html ("Read-Only Databases").
    """
    alone = not Path(f"{file}-wal").exists()
    return f"{file.resolve().as_uri()}?mode=ro&{'immutable=1' if alone else 'readonly_shm=1'}"
