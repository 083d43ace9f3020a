"""Buttons and lists whose whole meaning stands in their id, so that they work after a restart and for years.

An id is "do:" or "choose:" and a line of text; pressing it says that line. Rights are checked then, as for a stranger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.chat.discord.markup import clip
from bot.chat.wording import WordsButton, WordsMenu

if TYPE_CHECKING:
    from bot.chat.discord.client import DiscordClient

# Limits of components: Discord, components/reference.
ID_MOST, LABEL_MOST, PLACEHOLDER_MOST, VALUE_MOST = 100, 80, 150, 100
BUTTONS_A_ROW, OPTIONS_MOST = 5, 25
DO, CHOOSE = "do:", "choose:"


class CommandButton(ui.DynamicItem[ui.Button[Any]], template=rf"{DO}(?P<line>.+)"):
    """A button that says a line; the answer is a new message."""

    def __init__(self, label: str, line: str) -> None:
        super().__init__(ui.Button(label=clip(label, LABEL_MOST), custom_id=DO + line))
        self._line = line

    @classmethod
    async def from_custom_id(  # type: ignore[override]  # the client is ours: no other registers this item
        cls, _: discord.Interaction[DiscordClient], item: ui.Button[Any], match: re.Match[str], /
    ) -> Self:
        """The button as it stands on a message of any age."""
        return cls(item.label or "…", match["line"])

    async def callback(self, interaction: discord.Interaction[DiscordClient]) -> None:  # type: ignore[override]  # see above
        """Say the line."""
        await interaction.client.interactions.press(interaction, self._line)


class CommandMenu(ui.DynamicItem[ui.Select[Any]], template=rf"{CHOOSE}(?P<line>.+)"):
    """A list whose options say lines; the answer takes the place of the message."""

    def __init__(self, item: ui.Select[Any]) -> None:
        super().__init__(item)

    @classmethod
    async def from_custom_id(  # type: ignore[override]  # the client is ours: no other registers this item
        cls, _: discord.Interaction[DiscordClient], item: ui.Select[Any], __: re.Match[str], /
    ) -> Self:
        """The list as it stands on a message of any age."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[DiscordClient]) -> None:  # type: ignore[override]  # see above
        """Say the line that was chosen."""
        await interaction.client.interactions.press(interaction, self.item.values[0], in_place=True)


def buttons_of(buttons: Iterable[WordsButton]) -> list[CommandButton]:
    """Buttons, each line once; one whose line is too long for an id is left out."""
    lines = {button.command: button for button in buttons if len(DO + button.command) <= ID_MOST}
    return [CommandButton(button.label or "…", line) for line, button in lines.items()]


def menu_of(menu: WordsMenu) -> CommandMenu | None:
    """A list; None for one of which nothing can be offered.

    No option is marked as chosen: Discord would show it in place of the label, and nobody knew what the list is about.
    """
    offered = {entry.command: entry for entry in menu.options if len(entry.command) <= VALUE_MOST}
    options = [
        discord.SelectOption(label=clip(entry.label or "…", VALUE_MOST), value=line)
        for line, entry in list(offered.items())[:OPTIONS_MOST]
    ]
    if not options or len(CHOOSE + menu.command) > ID_MOST:
        return None
    placeholder = clip(menu.label, PLACEHOLDER_MOST)
    return CommandMenu(ui.Select(custom_id=CHOOSE + menu.command, placeholder=placeholder, options=options))
