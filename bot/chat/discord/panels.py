"""An answer as what discord.py sends: a panel of Components V2, with lists and buttons.

The limits of Discord (components/reference) are kept here, whatever a message says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord
from discord import ui

from bot.chat.discord.buttons import BUTTONS_A_ROW, buttons_of, menu_of
from bot.chat.discord.charts import ALT_MOST, Chart
from bot.chat.discord.markup import clip, fit, line, plain
from bot.chat.discord.posts import colour_of
from bot.chat.wording import Wording, Words, WordsRow
from bot.message import Message, Phrase

TEXT_MOST, COMPONENTS_MOST, HEADLINE_MOST = 4_000, 40, 500
SPARE = 6
"""Components that are no control: the container, up to three texts, a picture and a line between."""


def panel(message: Message, words: Words, wording: Wording, chart: Chart | None) -> ui.LayoutView:
    """An answer with all its parts; `words` are those of its message. A view needs a running loop.

    A picture stands before the small print that ends the answer.
    """
    headline = f"**{clip(plain(words.headline), HEADLINE_MOST)}**"
    ends = [WordsRow(words.origin, "muted")] if words.origin else []
    room = TEXT_MOST - len(headline) - sum(len(line(row)) + 1 for row in ends)
    rows = fit(words.rows, room, wording.text(Phrase("post-shortened")))
    before = next((place for place in range(len(rows), 0, -1) if rows[place - 1].tone == "normal"), 0)
    container: ui.Container[Any] = ui.Container(accent_colour=colour_of(message))
    container.add_item(ui.TextDisplay("\n".join([headline, *map(line, rows[:before])])))
    if chart:
        picture = discord.MediaGalleryItem(chart.address, description=clip(chart.alt, ALT_MOST))
        container.add_item(ui.MediaGallery(picture))
    small = "\n".join(map(line, [*rows[before:], *ends]))
    if small:
        container.add_item(ui.TextDisplay(small))
    for controls in _controls(words):
        container.add_item(controls)
    return ui.LayoutView(timeout=None).add_item(container)


def _controls(words: Words) -> Iterator[ui.ActionRow[Any]]:
    """Lists and rows of buttons, as many as a message can hold; each row is a component itself."""
    left = COMPONENTS_MOST - SPARE
    menus = [menu for menu in map(menu_of, words.menus) if menu]
    buttons = buttons_of(words.buttons)
    for controls in [*([menu] for menu in menus), *_rows(buttons)]:
        left -= len(controls) + 1
        if left >= 0:
            row: ui.ActionRow[Any] = ui.ActionRow(*controls)
            yield row


def _rows(buttons: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(buttons), BUTTONS_A_ROW):
        yield buttons[start : start + BUTTONS_A_ROW]
