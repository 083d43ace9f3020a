"""What Telegram's refusals mean for a delivery.

Texts are those of the public Bot API server (github.com/tdlib/telegram-bot-api), compared without case. `BadRequest`
and `TimedOut` derive from `NetworkError` in the library, so they are looked at first.
"""

from __future__ import annotations

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.chat.telegram.addresses import Address, named
from bot.chat.telegram.requests import FloodError
from bot.errors import (
    ChannelLostError,
    ChannelMovedError,
    DeliveryError,
    MessageGoneError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
    UnknownOutcomeError,
)

REFUSED_TOKEN_S = 300.0
"""How long to leave everything alone when the token is refused: only an operator can change that."""

MARKUP = ("can't parse entities",)
UNCHANGED = ("message is not modified",)
OTHER_KIND = ("there is no text in the message to edit", "there is no caption in the message to edit")
TOPIC_GONE = ("message thread not found", "topic_deleted", "topic_id_invalid")
TOPIC_CLOSED = ("topic_closed",)
FILE = ("wrong file identifier", "wrong remote file", "wrong file_id", "invalid file_id", "file reference expired")
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
LOST = ("chat not found", "chat_id_invalid", "peer_id_invalid", "user is deactivated", "group is deactivated")
RIGHTS = ("not enough rights", "need administrator rights", "have no rights", "chat_write_forbidden")
REMOVED = ("not a member", "was kicked")

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, RuntimeError)
"""What the library's error is caused by when no byte left: no connection, or none free, or the client is closed."""


def says(error: TelegramError, texts: tuple[str, ...]) -> bool:
    """Whether a refusal is one of these."""
    told = str(error).lower()
    return isinstance(error, BadRequest) and any(text in told for text in texts)


def delivery_error(  # noqa: PLR0911 -- one case for each kind of refusal
    error: TelegramError, to: Address, *, sending: bool
) -> DeliveryError:
    """The same failure as the outbox knows it; `sending` something new, where a lost answer leaves doubt."""
    match error:
        case FloodError():
            return TemporaryDeliveryError(str(error), error.retry_after_s)
        case ChatMigrated():
            return ChannelMovedError(named(error.new_chat_id))
        case Forbidden():
            return ChannelLostError(_reason(error, to), str(error))
        case InvalidToken():
            return TemporaryDeliveryError("Telegram refuses the token", REFUSED_TOKEN_S, everywhere=True)
        case BadRequest():
            return _refused(error, sending=sending)
        case NetworkError() if isinstance(error.__cause__, NEVER_SENT):
            return TemporaryDeliveryError(str(error))
        case _:
            # Lost on the way, or an answer that nobody can read: what was asked for may have been done.
            return UnknownOutcomeError(str(error)) if sending else TemporaryDeliveryError(str(error))


def _refused(error: BadRequest, *, sending: bool) -> DeliveryError:
    """An edit that a topic does not take is given up; the next post finds out what became of the topic, and tells."""
    if says(error, GONE):
        return MessageGoneError(str(error))
    if says(error, LOST) or (sending and says(error, TOPIC_GONE)):
        return ChannelLostError("gone", str(error))
    if says(error, RIGHTS) or (sending and says(error, TOPIC_CLOSED)):
        return ChannelLostError("rights", str(error))
    return PermanentDeliveryError(str(error))


def _reason(error: Forbidden, to: Address) -> str:
    if to.private:
        return "blocked"
    told = str(error).lower()
    return "removed" if any(text in told for text in REMOVED) else "rights"
