"""The command line: parse, build what is asked for, and turn failures into one sentence and an exit code."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot import app as application
from bot.chat.console import ConsoleTransport, SilentTransport, panel
from bot.chat.wording import Wording
from bot.config import Config, load_config
from bot.errors import ConfigError, FlushwatchError, RecordingError
from bot.replay import Pace, Source, open_source, scenario_source

app = typer.Typer(
    help="Flushwatch notices leverage flushes and comes back to say what followed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Result = TypeVar("Result")
out, err = Console(), Console(stderr=True)

DEMO_SPEED = 30.0
BAD_RECORDING = 2
TOP_LEVEL = ("card", "derivatives_day")
FAILED = 1

Database = Annotated[
    Path | None, typer.Option("--database", help="Where to keep what was said; by default in the data folder.")
]
Speed = Annotated[str, typer.Option("--speed", help="Stream seconds per second, or max.")]


@app.command()
def demo() -> None:
    """Play a simulated day and a simulated crash on a page of this machine."""
    with _told_plainly():
        config = _configured()
        source = scenario_source("article", "cascade")
        served = application.Served(source, config.database("demo"), Pace(DEMO_SPEED, watching=True), afresh=True)
        _run(application.serve(served, config, _say_address))


@app.command()
def replay(
    source: Annotated[str, typer.Argument(metavar="FILE|SCENARIO", help="A recording, or a simulated scenario.")],
    speed: Speed = "max",
    to: Annotated[Literal["console", "web", "none"], typer.Option("--to", help="Where posts go.")] = "console",
    database: Database = None,
) -> None:
    """Play a recording or a scenario through the whole bot."""
    with _told_plainly():
        config = _configured()
        chosen, pace = open_source(source), Pace(_speed(speed))
        path = database or config.database(f"replay-{_file_name(chosen)}")
        if to == "web":
            _run(application.serve(application.Served(chosen, path, pace), config, _say_address))
            return
        transport = SilentTransport() if to == "none" else ConsoleTransport(out, Wording(config.language))
        with _progress(chosen) as told:
            played = _run(application.replay(chosen, path, transport, pace, config.language, told))
        if played.before:
            err.print("This was played to its end before; nothing new. To begin again, name another --database.")
        err.print(_summary(played.posts))


@app.command()
def ask(
    text: Annotated[str, typer.Argument(metavar="COMMAND", help='A command as members type it, e.g. "/funding BTC".')],
    recording: Annotated[
        str, typer.Option("--recording", metavar="FILE|SCENARIO", help="What to answer from.")
    ] = "article",
    at: Annotated[
        str | None, typer.Option("--at", help="UTC moment such as 2026-02-05T16:00Z; by default the end.")
    ] = None,
    language: Annotated[str | None, typer.Option("--language", help="Language of the answer.")] = None,
    admin: Annotated[bool, typer.Option("--admin", help="Ask as an admin.")] = False,  # noqa: FBT002 -- a flag of the command line
) -> None:
    """Answer one command as of a moment of a recording."""
    with _told_plainly():
        config = _configured()
        source = open_source(recording)
        chosen = language or config.language
        message = _run(application.ask(source, text, _moment(at), chosen, admin=admin))
        out.print(panel(message, Wording(chosen)))


def main() -> None:
    """Entry point of the console script."""
    app()


def _configured() -> Config:
    config = load_config()
    logging.basicConfig(
        level=config.log_level.upper(), format="%(message)s", handlers=[RichHandler(console=err, show_path=False)]
    )
    return config


@contextmanager
def _told_plainly() -> Iterator[None]:
    """A failure we know becomes its sentence; one we do not know keeps its trace."""
    try:
        yield
    except RecordingError as error:
        err.print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(BAD_RECORDING) from None
    except FlushwatchError as error:
        err.print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(FAILED) from None


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(work)


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= 1e6:
        raise ConfigError(f"--speed takes max or a number up to 1000000; you wrote {text!r}.")
    return speed


def _moment(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"--at takes a moment such as 2026-02-05T16:00Z; you wrote {text!r}.") from None
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000)


def _file_name(source: Source) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in source.key.lower())[:80]


def _say_address(address: str) -> None:
    out.print(f"Flushwatch is at {address} (Ctrl-C stops it)")


def _summary(posts: list[tuple[int, str, str, int]]) -> str:
    """What went out: posts of each kind, and the day with the most new cards and days."""
    kinds: Counter[str] = Counter()
    top: Counter[int] = Counter()
    for day, _, kind, count in posts:
        kinds[kind] += count
        top[day] += count if kind in TOP_LEVEL else 0
    if not kinds:
        return "Nothing was posted."
    day, most = max(top.items(), key=lambda entry: entry[1])
    told = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in sorted(kinds.items()))
    date = f"{datetime.fromtimestamp(day * 86_400, UTC):%Y-%m-%d}"
    return f"Posted: {told}. Most new top-level posts on one day: {most} ({date})."


@contextmanager
def _progress(source: Source) -> Iterator[Any]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(source.name, total=source.end_ms - source.start_ms)
        yield lambda now_ms: progress.update(task, completed=now_ms - source.start_ms)


if __name__ == "__main__":
    main()
