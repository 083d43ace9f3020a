"""From a typed function to a command that every platform can offer.

A file of `commands/` decorates an async function; name, parameters, choices and ranges come from its signature,
its summary from `locales/` under `command-<name>` (a space in the name becomes a hyphen there). The first two
parameters are always `desk` (what the command may look at) and `caller`; the rest is what a person types.
"""

from __future__ import annotations

import inspect
import re
import shlex
import unicodedata
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol, get_args, get_origin, get_type_hints

from bot.errors import UserError
from bot.message import Count, Message, Name, Names, Phrase

MOST_SUGGESTED = 25  # what Discord shows of an autocomplete
SHOWN_LENGTH = 32
LONGEST_INTEGER = 10

_SPAN = re.compile(r"[0-9]{1,3}[mhd]?")

Kind = Literal["coin", "coins", "episode", "choice", "value", "language", "channel", "integer", "preset", "text"]


@dataclass(frozen=True)
class Typed:
    """What stands in an annotation: `Annotated[str, Typed("coin")]`.

    `choices` are the only words allowed, `low` and `high` bound an integer, and `rest` takes everything that is left
    of the line. A "value" is one of the setting named before it. A number that is `skipped` may be left out before
    words, which then take its place.
    """

    kind: Kind
    choices: tuple[str, ...] = ()
    rest: bool = False
    low: int = 0
    high: int = 0
    skipped: bool = False


@dataclass(frozen=True)
class Parameter(Typed):
    """One argument of a command."""

    name: str = ""
    required: bool = False

    @property
    def summary(self) -> Phrase:
        """What it is, for the menus of chats that describe arguments."""
        return Phrase(f"parameter-{self.name}")


Coin = Annotated[str, Typed("coin")]
EpisodeId = Annotated[str, Typed("episode")]
ChannelName = Annotated[str, Typed("channel")]
Rest = Annotated[str, Typed("text", rest=True)]


@dataclass(frozen=True)
class Caller:
    """Who asks: `channel` is where the answer goes, `admin` was checked by the platform for this very request.

    `user` is the platform's id of the person, `place` the server or chat that the channel belongs to.
    """

    name: str
    channel: str
    language: str
    admin: bool = False
    user: str = ""
    place: str = ""


Run = Callable[..., Awaitable[Message]]


@dataclass(frozen=True)
class Command:
    """One thing a person can say, e.g. "funding" or "alerts set"; `summary` is its line in `/help`.

    `here` commands are about the channel in which they are said; `draws` ones answer with a chart and take longer.
    """

    name: str
    run: Run
    parameters: tuple[Parameter, ...]
    admin: bool
    summary: Phrase
    here: bool = False
    draws: bool = False

    @property
    def family(self) -> str:
        """The first word: what chats group commands by."""
        return self.name.partition(" ")[0]

    @property
    def verb(self) -> str:
        """The second word, empty for a command of one."""
        return self.name.partition(" ")[2]

    @property
    def usage(self) -> str:
        """`/funding [coin]`: required parameters in angle brackets, others in square ones."""
        parts = [f"<{p.name}>" if p.required else f"[{p.name}]" for p in self.parameters]
        return " ".join([f"/{self.name}", *parts])

    def line(self, values: Mapping[str, object]) -> str:
        """The command as it would be typed, with these values of its parameters by name; None and blanks are left out.

        Values are normalised before they are quoted, as they are when they are read: a wide quote would end the quotes.
        """
        known = [values[p.name] for p in self.parameters if values.get(p.name) is not None]
        given = [unicodedata.normalize("NFKC", str(value)) for value in known]
        return shlex.join([f"/{self.family}", *self.verb.split(), *(text for text in given if text.strip())])


def command(name: str, *, admin: bool = False, here: bool = False, draws: bool = False) -> Callable[[Run], Command]:
    """Make a `Command` of an async function `(desk, caller, …) -> Message`; a docstring is required."""

    def wrap(run: Run) -> Command:
        if not inspect.getdoc(run):
            raise TypeError(f"command {name} has no docstring")
        summary = Phrase(f"command-{name.replace(' ', '-')}")
        return Command(name, run, tuple(_parameters(run)), admin, summary, admin or here, draws)

    return wrap


def _parameters(run: Run) -> Iterable[Parameter]:
    hints = get_type_hints(run, include_extras=True)
    for name, parameter in list(inspect.signature(run).parameters.items())[2:]:
        hint = hints[name]
        marks = [mark for part in (hint, *get_args(hint)) for mark in getattr(part, "__metadata__", ())]
        typed = next((mark for mark in marks if isinstance(mark, Typed)), Typed("text"))
        literal = next((part for part in (hint, *get_args(hint)) if get_origin(part) is Literal), None)
        if literal is not None:
            typed = Typed("choice", choices=get_args(literal))
        required = parameter.default is inspect.Parameter.empty
        yield Parameter(**vars(typed), name=name, required=required)


