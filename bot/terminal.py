"""The terminal around a command: its two streams, how failures are told, and how its arguments and results are read."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.config import Config, load_config
from bot.errors import ConfigError, FlushwatchError, RecordingError
from bot.logs import start_logging
from bot.replay import Source

out, err = Console(), Console(stderr=True)

BAD_RECORDING = 2
FAILED = 1
TOP_LEVEL = ("card", "derivatives_day")
POSTS = {"derivatives_day": "derivatives-led day", "followup": "follow-up"}
"""What people call posts whose kind has another name in the program."""
SPANS_S = {"5m": 300, "1h": 3600}
MOST_DAYS, MOST_COINS = 90, 300
"""Of a history that is fetched; more of either is hours of asking."""
COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    TextColumn("{task.percentage:>3.0f} %"),
    TimeElapsedColumn(),
)


def configured() -> Config:
    """The operator's settings, with logging begun as they say."""
    config = load_config()
    start_logging(config.log_level, err)
    return config


@contextmanager
def told_plainly() -> Iterator[None]:
    """A failure we know becomes its sentence; one we do not know keeps its trace."""
    try:
        yield
    except RecordingError as error:
        err.print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(BAD_RECORDING) from None
    except FlushwatchError as error:
        err.print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(FAILED) from None


def speed_of(text: str) -> float | None:
    """Stream seconds per second, None for "max"; raises `ConfigError`."""
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= 1e6:
        raise ConfigError(f"--speed takes max or a number up to 1000000; you wrote {text!r}.")
    return speed


def moment_of(text: str | None) -> int | None:
    """A UTC millisecond of an ISO moment; raises `ConfigError`."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"--at takes a moment such as 2026-02-05T16:00Z; you wrote {text!r}.") from None
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000)


def days_of(days: int) -> int:
    """How many days are fetched; raises `ConfigError`."""
    if not 1 <= days <= MOST_DAYS:
        raise ConfigError(f"--days takes 1 to {MOST_DAYS}; you wrote {days}.")
    return days


def coins_of(text: str) -> tuple[str, ...] | int:
    """Coins by their names with commas between them, or how many of the most traded; raises `ConfigError`."""
    if text.isdecimal():
        if len(text) < 5 and 1 <= int(text) <= MOST_COINS:
            return int(text)
    else:
        names = [name.strip().upper() for name in text.split(",")]
        if all(names) and len(names) <= MOST_COINS:
            return tuple(dict.fromkeys(names))
    raise ConfigError(f"--coins takes coins such as BTC,ETH or how many, 1 to {MOST_COINS}; you wrote {text!r}.")


NUMBERS = {"discord": ("channel", r"[0-9]{15,20}"), "telegram": ("chat", r"-?[0-9]{1,16}(/[0-9]{1,10})?")}
"""What a channel is called on each platform, and its number; in Telegram a topic may follow."""


def chat_of(to: str, channel: str | None) -> str | None:
    """The id in the store of the one channel that a replay posts to, None for another target; raises `ConfigError`."""
    if (channel is not None) != (to in NUMBERS):
        raise ConfigError("--channel goes with --to discord or --to telegram, and both of these need it.")
    if channel is None:
        return None
    what, number = NUMBERS[to]
    if not re.fullmatch(number, channel):
        raise ConfigError(f"--channel takes the number of a {what}; you wrote {channel!r}.")
    return f"{to}:{channel}"


def file_name(source: Source, chat: str | None = None) -> str:
    """A name for the database of a source, and of the one channel it is played to."""
    name = source.key if chat is None else f"{source.key[:50]} {chat}"
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())[:80]


def say(line: str) -> None:
    """A line for the operator, never broken, so that addresses in it can be copied."""
    out.print(line, soft_wrap=True, markup=False, highlight=False)


def summary(posts: list[tuple[int, str, str, int]]) -> str:
    """What went out: posts of each kind, and the day with the most new cards and days."""
    kinds: Counter[str] = Counter()
    top: Counter[int] = Counter()
    for day, _, kind, count in posts:
        kinds[kind] += count
        top[day] += count if kind in TOP_LEVEL else 0
    if not kinds:
        return "Nothing was posted."
    day, most = max(top.items(), key=lambda entry: entry[1])
    named = ((POSTS.get(kind, kind), count) for kind, count in sorted(kinds.items()))
    told = ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for name, count in named)
    date = f"{datetime.fromtimestamp(day * 86_400, UTC):%Y-%m-%d}"
    return f"Posted: {told}. Most new top-level posts on one day: {most} ({date})."


@contextmanager
def progress(source: Source) -> Iterator[Any]:
    """A bar on the error stream while a source is played; yields what is to be told the stream's clock."""
    with Progress(*COLUMNS, console=err, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(source.name, total=source.end_ms - source.start_ms)
        yield lambda now_ms: bar.update(task, completed=now_ms - source.start_ms)


@contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on the error stream of a terminal; yields what is to be told how much is done, and of how much."""
    if not sys.stderr.isatty():
        yield None
        return
    with Progress(*COLUMNS, console=err, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
