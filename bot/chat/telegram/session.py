"""Finding out who the bot is; what Telegram refuses is told in a sentence that says what to do."""

from __future__ import annotations

import telegram
from telegram.error import InvalidToken, TelegramError

from bot.errors import ChatError

TOKEN_REFUSED = "Telegram refuses the token; ask @BotFather for a new one."  # noqa: S105 -- a sentence


async def log_in(bot: telegram.Bot) -> None:
    """Make the bot know itself; raises `ChatError` for a token that is refused and an address that is silent."""
    try:
        await bot.initialize()
    except InvalidToken:
        # `from None`: the library's own text holds the token
        raise ChatError(TOKEN_REFUSED) from None
    except TelegramError as error:
        raise ChatError(f"Telegram does not answer: {error}. Look at this machine's network.") from error


def introduction(username: str) -> str:
    """Who the bot is, and where it is added to a group, for the operator."""
    return f"I am @{username}. Add me to a group: https://t.me/{username}?startgroup=on"
