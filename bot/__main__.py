"""The command line: parse, build what is asked for, and turn failures into one sentence and an exit code."""

from __future__ import annotations

import asyncio
import time
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import typer
from rich.console import Console

from bot import app as application
from bot import once
from bot.alerts.presets import PRESETS
from bot.archive.typed import archive, report
from bot.backtest.metrics import judge, known_from
from bot.backtest.pictures import draw_all, folder_of
from bot.backtest.report import COLUMNS, tables
from bot.backtest.run import Run, in_order, play_through
from bot.chat.console import ConsoleTransport, SilentTransport, panel
from bot.chat.languages import language_named
from bot.chat.wording import Wording
from bot.clock import wall_ms
from bot.doctor import examine
from bot.errors import ConfigError
from bot.historian import Wanted, write_history
from bot.live_stage import Listened
from bot.logs import only_warnings
from bot.market.venues import VENUES
from bot.recorder import Recorded, record_until, venues_of
from bot.replay import Pace, open_source, scenario_source
from bot.terminal import (
    FAILED,
    SPANS_S,
    chat_of,
    coins_of,
    configured,
    counted,
    days_of,
    err,
    file_name,
    moment_of,
    out,
    progress,
    say,
    speed_of,
    summary,
    told_plainly,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

DEMO_SPEED = 30.0

Database = Annotated[
    str | None,
    typer.Option("--database", metavar="FILE", help="Where to keep what was said; by default in the data folder."),
]
Speed = Annotated[str, typer.Option("--speed", help="Stream seconds per second, or max.")]


def _tell_version(wanted: bool) -> None:  # noqa: FBT001 -- typer hands a flag over by its place
    if wanted:
        say(f"Flushwatch {version('flushwatch')}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Say which version this is.")
]


@app.callback()
def options(_: Version = False) -> None:  # noqa: FBT002 -- a flag of the command line
    """Flushwatch notices leverage flushes and comes back to say what followed."""


@app.command()
def demo() -> None:
    """Play a simulated day and a simulated crash on a page of this machine."""
    with told_plainly():
        config = configured()
        source = scenario_source("article", "cascade")
        played = application.Played(source, Pace(DEMO_SPEED, watching=True))
        served = application.Served(played, config.database("demo"), afresh=True)
        asyncio.run(application.serve(served, config, say))


@app.command()
def run(
    market: Annotated[
        str | None,
        typer.Option("--market", metavar="FILE|SCENARIO", help="A recording or a scenario; by default it is live."),
    ] = None,
    speed: Speed = "1",
    database: Database = None,
) -> None:
    """Be a bot: on Discord and Telegram, as far as they have tokens, and on a page of this machine."""
    with told_plainly():
        config = configured()
        if market is None:
            if speed != "1":
                raise ConfigError("--speed is for a recording or a scenario; name one with --market, or leave it out.")
            listened = Listened(VENUES, wall_ms, config.exchanges)
            served = application.Served(listened, database or config.database("live"), chats=True)
        else:
            source = open_source(market)
            path = config.database(f"run-{file_name(source)}") if database is None else database
            served = application.Served(application.Played(source, Pace(speed_of(speed))), path, chats=True)
        asyncio.run(application.serve(served, config, say))


@app.command()
def replay(
    source: Annotated[str, typer.Argument(metavar="FILE|SCENARIO", help="A recording, or a simulated scenario.")],
    speed: Speed = "max",
    to: Annotated[
        Literal["console", "web", "none", "discord", "telegram"], typer.Option("--to", help="Where posts go.")
    ] = "console",
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="ID", help="The one channel of Discord or Telegram to post to.")
    ] = None,
    database: Database = None,
) -> None:
    """Play a recording or a scenario through the whole bot."""
    with told_plainly():
        config = configured()
        chat = chat_of(to, channel)
        chosen, pace = open_source(source), Pace(speed_of(speed))
        path = config.database(f"replay-{file_name(chosen, chat)}") if database is None else database
        if to == "web":
            asyncio.run(application.serve(application.Served(application.Played(chosen, pace), path), config, say))
            return
        replayed = once.Replayed(chosen, path, pace, config.language)
        with progress(chosen) as told:
            if chat is not None:
                played = asyncio.run(once.replay_to_chat(replayed, config, chat, say, told))
            else:
                transport = SilentTransport() if to == "none" else ConsoleTransport(out, Wording(config.language))
                played = asyncio.run(once.replay(replayed, transport, told))
        if played.before:
            err.print("This was played to its end before; nothing new. To begin again, name another --database.")
        err.print(summary(played.posts))


