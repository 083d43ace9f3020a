"""The house rules that a compiler could check: who may know whom, where clocks and SQL live, how long things are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(path for folder in ("bot", "commands") for path in (ROOT / folder).rglob("*.py"))

DOMAIN = {"market", "levels", "flush", "aftermath", "alerts", "store"}
# Room: the rooms it may import. A room is a file or folder directly under bot/, and commands/.
MAY_KNOW: dict[str, set[str]] = {
    "errors": set(),
    "message": set(),
    "config": {"errors"},
    "logs": set(),
    "command": {"message"},
    "arguments": {"errors", "message", "command"},
    "catalogue": {"errors", "message", "command", "arguments"},
    "lock": set(),
    "market": {"errors", "lock"},
    "store": {"errors", "lock"},
    "levels": {"market"},
    "flush": {"market", "levels"},
    "aftermath": {"market", "flush", "levels"},
    "alerts": {"market", "flush", "levels", "aftermath", "store", "message", "errors"},
    "memory": {"market", "flush"},
    "engine": DOMAIN | {"message", "errors", "memory"},
    "commands": DOMAIN | {"message", "errors", "command"},
    "chat": {"message", "command", "arguments", "catalogue", "errors"},
    "replay": DOMAIN | {"message", "errors", "config", "command", "engine", "chat"},
    "backtest": DOMAIN | {"message", "errors", "engine", "chat", "replay"},
    "archive": DOMAIN | {"message", "errors", "chat", "lock", "terminal"},
    "clock": set(),
    "terminal": {"errors", "config", "logs", "replay"},
    "supervision": {"errors"},
    "platforms": DOMAIN | {"message", "errors", "config", "command", "chat", "supervision", "clock"},
    "recorder": {"errors", "market"},
    "historian": {"errors", "market"},
    "exchange_checkup": {"market", "alerts", "chat"},
    "doctor": {"errors", "config", "logs", "message", "chat", "store", "platforms", "exchange_checkup"},
    "stage": DOMAIN | {"message", "errors", "config", "command", "engine", "chat", "replay"},
    "warmup": {"errors", "market", "memory"},
    "learning": {"market", "memory", "store", "warmup"},
    "live_stage": DOMAIN | {"message", "engine", "chat", "replay", "stage", "supervision", "learning"},
}
COMPOSITION = {"app", "once", "__main__"}  # the only rooms that may see everything, and both chat and commands

# Library: the one place that imports it.
HOME_OF_LIBRARY = {
    "discord": "bot/chat/discord",
    "telegram": "bot/chat/telegram",
    "matplotlib": "bot/chat",
    "fluent": "bot/chat",
    "babel": "bot/chat",
    "sqlite3": "bot/store",
    "sqlite_utils": "bot/store",
    "apscheduler": "bot/market/live",
    "dotenv": "bot/config.py",
    "pydantic_settings": "bot/config.py",
}

CLOCKS = re.compile(
    r"(time\.(time|monotonic|perf_counter)(_ns)?|(datetime\.)?datetime\.(now|utcnow|today)|(datetime\.)?date\.today)"
)
MAY_READ_A_CLOCK = {
    "app": "it owns the running process and hands the time down",
    "clock": "it is the wall's clock, handed down by those who build",
    "__main__": "the command line measures and reports how long something took",
    "replay": "it paces a stream against the wall clock",
    "chat": "a page and a socket live in real time",
    "store": "it waits for its writer thread and stamps backups",
}

ENVIRONMENT = re.compile(r"os\.(environb?|getenv)")

SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|(CREATE|DROP|ALTER)\s+\w+)\s",
    re.DOTALL,
)

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
# "path" or "path:function": why it may be longer.
MAY_BE_LONGER: dict[str, str] = {}


@cache
def trees() -> dict[Path, ast.Module]:
    """The syntax of every file of the program, by its path in the checkout."""
    return {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def room(path: Path) -> str:
    """The room a file belongs to: bot/market/board.py is in market, bot/engine.py is engine."""
    return path.parts[0] if path.parts[0] != "bot" else path.parts[1].removesuffix(".py")


def imports(tree: ast.Module) -> Iterator[str]:
    """Full dotted names of everything a module imports, at any depth, for types only or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def known_rooms(tree: ast.Module) -> set[str]:
    """The rooms of this house that a module imports."""
    parts = [name.split(".") for name in imports(tree)]
    return {"commands" for part in parts if part[0] == "commands"} | {
        part[1] for part in parts if part[0] == "bot" and len(part) > 1
    }


