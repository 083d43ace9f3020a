"""The documents say what the program does: every command, setting, reason and target, in both directions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest
import typer.main
from typer.core import TyperGroup

from bot.__main__ import app
from bot.aftermath.checks import CHECKPOINTS, assess
from bot.alerts.decide import Reason
from bot.alerts.settings import DEFAULTS, SETTINGS, Asked, change
from bot.backtest.result import EpisodeLine, ReportLine
from bot.config import PREFIX, Config
from bot.market.history import History
from bot.store.upkeep import RETENTION_DAYS
from commands import ALL
from tests.aftermath.days import flush_of
from tests.aftermath.slots import ONSET_MS

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "tests").rglob("*.md")])
COMMAND_LINE = typer.main.get_command(app)


def read(name: str) -> str:
    """One document as text."""
    return (ROOT / name).read_text(encoding="utf-8")


def table(text: str, heading: str) -> list[list[str]]:
    """The cells of the table whose first heading is `heading`, without backticks."""
    lines = text.partition(f"\n| {heading} |")[2].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip().replace("`", "") for cell in line.strip("| ").split(" | ")] for line in lines]


def anchors(text: str) -> set[str]:
    """What `#…` may name in a document."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def targets(document: Path) -> list[str]:
    """Relative links and pictures of a document."""
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    return [link for link in links if "://" not in link]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_pictures_lead_somewhere(document: Path) -> None:
    """Every relative link names a file that is there, and every anchor a heading in it."""
    for link in targets(document):
        name, _, anchor = link.partition("#")
        target = document.parent / name if name else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


def test_members_and_admins_find_every_command() -> None:
    """Each command has one heading with its exact usage, admin commands in admin.md; nothing else has one."""
    member, admin = (
        re.findall(r"^### `(/.+)`$", read(f"docs/{name}.md"), re.MULTILINE) for name in ("member", "admin")
    )
    assert sorted(member + admin) == sorted(command.usage for command in ALL)
    assert {command.usage for command in ALL if command.admin} <= set(admin)


def test_every_command_has_an_example() -> None:
    """Under each heading of a command stands an answer, quoted."""
    for name in ("docs/member.md", "docs/admin.md"):
        parts = re.split(r"^##+ ", read(name), flags=re.MULTILINE)
        assert [part.splitlines()[0] for part in parts if part.startswith("`/") and "\n> " not in part] == []


def test_admins_find_every_setting_with_what_it_takes() -> None:
    """The table of settings names each one, every choice it has, and a default which, typed, gives the default."""
    rows = {row[0]: row for row in table(read("docs/admin.md"), "setting")}
    assert set(rows) == set(SETTINGS)
    for key, setting in SETTINGS.items():
        _, default, takes, _ = rows[key]
        assert set(setting.choices) <= set(re.findall(r"\w+", takes))
        asked = Asked(
            default, msgspec.structs.replace(DEFAULTS, coins=("SOL",)), ("BTC", "ETH", "SOL"), ("en", "es"), 1
        )
        assert getattr(change(key, asked), setting.field) == getattr(DEFAULTS, setting.field)


def test_admins_find_every_reason() -> None:
    """Each reason a decision can have stands in the table of reasons, and no other."""
    keys = re.findall(r"^reason-([\w-]+) =", read("locales/en/commands.ftl"), flags=re.MULTILINE)
    assert keys
    assert {row[0] for row in table(read("docs/admin.md"), "reason")} == {key.replace("-", "_") for key in keys}
    assert {key.replace("-", "_") for key in keys} == set(get_args(Reason))


def test_who_reads_the_json_of_a_backtest_finds_every_field_and_check() -> None:
    """The tables name each field of an episode and of a report, and each check with the step from which it is told."""
    text = read("docs/backtest.md")
    for part, told in ((text, EpisodeLine), (text.partition("\nA report, ")[2], ReportLine)):
        named = {name for row in table(part, "field") for name in row[0].split(", ")}
        assert named == set(told.__struct_fields__)
    first = {name: row[1] for row in table(text, "check") for name in row[0].split(", ")}
    for step, elapsed_ms in CHECKPOINTS.items():
        checks = msgspec.structs.asdict(assess(flush_of(ONSET_MS, None), step, History().until(ONSET_MS + elapsed_ms)))
        told_by_then = {name for name, result in checks.items() if name != "step" and result is not None}
        assert told_by_then == {name for name, begin in first.items() if CHECKPOINTS[begin] <= elapsed_ms}


def test_operators_find_every_variable() -> None:
    """The table of variables names each field of the configuration, with its default where it has a fixed one."""
    rows = {row[0]: row[1] for row in table(read("docs/operator.md"), "variable")}
    assert set(rows) == {PREFIX + name.upper() for name in Config.model_fields}
    for name, field in Config.model_fields.items():
        default = "not set" if field.get_default() is None else str(field.get_default())
        assert field.default_factory or rows[PREFIX + name.upper()] == default


def test_operators_find_how_long_rows_are_kept() -> None:
    """The table of retention is that of the store."""
    rows = {row[0]: row[1] for row in table(read("docs/operator.md"), "table")}
    assert rows == {name: f"{days} days" for name, days in RETENTION_DAYS.items()}


def test_the_readme_names_every_command_of_the_command_line() -> None:
    """Whoever reads the README knows what the program can be asked to do."""
    assert isinstance(COMMAND_LINE, TyperGroup)
    assert set(re.findall(r"^flushwatch (\w+)", read("README.md"), flags=re.MULTILINE)) == set(COMMAND_LINE.commands)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documented_command_lines_are_understood(document: Path) -> None:
    """Each `flushwatch …` and `make …` in a document names a command, options and a target that exist."""
    assert isinstance(COMMAND_LINE, TyperGroup)
    text = document.read_text(encoding="utf-8")
    for name, rest in re.findall(r"(?:^|`)flushwatch ([a-z]+)([^`\n]*)", text, flags=re.MULTILINE):
        options = {option for parameter in COMMAND_LINE.commands[name].params for option in parameter.opts}
        assert set(re.findall(r"(?<=\s)--\w[\w-]*", rest)) <= options, f"flushwatch {name}{rest}"
    known = set(re.findall(r"^([a-z]+):", read("Makefile"), flags=re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, flags=re.MULTILINE)) <= known


def test_the_table_of_rooms_is_the_one_that_is_enforced() -> None:
    """Contributors read of every room that there is."""
    rows = " ".join(row[0] for row in table(read("docs/contributor.md"), "room"))
    rooms = {path.name for path in (ROOT / "bot").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert {name for name in rooms - {"__init__.py"} if f"bot/{name}" not in rows} == set()