@app.command()
def backtest(
    recordings: Annotated[list[str], typer.Argument(metavar="RECORDING…", help="Recordings, or simulated scenarios.")],
    labels: Annotated[
        str | None, typer.Option("--labels", metavar="CSV", help="Known events: start_utc,end_utc,kind,market.")
    ] = None,
    quiet: Annotated[
        str | None, typer.Option("--quiet", metavar="CSV", help="Times without one: start_utc,end_utc,why.")
    ] = None,
    preset: Annotated[
        Literal["quiet", "normal", "active"], typer.Option("--preset", help="How much the channel hears.")
    ] = "normal",
    form: Annotated[Literal["table", "json"], typer.Option("--format", help="For people, or for programs.")] = "table",
    chart: Annotated[
        str | None, typer.Option("--chart", metavar="DIR", help="Where to put a picture of each episode.")
    ] = None,
) -> None:
    """Hold what is found in recordings against what is known to have happened."""
    with told_plainly():
        config, known, folder = configured(), known_from(labels, quiet), folder_of(chart) if chart else None
        runs: list[Run] = []
        for source in in_order([open_source(name) for name in recordings]):
            with progress(source) as told:
                playing = play_through(source, PRESETS[preset], told, pictures=folder is not None)
                runs.append(asyncio.run(playing))
        result = judge(runs, known, preset)
        if form == "json":
            typer.echo(msgspec.json.encode(result))
        else:
            paper = out if out.is_terminal else Console(width=COLUMNS)
            for part in tables(result):
                paper.print(part)
        if folder is not None:
            pictures = {id_: picture for one in runs for id_, picture in one.pictures.items()}
            with counted("pictures") as drawn:
                lost = asyncio.run(draw_all(pictures, folder, Wording(config.language), drawn))
            if lost:
                err.print(f"No picture could be drawn of {', '.join(lost)}.", markup=False, soft_wrap=True)


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
    with told_plainly():
        config = configured()
        source = open_source(recording)
        chosen = language_named(language or config.language)
        message = asyncio.run(once.ask(source, text, moment_of(at), chosen, admin=admin))
        out.print(panel(message, Wording(chosen)))


@app.command()
def record(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the recordings go, one file a UTC day.")],
    venues: Annotated[
        str | None, typer.Option("--venues", metavar="A,B", help="The exchanges to listen to; by default all.")
    ] = None,
) -> None:
    """Record what the exchanges tell, until Ctrl-C or SIGTERM; the same command goes on where it was."""
    with told_plainly():
        config = configured()
        recorded = Recorded(folder.expanduser(), venues_of(venues), wall_ms, config.exchanges)
        asyncio.run(record_until(application.told_to_stop(), recorded, say))


@app.command()
def history(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The recording to write; a new file.")],
    days: Annotated[int, typer.Option("--days", help="How far back, 1 to 90 days.")] = 30,
    coins: Annotated[
        str, typer.Option("--coins", metavar="A,B|N", help="Which coins, or how many of the most traded.")
    ] = "20",
    span: Annotated[Literal["5m", "1h"], typer.Option("--span", help="Five minutes or an hour a bar.")] = "5m",
    venues: Annotated[
        str | None, typer.Option("--venues", metavar="A,B", help="The exchanges to ask; by default all.")
    ] = None,
) -> None:
    """Fetch the last days of the real market from the exchanges, as a recording to replay."""
    with told_plainly():
        config = configured()
        chosen, path = (venues_of(venues), days_of(days), coins_of(coins)), file.expanduser()
        wanted = Wanted(path, *chosen, SPANS_S[span], wall_ms, config.exchanges)
        with counted(f"{days} day{'' if days == 1 else 's'}") as told:
            asyncio.run(write_history(application.told_to_stop(), wanted, say, told))


@app.command()
def doctor() -> None:
    """Check exchanges, tokens, rights, clock and databases; nothing is posted, and nothing is changed."""
    with told_plainly(), only_warnings():
        sound = asyncio.run(examine(configured(), time.time, say))
    raise typer.Exit(0 if sound else FAILED)


app.command()(report)
app.command()(archive)


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
