"""All commands, and the one way to run one: text in, always a Message out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from bot.arguments import bind, split
from bot.command import Caller, Command, Parameter, nearest
from bot.errors import UserError
from bot.message import Message, Name, Phrase

MOST_SUGGESTED = 25  # what Discord shows of an autocomplete


class Desk(Protocol):
    """What commands look at: whole in `commands/desk.py`, and here only what the catalogue itself asks of it."""

    def suggestions(self, parameter: Parameter, before: Mapping[str, str]) -> Iterable[str]:
        """Words that may stand for a parameter, most likely first."""


class Catalogue:
    """`desk` is handed to every command as it is.

    Rights, unknown names, missing and superfluous arguments are
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
        if not words or not words[0]:
            raise UserError("error-no-command")
        for length in (2, 1):
            entry = self.commands.get(" ".join(words[:length]).lower())
            if entry is not None and len(words) >= length:
                return entry, bind(entry, words[length:])
        if len(words) == 1 and any(name.startswith(words[0].lower() + " ") for name in self.commands):
            raise UserError("error-which-subcommand", command=Name(f"/{words[0].lower()}"))
        typed, near = Name("/" + " ".join(words[:2])), nearest(words, self.commands)
        if near is not None:
            raise UserError("error-unknown-command-near", command=typed, near=Name(f"/{near}"))
        raise UserError("error-unknown-command", command=typed)

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