def uses(tree: ast.Module, names: re.Pattern[str]) -> list[int]:
    """Lines on which one of these dotted names is used or imported."""
    found = [(node.lineno, ast.unparse(node)) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    found += [
        (node.lineno, f"{node.module}.{alias.name}")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    return [line for line, name in found if names.fullmatch(name)]


def house(*, outside: set[str] | None = None) -> list[tuple[Path, ast.Module]]:
    """Every source file with its tree, leaving out some rooms."""
    return [(path, tree) for path, tree in trees().items() if room(path) not in (outside or set())]


def test_a_room_knows_only_whom_it_may_know() -> None:
    """Every import inside the house stays within the table of the design."""
    strangers = {
        str(path): known_rooms(tree) - MAY_KNOW.get(room(path), set()) - {room(path)}
        for path, tree in house(outside={"__init__"} | COMPOSITION)
    }
    assert {path: rooms for path, rooms in strangers.items() if rooms} == {}


def test_only_the_composition_root_sees_both_chat_and_commands() -> None:
    """What is said and how it is said meet in one place only."""
    both = {"chat", "commands"}
    seeing = [str(path) for path, tree in house(outside=COMPOSITION) if both <= known_rooms(tree) | {room(path)}]
    assert seeing == []


def test_a_library_has_one_home() -> None:
    """A platform, the database and the words are each touched by one part of the house."""
    strays = [
        (str(path), name)
        for path, tree in house()
        for name in imports(tree)
        if not str(path).startswith(HOME_OF_LIBRARY.get(name.split(".")[0], ""))
    ]
    assert strays == []


def test_of_the_market_only_the_live_part_goes_to_the_network() -> None:
    """What reads a venue's words is pure, so that a replay, a test and the live market read them alike."""
    reaching = {
        str(path.parent)
        for path, tree in house()
        for name in imports(tree)
        if name.split(".")[0] in {"aiohttp", "asyncio", "httpx", "socket"}
    }
    assert {folder for folder in reaching if folder.startswith("bot/market")} == {"bot/market/live"}


def test_time_is_an_argument() -> None:
    """Nothing that decides reads a clock, so that a replay is the real thing."""
    lines = {str(path): uses(tree, CLOCKS) for path, tree in house(outside=set(MAY_READ_A_CLOCK))}
    assert {path: found for path, found in lines.items() if found} == {}


def test_only_config_reads_the_environment() -> None:
    """A setting cannot enter by a second door."""
    lines = {str(path): uses(tree, ENVIRONMENT) for path, tree in house(outside={"config"})}
    assert {path: found for path, found in lines.items() if found} == {}


def test_sql_is_written_in_the_store_only() -> None:
    """Nothing outside the store knows which database it is."""
    statements = [
        f"{path}:{node.lineno}"
        for path, tree in house(outside={"store"})
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert statements == []


def test_a_file_has_one_reason_to_exist() -> None:
    """A file that outgrows its limit holds a second thing."""
    lengths = {str(path): (ROOT / path).read_text(encoding="utf-8").count("\n") for path, _ in house()}
    assert {p: lines for p, lines in lengths.items() if lines > LONGEST_FILE and p not in MAY_BE_LONGER} == {}


def test_a_function_fits_on_a_screen() -> None:
    """A function that outgrows its limit does a second thing."""
    lengths = {
        f"{path}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path, tree in house()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {n: lines for n, lines in lengths.items() if lines > LONGEST_FUNCTION and n not in MAY_BE_LONGER} == {}


def test_every_permission_is_still_used() -> None:
    """A permission to be long that nothing needs any more is taken back."""
    names = {
        f"{path}:{node.name}" for path, tree in trees().items() for node in ast.walk(tree) if hasattr(node, "name")
    }
    assert set(MAY_BE_LONGER) <= names | {str(path) for path in trees()}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import time\ntime.monotonic()", [2]),
        ("from time import time_ns", [1]),
        ("import datetime\ndatetime.datetime.now(datetime.UTC)", [2]),
        ("from datetime import datetime\ndatetime.fromtimestamp(0)", []),
        ("self.runtime.timer()", []),
    ],
)
def test_the_clock_rule_sees_clocks(source: str, expected: list[int]) -> None:
    """The rule above finds each way to a clock and takes nothing else for one."""
    assert uses(ast.parse(source), CLOCKS) == expected


@pytest.mark.parametrize(
    ("text", "is_sql"),
    [
        ("SELECT id FROM messages WHERE x", True),
        ("\n  INSERT OR REPLACE INTO t VALUES (?)", True),
        ("CREATE TABLE t (a)", True),
        ("Select a coin from the list", False),
        ("UPDATE", False),
    ],
)
def test_the_sql_rule_sees_statements(text: str, *, is_sql: bool) -> None:
    """The rule above finds statements and leaves sentences alone."""
    assert (SQL.match(text) is not None) == is_sql