class Desk(Protocol):
    """What commands look at: whole in `commands/desk.py`, and here only what the catalogue itself asks of it."""

    def suggestions(self, parameter: Parameter, before: Mapping[str, str]) -> Iterable[str]:
        """Words that may stand for a parameter, most likely first."""


class Catalogue:
    """All commands, and the one way to run one: text in, always a Message out.

    `desk` is handed to every command as it is. Rights, unknown names, missing and superfluous arguments are
    answered here, so no platform has to.
    """

    def __init__(self, commands: Iterable[Command], desk: Desk) -> None:
        self.commands = {entry.name: entry for entry in sorted(commands, key=lambda entry: entry.name)}
        self.desk = desk

    async def answer(self, text: str, caller: Caller) -> Message:
        """Run what was typed; a `UserError` becomes a refusal that only the caller sees."""
        try:
            entry, arguments = self.parse(text)
            if entry.admin and not caller.admin:
                raise UserError("error-admins-only")
            return await entry.run(self.desk, caller, **arguments)
        except UserError as error:
            return Message("refusal", Phrase(error.key, error.values), private=True)  # type: ignore[arg-type]  # values are message values by contract

    def parse(self, text: str) -> tuple[Command, dict[str, str | int]]:
        """The command and its arguments by name; raises `UserError` with what to do."""
        words = split(text)
        for length in (2, 1):
            entry = self.commands.get(" ".join(words[:length]).lower())
            if entry is not None and len(words) >= length:
                return entry, _bind(entry, words[length:])
        if len(words) == 1 and any(name.startswith(words[0].lower() + " ") for name in self.commands):
            raise UserError("error-which-subcommand", command=Name(f"/{words[0].lower()}"))
        raise UserError("error-unknown-command", command=Name("/" + " ".join(words[:2])))

    def suggest(self, parameter: Parameter, typed: str, before: Mapping[str, str]) -> list[str]:
        """Words that an unfinished argument could become, those that begin with it first, at most `MOST_SUGGESTED`.

        `before` holds the arguments given so far. The last word of a list of coins is completed.
        """
        head, _, last = typed.rpartition(" ") if parameter.kind == "coins" else ("", "", typed)
        sign, sought = (last[:1], last[1:].lower()) if last[:1] in {"+", "-"} else ("", last.lower())
        words = parameter.choices or tuple(self.desk.suggestions(parameter, before))
        begin = [word for word in words if word.lower().startswith(sought)]
        within = [word for word in words if sought in word.lower() and word not in begin]
        return [f"{head} {sign}{word}".strip() for word in (*begin, *within)[:MOST_SUGGESTED]]

    def complete(self, text: str, *, admin: bool, coins: Iterable[str]) -> list[str]:
        """Lines that could be meant by an unfinished `text`: commands first, then their arguments."""
        line = text.lstrip("/").lower()
        offered = [entry for entry in self.commands.values() if admin or not entry.admin]
        lines = [entry.name for entry in offered]
        for entry in offered:
            first = entry.parameters[0] if entry.parameters else None
            if first is not None and line.startswith(entry.name + " "):
                words = first.choices or (tuple(coins) if first.kind == "coin" else ())
                lines += [f"{entry.name} {word}" for word in words]
        return [f"/{entry}" for entry in lines if entry.lower().startswith(line)][:12]


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


def _bind(entry: Command, words: list[str]) -> dict[str, str | int]:
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

    12h is a span also where 4h and 24h are the choices, so that it is refused with them, and not as a coin.
    """
    if parameter.choices:
        spans = _SPAN.fullmatch(word.lower()) and any(map(_SPAN.fullmatch, parameter.choices))
        return bool(spans) or _choice(parameter, word) in parameter.choices
    return parameter.kind == "integer" and word.isdecimal()


def _choice(parameter: Parameter, word: str) -> str:
    """In small letters; 24 is 24h."""
    hours = f"{word}h"
    return hours if word.isdecimal() and hours in parameter.choices else word.lower()


def _integer(parameter: Parameter, word: str) -> int:
    number = int(word) if word.isascii() and word.isdigit() and len(word) < LONGEST_INTEGER else None
    if number is None or not parameter.low <= number <= parameter.high:
        name, given, low, high = Name(parameter.name), Name(word[:SHOWN_LENGTH]), parameter.low, parameter.high
        raise UserError("error-not-in-range", setting=name, low=Count(low), high=Count(high), given=given)
    return number
