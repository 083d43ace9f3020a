"""Looking at a database: what is found, and that nothing is left behind, whatever state it lies there in."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.errors import StoreError
from bot.store.channels import load_channels, save_channel
from bot.store.database import Store, opened
from bot.store.inspection import Inspection, inspect_database, read_database
from bot.store.migrations import MIGRATIONS
from bot.store.rows import ChannelRow

CHANNEL = ChannelRow("discord:1", "discord", "#alerts", "{}", 1, 0, place="discord:2")


async def keep(path: Path) -> Store:
    """A store that is open and has one channel."""
    store = await Store.open(path)
    await store.run(lambda db: save_channel(db, CHANNEL))
    return store


def seen(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of a folder with its time of change and its content."""
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}


def told_elsewhere(path: Path, root: Path) -> str:
    """What another process finds; within one, SQLite shares the index that readers enter themselves into."""
    look = "import sys, pathlib; from bot.store.inspection import *; print(inspect_database(pathlib.Path(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", look, path], cwd=root, capture_output=True, check=True, text=True)
    return done.stdout.strip()


async def test_one_that_was_closed(tmp_path: Path) -> None:
    """Channels are found, nobody uses it, and no file appears or changes."""
    await (await keep(tmp_path / "a.db")).close()
    before = seen(tmp_path)
    assert inspect_database(tmp_path / "a.db") == (False, True, [CHANNEL])
    assert seen(tmp_path) == before


async def test_one_that_is_in_use(tmp_path: Path, root: Path) -> None:
    """Another process notices the one that runs, sees what it has committed, and leaves its files alone."""
    store = await keep(tmp_path / "a.db")
    before = seen(tmp_path)
    assert told_elsewhere(tmp_path / "a.db", root) == str(Inspection(True, True, [CHANNEL]))
    assert seen(tmp_path) == before
    await store.run(lambda db: save_channel(db, CHANNEL._replace(id="discord:2")))
    assert len(inspect_database(tmp_path / "a.db").channels) == 2
    await store.close()


async def test_one_whose_process_was_killed(tmp_path: Path) -> None:
    """What only the log beside it holds is seen as well, and is still left there for the next start."""
    store = await keep(tmp_path / "a.db")
    left = tmp_path / "left 100% #1"
    left.mkdir()
    for suffix in ("", "-wal", "-shm", ".lock"):
        shutil.copy2(tmp_path / f"a.db{suffix}", left / f"a.db{suffix}")
    await store.close()
    before = seen(left)
    assert inspect_database(left / "a.db") == (False, True, [CHANNEL])
    assert seen(left) == before
    async with opened(left / "a.db") as again:
        assert inspect_database(left / "a.db").channels == [CHANNEL]
        assert again is not None


def test_one_of_an_older_version(tmp_path: Path) -> None:
    """Tables that the next start will change are left as they are, and their channels are not guessed at."""
    with_first_tables = Database(tmp_path / "old.db")
    MIGRATIONS.apply(with_first_tables, stop_before="chats")
    with_first_tables.close()
    (tmp_path / "empty.db").touch()
    before = seen(tmp_path)
    assert inspect_database(tmp_path / "old.db") == (False, False, [])
    assert inspect_database(tmp_path / "empty.db") == (False, False, [])
    assert seen(tmp_path) == before


def test_an_empty_file_is_called_one(tmp_path: Path) -> None:
    """Nothing was ever kept in it, by no version."""
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreError, match="empty\\.db is an empty file: nothing was kept in it so far"):
        read_database(tmp_path / "empty.db", load_channels)


def test_one_of_a_newer_version_or_of_another_program(tmp_path: Path) -> None:
    """What this version does not understand is refused in a sentence, a file that is no database too."""
    newer = Database(tmp_path / "newer.db")
    MIGRATIONS.apply(newer)
    newer.execute("UPDATE _sqlite_migrations SET name = 'from the future' WHERE name = 'chats'")
    newer.close()
    other = Database(tmp_path / "other.db")
    other.execute("CREATE TABLE songs (title TEXT)")
    other.close()
    (tmp_path / "text.db").write_text("not a database, but long enough to be looked at as one" * 20)
    (tmp_path / "folder.db").mkdir()
    for name, told in (("newer", "newer"), ("other", "another program"), ("text", "read"), ("folder", "read")):
        with pytest.raises(StoreError, match=told):
            inspect_database(tmp_path / f"{name}.db")
