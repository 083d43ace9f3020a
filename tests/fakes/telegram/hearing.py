"""What a bot in a chat gets to hear: Telegram's privacy mode (core.telegram.org/bots/features#privacy-mode)."""

from __future__ import annotations

import re

from tests.fakes.telegram.call import Json
from tests.fakes.telegram.chats import Message
from tests.fakes.telegram.markup import utf16
from tests.fakes.telegram.world import World

COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@([A-Za-z0-9_]{3,32}))?(?![\w/@])")


def command_entities(text: str) -> tuple[Json, ...]:
    """The commands in a message, as the app marks them."""
    return tuple(
        {"type": "bot_command", "offset": utf16(text[: found.start()]), "length": utf16(found[0])}
        for found in COMMAND.finditer(text)
    )


def hears(world: World, message: Message) -> bool:
    """Whether the bot is told of a message: commands meant for it and answers to it, everything as administrator."""
    chat, sender = message.chat, message.sender
    bot = world.bot_in(chat)
    if not bot.is_in or (sender and sender.is_bot and not message.sender_chat):
        return False
    if chat.kind == "private" or bot.is_admin or not world.privacy:
        return True
    answered = chat.messages.get(message.reply_to or 0)
    if answered and answered.by_bot:
        return True
    named = [name.lower() for name in COMMAND.findall(message.text)]
    return (world.bot.username or "").lower() in named or ("" in named and chat.last_bot_id == world.bot.id)
