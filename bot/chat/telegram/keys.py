"""Buttons and menus of a message as keys of an inline keyboard, and what a pressed key asks for. Pure.

A key carries the whole command, so that nothing has to be kept about it and it works after a restart; what it asks for
is checked anew when it is pressed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from bot.chat.telegram.limits import CALLBACK_BYTES, KEYS
from bot.chat.wording import Words, WordsMenu

BUTTONS_A_ROW = 3
MENUS_A_ROW = 2
CHOSEN = "✓ "

Way = Literal["do", "ed"]
"""What becomes of the answer: a message of its own, or the message under which the key stands."""


class Key(NamedTuple):
    """A button: what stands on it, and what Telegram sends when it is pressed."""

    label: str
    data: str


class Pressed(NamedTuple):
    """What a pressed key asks for."""

    way: Way
    command: str


def keyboard(words: Words) -> tuple[tuple[Key, ...], ...]:
    """The rows of keys under a message; what does not fit into a key is left out."""
    way: Way = "ed" if words.menus else "do"
    rows = [*_menus(words.menus), *_rows(_keys(way, ((b.label, b.command) for b in words.buttons)), BUTTONS_A_ROW)]
    return tuple(rows)[:KEYS]


def pressed(data: str) -> Pressed | None:
    """What a key's data asks for; None when it was not made here."""
    way, _, command = data.partition(":")
    if not command:
        return None
    match way:
        case "do" | "ed":
            return Pressed(way, command)
        case _:
            return None


def _menus(menus: Sequence[WordsMenu]) -> Iterable[tuple[Key, ...]]:
    """One menu with a row for each choice; of several, a key each that opens it."""
    if len(menus) == 1:
        choices = ((CHOSEN * entry.chosen + entry.label, entry.command) for entry in menus[0].options)
        return _rows(_keys("ed", choices), 1)
    return _rows(_keys("ed", ((menu.label, menu.command) for menu in menus)), MENUS_A_ROW)


def _keys(way: Way, entries: Iterable[tuple[str, str]]) -> list[Key]:
    keys = [Key(label, f"{way}:{command}") for label, command in entries]
    return [key for key in keys if len(key.data.encode()) <= CALLBACK_BYTES]


def _rows(keys: Sequence[Key], width: int) -> Iterable[tuple[Key, ...]]:
    """Even rows, at most `width` wide."""
    left = iter(keys)
    while row := tuple(islice(left, width)):
        yield row
