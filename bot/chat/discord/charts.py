"""Charts as Discord takes them: a file under a name of its own, or an address where it lies already."""

from __future__ import annotations

import io
from typing import NamedTuple, Self

import discord

from bot.chat.discord.markup import clip
from bot.chat.pictures import PictureKey, picture_key
from bot.chat.reception import Reception
from bot.chat.wording import Wording
from bot.message import Message, Theme

ALT_MOST = 1_024
"""Characters of a description (Discord, resources/message, "Attachment Object")."""


class Chart(NamedTuple):
    """A picture under a name of its own, with what it shows in words; `url` is where it lies already, if it does."""

    png: bytes
    name: str
    alt: str
    url: str | None = None

    @property
    def address(self) -> str:
        """Where an embed finds it."""
        return self.url or f"attachment://{self.name}"

    @classmethod
    def of(cls, png: bytes, alt: str, key: PictureKey) -> Self:
        """A picture that is named by what is in it, its words and colours included."""
        return cls(png, f"chart-{key.digest}-{key.language}-{key.theme}.png", alt)

    def file(self) -> discord.File:
        """To be sent once."""
        return discord.File(io.BytesIO(self.png), self.name, description=clip(self.alt, ALT_MOST))


async def drawn(reception: Reception, message: Message, wording: Wording, theme: Theme) -> Chart | None:
    """The chart of a message; None when it has none, or when it could not be drawn."""
    png = await reception.picture(message, wording.language, theme)
    if png is None or message.chart is None:
        return None
    return Chart.of(png, wording.text(message.chart.alt), picture_key(message, wording.language, theme))
