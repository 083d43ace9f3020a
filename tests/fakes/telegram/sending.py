"""The methods that put something into a chat, change it or take it away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.fakes.telegram.access import find_chat, open_thread, replied_message, writable_chat
from tests.fakes.telegram.call import Call, Json, bad_request
from tests.fakes.telegram.chats import Chat, Message, Sort
from tests.fakes.telegram.content import Content
from tests.fakes.telegram.words import caption_content, markup, stored_photo, text_content
from tests.fakes.telegram.world import World, now_s

Method = Callable[[World, Call], Any]

DELETABLE_S = 48 * 3_600  # bots/api#deletemessage
CALLBACK_S = 15  # after this an answer is refused; unpublished, seen on the real service
MOST_ANSWER = 200
CHAT_ACTIONS = {"typing", "upload_photo", "upload_document", "choose_sticker", "find_location"}


def send_message(world: World, call: Call) -> Json:
    """Text; `ApiError` 400, 403 or 429."""
    chat = writable_chat(world, call, "text")
    return _send(world, call, chat, text_content(call, editing=False))


def send_photo(world: World, call: Call) -> Json:
    """A photo, uploaded or by file_id; `ApiError` 400, 403 or 429."""
    chat = writable_chat(world, call, "photo")
    photo, uploaded = stored_photo(world, call, call.text("photo"))
    fields = dict(call.fields)
    return _send(world, call, chat, caption_content(call, fields, photo, uploaded=uploaded, editing=False))


def edit_text(world: World, call: Call) -> Json:
    """New words and keyboard of a text message; a keyboard that is not sent again is gone."""
    message = _own_message(world, call, "text")
    if message.content.photo:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, message, text_content(call, editing=True))


def edit_caption(world: World, call: Call) -> Json:
    """New words and keyboard under a photo."""
    message = _own_message(world, call, "photo")
    photo = message.content.photo
    if photo is None:
        raise bad_request("there is no caption in the message to edit")
    uploaded = message.content.uploaded
    return _edit(world, message, caption_content(call, dict(call.fields), photo, uploaded=uploaded, editing=True))


def edit_media(world: World, call: Call) -> Json:
    """Another photo with its caption, also where there was only text."""
    message = _own_message(world, call, "photo")
    media: Json = call.json("media", "input media") or {}
    if media.get("type") != "photo":
        raise bad_request("can't parse InputMedia: the fake takes photos only")
    photo, uploaded = stored_photo(world, call, media.get("media"), "media")
    return _edit(world, message, caption_content(call, media, photo, uploaded=uploaded, editing=True))


def edit_markup(world: World, call: Call) -> Json:
    """Another keyboard, or none."""
    message = _own_message(world, call, "text")
    return _edit(world, message, replace(message.content, markup=markup(call)))


def delete_message(world: World, call: Call) -> bool:
    """Take away an own message of the last 48 h, or any one as an administrator with that right."""
    chat = find_chat(world, call)
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    bot = world.bot_in(chat)
    own = message.by_bot and world.date_s() - message.date_s < DELETABLE_S
    if not bot.is_in or not (own or bot.may("can_delete_messages")):
        raise bad_request("message can't be deleted")
    del chat.messages[message.id]
    return True


def answer_click(world: World, call: Call) -> bool:
    """End the waiting circle on a button: once a press, and soon."""
    click = world.clicks.get(call.text("callback_query_id"))
    if click is None or click.answer is not None or now_s() - click.at_s > CALLBACK_S:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(call.text("text")) > MOST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    click.answer = {name: value for name, value in call.fields.items() if name != "callback_query_id"}
    return True


def chat_action(world: World, call: Call) -> bool:
    """Show that the bot is busy; only the list of calls remembers it."""
    open_thread(world, call, writable_chat(world, call, "text"))
    if call.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_click,
    "sendChatAction": chat_action,
}


def _send(world: World, call: Call, chat: Chat, content: Content) -> Json:
    thread_id = open_thread(world, call, chat)
    reply_to, reply = replied_message(call, chat)
    world.spend(chat)
    sender = {"sender_chat": chat} if chat.kind == "channel" else {"sender": world.bot}
    message = world.post(
        chat,
        content,
        by_bot=True,
        thread_id=thread_id,
        reply_to=reply_to,
        reply=reply,
        silent=call.flag("disable_notification"),
        preview=call.json("link_preview_options", "link preview options"),
        **sender,
    )
    return message.to_json()


def _edit(world: World, message: Message, content: Content) -> Json:
    if content.looks_like(message.content):
        same = "specified new message content and reply markup are exactly the same as a current content"
        raise bad_request(f"message is not modified: {same} and reply markup of the message")
    world.spend(message.chat)
    message.edits.append((now_s(), message.content))
    message.content = content
    message.edited_s = world.date_s()
    return message.to_json()


def _own_message(world: World, call: Call, what: Sort) -> Message:
    chat = writable_chat(world, call, what)
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return message
