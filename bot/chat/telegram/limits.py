"""What Telegram allows a bot; lengths are UTF-16 units after markup was read.

Texts: core.telegram.org/bots/api. Pace: core.telegram.org/bots/faq ("My bot is hitting limits"): about 30 messages a
second in all, one a second to a person, 20 a minute to a group; edits count about the same. The true limits are not
published and move, so a `retry_after` is obeyed beside these.
"""

from __future__ import annotations

from typing import NamedTuple

from bot.chat.telegram.addresses import address_of

TEXT_UNITS = 4_096
CAPTION_UNITS = 1_024
CALLBACK_BYTES = 64
ALERT_UNITS = 200
COMMAND_SUMMARY_UNITS = 256
DESCRIPTION_UNITS = 512
SHORT_DESCRIPTION_UNITS = 120
KEYS = 100
"""Buttons under one message."""
START_PAYLOAD = 64


class Pace(NamedTuple):
    """One request every `every_s` seconds, of which `burst` may come at once after a rest."""

    every_s: float
    burst: int


WHOLE = Pace(1 / 28, 1)
"""A little under the 30 a second, evenly spaced."""
PRIVATE = Pace(1.0, 3)
GROUP = Pace(3.4, 2)
"""In any 60 s 2 + 60/3.4 requests at most, which is under 20 also where the window slides."""


def chat_limit(chat: str) -> Pace:
    """The pace of one chat, by its id in the store."""
    return PRIVATE if address_of(chat).private else GROUP


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
