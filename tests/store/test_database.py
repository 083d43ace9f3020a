"""The database as a place: transactions, who may open it, what a kill leaves, and who may read the files."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.errors import StoreError
from bot.store.channels import load_channel, load_channels, load_mark, save_channel, save_mark
from bot.store.claims import Moment, claim_deliveries
from bot.store.database import Store, opened
from bot.store.deliveries import load_deliveries
from bot.store.episodes import load_episode, save_episode
from bot.store.migrations import MIGRATIONS
from bot.store.rows import ChannelRow, EpisodeRow

CHANNEL = ChannelRow("web:1", "web", "alerts", "{}", 1, 0)
EPISODE = EpisodeRow("2026-01-19-BTC-1", "BTC", "long", 1, None, 58.5, "flush", "{}")

HOLD = """
import asyncio, sys
from bot.store.channels import save_channel
from bot.store.database import Store
from bot.store.migrations import MIGRATIONS
from bot.store.rows import ChannelRow

def half_done(db):
    save_channel(db, ChannelRow("web:2", "web", "half", "{}", 1, 0))
    print("written", flush=True)
    sys.stdin.read()

async def main():
    store = await Store.open(sys.argv[1])
    await store.run(lambda db: save_channel(db, ChannelRow("web:1", "web", "whole", "{}", 1, 0)))
    await store.run(half_done)

asyncio.run(main())
"""


def hold(path: Path, root: Path) -> subprocess.Popen[bytes]:
    """A child process in the middle of a transaction, with one committed before it."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"written\n"
    return child


def entries(folder: Path) -> list[Path]:
    """Everything in a folder and below it."""
    return list(folder.rglob("*"))


async def test_an_exception_rolls_the_whole_unit_back() -> None:
    """When a unit of work raises, nothing it wrote remains and the next unit works."""
    store = await Store.open(":memory:")

    def fail(db: Database) -> None:
        save_channel(db, CHANNEL)
        save_episode(db, EPISODE)
        raise KeyError("on purpose")

    with pytest.raises(KeyError):
        await store.run(fail)
    assert await store.run(load_channels) == []
    assert await store.run(lambda db: load_episode(db, EPISODE.id)) is None
    await store.run(lambda db: save_channel(db, CHANNEL))
    assert await store.run(load_channels) == [CHANNEL]
    await store.close()


async def test_a_delivery_without_its_message_is_refused_at_commit() -> None:
    """Foreign keys are on: a unit that leaves a delivery without a message does not commit."""
    store = await Store.open(":memory:")
    with pytest.raises(sqlite3.IntegrityError):
        await store.run(
            lambda db: db.execute(
                "INSERT INTO deliveries (message_id, channel_id, platform, state, wanted_revision, sent_revision,"
                " priority, silent, due_ms, failures) VALUES ('m', 'c', 'web', 'pending', 1, 0, 1, 0, 0, 0)"
            )
        )
    assert await store.run(lambda db: db.table("deliveries").count) == 0
    await store.close()


async def test_units_of_work_run_one_after_another() -> None:
    """Concurrent callers never lose an update, because each read-and-write is one transaction of its own."""
    store = await Store.open(":memory:")
    await store.run(lambda db: save_channel(db, CHANNEL))

    def count_up(db: Database) -> None:
        row = load_channel(db, CHANNEL.id)
        assert row is not None
        save_channel(db, row._replace(revision=row.revision + 1))

    await asyncio.gather(*(store.run(count_up) for _ in range(50)))
    row = await store.run(lambda db: load_channel(db, CHANNEL.id))
    assert row is not None
    assert row.revision == 51
    await store.close()


async def test_what_was_written_is_there_after_reopening(tmp_path: Path) -> None:
    """A closed database opens again with its rows, and migrations run once only."""
    path = tmp_path / "deep" / "flushwatch.db"
    store = await Store.open(path)
    await store.run(lambda db: save_channel(db, CHANNEL))
    await store.close()
    again = await Store.open(path)
    assert await again.run(load_channels) == [CHANNEL]
    await again.close()


async def test_a_kill_in_mid_transaction_leaves_the_state_before(tmp_path: Path, root: Path) -> None:
    """SIGKILL inside a transaction leaves what was committed before it, and the database opens at once."""
    path = tmp_path / "flushwatch.db"
    child = hold(path, root)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    store = await Store.open(path)
    assert [row.name for row in await store.run(load_channels)] == ["whole"]
    await store.close()


async def test_two_processes_never_share_a_database(tmp_path: Path, root: Path) -> None:
    """While one process has the database, another is refused in a sentence that names it."""
    path = tmp_path / "flushwatch.db"
    child = hold(path, root)
    with pytest.raises(StoreError, match=f"{path} is in use"):
        await Store.open(path)
    child.kill()
    child.communicate()


async def test_one_process_cannot_open_a_database_twice(tmp_path: Path) -> None:
    """A second engine in the same process is refused like one in another process."""
    store = await Store.open(tmp_path / "flushwatch.db")
    with pytest.raises(StoreError, match="in use"):
        await Store.open(tmp_path / "flushwatch.db")
    await store.close()


