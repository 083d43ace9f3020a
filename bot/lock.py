"""An advisory lock on an open file, released by the system when its holder dies."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def take_lock(descriptor: int) -> None:
    """Lock the file for this process until the descriptor is closed; raises `OSError` at once if another holds it."""
    if sys.platform == "win32":
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
