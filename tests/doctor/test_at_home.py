"""`flushwatch doctor` at home: the folder, the disk, the databases, the clock, and what the command ends with."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.config import PREFIX
from bot.store.database import opened
from bot.store.migrations import MIGRATIONS
from tests.doctor.practice import Practice, exchanges

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("fast_s", "told"), [(0, "✓ "), (-3, "✓ "), (60, "✗ 60"), (-60, "✗ 60"), (3, "✓ "), (7, "✗ ")])
async def test_a_clock_that_is_wrong(practice: Practice, fast_s: float, told: str) -> None:
    """More than five seconds from the platforms' clock, either way, is a failure with what to do."""
    assert await practice.sound(fast_s) == told.startswith("✓")
    line = practice.line("clock")
    assert line.startswith((told, told.replace("60", "59")))
    assert ("timedatectl" in line) == told.startswith("✗")
    assert fast_s < 60 or "ahead of" in line
    assert fast_s > -60 or "behind" in line


async def test_databases_that_cannot_be_used(practice: Practice) -> None:
    """Each database has its line; one that is broken is a failure and hides none of the others."""
    await practice.keep()
    (practice.folder / "broken.db").write_text("no database" * 100)
    (practice.folder / "empty.db").touch()
    with closing(Database(practice.folder / "old.db")) as old:
        MIGRATIONS.apply(old, stop_before="chats")
    async with opened(practice.folder / "busy.db"):
        assert not await practice.sound()
    assert practice.line("database broken").startswith(
        f"✗ The database {practice.folder / 'broken.db'} cannot be read: "
    )
    assert practice.line("database busy") == "✓ of this version, in use by a running process"
    assert practice.line("database old").startswith("✓ of an older version")
    assert practice.line("database empty").startswith("✓ an empty file")
    assert practice.line("database run") == "✓ of this version"


async def test_the_data_folder(practice: Practice) -> None:
    """It may be made later, must be a folder, and must be the user's alone."""
    for place, told in ((practice.folder / "later" / "on", "✓ is not there yet"), (practice.folder, "✓ can be wri")):
        practice.set(data_directory=str(place))
        assert await practice.sound()
        assert practice.line(f"data folder {place}").startswith(told)
    practice.folder.chmod(0o755)
    assert not await practice.sound()
    assert f"chmod 700 {practice.folder}" in practice.line(f"data folder {practice.folder}")
    file = practice.folder / "file"
    file.touch()
    practice.set(data_directory=str(file / "below"))
    assert not await practice.sound()
    assert "no folder" in practice.line(f"data folder {file / 'below'}")


@pytest.mark.parametrize(("file", "own", "told"), [
    ("run.db", True, "chmod 700"), ("discord.token", True, "chmod 700"),
    ("letter.txt", True, "a folder of its own"), ("run.db", False, "a folder of its own"),
])  # fmt: skip
async def test_a_folder_that_others_use_too_is_not_to_be_closed(
    practice: Practice, file: str, told: str, *, own: bool
) -> None:
    """Closing it is advised only where all that lies there is of Flushwatch, and the folder is this user's."""
    (practice.folder / file).touch()
    practice.folder.chmod(0o755)
    if not own:
        practice.patch.setattr(os, "getuid", lambda: -1)
    assert not await practice.sound()
    line = practice.line(f"data folder {practice.folder}")
    assert line.startswith("✗ other users may look into it")
    assert told in line
    assert ("chmod" in line) == told.startswith("chmod")


@pytest.mark.parametrize(("name", "mode", "told"), [
    ("TELEGRAM_TOKEN", 0o600, "✓ holds a token"), ("TELEGRAM_TOKEN", 0o640, "✗ holds a token"),
    ("discord_token", 0o604, "✗ holds a token"), ("TELEGRAM_TOKEN_FILE", 0o644, None), ("WEB_PORT", 0o644, None),
])  # fmt: skip
async def test_a_token_in_a_file_that_others_may_open(
    practice: Practice, name: str, mode: int, told: str | None
) -> None:
    """A `.env` with a token in it must be closed to others, as a file of a token must; without one it has no line."""
    practice.write("telegram.token", practice.telegram.token, 0o600)
    practice.write(".env", f"FLUSHWATCH_{name}={'8787' if name == 'WEB_PORT' else 'telegram.token'}\n", mode)
    if name.endswith("_FILE"):
        practice.patch.delenv(f"{PREFIX}TELEGRAM_TOKEN")
    assert await practice.sound() == (told is None or told.startswith("✓"))
    if told is None:
        assert not any(".env" in line for line in practice.lines)
        return
    line = practice.line(".env")
    assert line.startswith(told)
    assert ("chmod 600 .env" in line) == told.startswith("✗")


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [("access", False, "cannot be written"), ("disk_usage", (10**9, 10**9 - 10**8, 10**8), "only 100 MB are free")],
)
async def test_a_folder_without_room_or_rights(practice: Practice, name: str, answer: object, told: str) -> None:
    """A folder in which the system lets nobody write, or hardly anything, is a failure that says so."""
    usage = type(shutil.disk_usage(practice.folder))
    told_by_system = usage(*answer) if isinstance(answer, tuple) else answer
    practice.patch.setattr(os if name == "access" else shutil, name, lambda *_: told_by_system)
    assert not await practice.sound()
    assert told in practice.line(f"data folder {practice.folder}")


@pytest.mark.parametrize(
    ("free_gb", "told"), [(41.3, "✓ {}, 62 of which fit here"), (0.5, "! {}, more than is free here")]
)
async def test_how_long_recordings_have_room(practice: Practice, free_gb: float, told: str) -> None:
    """What the databases take is told, and how many days of recordings fit; less than one is no failure."""
    (practice.folder / "run.db-wal").write_bytes(b"0" * 1_300_000)
    usage = type(shutil.disk_usage(practice.folder))
    practice.patch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 0, round(free_gb * 1e9)))
    assert await practice.sound()
    day = "a day of flushwatch record takes about 0.7 GB with 300 coins an exchange"
    assert practice.line("disk") == told.format(f"the databases take 1.3 MB; {day}")


@pytest.mark.parametrize(("mode", "code"), [(0o700, 0), (0o755, 1)])
async def test_the_command_says_by_its_exit_code_whether_all_is_well(tmp_path: Path, mode: int, code: int) -> None:
    """`flushwatch doctor` prints the lines and ends with 0, or with 1 when any of them is a failure."""
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode)
    bare = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    async with exchanges() as venues:
        fakes = {"FLUSHWATCH_TEST_FAKES": "yes", "FLUSHWATCH_EXCHANGES": json.dumps(venues.addresses)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "doctor", cwd=ROOT, stdout=asyncio.subprocess.PIPE,
            env=bare | fakes | {"FLUSHWATCH_DATA_DIRECTORY": str(folder), "COLUMNS": "40", "PYTHONUTF8": "1"},
        )  # fmt: skip
        out, _ = await process.communicate()
    lines = out.decode().splitlines()
    assert process.returncode == code
    assert lines[0].startswith(f"{'✗' if code else '✓'} data folder {folder}: ")
    things = [line[2:].partition(":")[0] for line in lines[1:]]
    assert things[:3] == ["disk", "clock", "Binance"]
    assert things[-3:] == ["liquidations", "Discord token", "Telegram token"]
