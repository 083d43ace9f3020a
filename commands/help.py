"""/help: what a person can ask, and what each command and setting takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.alerts.settings import SETTINGS, Setting
from bot.command import Caller, Command, Rest, command, nearest
from bot.errors import UserError
from bot.message import Button, Message, Name, Names, Row, Usd
from commands.desk import Desk
from commands.phrases import muted, say

LONGEST_SHOWN = 32


def help_for(others: Iterable[Command]) -> Command:
    """The command that explains `others` and itself."""

    @command("help")
    async def explain(desk: Desk, caller: Caller, command: Rest = "") -> Message:
        """What can be asked; with a command, what that one takes."""
        known = {entry.name: entry for entry in (*others, explain)}
        if command:
            return _one(desk, known, command)
        shown = [entry for entry in known.values() if not entry.admin]
        rows = [*map(_line, shown), *(_family_lines(known) if caller.admin else ())]
        return desk.answer(say("help-headline"), rows, buttons=_FIRST, private=True)

    return explain


_FIRST = (
    Button(say("button-status"), "/status"),
    Button(say("button-last-flush"), "/flush last"),
)


def _line(entry: Command) -> Row:
    return Row(say("help-command", usage=Name(entry.usage), summary=entry.summary))


def _family_lines(known: Mapping[str, Command]) -> Iterator[Row]:
    """One line a family of what only admins may do; `/help alerts` has a line for each of them."""
    admins = [entry for entry in known.values() if entry.admin]
    for family in dict.fromkeys(entry.family for entry in admins):
        verbs = tuple(entry.verb for entry in admins if entry.family == family)
        yield Row(say("help-admin-family", family=Name(f"/{family}"), verbs=Names(verbs)))


def _one(desk: Desk, known: dict[str, Command], typed: str) -> Message:
    words = typed.lower().removeprefix("/").split()
    name = " ".join(words)
    entry = next((known[begin] for begin in _beginnings(words) if begin in known), None)
    if entry is None:
        family = [other for other in known.values() if other.name.startswith(f"{name} ")]
        if not family:
            raise _unknown(words, known)
        return desk.answer(say("help-family", command=Name(f"/{name}")), map(_line, family), private=True)
    rows = [Row(say(f"help-how-{entry.name.replace(' ', '-')}"))]
    if entry.admin:
        rows.append(muted("help-admins"))
    if entry.name == "alerts set":
        rows += [_setting(setting) for setting in SETTINGS.values()]
    return desk.answer(say("help-command", usage=Name(entry.usage), summary=entry.summary), rows, private=True)


def _unknown(words: list[str], known: Iterable[str]) -> UserError:
    typed, near = Name(f"/{' '.join(words)[:LONGEST_SHOWN]}"), nearest(words, known) if words else None
    if near is None:
        return UserError("error-unknown-command", command=typed)
    return UserError("error-unknown-command-near", command=typed, near=Name(f"/help {near}"))


def _beginnings(words: list[str]) -> Iterator[str]:
    """All of it first, then less and less: help about "flush why" is that about "flush"."""
    return (" ".join(words[:count]) for count in range(len(words), 0, -1))


def _setting(setting: Setting) -> Row:
    name = Name(setting.key)
    if setting.choices:
        choices = Name(", ".join(setting.choices))
        return Row(say("help-setting-choices", setting=name, summary=setting.summary, choices=choices))
    if setting.low is not None and setting.high is not None:
        low, high = Usd(setting.low), Usd(setting.high)
        return Row(say("help-setting-range", setting=name, summary=setting.summary, low=low, high=high))
    return Row(say("help-setting", setting=name, summary=setting.summary))
