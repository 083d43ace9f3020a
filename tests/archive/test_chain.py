"""`flushwatch archive`: a file that only grows, and in which every change shows."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.archive.chain import append, load_over
from bot.errors import ConfigError
from bot.lock import take_lock
from bot.store.database import Database, opened
from bot.store.episodes import save_due
from bot.store.inspection import read_database
from bot.store.reports import load_reports
from bot.store.rows import DueRow, ReportRow
from tests.aftermath.slots import at
from tests.archive.flushed import OVER_H, flush, live
from tests.typed import typed

ROOT = Path(__file__).resolve().parents[2]
SECOND = "2026-01-20-BTC-1"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two flushes that are over, and one that has not ended."""
    path = tmp_path_factory.mktemp("over") / "a.db"

    def keep(db: Database) -> None:
        for one in (flush("2026-01-21-BTC-1", None), flush(SECOND), flush()):
            live(db, one, OVER_H)

    asyncio.run(_run(path, keep))
    return path


async def _run(path: Path, work: Any) -> Any:
    async with opened(path) as store:
        return await store.run(work)


@pytest.fixture
def file(database: Path, tmp_path: Path) -> Path:
    """An archive of both."""
    assert append(tmp_path / "episodes.jsonl", read_database(database, load_over))[0] == 2
    return tmp_path / "episodes.jsonl"


def test_each_flush_that_is_over_is_a_line(database: Path, file: Path) -> None:
    """Episode and reports as they are kept, in the order in which their +72 h passed; the open one is not there."""
    lines = file.read_bytes().splitlines()
    told = [json.loads(line) for line in lines]
    assert [line["episode"]["id"] for line in told] == [flush().id, SECOND]
    assert [line["previous"] for line in told] == [None, hashlib.sha256(lines[0]).hexdigest()]
    for line in told:
        id_ = line["episode"]["id"]
        rows = [row for row in read_database(database, load_reports) if row.episode_id == id_]
        assert [ReportRow(id_, *_columns(report)) for report in line["reports"]] == [
            row._replace(body=json.dumps(json.loads(row.body))) for row in rows
        ]
        assert {row.step for row in rows} >= {"1h", "4h", "24h", "48h", "72h", "reload"}


def _columns(report: dict[str, Any]) -> tuple[str, int, int, str]:
    return report["step"], report["due_ms"], report["posted_ms"], json.dumps(report["found"])


def test_a_second_run_appends_nothing(database: Path, file: Path) -> None:
    """The command says how many there are, and leaves every byte as it was."""
    before = file.read_bytes()
    ended = typed(file.parent, "archive", "episodes.jsonl", "--database", str(database))
    last = hashlib.sha256(before.splitlines()[-1]).hexdigest()
    told = f"episodes.jsonl: 0 added, 2 in all, and it fits together; SHA-256 of the last line {last}.\n"
    assert (ended.code, ended.out) == (0, told)
    assert file.read_bytes() == before


def test_a_check_says_nothing_of_adding(file: Path) -> None:
    """Nothing is added by looking, so that only what is there is told."""
    ended = typed(file.parent, "archive", "episodes.jsonl", "--check")
    assert (ended.code, ended.out.partition(";")[0]) == (0, "episodes.jsonl: 2 in all, and it fits together")


def test_what_comes_later_is_added_behind(database: Path, file: Path) -> None:
    """An archive of the first line alone gets the second one, the same byte for byte."""
    whole = file.read_bytes()
    file.write_bytes(whole.splitlines(keepends=True)[0])
    assert typed(file.parent, "archive", "episodes.jsonl", "--database", str(database)).code == 0
    assert file.read_bytes() == whole


@pytest.mark.parametrize(("hours", "lines"), [(OVER_H - 1, 0), (OVER_H, 1)])
async def test_a_flush_is_written_once_its_last_follow_up_is_over(tmp_path: Path, hours: int, lines: int) -> None:
    """Not an hour before +72 h by the stream's own clock, whatever the wall says."""
    await _run(tmp_path / "a.db", lambda db: live(db, flush(), hours))
    assert append(tmp_path / "e.jsonl", read_database(tmp_path / "a.db", load_over))[0] == lines