async def test_files_are_private_to_the_user(tmp_path: Path) -> None:
    """Directory, database, side files and lock can be read by nobody else, whatever the mask says."""
    path = tmp_path / "data" / "flushwatch.db"
    store = await Store.open(path)
    await store.run(lambda db: save_channel(db, CHANNEL))
    modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()}
    names = ("flushwatch.db", "flushwatch.db-wal", "flushwatch.db-shm", "flushwatch.db.lock")
    assert modes == dict.fromkeys(names, 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    await store.close()


async def test_a_database_left_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    """An existing file that others could read becomes private when it is opened."""
    path = tmp_path / "flushwatch.db"
    path.touch(mode=0o644)
    store = await Store.open(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await store.close()


async def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    """A migration this version does not know means that a newer version wrote the file; it is left as it is."""
    path = tmp_path / "flushwatch.db"
    await (await Store.open(path)).close()
    newer = Database(path)
    newer.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('flushwatch', 'later', '2030')"
    )
    newer.close()
    with pytest.raises(StoreError, match="newer version"):
        await Store.open(path)


async def test_a_database_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """What the first version kept is still there: its channels hear alerts, its deliveries have no open attempt."""
    path = tmp_path / "flushwatch.db"
    first = Database(path)
    MIGRATIONS.apply(first, stop_before="chats")
    with first.conn:
        first.execute("INSERT INTO channels VALUES ('web', 'web', 'alerts', '{}', 3, 5)")
        first.execute("INSERT INTO messages VALUES ('m1', NULL, 'card', 'card', 2, '{}', NULL, 5, 6)")
        first.execute(
            "INSERT INTO deliveries"
            " VALUES ('m1', 'web', 'web', 'sent', 2, 1, 10, 0, 5, NULL, '9', NULL, 0, NULL, 7, NULL)"
        )
    first.close()
    store = await Store.open(path)
    assert await store.run(load_channels) == [ChannelRow("web", "web", "alerts", "{}", 3, 5, state="on")]
    [kept] = await store.run(lambda db: load_deliveries(db, "m1"))
    assert (kept.state, kept.sent_revision, kept.platform_id, kept.sent_ms) == ("sent", 1, "9", 7)
    assert (kept.attempted_ms, kept.repeats) == (None, 0)
    [claimed] = await store.run(lambda db: claim_deliveries(db, "web", Moment(10, 10), 9).taken)
    assert claimed.delivery == kept
    await store.close()


@pytest.mark.parametrize("content", [b"my notes\n" * 400, b"x", b"SQLite format 2\x00"])
async def test_a_file_that_is_no_database_is_left_untouched(tmp_path: Path, content: bytes) -> None:
    """Another file in place of the database gives one sentence, and keeps content, mode and company."""
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    path.chmod(0o644)
    with pytest.raises(StoreError, match=r"notes\.txt cannot be used: the file is not a database"):
        await Store.open(path)
    assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert entries(tmp_path) == [path]


@pytest.mark.parametrize("name", ["", " "])
async def test_an_empty_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A database without a name gives one sentence and leaves nothing in the working directory."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="name of the database is empty"):
        await Store.open(name)
    assert entries(tmp_path) == []


async def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    """Tables that are not ours are never mixed with ours."""
    path = tmp_path / "other.db"
    other = Database(path)
    other.execute("CREATE TABLE recipes (id INTEGER PRIMARY KEY)")
    other.close()
    with pytest.raises(StoreError, match="another program"):
        await Store.open(path)


@pytest.mark.parametrize("folder", [".", "inner"])
async def test_a_folder_in_place_of_the_database_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """A path that is a folder gives one sentence, and no lock is left beside or in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inner").mkdir()
    with pytest.raises(StoreError, match="it is not a file"):
        await Store.open(Path(folder))
    assert entries(tmp_path) == [tmp_path / "inner"]


async def test_a_refused_database_is_not_kept_locked(tmp_path: Path) -> None:
    """After a refusal the same process can open the file once it is right."""
    path = tmp_path / "flushwatch.db"
    path.write_bytes(b"SQLite format 3\x00" + b"and then nothing that SQLite wrote\n" * 40)
    with pytest.raises(StoreError):
        await Store.open(path)
    path.unlink()
    store = await Store.open(path)
    await store.close()


async def test_a_start_that_was_killed_at_once_is_no_obstacle(tmp_path: Path) -> None:
    """A file with nothing but the empty table of migrations is one of ours."""
    path = tmp_path / "flushwatch.db"
    begun = Database(path)
    MIGRATIONS.ensure_migrations_table(begun)
    begun.close()
    store = await Store.open(path)
    assert await store.run(load_channels) == []
    await store.close()


async def test_a_database_held_by_another_program_is_one_sentence(tmp_path: Path) -> None:
    """While somebody else writes to the file, a unit of work fails as StoreError and works again afterwards."""
    path = tmp_path / "flushwatch.db"
    store = await Store.open(path)
    await store.run(lambda db: db.execute("PRAGMA busy_timeout = 1"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"):
        await store.run(lambda db: save_channel(db, CHANNEL))
    other.close()
    await store.run(lambda db: save_channel(db, CHANNEL))
    await store.close()


async def test_a_caller_that_is_cancelled_leaves_a_whole_transaction(tmp_path: Path) -> None:
    """Work that waits for its turn when its caller is cancelled is carried out all the same."""
    async with opened(tmp_path / "kept.db") as store:
        begun, go_on = threading.Event(), threading.Event()

        def busy(_: Database) -> None:
            begun.set()
            go_on.wait(5)

        first = asyncio.create_task(store.run(busy))
        await asyncio.to_thread(begun.wait, 5)
        waiting = asyncio.create_task(store.run(lambda db: save_mark(db, "kept", "yes")))
        await asyncio.sleep(0)
        waiting.cancel()
        go_on.set()
        await first
        assert await store.run(lambda db: load_mark(db, "kept")) == "yes"
        assert waiting.cancelled()
