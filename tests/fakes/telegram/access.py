"""Which chat a request means, and whether the bot may read it, write in it and post in its topics.

The order of the checks and their words follow `check_chat` of the Bot API server (Client.cpp).
"""

from __future__ import annotations

from tests.fakes.telegram.call import ApiError, Call, Json, bad_request, forbidden
from tests.fakes.telegram.chats import GENERAL, Chat, Sort
from tests.fakes.telegram.world import World


def find_chat(world: World, call: Call) -> Chat:
    """The chat of a request by id, or by @username where it is public; raises `ApiError` 400."""
    given = call.text("chat_id")
    if not given:
        raise bad_request("chat_id is empty")
    if given.startswith("@"):
        found = next((c for c in world.chats.values() if c.kind != "private" and c.username == given[1:]), None)
    else:
        found = world.chats.get(call.integer("chat_id"))
    if found is None or (found.kind == "private" and world.bot_in(found).status == "left"):
        raise bad_request("chat not found")
    call.chat_id = found.id
    return found


def readable_chat(world: World, call: Call) -> Chat:
    """A chat that the bot is in, or that anybody can read; raises `ApiError` 400 or 403."""
    chat = find_chat(world, call)
    if chat.kind == "channel" and chat.username and world.bot_in(chat).status != "kicked":
        return chat
    _check_inside(world, chat)
    return chat


def writable_chat(world: World, call: Call, what: Sort) -> Chat:
    """A chat in which the bot may post `what` now; raises `ApiError` 400 or 403."""
    chat = find_chat(world, call)
    _check_inside(world, chat)
    bot = world.bot_in(chat)
    if chat.kind == "channel" and not bot.may("can_post_messages"):
        raise bad_request("need administrator rights in the channel chat")
    if chat.is_group and what in chat.forbidden and not bot.is_admin:
        raise bad_request(f"not enough rights to send {'text messages' if what == 'text' else 'photos'} to the chat")
    return chat


def open_thread(world: World, call: Call, chat: Chat) -> int | None:
    """The topic a message goes to, None for General and for chats without topics; raises `ApiError` 400."""
    given = call.integer("message_thread_id")
    if given == GENERAL or (given and given not in chat.topics):
        raise bad_request("message thread not found")
    topic = chat.topics.get(given or GENERAL)
    if topic and topic.closed and not world.bot_in(chat).may("can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return given or None


def replied_message(call: Call, chat: Chat) -> tuple[int | None, Json | None]:
    """The message that is replied to, if it still exists, and the parameters as sent; raises `ApiError` 400."""
    parameters: Json | None = call.json("reply_parameters", "reply parameters")
    if parameters is None:
        return None, None
    if parameters.get("message_id") in chat.messages:
        return parameters["message_id"], parameters
    if not parameters.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return None, parameters


def _check_inside(world: World, chat: Chat) -> None:
    if chat.migrated_to:
        raise ApiError(400, "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    status = world.bot_in(chat).status
    if chat.kind == "private" and status == "kicked":
        raise forbidden("bot was blocked by the user")
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if status == "left":
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
