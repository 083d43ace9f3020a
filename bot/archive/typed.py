"""The two commands of the archive, as they are typed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.archive import chain
from bot.archive.document import Document, document_of
from bot.archive.kept import load_kept
from bot.archive.markdown import markdown
from bot.archive.page import html
from bot.archive.spoken import Form, Spoken, spoken
from bot.chat.charts import ChartWorker
from bot.chat.languages import language_named
from bot.chat.wording import Wording
from bot.errors import ChartError, ConfigError
from bot.store.inspection import read_database
from bot.terminal import configured, say, told_plainly

Kept = Annotated[
    Path | None,
    typer.Option("--database", metavar="FILE", help="Where it is kept; by default that of the live market."),
]


def report(
    episode: Annotated[str, typer.Argument(metavar="EPISODE", help="The id of a flush, such as 2026-01-19-BTC-1.")],
    form: Annotated[Form, typer.Option("--to", help="A page for a browser, or Markdown.")],
    database: Kept = None,
    language: Annotated[str | None, typer.Option("--language", help="Language of the document.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write it; by default to this terminal.")
    ] = None,
) -> None:
    """One flush as one document: the card, every follow-up, what would rule out a reset, and the sources."""
    with told_plainly():
        config = configured()
        file = (database or config.database("live")).expanduser()
        wording = Wording(language_named(language or config.language))
        document = read_database(file, lambda db: document_of(load_kept(db, episode)))
        text = asyncio.run(_written(document, wording, form))
        if out is None:
            typer.echo(text, nl=False)
        else:
            _save(out.expanduser(), text, file)


def archive(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="The file to add to; made where it is not there.")],
    database: Kept = None,
    only_check: Annotated[bool, typer.Option("--check", help="Only say whether the file fits together.")] = False,  # noqa: FBT002 -- a flag of the command line
) -> None:
    """Add each flush that is over, with its reports, to a file that anybody can check; nothing in it is changed."""
    with told_plainly():
        config, path = configured(), file.expanduser()
        if only_check:
            found, told = chain.check(path), ""
        else:
            over = read_database((database or config.database("live")).expanduser(), chain.load_over)
            added, found = chain.append(path, over)
            told = f"{added} added, "
        last = f"; SHA-256 of the last line {found.last}" if found.last else ""
        say(f"{path}: {told}{len(found.ids)} in all, and it fits together{last}.")


async def _written(document: Document, wording: Wording, form: Form) -> str:
    return markdown(await spoken(document, wording, None)) if form == "md" else html(await _drawn(document, wording))


async def _drawn(document: Document, wording: Wording) -> Spoken:
    """With charts, where a worker that draws can be started."""
    worker = ChartWorker()
    try:
        await worker.start()
    except ChartError:
        return await spoken(document, wording, None)
    try:
        return await spoken(document, wording, worker)
    finally:
        await worker.stop()


def _save(out: Path, text: str, database: Path) -> None:
    """Write the document, but never over the database that it was read from."""
    if out.resolve() == database.resolve():
        raise ConfigError(f"{out} is the database; name another file with --out.")
    try:
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigError(f"{out} cannot be written: {error.strerror or error}.") from error
