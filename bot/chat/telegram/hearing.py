"""Which messages are meant for the bot, and what they ask. Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Container

import telegram
from telegram.constants import ChatType

from bot.chat.telegram.limits import START_PAYLOAD

START = "start"


def asked(message: telegram.Message, username: str, families: Container[str]) -> str | None:
    """The line that a message says to the bot; None for what is not for it.

    In private everything is. Elsewhere commands are: those that name the bot, and bare ones of a family that it has,
    since a bare one may be meant for another bot. What was forwarded was said by somebody else.
    """
    text = (message.text or "").strip()
    if not text or message.forward_origin is not None:
        return None
    word = text.split(maxsplit=1)[0]
    family, _, name = word.removeprefix("/").partition("@")
    if word.startswith("/") and name:
        return text if name.lower() == username.lower() else None
    if message.chat.type == ChatType.PRIVATE:
        return text
    return text if word.startswith("/") and (family.lower() in families or family == START) else None


def started(line: str) -> str | None:
    """What /start was said with, "" for nothing; None for any other line."""
    word, _, payload = line.partition(" ")
    return payload.strip() if word.partition("@")[0].lower() == f"/{START}" else None


def payload_of(line: str) -> str | None:
    """A command as the payload of a link that starts the bot; None when it is too long for one."""
    payload = base64.urlsafe_b64encode(line.encode()).decode().rstrip("=")
    return payload if 0 < len(payload) <= START_PAYLOAD else None


def line_of(payload: str) -> str | None:
    """The inverse of `payload_of`; None for what was not made by it."""
    try:
        line = base64.b64decode(payload + "=" * (-len(payload) % 4), b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        return None
    return line if line.startswith("/") else None
