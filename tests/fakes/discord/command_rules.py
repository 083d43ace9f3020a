"""Limits of registered commands (interactions/application-commands): what Discord answers with 400/50035."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.fakes.discord.errors import invalid_form
from tests.fakes.discord.world import Json

Fault = tuple[str, str]

CHAT_INPUT = 1
NAME = re.compile(r"[-_'\w]{1,32}")
"""Near enough to Discord's expression, which names Unicode classes that `re` does not know."""


def check(commands: list[Json]) -> None:
    """Refuse a list of commands that Discord would refuse.

    Raises:
        ApiError: 400/50035 with every fault found.
    """
    faults = [each for index, command in enumerate(commands) for each in _command_faults(str(index), command)]
    names = [(command.get("type", CHAT_INPUT), command["name"]) for command in commands]
    if len(set(names)) < len(names):
        faults.append(("name", "Application command names must be unique"))
    if sum(kind == CHAT_INPUT for kind, _ in names) > 100:
        faults.append(("name", "Maximum number of application commands reached (100)."))
    if faults:
        raise invalid_form(faults)


def _command_faults(path: str, command: Json) -> Iterator[Fault]:
    if command.get("type", CHAT_INPUT) != CHAT_INPUT:
        return
    yield from _named(path, command)
    yield from _option_faults(path, command.get("options", []))
    if _characters(command) > 8000:
        yield path, "Command exceeds maximum size (8000)"


def _named(path: str, thing: Json) -> Iterator[Fault]:
    for name in (thing["name"], *(thing.get("name_localizations") or {}).values()):
        if not NAME.fullmatch(name) or name != name.lower():
            yield f"{path}.name", "Command name is invalid"
    for description in (thing.get("description", ""), *(thing.get("description_localizations") or {}).values()):
        if not 1 <= len(description) <= 100:
            yield f"{path}.description", "Must be between 1 and 100 in length."


def _option_faults(path: str, options: list[Json]) -> Iterator[Fault]:
    if len(options) > 25:
        yield f"{path}.options", "Must be 25 or fewer in length."
    required = [option.get("required", False) for option in options]
    if required != sorted(required, reverse=True):
        yield f"{path}.options", "Required options must be placed before non-required options"
    for index, option in enumerate(options):
        here = f"{path}.options.{index}"
        yield from _named(here, option)
        yield from _choice_faults(here, option)
        yield from _option_faults(here, option.get("options", []))


def _choice_faults(path: str, option: Json) -> Iterator[Fault]:
    choices = option.get("choices") or []
    if len(choices) > 25:
        yield f"{path}.choices", "Must be 25 or fewer in length."
    if choices and option.get("autocomplete"):
        yield f"{path}.autocomplete", "Autocomplete and choices exclude each other."
    for choice in choices:
        for name in (choice["name"], str(choice["value"]), *(choice.get("name_localizations") or {}).values()):
            if not 1 <= len(name) <= 100:
                yield f"{path}.choices", "Must be between 1 and 100 in length."


def _characters(thing: Json) -> int:
    """Characters that count to 8,000: of a text and its translations only the longest."""

    def longest(key: str) -> int:
        texts = (str(thing.get(key, "")), *(thing.get(f"{key}_localizations") or {}).values())
        return max(len(text) for text in texts)

    nested = [*thing.get("options", []), *(thing.get("choices") or [])]
    return longest("name") + longest("description") + longest("value") + sum(_characters(each) for each in nested)
