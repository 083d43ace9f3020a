"""A document as Markdown that reads the same in every dialect: headings, lists, and no text taken for markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.archive.spoken import Spoken, SpokenSection
from bot.chat.wording import WordsRow

MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&$@])")
"""Every mark that some dialect gives a meaning within a line; a backslash takes it away."""
LINKS = re.compile(r"(://|\bwww\.)", re.IGNORECASE)
"""What GitHub turns into a link by itself."""
LIST = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^([-+])(?=[\s-]|$)")
"""What begins a list, or is a line drawn across, at the start of a line."""


def markdown(spoken: Spoken, level: int = 1) -> str:
    """The whole text, with a line end at its end; `level` is that of its first heading, for a part of a larger text."""
    blocks = [f"{'#' * level} {plain(spoken.title)}"]
    if spoken.origin is not None:
        blocks.append(f"*{plain(spoken.origin)}*")
    blocks.append(_list(spoken.about))
    for section in spoken.sections:
        blocks += _section(section, level + 1)
    return "\n\n".join([*blocks, f"*{plain(spoken.footing)}*"]) + "\n"


def plain(text: str) -> str:
    """Text that says the same as Markdown and as it stands."""
    escaped = LINKS.sub(lambda found: found[0][:-1] + "\\" + found[0][-1:], MARKS.sub(r"\\\1", text))
    return LIST.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", escaped)


def _section(section: SpokenSection, level: int) -> Iterator[str]:
    yield f"{'#' * level} {plain(section.heading)}"
    if section.headline is not None:
        yield f"**{plain(section.headline)}**"
    if section.rows:
        yield _list(section.rows)
    if section.alt is not None:
        yield f"*{plain(section.alt)}*"


def _list(rows: tuple[WordsRow, ...]) -> str:
    return "\n".join(f"- {plain(row.text)}" for row in rows)