async def test_a_flush_with_work_left_waits(tmp_path: Path) -> None:
    """While a follow-up is due and not done its report could still come, so that the line would lack it."""

    def keep(db: Database) -> None:
        live(db, flush(), OVER_H)
        save_due(db, DueRow(flush().id, "72h", at(OVER_H), None, None))

    await _run(tmp_path / "a.db", keep)
    assert read_database(tmp_path / "a.db", load_over) == []


def changed(lines: list[bytes], how: str) -> tuple[list[bytes], int, str]:
    """Lines after somebody was at them, the line at which it shows, and what is said."""
    first, second = lines
    again = first.replace(b'"previous":null', f'"previous":"{_sum(second)}"'.encode())
    broken, strange = "previous is not the SHA-256 of the line before", "this is no line of such a file"
    return {
        "a figure": ([first.replace(b'"score":58.0', b'"score":98.0'), second], 2, broken),
        "a blank": ([first.replace(b",", b", ", 1), second], 2, broken),
        "taken out": ([second], 1, broken),
        "order": ([second, first], 1, broken),
        "twice": ([first, second, again], 3, "'2026-01-19-BTC-1' stands in an earlier line already"),
        "torn": ([first, second[:-40]], 2, "the line is not whole"),
        "no JSON": ([first, b"hello\n"], 2, strange),
        "another file": ([b'{"t":1,"kind":"mark"}\n'], 1, strange),
        "not text": ([first, second, b'{"previous":"\xff"}\n'], 3, strange),
        "empty": ([first, b"\n", second], 2, strange),
    }[how]


def _sum(line: bytes) -> str:
    return hashlib.sha256(line.removesuffix(b"\n")).hexdigest()


CHANGES = ["a figure", "a blank", "taken out", "order", "twice", "torn", "no JSON", "another file", "not text", "empty"]


@pytest.mark.parametrize("how", CHANGES)
def test_a_file_that_does_not_fit_together_is_refused(database: Path, file: Path, how: str) -> None:
    """With the line and the reason, exit code 1, and not a byte is written."""
    lines, number, told = changed(file.read_bytes().splitlines(keepends=True), how)
    file.write_bytes(b"".join(lines))
    for options in (("--database", str(database)), ("--check",)):
        ended = typed(file.parent, "archive", "episodes.jsonl", *options)
        assert (ended.code, ended.out) == (1, "")
        assert ended.err.startswith(f"episodes.jsonl:{number}: {told}")
        assert file.read_bytes() == b"".join(lines)


def test_the_check_of_the_documentation_finds_the_same(file: Path) -> None:
    """The few lines of Python that an auditor is given print the sum, or the line that does not fit and exit code 1."""
    text = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)

    def audited() -> tuple[int, str, str]:
        command = [sys.executable, "-c", script, str(file)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout, ended.stderr

    lines = file.read_bytes().splitlines(keepends=True)
    assert audited() == (0, f"2 lines fit together, the last one is {_sum(lines[-1])}\n", "")
    file.write_bytes(b"".join(changed(lines, "a figure")[0]))
    assert audited() == (1, "", "line 2 does not follow from the one before\n")


def test_two_processes_do_not_write_at_once(database: Path, file: Path) -> None:
    """The second one is told so; the file stays as it is."""
    before = file.read_bytes()
    with file.open("ab") as held:
        take_lock(held.fileno())
        with pytest.raises(ConfigError, match=r"is being written by another process\."):
            append(file, read_database(database, load_over))
    assert file.read_bytes() == before


@pytest.mark.parametrize(("name", "told"), [(".", ". cannot be written: "), ("none/e.jsonl", "none/e.jsonl cannot be")])
def test_what_cannot_be_written_is_said(database: Path, tmp_path: Path, name: str, told: str) -> None:
    """A folder in the way, or none that it could lie in: one sentence and exit code 1."""
    ended = typed(tmp_path, "archive", name, "--database", str(database))
    assert (ended.code, ended.err.startswith(told)) == (1, True)


def test_a_check_makes_no_file(tmp_path: Path) -> None:
    """To look at a file that is not there is a mistake that is told."""
    ended = typed(tmp_path, "archive", "e.jsonl", "--check")
    assert (ended.code, ended.err.startswith("e.jsonl cannot be read: ")) == (1, True)
    assert list(tmp_path.glob("*.jsonl")) == []
