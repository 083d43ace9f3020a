"""From a Message as data to the words of one language; every platform starts from these and adds its own markup.

A sentence missing in a language is said in English. One missing there too is our own bug: it is logged once and an
apology is said in its place, so that no chat ever shows a key; `strict` raises instead and is meant for tests.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from functools import cache, lru_cache
from typing import Literal

import msgspec
from babel import Locale
from babel.lists import format_list
from fluent.runtime.types import FluentInt

from bot.chat import numbers
from bot.chat.languages import LANGUAGES, Tongue, negotiate, tongue_of
from bot.errors import FlushwatchError
from bot.message import (
    BasisPoints,
    Coins,
    Count,
    Menu,
    Message,
    Moment,
    Name,
    Names,
    Number,
    Percent,
    Phrase,
    Phrases,
    Price,
    Rate,
    Span,
    Usd,
    Value,
)

__all__ = [
    "LANGUAGES",
    "Wording",
    "WordingError",
    "Words",
    "WordsButton",
    "WordsMenu",
    "WordsRow",
    "clean_name",
    "wordings",
]

NAME_LENGTH = 64
KEPT_SENTENCES = 10_000
SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS = 1000, 60_000, 3_600_000, 86_400_000
JOINTS = {"dot": " · ", "list": ", "}

_log = logging.getLogger(__name__)


class WordingError(FlushwatchError):
    """A phrase cannot be said: its key is unknown, or a value is missing or not writable."""


class WordsRow(msgspec.Struct, frozen=True):
    """One line, with the tone of its `Row`."""

    text: str
    tone: Literal["normal", "muted"]


class WordsButton(msgspec.Struct, frozen=True):
    """What stands on a button, and the command behind it."""

    label: str
    command: str


class WordsOption(msgspec.Struct, frozen=True):
    """One choice of a menu, and the command that chooses it."""

    label: str
    command: str
    chosen: bool


class WordsMenu(msgspec.Struct, frozen=True):
    """A choice to make; `command` shows it alone."""

    label: str
    command: str
    options: list[WordsOption]


class Words(msgspec.Struct, frozen=True):
    """A Message in one language: plain text, without markup or line breaks."""

    headline: str
    rows: list[WordsRow]
    push: str | None
    origin: str | None
    buttons: list[WordsButton]
    menus: list[WordsMenu]


class Wording:
    """The voice in one language; cheap to make, and free of state but its language."""

    def __init__(self, language: str, *, strict: bool = False) -> None:
        self.language = negotiate(language)
        self._strict = strict
        self._chain = (self.language,) if strict else tuple(dict.fromkeys((self.language, "en")))

    def words(self, message: Message) -> Words:
        """Everything a message says."""
        return Words(
            headline=self.text(message.headline),
            rows=[WordsRow(self.text(row.phrase), row.tone) for row in message.rows],
            push=self.text(message.push) if message.push else None,
            origin=self.text(message.origin) if message.origin else None,
            buttons=[WordsButton(self.text(button.label), button.command) for button in message.buttons],
            menus=[self._menu(menu) for menu in message.menus],
        )

    def _menu(self, menu: Menu) -> WordsMenu:
        options = [WordsOption(self.text(entry.label), entry.command, entry.chosen) for entry in menu.options]
        return WordsMenu(self.text(menu.label), menu.command, options)

    def text(self, phrase: Phrase) -> str:
        """A phrase as one line of text; when strict, raises `WordingError` for what cannot be said."""
        try:
            return self._say(phrase)
        except WordingError as error:
            if self._strict:
                raise
            _report_once(str(error))
            return self._say(Phrase("wording-missing"))

    def _say(self, phrase: Phrase) -> str:
        problem = "no such key"
        for language in self._chain:
            tongue = tongue_of(language)
            if tongue.bundle.has_message(phrase.key):
                try:
                    values = {name: self._value(value, tongue) for name, value in phrase.values.items()}
                    return _fill(tongue, phrase.key, tuple(values.items()))
                except (WordingError, ArithmeticError, TypeError, ValueError) as error:
                    problem = str(error)
        raise WordingError(f"{phrase.key} in {self._chain[0]}: {problem}")

    def _value(self, value: Value, tongue: Tongue) -> str | int:
        """What Fluent is handed: finished text, and a count as a number because it may decide a plural."""
        match value:
            case Count(count):
                grouped = abs(count) < 1000 or numbers.is_grouped(abs(count), tongue.locale)
                return count if grouped else FluentInt(count, useGrouping=False)
            case Phrase():
                return self._say(value)
            case Phrases(items, joint):
                return JOINTS[joint].join(self._say(item) for item in items)
            case Span(ms):
                return self._span(ms)
            case BasisPoints(points):
                digits = 1 if 0 < abs(points) < 1 else 0
                return _fill(tongue, "basis-points", (("n", numbers.fixed(points, digits, tongue.locale, plus=True)),))
            case _:
                return _figure_or_name(value, tongue.locale)

    def _span(self, ms: int) -> str:
        """The two largest units, rounded down: 2 h 10 min, 3 d 4 h, 45 s."""
        left, sign = abs(ms), numbers.MINUS if ms < 0 else ""
        if left < MINUTE_MS:
            return sign + self._say(Phrase("span-seconds", {"n": Count(left // SECOND_MS)}))
        if left < DAY_MS:
            hours, minutes = divmod(left // MINUTE_MS, 60)
            parts = (Phrase("span-hours", {"n": Count(hours)}), Phrase("span-minutes", {"n": Count(minutes)}))
        else:
            days, hours = divmod(left // HOUR_MS, 24)
            parts = (Phrase("span-days", {"n": Count(days)}), Phrase("span-hours", {"n": Count(hours)}))
        return sign + " ".join(self._say(part) for part in parts if part.values["n"] != Count(0))


def wordings() -> dict[str, Wording]:
    """A voice for every language there is."""
    return {language: Wording(language) for language in LANGUAGES}


def clean_name(text: str) -> str:
    """A name from outside without control, direction and invisible characters, on one line, 64 characters long."""
    shown = (" " if char.isspace() else char for char in text)
    plain = " ".join("".join(char for char in shown if unicodedata.category(char)[0] != "C").split())
    return plain if len(plain) <= NAME_LENGTH else plain[: NAME_LENGTH - 1] + "…"


def _figure_or_name(value: Value, locale: Locale) -> str:  # noqa: PLR0911 -- one case for each type of value
    match value:
        case Usd(amount, at_least, exact):
            return numbers.usd(amount, locale, at_least=at_least, exact=exact)
        case Price(amount):
            return numbers.price(amount, locale)
        case Percent(fraction, digits, signed):
            return numbers.percent(fraction, digits, locale, plus=signed)
        case Rate(fraction, hours):
            return numbers.rate(fraction, hours, locale)
        case Coins(amount, coin):
            return numbers.coins(amount, clean_name(coin), locale)
        case Number(number, digits):
            return numbers.fixed(number, digits, locale)
        case Moment(ms, form):
            return numbers.written(ms, form, locale)
        case Name(text):
            return clean_name(text)
        case Names(texts):
            return format_list([clean_name(text) for text in texts], locale=locale)
        case _:  # a caller's values are typed, those of a UserError are not
            raise WordingError(f"{value!r} cannot be written")


@lru_cache(KEPT_SENTENCES)  # many ask the same at once, and every channel of a language is told the same
def _fill(tongue: Tongue, key: str, values: tuple[tuple[str, str | int], ...]) -> str:
    pattern = tongue.bundle.get_message(key).value
    if pattern is None:
        raise WordingError(f"{key} has no text of its own")
    text, errors = tongue.bundle.format_pattern(pattern, dict(values))
    if errors:
        raise WordingError(f"{key}: {errors[0]}")
    return re.sub(r"\s*\n\s*", " ", str(text))


@cache
def _report_once(problem: str) -> None:
    """`cache` keeps a broken sentence from filling the log; the problems are as few as our keys."""
    _log.error("no words for %s", problem)
