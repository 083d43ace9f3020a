"""The methods that only look: at the bot, at chats, at members and at files."""

from __future__ import annotations

from tests.fakes.telegram.access import readable_chat
from tests.fakes.telegram.call import Call, Json, bad_request
from tests.fakes.telegram.people import User
from tests.fakes.telegram.sending import Method
from tests.fakes.telegram.world import World


def get_me(world: World, call: Call) -> Json:
    """The bot, with what only it may know of itself."""
    flags = {"can_join_groups": True, "can_read_all_group_messages": not world.privacy}
    return world.bot.to_json() | flags | {"supports_inline_queries": False, "has_main_web_app": False}


def get_chat(world: World, call: Call) -> Json:
    """A chat in full; `ApiError` 400 or 403."""
    chat = readable_chat(world, call)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    body: Json = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    if chat.is_group:
        allowed = {"can_send_messages": "text" not in chat.forbidden, "can_send_photos": "photo" not in chat.forbidden}
        body["permissions"] = allowed
    return chat.to_json() | body


def get_member(world: World, call: Call) -> Json:
    """What somebody is in a chat: of others only where the bot is an administrator; `ApiError` 400 or 403."""
    chat = readable_chat(world, call)
    user = _user(world, call.integer("user_id"))
    if user != world.bot and chat.kind != "private" and not world.bot_in(chat).is_admin:
        raise bad_request("member list is inaccessible")
    return chat.member(user).to_json()


def get_administrators(world: World, call: Call) -> list[Json]:
    """The administrators of a chat without other bots; `ApiError` 400 or 403."""
    chat = readable_chat(world, call)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    if chat.kind == "channel" and not world.bot_in(chat).is_admin:
        raise bad_request("member list is inaccessible")
    members = [member for member in chat.members.values() if member.is_admin]
    return [member.to_json() for member in members if not member.user.is_bot or member.user == world.bot]


def get_file(world: World, call: Call) -> Json:
    """Where a photo can be fetched; `ApiError` 400."""
    photo = world.photos.get(call.text("file_id"))
    if photo is None:
        raise bad_request("invalid file_id")
    return photo.to_json()[-1] | {"file_path": f"photos/{photo.file_id}.png"}


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getChat": get_chat,
    "getChatMember": get_member,
    "getChatAdministrators": get_administrators,
    "getFile": get_file,
}


def _user(world: World, user_id: int) -> User:
    if user_id == world.bot.id:
        return world.bot
    if user_id not in world.users:
        raise bad_request("invalid user_id specified")
    return world.users[user_id]
