"""From a typed function to a command that every platform can offer.

A file of `commands/` decorates an async function; name, parameters, choices and ranges come from its signature,
its summary from `locales/` under `command-<name>` (a space in the name becomes a hyphen there). The first two
parameters are always `desk` (what the command may look at) and `caller`; the rest is what a person types.
"""

from __future__ import annotations

import inspect
import shlex
import unicodedata
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args, get_origin, get_type_hints

from rapidfuzz import fuzz, process

from bot.message import Message, Phrase

NEAR = 70.0
"""Of 100, how like a command a word is that means it: "fund" and "funding" are 73, "hello" and "help" 67."""
Kind = Literal["coin", "coins", "episode", "choice", "value", "language", "channel", "integer", "preset", "text"]


@dataclass(frozen=True)
class Typed:
    """What stands in an annotation: `Annotated[str, Typed("coin")]`.

    `choices` are the only words allowed, `low` and `high` bound an integer, and `rest` takes everything that is left
    of the line. A "value" is one of the setting named before it. A number that is `skipped` may be left out before
    words, which then take its place. A number with a `unit` may be written with it, 30d as 30.
    """

    kind: Kind
    choices: tuple[str, ...] = ()
    rest: bool = False
    low: int = 0
    high: int = 0
    skipped: bool = False
    unit: str = ""


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


def nearest(words: Sequence[str], names: Iterable[str]) -> str | None:
    """The name of a command that was probably meant by the first words of a line, None where none is like them."""
    verbs: dict[str, list[str]] = {}
    for name in sorted(names):
        family, _, verb = name.partition(" ")
        verbs.setdefault(family, []).append(verb)
    like = _like(words[0], verbs)
    if like is None:
        return None
    second = _like(words[1], verbs[like]) if len(words) > 1 else None
    meant = f"{like} {second}" if second else like
    return None if meant == words[0].lower() else meant


def _like(word: str, choices: Iterable[str]) -> str | None:
    found = process.extractOne(word.lower(), list(choices), scorer=fuzz.ratio, score_cutoff=NEAR)
    return None if found is None else str(found[0])
