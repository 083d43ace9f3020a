"""The database behind one thread: a unit of work is a function that gets the `Database`, and one transaction."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from bot.errors import StoreError
from bot.store.lock import DatabaseLock
from bot.store.migrations import MIGRATIONS, check_version

__all__ = ["Database", "Store", "opened"]

T = TypeVar("T")

ADVICE = "Name another one with --database, or move it away and put a backup in its place."
"""What to do about a file that is damaged or of somebody else."""
_MAGIC = b"SQLite format 3\x00"

# NORMAL loses no committed transaction when the process is killed, only (the last ones) when the power fails.
_SETTINGS = ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 5000", "foreign_keys = ON")


class Store:
    """An open database; `await Store.open(path)` makes one, `await run(work)` is the only way to it."""

    def __init__(self, thread: ThreadPoolExecutor, database: Database, lock: DatabaseLock | None) -> None:
        """Use `open`."""
        self._thread = thread
        self._database = database
        self._lock = lock

    @classmethod
    async def open(cls, path: Path | str) -> Store:
        """Open `path` (":memory:" for none), create or migrate it, private to the user.

        Raises `StoreError` when another process has it, a newer version or another program wrote it, or it cannot be
        written. What is not a database is left untouched.
        """
        if not str(path).strip():
            raise StoreError("The name of the database is empty; name a file, or leave --database out.")
        file = None if str(path) == ":memory:" else Path(path)
        lock = _prepare(file) if file else None
        thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        try:
            database = await asyncio.get_running_loop().run_in_executor(thread, _connect, file)
        except BaseException:
            thread.shutdown()
            if lock:
                lock.release()
            raise
        return cls(thread, database, lock)

    async def run(self, work: Callable[[Database], T]) -> T:
        """Run `work` in one transaction on the store's thread; any exception rolls all of it back.

        Raises `StoreError` when the database itself fails (full disk, held by another program). A caller that is
        cancelled stops waiting, the transaction is still carried out and ends whole.
        """
        running = asyncio.get_running_loop().run_in_executor(self._thread, _transaction, self._database, work)
        return await asyncio.shield(running)

    async def close(self) -> None:
        """Finish what was begun, close the database and let other processes have it."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._database.conn.close)
        self._thread.shutdown()
        if self._lock:
            self._lock.release()


@asynccontextmanager
async def opened(path: Path | str) -> AsyncIterator[Store]:
    """A store that is closed at the end, whatever happens; raises as `Store.open`."""
    store = await Store.open(path)
    try:
        yield store
    finally:
        await store.close()


def _prepare(file: Path) -> DatabaseLock:
    """Directory and file for the user alone, then the lock; SQLite gives its side files the mode of the database."""
    try:
        _refuse_other_files(file)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = DatabaseLock(file)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):  # side files exist only after a kill
                Path(f"{file}{suffix}").chmod(0o600)
    except OSError as error:
        raise StoreError(f"The database {file} cannot be written: {error.strerror}.") from error
    return lock


def _refuse_other_files(file: Path) -> None:
    """Raise `StoreError` for what is there and no SQLite database; an empty file may become one."""
    if not file.exists():
        return
    if not file.is_file():
        raise StoreError(f"The database {file} cannot be used: it is not a file.")
    with file.open("rb") as existing:
        if existing.read(len(_MAGIC)) not in {b"", _MAGIC}:
            raise StoreError(f"The database {file} cannot be used: the file is not a database. {ADVICE}")


def _connect(file: Path | None) -> Database:
    """On the store's thread, since a connection belongs to the thread that made it."""
    connection = sqlite3.connect(file or ":memory:", isolation_level=None)
    try:
        database = Database(connection, recursive_triggers=False, execute_plugins=False)
        check_version(database)
        for setting in _SETTINGS:
            database.execute(f"PRAGMA {setting}")
        MIGRATIONS.apply(database)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise StoreError(f"The database {file} cannot be used: {error}. {ADVICE}") from error
    except BaseException:
        connection.close()
        raise
    return database


def _transaction(database: Database, work: Callable[[Database], T]) -> T:
    try:
        # IMMEDIATE: a transaction that reads first and writes later could otherwise fail at once on a busy database.
        database.execute("BEGIN IMMEDIATE")
        try:
            result = work(database)
            database.execute("COMMIT")
        except BaseException:
            database.rollback()
            raise
    except sqlite3.OperationalError as error:
        raise StoreError(f"The database failed: {error}.") from error
    return result
