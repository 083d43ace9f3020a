"""What Telegram's apps show before anybody asks: the list of commands, by place and language, and the bot's profile."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec
import telegram
from telegram.error import TelegramError

from bot.chat.channel_book import ChannelBook
from bot.chat.telegram.hearing import START
from bot.chat.telegram.limits import COMMAND_SUMMARY_UNITS, DESCRIPTION_UNITS, SHORT_DESCRIPTION_UNITS
from bot.chat.telegram.render import cut
from bot.chat.wording import Wording
from bot.command import Command
from bot.message import Phrase

log = logging.getLogger(__name__)

MARK = "telegram-menus"


class Menu(NamedTuple):
    """The commands of one kind of place in one language, as (name, what it is for); language "" is for all others."""

    scope: str
    language: str
    commands: tuple[tuple[str, str], ...]


class Profile(NamedTuple):
    """What stands in an empty chat with the bot, and on its page."""

    language: str
    description: str
    short_description: str


async def introduce(
    bot: telegram.Bot, book: ChannelBook, commands: Iterable[Command], wordings: Mapping[str, Wording]
) -> None:
    """Tell Telegram, unless this is what it was told last; its apps only show it, so a failure is only noted."""
    listed = list(commands)
    told: list[Menu | Profile] = [*menus(listed, wordings), *profiles(wordings)]
    digest = hashlib.blake2b(msgspec.json.encode((bot.id, told)), digest_size=16).hexdigest()
    if await book.recall(MARK) == digest:
        return
    try:
        for entry in told:
            await _tell(bot, entry)
    except TelegramError as error:
        log.warning("Telegram did not take the menus of commands, which are told again at the next start: %s", error)
    else:
        await book.remember(MARK, digest)


def menus(commands: list[Command], wordings: Mapping[str, Wording]) -> Iterator[Menu]:
    """Every menu; one of a narrower place takes the place of a wider one, so each is whole.

    A private chat is a channel too, and its person may change what it hears, as administrators of groups may.
    """
    for language, wording in _tongues(wordings):
        asking = tuple(_entries((entry for entry in commands if not entry.admin), wording))
        everything = tuple(_entries(commands, wording))
        start = (START, cut(wording.text(Phrase("telegram-short-description")), COMMAND_SUMMARY_UNITS))
        yield Menu("default", language, (*asking, start))
        yield Menu("all_private_chats", language, (*everything, start))
        yield Menu("all_group_chats", language, asking)
        yield Menu("all_chat_administrators", language, everything)


def profiles(wordings: Mapping[str, Wording]) -> Iterator[Profile]:
    """The bot's profile in every language."""
    for language, wording in _tongues(wordings):
        description = cut(wording.text(Phrase("telegram-description")), DESCRIPTION_UNITS)
        short = cut(wording.text(Phrase("telegram-short-description")), SHORT_DESCRIPTION_UNITS)
        yield Profile(language, description, short)


def _tongues(wordings: Mapping[str, Wording]) -> Iterator[tuple[str, Wording]]:
    """Each language that Telegram can tell apart, and English for everybody else."""
    yield "", wordings["en"]
    yield from ((language, wording) for language, wording in wordings.items() if len(language) == 2)


def _entries(commands: Iterable[Command], wording: Wording) -> Iterator[tuple[str, str]]:
    """One entry a family: names have no spaces here, so a family of several says what may follow it."""
    families: dict[str, list[Command]] = {}
    for entry in commands:
        families.setdefault(entry.family, []).append(entry)
    for family, entries in families.items():
        alone = len(entries) == 1 and not entries[0].verb
        summary = wording.text(entries[0].summary) if alone else " · ".join(entry.verb for entry in entries)
        yield family, cut(summary, COMMAND_SUMMARY_UNITS)


async def _tell(bot: telegram.Bot, entry: Menu | Profile) -> None:
    language = entry.language or None
    match entry:
        case Menu(scope, _, commands):
            await bot.set_my_commands(commands, telegram.BotCommandScope(scope), language)
        case Profile(_, description, short):
            await bot.set_my_description(description, language)
            await bot.set_my_short_description(short, language)
