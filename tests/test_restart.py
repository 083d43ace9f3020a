"""A replay killed at any row goes on as if nothing had happened."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.last_day import FLUSH_MS, write_last_day

DEADLINE_S = 60
FIRST_HOURS_MS = FLUSH_MS + 6 * 3_600_000  # the flush, and its first three follow-ups


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The end of the small recording, which holds its flush."""
    return write_last_day(tmp_path_factory.mktemp("market"))


@pytest.fixture(scope="module")
def first_hours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, to some hours after the flush."""
    return write_last_day(tmp_path_factory.mktemp("first"), FIRST_HOURS_MS)


def start(market: Path, database: Path, home: Path) -> subprocess.Popen[bytes]:
    """A replay in a process group of its own."""
    command = [sys.executable, "-m", "bot", "replay", str(market), "--to", "none", "--database", str(database)]
    environment = os.environ | {"FLUSHWATCH_DATA_DIRECTORY": str(home)}
    return subprocess.Popen(
        command, cwd=Path(__file__).parents[1], env=environment, stderr=subprocess.DEVNULL, start_new_session=True
    )


def rows(database: Path) -> list[tuple[object, ...]]:
    """Everything in messages, deliveries and what they came from, in a fixed order."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return [
            *connection.execute("SELECT * FROM messages ORDER BY id"),
            *connection.execute("SELECT * FROM deliveries ORDER BY message_id, channel_id"),
            *connection.execute("SELECT * FROM due_work ORDER BY episode_id, step"),
            *connection.execute("SELECT * FROM reports ORDER BY episode_id, step"),
            *connection.execute("SELECT * FROM outcomes ORDER BY episode_id, call, hours"),
            *connection.execute("SELECT * FROM decisions ORDER BY episode_id, channel_id"),
            *connection.execute("SELECT * FROM steps ORDER BY number"),
            *connection.execute("SELECT * FROM marks ORDER BY key"),
        ]


def written(database: Path) -> int:
    """How much the outbox holds so far: revisions of all messages and finished deliveries."""
    if not database.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            revisions = connection.execute("SELECT coalesce(sum(revision), 0) FROM messages").fetchone()[0]
            sent = connection.execute("SELECT coalesce(sum(sent_revision), 0) FROM deliveries").fetchone()[0]
            return int(revisions + sent)
    except sqlite3.OperationalError:  # the tables are not there yet
        return 0


def ended_within(process: subprocess.Popen[bytes], seconds: float = 0.005) -> bool:
    """Whether a process ended while we waited for it, so that looking at its rows leaves it the machine."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def kill_at(count: int, market: Path, database: Path, home: Path) -> bool:
    """Run until the outbox holds `count`, then kill -9; whether the process was still running."""
    process = start(market, database, home)
    deadline = time.monotonic() + DEADLINE_S
    while not ended_within(process) and written(database) < count and time.monotonic() < deadline:
        pass
    alive = process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return alive


@pytest.mark.parametrize(("times", "played"), [(1, "first_hours"), pytest.param(10, "market", marks=pytest.mark.slow)])
def test_killed_and_finished_leaves_the_rows_of_an_uninterrupted_run(
    request: pytest.FixtureRequest, tmp_path: Path, times: int, played: str
) -> None:
    """A kill -9 at some seeded outbox counts changes no byte of messages, deliveries, due work and decisions."""
    market: Path = request.getfixturevalue(played)
    whole, broken = tmp_path / "whole.db", tmp_path / "broken.db"
    assert start(market, whole, tmp_path).wait(DEADLINE_S) == 0
    total = written(whole)
    assert total > times
    counts = sorted(random.Random(20260119).sample(range(1, total), times))
    kills = sum(kill_at(count, market, broken, tmp_path) for count in counts)
    assert kills >= -(-times // 2), "the machine finished the runs before they could be killed"
    assert start(market, broken, tmp_path).wait(DEADLINE_S) == 0
    assert rows(broken) == rows(whole)
    assert start(market, broken, tmp_path).wait(DEADLINE_S) == 0
    assert rows(broken) == rows(whole), "played again after its end it changes something"


def seen(step: str, database: Path) -> bool:
    """Whether there is a report of a step yet."""
    if not database.exists():
        return False
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return bool(connection.execute("SELECT count(*) FROM reports WHERE step = ?", (step,)).fetchone()[0])
    except sqlite3.OperationalError:  # the tables are not there yet
        return False


@pytest.mark.slow
def test_a_box_that_trips_is_told_once_however_often_it_is_killed(market: Path, tmp_path: Path) -> None:
    """Killed -9 right after the last checkpoint before a trip and right after the trip: the rows of one whole run."""
    whole, broken = tmp_path / "whole.db", tmp_path / "broken.db"
    assert start(market, whole, tmp_path).wait(DEADLINE_S) == 0
    for step in ("24h", "support"):
        process = start(market, broken, tmp_path)
        deadline = time.monotonic() + DEADLINE_S
        while not ended_within(process) and not seen(step, broken) and time.monotonic() < deadline:
            pass
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert start(market, broken, tmp_path).wait(DEADLINE_S) == 0
    assert rows(broken) == rows(whole)
    assert len([row for row in rows(broken) if str(row[0]).endswith("/support")]) == 2  # its message and its delivery


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="children are counted in /proc")
def test_a_killed_replay_leaves_no_process_behind(first_hours: Path, tmp_path: Path) -> None:
    """After kill -9 of the replay alone nothing of its process group is left running."""
    process = start(first_hours, tmp_path / "left.db", tmp_path)
    deadline = time.monotonic() + DEADLINE_S
    while written(tmp_path / "left.db") < 1 and time.monotonic() < deadline:
        assert process.poll() is None
    process.kill()
    process.wait()
    assert [entry for entry in Path("/proc").glob("[0-9]*") if _group(entry) == process.pid] == []


def _group(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[2])
    except (OSError, IndexError):  # it ended while we looked
        return None
