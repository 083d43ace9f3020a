"""Channels that are worked from a private chat: `/alerts @name show` asks there what /alerts show asks in the channel.

Each question looks the channel up and checks the rights of its asker anew, also one that a key asks.
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import NamedTuple

import msgspec

from bot.arguments import split
from bot.chat.reception import Reception
from bot.chat.telegram.addresses import address_of
from bot.chat.telegram.spots import Spots, read
from bot.command import Caller, Command
from bot.message import Button, Menu, Message, Name, Phrase, Row, Spot

SHOW = "/alerts show"
SAID_HERE = {
    "alerts-on-next": "telegram-on-next",
    "alerts-off-next": "telegram-off-next",
    "alerts-state-off": "telegram-state-off",
}
"""Sentences that name a command to type in the channel itself, and what is said in a private chat instead."""


class Asked(NamedTuple):
    """A line, and the channel that it is about as it was typed; "" for the one in which it was said."""

    line: str
    wanted: str = ""


class Elsewhere:
    """Answers people in every chat, and in private ones also about channels that they name."""

    def __init__(self, reception: Reception, spots: Spots) -> None:
        self._reception = reception
        self._catalogue = reception.catalogue
        self._spots = spots
        self._families = {entry.family for entry in self._catalogue.commands.values() if entry.here}

    async def answer(self, line: str, caller: Caller) -> Message:
        """As `Reception.answer`; what is answered about another channel names it, and so do its keys."""
        return await self._reception.answer(line, caller, self._answer)

    def entry(self, line: str, *, private: bool) -> Command:
        """The command of a line; raises `UserError` for what is none."""
        return self._catalogue.parse(self._read(line, private=private).line)[0]

    async def _answer(self, line: str, caller: Caller) -> Message:
        asked = self._read(line, private=address_of(caller.channel).private)
        if not asked.wanted:
            return await self._catalogue.answer(asked.line, caller)
        spot = await self._spots.spot(caller, asked.wanted)
        there = replace(caller, channel=spot.channel, place=spot.place)
        answer = await self._catalogue.answer(asked.line, there)
        return answer if spot.channel == caller.channel else self._named(answer, spot, asked.wanted)

    def _read(self, line: str, *, private: bool) -> Asked:
        """What a line asks, and about which channel: its second word, or an argument that names one."""
        words = split(line)
        if not private or len(words) < 2 or words[0].lower() not in self._families:
            return Asked(line)
        if any(read(words[1])):
            return Asked(shlex.join([f"/{words[0]}", *words[2:]]), words[1])
        entry = self._catalogue.commands.get(" ".join(words[:2]).lower())
        if entry is not None and len(words) == 3 and any(p.kind == "channel" for p in entry.parameters):
            return Asked(f"/{entry.name}", words[2])
        return Asked(line)

    def _named(self, answer: Message, spot: Spot, wanted: str) -> Message:
        """An answer about another channel; `wanted` is how its asker calls it."""
        if answer.kind == "refusal":
            return answer
        name, told = read(wanted)[0], answer.headline
        called = Name(f"@{name}" if name else _id(spot))
        if told.values.get("channel") != Name(spot.name):
            told = Phrase("telegram-elsewhere", {"channel": Name(spot.name), "told": told})
        panel = (Button(Phrase("button-settings"), SHOW),) if not (answer.buttons or answer.menus) else ()
        return msgspec.structs.replace(
            answer,
            headline=told,
            rows=tuple(_said_here(row, called) for row in answer.rows),
            buttons=tuple(self._button(button, spot) for button in (*answer.buttons, *panel)),
            menus=tuple(self._menu(menu, spot) for menu in answer.menus),
        )

    def _button(self, button: Button, spot: Spot) -> Button:
        return Button(button.label, self._aimed(button.command, spot))

    def _menu(self, menu: Menu, spot: Spot) -> Menu:
        options = (msgspec.structs.replace(one, command=self._aimed(one.command, spot)) for one in menu.options)
        return Menu(menu.label, self._aimed(menu.command, spot), tuple(options))

    def _aimed(self, line: str, spot: Spot) -> str:
        """A command with its channel, by id: that is shorter than most names, and stays when a name changes."""
        family, _, rest = line.partition(" ")
        return f"{family} {_id(spot)} {rest}" if family.removeprefix("/") in self._families else line


def _said_here(row: Row, called: Name) -> Row:
    key = SAID_HERE.get(row.phrase.key)
    return Row(Phrase(key, row.phrase.values | {"channel": called}), row.tone) if key else row


def _id(spot: Spot) -> str:
    return spot.channel.partition(":")[2]
