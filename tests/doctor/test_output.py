"""What the command line prints about itself and its surroundings, as its operator sees it."""

from __future__ import annotations

import asyncio
import os
import sys
import tomllib
from pathlib import Path

import pytest

from bot.config import PREFIX
from bot.market.venues import VENUES
from tests.doctor.practice import Practice
from tests.typed import typed

ROOT = Path(__file__).resolve().parents[2]


async def told(*words: str, **settings: str) -> tuple[int, list[str]]:
    """The exit code of a command, and the lines on both of its streams as they come."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    own = {PREFIX + name.upper(): value for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words), cwd=ROOT, env=bare | own | {"COLUMNS": "200", "PYTHONUTF8": "1"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await process.communicate()
    return int(process.returncode or 0), out.decode().splitlines()


@pytest.mark.wire
async def test_nothing_stands_between_the_lines_of_the_doctor(practice: Practice) -> None:
    """However much the log is to say, libraries say nothing while platforms and exchanges are looked at."""
    set_there = {name.removeprefix(PREFIX): os.environ[name] for name in os.environ if name.startswith(PREFIX)}
    code, lines = await told("doctor", **set_there, log_level="debug")
    assert code == 0
    assert len(lines) == 8 + len(VENUES) + 1
    assert all(line.startswith("✓ ") for line in lines)


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    """`flushwatch --version` prints what pyproject.toml says."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert typed(tmp_path, "--version") == (0, f"Flushwatch {project['version']}\n", "")


@pytest.mark.parametrize("command", [("run", "--market", "small"), ("replay", "small", "--to", "none")])
def test_an_empty_name_of_a_database_is_refused(command: tuple[str, ...], tmp_path: Path) -> None:
    """A variable of a script that is not set is told as an empty name, and no other database is taken instead."""
    ended = typed(tmp_path, *command, "--database", "", data_directory="/nowhere", web_port="0")
    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "empty" in ended.err
