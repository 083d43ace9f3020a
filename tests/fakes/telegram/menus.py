"""What the bot tells Telegram about itself: command menus per scope and language, and its descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.fakes.telegram.call import Call, Json, bad_request
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.people import User
from tests.fakes.telegram.sending import Method
from tests.fakes.telegram.world import World

# Limits of core.telegram.org/bots/api#setmycommands, #setmydescription and #setmyshortdescription.
MOST_COMMANDS = 100
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MOST_SUMMARY = 256
MOST_DESCRIPTION = {"setMyDescription": 512, "setMyShortDescription": 120}

PLAIN_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}


def set_commands(world: World, call: Call) -> bool:
    """Replace the menu of one scope and language; `ApiError` 400."""
    commands: list[Json] = call.json("commands", "commands") or []
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for entry in commands:
        if not COMMAND.fullmatch(entry.get("command", "").removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(entry.get("description", "")) <= MOST_SUMMARY:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.menus[_scope(world, call), _language(call)] = commands
    return True


def get_commands(world: World, call: Call) -> list[Json]:
    """The menu of exactly one scope and language, empty where none was set."""
    return list(world.menus.get((_scope(world, call), _language(call)), []))


def delete_commands(world: World, call: Call) -> bool:
    """Forget the menu of one scope and language."""
    world.menus.pop((_scope(world, call), _language(call)), None)
    return True


def set_description(world: World, call: Call) -> bool:
    """Set one of the two descriptions in one language; `ApiError` 400."""
    field = "description" if call.method == "setMyDescription" else "short_description"
    if len(call.text(field)) > MOST_DESCRIPTION[call.method]:
        raise bad_request("BOT_DESCRIPTION_INVALID")
    world.descriptions[call.method, _language(call)] = call.text(field)
    return True


METHODS: dict[str, Method] = {
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyDescription": set_description,
    "setMyShortDescription": set_description,
}


def menu_for(world: World, chat: Chat, user: User) -> list[str]:
    """The commands this user's app shows in this chat, by the order of core.telegram.org/bots/api#botcommandscope."""
    language = (user.language or "")[:2]
    for scope in _scopes(chat, user):
        for tongue in (language, ""):
            if menu := world.menus.get((scope, tongue)):
                return [entry["command"] for entry in menu]
    return []


def _scopes(chat: Chat, user: User) -> Iterator[str]:
    if chat.is_group:
        yield f"chat_member:{chat.id}:{user.id}"
        if chat.member(user).is_admin:
            yield f"chat_administrators:{chat.id}"
        yield f"chat:{chat.id}"
        if chat.member(user).is_admin:
            yield "all_chat_administrators"
        yield "all_group_chats"
    else:
        yield from (f"chat:{chat.id}", "all_private_chats")
    yield "default"


def _scope(world: World, call: Call) -> str:
    given: Json = call.json("scope", "BotCommandScope") or {"type": "default"}
    kind = given.get("type")
    if kind in PLAIN_SCOPES:
        return str(kind)
    if kind not in {"chat", "chat_administrators", "chat_member"}:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if given.get("chat_id") not in world.chats:
        raise bad_request("chat not found")
    return ":".join(str(part) for part in (kind, given["chat_id"], given.get("user_id")) if part is not None)


def _language(call: Call) -> str:
    language = call.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language
