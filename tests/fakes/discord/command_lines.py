"""What a person types, checked as Discord's own input box checks it: only registered commands with valid options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.world import Channel, Guild, Json, Role, User, World

Value = str | int | float | bool | User | Channel | Role

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
TYPES: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    USER: (User,),
    CHANNEL: (Channel,),
    ROLE: (Role,),
    MENTIONABLE: (User, Role),
    NUMBER: (int, float),
}
IN_GUILD, IN_DM, ELSEWHERE = 0, 1, 2


class NotOfferedError(Exception):
    """Discord would not let this person send this command here: it is unknown, hidden, or an option is invalid."""


@dataclass
class Line:
    """A command line that was accepted."""

    data: Json
    picked: list[User | Channel | Role] = field(default_factory=list)


def context_of(world: World, channel: Channel) -> int:
    """Where a channel is, in Discord's counting of contexts."""
    if channel.guild:
        return IN_GUILD
    return IN_DM if channel.id in world.dms else ELSEWHERE


def parse(world: World, channel: Channel, line: str, options: Mapping[str, Value], focused: str | None = None) -> Line:
    """The `data` of an interaction for "name [group] [subcommand]" with options.

    With `focused` the line is unfinished: missing and out-of-range values pass.

    Raises:
        NotOfferedError: see there.
    """
    name, *subcommands = line.split()
    command = find(world, channel.guild, name)
    leaf, parents = command, []
    for subcommand in subcommands:
        leaf = _one(leaf, subcommand, {SUBCOMMAND, GROUP})
        parents.append(leaf)
    if any(each["type"] in {SUBCOMMAND, GROUP} for each in leaf.get("options", [])):
        raise NotOfferedError(f"/{line} wants a subcommand")
    made = Line({}, [value for value in options.values() if isinstance(value, User | Channel | Role)])
    filled = [_filled(_one(leaf, key, set(TYPES)), value, focused) for key, value in options.items()]
    missing = {each["name"] for each in leaf.get("options", []) if each.get("required")} - set(options)
    if missing and focused is None:
        raise NotOfferedError(f"/{line} wants {missing}")
    for parent in reversed(parents):
        filled = [{"name": parent["name"], "type": parent["type"], "options": filled}]
    made.data = {"id": command["id"], "name": name, "type": 1, "options": filled}
    return made


def find(world: World, guild: Guild | None, name: str) -> Json:
    """The registered command of that name: of the guild before those for all.

    Raises:
        NotOfferedError: it was never registered.
    """
    own = world.commands.get(guild.id, []) if guild else []
    for command in [*own, *world.commands.get(None, [])]:
        if command["name"] == name and command.get("type", 1) == 1:
            return command
    raise NotOfferedError(f"/{name} is not registered")


def check_offered(command: Json, context: int, permissions: Permission, *, user_install: bool) -> None:
    """Refuse where Discord would not show the command: context, installation, default permissions.

    Raises:
        NotOfferedError: see there.
    """
    contexts = command.get("contexts")
    if contexts is not None and context not in contexts:
        raise NotOfferedError(f"/{command['name']} is not offered in context {context}")
    if int(user_install) not in (command.get("integration_types") or [0]):
        raise NotOfferedError(f"/{command['name']} is not offered with this installation")
    wanted = command.get("default_member_permissions")
    if context != IN_GUILD or wanted is None or permissions & Permission.ADMINISTRATOR:
        return
    if int(wanted) == 0 or int(wanted) & ~int(permissions):
        raise NotOfferedError(f"/{command['name']} is not offered to this member")


def _one(parent: Json, name: str, types: set[int]) -> Json:
    for option in parent.get("options", []):
        if option["name"] == name and option["type"] in types:
            return dict(option)
    raise NotOfferedError(f"{parent['name']} has no {name}")


def _filled(option: Json, value: Value, focused: str | None) -> Json:
    made: Json = {"name": option["name"], "type": option["type"]}
    if focused == option["name"]:
        if not option.get("autocomplete"):
            raise NotOfferedError(f"{option['name']} has no autocomplete")
        return made | {"value": str(value), "focused": True}
    if not isinstance(value, TYPES[option["type"]]) or (isinstance(value, bool) and option["type"] != BOOLEAN):
        raise NotOfferedError(f"{option['name']} takes no {type(value).__name__}")
    if focused is None:
        _check_value(option, value)
    return made | {"value": str(value.id) if isinstance(value, User | Channel | Role) else value}


def _check_value(option: Json, value: Value) -> None:
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise NotOfferedError(f"{option['name']} is one of {choices}")
    kinds = option.get("channel_types")
    if isinstance(value, Channel) and kinds and value.kind not in kinds:
        raise NotOfferedError(f"{option['name']} takes channels of {kinds}")
    size = len(value) if isinstance(value, str) else value
    if isinstance(size, int | float):
        lowest = option.get("min_length" if isinstance(value, str) else "min_value")
        highest = option.get("max_length" if isinstance(value, str) else "max_value")
        if (lowest is not None and size < lowest) or (highest is not None and size > highest):
            raise NotOfferedError(f"{option['name']} lies between {lowest} and {highest}")
