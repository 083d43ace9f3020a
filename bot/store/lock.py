"""One process per database: an advisory lock beside the file, released by the system when its holder dies."""

from __future__ import annotations

import os
from pathlib import Path

from bot.errors import StoreError
from bot.lock import take_lock


class DatabaseLock:
    """Holds `<database>.lock`; a second holder is refused at once instead of waiting."""

    def __init__(self, database: Path) -> None:
        """Take the lock; raises `StoreError` when another process holds it."""
        # Python descriptors are not inherited by child processes, so a chart worker never keeps the lock.
        self._descriptor = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            take_lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise StoreError(f"The database {database} is in use by another Flushwatch process.") from error

    def release(self) -> None:
        """Let others in; the lock file stays, since removing it would let two processes lock two files."""
        os.close(self._descriptor)


def is_locked(database: Path) -> bool:
    """Whether a process holds the lock, found out by taking it for an instant; raises `OSError` if that may not be."""
    try:
        descriptor = os.open(f"{database}.lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        take_lock(descriptor)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
