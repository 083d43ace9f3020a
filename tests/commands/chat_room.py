"""A chat with commands at it: says a line as somebody and gives the answer back, as data or as words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.catalogue import Catalogue
from bot.chat.wording import Wording
from bot.command import Caller
from bot.errors import UserError
from bot.market.view import MarketView
from bot.message import Message, Name, Phrase, Spot
from commands import ALL
from commands.desk import Desk
from tests.commands.market import NOW_MS

CHANNEL = "web"
OTHERS = {"#alerts": (), "#closed": (Phrase("right-embed-links"), Phrase("right-attach-files"))}
"""Channels of the same server, with the rights that are missing there."""


async def spot_in_a_server(caller: Caller, wanted: str) -> Spot:
    """What a platform would say of the channels above."""
    if wanted and wanted not in OTHERS:
        raise UserError("error-channel-unknown", given=Name(wanted[:32]))
    return Spot(wanted or caller.channel, wanted or "here", "server", OTHERS.get(wanted, ()), "es" if wanted else "")


@dataclass
class Room:
    """`tests` holds the channels that a test message was asked for."""

    desk: Desk
    tests: list[str]

    async def say(self, text: str, *, admin: bool = False) -> Message:
        """What the catalogue answers; it must be sayable in every language."""
        caller = Caller("ana", CHANNEL, "en", admin=admin)
        message = await Catalogue(ALL, self.desk).answer(text, caller)
        for language in self.desk.languages:
            Wording(language, strict=True).words(message)
        return message

    async def text(self, text: str, *, admin: bool = False, language: str = "en") -> list[str]:
        """The answer as lines."""
        return lines_of(await self.say(text, admin=admin), language)

    def seeing(self, view: MarketView, now_ms: int = NOW_MS) -> Room:
        """The same room over another market, at another time."""
        return Room(replace(self.desk, view=lambda: view, now_ms=lambda: now_ms), self.tests)


def lines_of(message: Message, language: str = "en") -> list[str]:
    """A message as lines: headline first, figures joined by plain spaces."""
    words = Wording(language, strict=True).words(message)
    return [line.replace("\u202f", " ") for line in (words.headline, *(row.text for row in words.rows))]
