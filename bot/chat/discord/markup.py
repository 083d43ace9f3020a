"""Plain words as Discord's markup: nothing in them is read as markup, a mention or a link."""

from __future__ import annotations

import re
from collections.abc import Sequence

from discord.utils import escape_mentions

from bot.chat.wording import WordsRow
from bot.message import Band

COLOURS: dict[Band, int] = {"watch": 0x8C98AA, "flush": 0xF5B02E, "severe": 0xFF7F3F, "extreme": 0xFF4D5E}
PLAIN_COLOUR = 0x5B9DFF
CONTENT_MOST = 2_000
"""Characters of a message (Discord, resources/message)."""

# Emphasis, code, spoilers, links, mentions, times and emoji; the colon of an address, which would become a link; and
# what makes a heading, a quotation or a list of a line at its beginning.
_SPECIAL = re.compile(r"[\\*_`~|<\[]|:(?=//)|^\s*[#>+-]|(?<=^\d)\.(?=\s)")


def plain(text: str) -> str:
    """One line that shows exactly `text`. discord.py's own escaping leaves links and what stands in them alone."""
    return escape_mentions(_SPECIAL.sub(_escaped, text))


def _escaped(match: re.Match[str]) -> str:
    found = match.group()
    return f"{found[:-1]}\\{found[-1]}"


def clip(text: str, most: int) -> str:
    """At most so many characters, an ellipsis for what is left out; no half of an escaped character stays."""
    return text if len(text) <= most else text[: most - 1].rstrip("\\") + "…"


def line(row: WordsRow) -> str:
    """A row as a line; what stands behind the figures is small."""
    return f"-# {plain(row.text)}" if row.tone == "muted" else plain(row.text)


def fit(rows: Sequence[WordsRow], most: int, notice: str) -> list[WordsRow]:
    """Rows whose lines fit into `most` characters: muted ones go first, then others, the last before the first.

    Where any went, `notice` stands at the end.
    """
    kept, told = list(rows), WordsRow(notice, "muted")
    if _length(kept) <= most:
        return kept
    while kept and _length([*kept, told]) > most:
        muted = [place for place, row in enumerate(kept) if row.tone == "muted"]
        del kept[muted[-1] if muted else -1]
    return [*kept, told]


def _length(rows: Sequence[WordsRow]) -> int:
    return sum(len(line(row)) + 1 for row in rows)
