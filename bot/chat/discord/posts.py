"""A post as what discord.py sends: a line, an embed and buttons.

Posts keep this older form because a phone shows their first line, which panels (Components V2) do not have. The limits
of Discord (resources/message) are kept here, whatever a message says.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import discord
from discord import ui

from bot.chat.discord.buttons import BUTTONS_A_ROW, buttons_of
from bot.chat.discord.markup import COLOURS, CONTENT_MOST, PLAIN_COLOUR, clip, fit, line, plain
from bot.chat.wording import Wording, Words, WordsRow
from bot.message import Message, Phrase, Post

TITLE_MOST, DESCRIPTION_MOST, FOOTER_MOST = 256, 4_096, 1_000
"""Discord takes 2,048 characters of a footer; cut shorter, all texts of an embed stay below its 6,000 together."""
ROWS_MOST = 5


class Posted(NamedTuple):
    """The parts of one send; views are used up by it."""

    content: str | None
    embed: discord.Embed
    view: ui.View | None


def posted(post: Post, words: Words, wording: Wording, picture: str | None) -> Posted:
    """A post with all its parts; `words` are of its message, `picture` is an address. A view needs a running loop."""
    embed = discord.Embed(
        title=clip(plain(words.headline), TITLE_MOST),
        description=_description(post, words, wording) or None,
        colour=colour_of(post.message),
        timestamp=datetime.fromtimestamp(post.now_ms / 1000, UTC),
    )
    if words.origin:
        embed.set_footer(text=clip(words.origin, FOOTER_MOST))
    if picture:
        embed.set_image(url=picture)
    return Posted(_content(words), embed, _view(words))


def colour_of(message: Message) -> int:
    """The colour of its band."""
    return PLAIN_COLOUR if message.band is None else COLOURS[message.band]


def _content(words: Words) -> str | None:
    if words.push is None:
        return None
    return clip(plain(" · ".join(part for part in (words.push, words.origin) if part)), CONTENT_MOST)


def _description(post: Post, words: Words, wording: Wording) -> str:
    ends = [WordsRow(wording.text(Phrase("post-repeat")), "muted")] if post.repeat else []
    room = DESCRIPTION_MOST - sum(len(line(row)) + 1 for row in ends)
    rows = fit(words.rows, room, wording.text(Phrase("post-shortened")))
    return "\n".join(line(row) for row in [*rows, *ends])


def _view(words: Words) -> ui.View | None:
    buttons = buttons_of(words.buttons)[: ROWS_MOST * BUTTONS_A_ROW]
    if not buttons:
        return None
    view = ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view
