"""One claimed delivery handed to its chat, and what became of it as a row.

An answer that was lost leaves the outcome unknown. Where the platform drops a repeated message by itself, the same
message is simply sent again for as long as it does; after that, and where it does not, it is sent once more with a
word that it may be a repeat, when the platform answers again, and never a third time.
"""

import logging
from typing import NamedTuple

from bot.alerts.outbox import EDIT_PRIORITY, Transport
from bot.alerts.settings import settings_of
from bot.errors import (
    ChannelLostError,
    ChannelMovedError,
    DeliveryError,
    MessageGoneError,
    PermanentDeliveryError,
    StoreError,
    TemporaryDeliveryError,
    UnknownOutcomeError,
)
from bot.message import Post, Turn, decode
from bot.store.claims import Claimed, Moment, may_have_arrived
from bot.store.rows import DeliveryRow, DeliveryState

log = logging.getLogger(__name__)

BACK_OFF_S = 5.0
BACK_OFF_MOST_S = 600.0
REPEAT_WAITS_S = 15.0
"""How long a repeat waits before it is looked at again, while the platform does not answer."""
MOST_FAILURES = 8
"""Of an edit; a post has the time until it is old news."""


class Outcome(NamedTuple):
    """The row as it is to be kept, and what else follows.

    `lost` is the reason to suspend the channel, `moved_to` its new id. `hold_s` is how long to leave the chat alone,
    or the whole platform with `everywhere`. `answered` is false when the platform did not answer at all.
    """

    row: DeliveryRow
    lost: ChannelLostError | None = None
    moved_to: str | None = None
    hold_s: float = 0.0
    everywhere: bool = False
    answered: bool = True


async def deliver(transport: Transport, claimed: Claimed, at: Moment, turn: Turn, *, steady: bool) -> Outcome:
    """Send or edit one, and say what became of it; every failure ends in an outcome.

    `steady` tells that the platform answers: only then is it asked to take what it may have taken before.
    """
    row = claimed.delivery
    left = _left_out(claimed, transport, at)
    if left is not None:
        return Outcome(left)
    repeat = row.state == "pending" and may_have_arrived(row, at.wall_ms, transport.repeatable_for_ms)
    if repeat and not steady:
        return Outcome(row, hold_s=REPEAT_WAITS_S)
    try:
        sent = await _hand_over(transport, claimed, at, turn, repeat=repeat)
    except DeliveryError as error:
        return _failed(row, error, at, repeat=repeat)
    except StoreError as error:  # before or after the request, nobody knows
        return _failed(row, UnknownOutcomeError(str(error)), at, repeat=repeat)
    except Exception as error:
        log.exception("Delivery failed channel=%s message=%s", row.channel_id, row.message_id)
        return Outcome(_given_up(row, type(error).__name__))
    return Outcome(sent._replace(attempted_ms=None, failures=0, last_error=None, priority=EDIT_PRIORITY))


def _left_out(claimed: Claimed, transport: Transport, at: Moment) -> DeliveryRow | None:
    """The row of a delivery that is not to be carried out; None for one that is."""
    row, channel = claimed.delivery, claimed.channel
    if channel is not None and channel.state != "on" and claimed.message.kind != "test":
        return _given_up(row, f"the channel is {channel.state}", "dropped")
    if row.state == "sent":
        return None
    unknown = row.attempted_ms is not None
    if row.expires_ms is not None and row.expires_ms < at.now_ms:
        return _given_up(row, "expired before it could be sent", "unknown" if unknown else "dropped")
    if row.repeats and may_have_arrived(row, at.wall_ms, transport.repeatable_for_ms):
        return _given_up(row, "no answer, twice: it may have arrived", "unknown")
    if claimed.message.thread_of and (claimed.card is None or claimed.card.state not in {"sent", "unknown"}):
        return _given_up(row, "its card is not in this channel", "dropped")
    return None


async def _hand_over(transport: Transport, claimed: Claimed, at: Moment, turn: Turn, *, repeat: bool) -> DeliveryRow:
    row, message = claimed.delivery, claimed.message
    post = _post(claimed, at.now_ms, repeat=repeat)
    if row.state == "sent" and row.platform_id is not None:
        await transport.edit(post, row.platform_id, turn)
        return row._replace(sent_revision=message.revision, edited_ms=at.now_ms)
    platform_id = await transport.send(post, turn)
    return row._replace(
        state="sent", platform_id=platform_id, sent_revision=message.revision, sent_ms=at.now_ms,
        repeats=row.repeats + repeat,
    )  # fmt: skip


def _post(claimed: Claimed, now_ms: int, *, repeat: bool) -> Post:
    row, message, settings = claimed.delivery, claimed.message, settings_of(claimed.channel)
    return Post(
        channel=row.channel_id,
        message_id=message.id,
        revision=message.revision,
        message=decode(message.body),
        language=settings.language,
        now_ms=now_ms,
        theme=settings.theme,
        thread_of=message.thread_of,
        reply_to=claimed.card.platform_id if claimed.card else None,
        in_thread=settings.followups_in == "thread",
        silent=row.silent,
        repeat=repeat,
        showing=claimed.showing,
    )


def _failed(row: DeliveryRow, error: DeliveryError, at: Moment, *, repeat: bool) -> Outcome:  # noqa: PLR0911 -- one case for each kind of failure
    failed = row._replace(failures=row.failures + 1, last_error=str(error))
    match error:
        case UnknownOutcomeError():
            attempted_ms = at.wall_ms if row.attempted_ms is None else row.attempted_ms
            return _postponed(failed._replace(attempted_ms=attempted_ms, repeats=row.repeats + repeat))
        case ChannelMovedError(channel=channel):
            return Outcome(row, moved_to=channel)
        case TemporaryDeliveryError(retry_after_s=None):
            return _postponed(failed, everywhere=error.everywhere)
        case TemporaryDeliveryError(retry_after_s=wait_s):
            # The chat only asks for patience: that is no failure of this message.
            return Outcome(failed._replace(failures=row.failures), hold_s=wait_s or 0.0, everywhere=error.everywhere)
        case ChannelLostError():
            return Outcome(_given_up(failed, str(error)), lost=error)
        case MessageGoneError():
            return Outcome(failed._replace(state="dead", sent_revision=row.wanted_revision))
        case PermanentDeliveryError():
            log.error("Delivery refused channel=%s message=%s: %s", row.channel_id, row.message_id, error)
            return Outcome(_given_up(failed, str(error)))
        case _:
            return Outcome(_given_up(failed, str(error)))


def _postponed(row: DeliveryRow, *, everywhere: bool = False) -> Outcome:
    if row.expires_ms is None and row.failures >= MOST_FAILURES:
        state: DeliveryState = "dead" if row.attempted_ms is None else "unknown"
        return Outcome(_given_up(row, row.last_error or "", state), answered=False)
    wait_s = min(BACK_OFF_S * 2 ** min(row.failures - 1, 10), BACK_OFF_MOST_S)
    return Outcome(row, hold_s=wait_s, everywhere=everywhere, answered=False)


def _given_up(row: DeliveryRow, reason: str, state: DeliveryState = "dead") -> DeliveryRow:
    """No further try: a new post gets its final state, an edit leaves the post as it stands."""
    if row.state == "sent":
        return row._replace(sent_revision=row.wanted_revision, last_error=reason)
    return row._replace(state=state, last_error=reason)
