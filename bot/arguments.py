"""From typed words to the arguments of a command: what stands for which parameter, and why a word cannot."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Iterable, Sequence

from bot.command import Command, Parameter
from bot.errors import UserError
from bot.message import Count, Name, Names

SHOWN_LENGTH = 32
LONGEST_INTEGER = 10

_SPAN = re.compile(r"[+]?[0-9]{1,3}[mhd]?")
_NUMBER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)*")


def split(text: str) -> list[str]:
    """Words of a line, blank ones left out; quotes group them, a bot's name after `@` in the first is dropped."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("/")
    try:
        words = [word for word in shlex.split(plain) if word.strip()]
    except ValueError:  # an open quote: take the line as it stands
        words = plain.split()
    if words:
        words[0] = words[0].partition("@")[0]
    return words


def bind(entry: Command, words: list[str]) -> dict[str, str | int]:
    """Arguments of a command by name; raises `UserError` with its usage where words are missing or too many."""
    bound, more = _read(entry.parameters, words)
    missing = [p.name for p in entry.parameters if p.required and p.name not in bound]
    if more or missing:
        raise UserError("error-usage", usage=Name(entry.usage))
    return bound


def _read(parameters: Sequence[Parameter], words: list[str]) -> tuple[dict[str, str | int], list[str]]:
    """Arguments by name, and words that are too many; what was left out before another parameter may follow it."""
    bound: dict[str, str | int] = {}
    left_out = []
    for place, parameter in enumerate(parameters):
        if not words:
            break
        later = parameters[place + 1 :]
        if _is_left_out(parameter, later, words[0]):
            left_out.append(parameter)
            continue
        word = " ".join(words) if parameter.rest else words[0]
        words = [] if parameter.rest else words[1:]
        bound[parameter.name] = _argument(parameter, later, word)
    if words and bound and left_out:
        behind, words = _read(left_out, words)
        bound |= behind
    return bound, words


def _argument(parameter: Parameter, later: Iterable[Parameter], word: str) -> str | int:
    """What a word stands for; raises `UserError` where it cannot, naming all words that could stand in its place."""
    if parameter.kind == "integer":
        return _integer(parameter, word)
    chosen = _choice(parameter, word)
    if not parameter.choices or chosen in parameter.choices:
        return chosen if parameter.choices else word
    others = () if parameter.required or _names(parameter, word) else [c for other in later for c in other.choices]
    given, choices = Name(word.lower()[:SHOWN_LENGTH]), Names((*parameter.choices, *others))
    raise UserError("error-not-a-choice", given=given, choices=choices)


def _is_left_out(parameter: Parameter, later: Iterable[Parameter], word: str) -> bool:
    """Whether a word is meant for a later parameter: one that names its words, or numbers, where this does not."""
    if parameter.required:
        return False
    if parameter.skipped and word[:1].isalpha():
        return True
    return not _names(parameter, word) and any(_names(other, word) for other in later)


def _names(parameter: Parameter, word: str) -> bool:
    """Whether this is one of the few words, a span or a number that a parameter takes; of free text nobody knows.

    12h is a span also where 4h and 24h are the choices, so that it is refused with them, and not as a coin; so is -5
    where a number is taken.
    """
    if parameter.choices:
        spans = _SPAN.fullmatch(word.lower()) and any(map(_SPAN.fullmatch, parameter.choices))
        return bool(spans) or _choice(parameter, word) in parameter.choices
    number = _without_unit(parameter, word)
    return parameter.kind == "integer" and (number.isdecimal() or bool(_NUMBER.fullmatch(number)))


def _choice(parameter: Parameter, word: str) -> str:
    """In small letters; 24 is 24h, and +24h, as follow-ups are called, too."""
    plain = word.lower().removeprefix("+")
    hours = f"{plain}h"
    return hours if plain.isdecimal() and hours in parameter.choices else plain


def _without_unit(parameter: Parameter, word: str) -> str:
    return word.lower().removesuffix(parameter.unit) if word[:-1].isdecimal() else word


def _integer(parameter: Parameter, word: str) -> int:
    digits = _without_unit(parameter, word)
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < LONGEST_INTEGER else None
    if number is None or not parameter.low <= number <= parameter.high:
        name, given, low, high = Name(parameter.name), Name(word[:SHOWN_LENGTH]), parameter.low, parameter.high
        raise UserError("error-not-in-range", setting=name, low=Count(low), high=Count(high), given=given)
    return number
