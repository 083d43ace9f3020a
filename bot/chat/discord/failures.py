"""What discord.py raises as what it means for a delivery (codes: Discord, topics/opcodes-and-status-codes)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import aiohttp
import discord

from bot.errors import (
    ChannelLostError,
    DeliveryError,
    MessageGoneError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
    UnknownOutcomeError,
)

LOST = {50001: "rights", 50013: "rights", 10003: "gone", 10004: "gone"}
MESSAGE_GONE = 10008
BANNED_S = 1_800.0
"""How long to be silent after an answer of Cloudflare: longer than most of its bans, short enough for follow-ups."""
REFUSED_TOKEN_S = 600.0
UNTOLD_WAIT_S = 30.0

NOT_CONNECTED_S = 5.0

# What a thread says that takes no post, or a message of which none can be made: gone or not to be seen, no right to,
# not in this kind of channel, archived, locked, too many of them (announcements have a limit of their own), its name
# refused by the server's own rules.
NO_THREAD = frozenset({10003, 10008, 50001, 50013, 50024, 50083, 160005, 160006, 160007, 200001})
THREAD_EXISTS = 160004

# What a reply is refused for that would be taken without what it answers: nothing earlier may be read here, or the
# answered message is gone, which Discord sometimes says although it was asked to overlook that. Everything else about
# the answered message comes as a form error that names the field.
NO_REPLY = frozenset({10008, 160002})
FORM_ERROR, REPLY_FIELD = 50035, "message_reference"


@contextmanager
def told_as_delivery(client: discord.Client, *, editing: bool) -> Iterator[None]:
    """Whatever Discord or the way to it raises inside becomes a `DeliveryError`."""
    try:
        yield
    except RuntimeError as error:  # aiohttp's "Session is closed"
        if not client.is_closed():
            raise
        raise not_connected() from error
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise delivery_error(error, editing=editing) from error


def delivery_error(error: Exception, *, editing: bool) -> DeliveryError:
    """What became of a send or an edit."""
    match error:
        case discord.RateLimited(retry_after=wait_s):
            return TemporaryDeliveryError("the rate limit is used up", wait_s)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return TemporaryDeliveryError("Discord cannot be reached")
        case discord.DiscordServerError():
            return _unanswered(f"Discord failed with {error.status}", editing=editing)
        case discord.HTTPException():
            return _refused(error)
        case aiohttp.ClientError() | OSError():
            return _unanswered(f"the answer was lost ({type(error).__name__})", editing=editing)
        case _:
            return PermanentDeliveryError(f"{type(error).__name__}: {error}")


def not_connected() -> TemporaryDeliveryError:
    """Nothing can be sent: the client is not logged in yet, or closed already."""
    return TemporaryDeliveryError("not connected to Discord", NOT_CONNECTED_S, everywhere=True)


def refuses_reply(error: discord.HTTPException) -> bool:
    """Whether the same post would perhaps be taken if it were no reply."""
    return error.code in NO_REPLY or (error.code == FORM_ERROR and REPLY_FIELD in error.text)


def _unanswered(told: str, *, editing: bool) -> DeliveryError:
    """An edit can be repeated at will, so it does not matter whether it arrived."""
    return TemporaryDeliveryError(told) if editing else UnknownOutcomeError(told)


def _refused(error: discord.HTTPException) -> DeliveryError:
    told = f"{error.status} {error.code}: {error.text}"
    if error.status == 429:
        return _too_many(error)
    if error.status == 401:
        return TemporaryDeliveryError("Discord refuses the token", REFUSED_TOKEN_S, everywhere=True)
    if error.code in LOST:
        return ChannelLostError(LOST[error.code], told)
    if error.code == MESSAGE_GONE:
        return MessageGoneError(told)
    return PermanentDeliveryError(told)


def _too_many(error: discord.HTTPException) -> DeliveryError:
    """A 429: of Discord itself, which says for how long, or without `Via` of Cloudflare before it, a ban."""
    headers = error.response.headers
    if not headers.get("Via"):
        return TemporaryDeliveryError("Cloudflare refuses this address", BANNED_S, everywhere=True)
    return TemporaryDeliveryError("the rate limit is used up", wait_of(headers))


def wait_of(headers: Mapping[str, str]) -> float:
    """Seconds that an answer asks to wait."""
    try:
        return float(headers.get("Retry-After", UNTOLD_WAIT_S))
    except ValueError:
        return UNTOLD_WAIT_S
