"""Rows of the outbox: messages as data, and what each channel should show and shows of them."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from typing import NamedTuple

import msgspec
from sqlite_utils import Database

from bot.store.rows import ChannelRow, DeliveryRow, DeliveryState, MessageRow, SentRow
from bot.store.statements import as_row, columns, load, load_one, save

_JOIN = (
    f"SELECT {columns(DeliveryRow)}, {columns(MessageRow)} FROM deliveries JOIN messages ON messages.id = message_id"  # noqa: S608 -- names of our own columns only
)


_OPEN = "(state = 'pending' OR (state = 'sent' AND wanted_revision > sent_revision))"
_DUE = f"{_OPEN} AND deliveries.platform = ? AND due_ms <= ? AND (leased_until_ms IS NULL OR leased_until_ms <= ?)"
_IN_ORDER = "ORDER BY deliveries.priority, deliveries.due_ms, deliveries.message_id, deliveries.channel_id"
# Read from the index of open deliveries, and only until there are enough: a claim costs the same however many wait.
_WAITING = f"SELECT rowid, channel_id FROM deliveries WHERE {_DUE} {_IN_ORDER}"  # noqa: S608 -- fixed names
_CHOSEN = f"{_JOIN} WHERE deliveries.rowid IN (SELECT value FROM json_each(?)) {_IN_ORDER}"  # noqa: S608 -- fixed names
_OUTCOME = (
    "state", "sent_revision", "priority", "platform_id", "failures", "last_error", "sent_ms", "edited_ms",
    "attempted_ms", "repeats",
)  # fmt: skip
_RECORD = (
    f"UPDATE deliveries SET {', '.join(f'{field} = ?' for field in _OUTCOME)}, leased_until_ms = NULL"  # noqa: S608 -- fixed names
    " WHERE message_id = ? AND channel_id = ?"
)


def save_message(db: Database, row: MessageRow) -> None:
    """Keep a message; a known one takes the new body only when its `revision` is higher."""
    db.execute(
        f"INSERT INTO messages ({', '.join(row._fields)}) VALUES ({', '.join('?' * len(row))})"  # noqa: S608 -- field names
        " ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, body = excluded.body,"
        " revised_ms = excluded.revised_ms WHERE excluded.revision > messages.revision",
        row,
    )


def load_message(db: Database, message_id: str) -> MessageRow | None:
    """One message by its id."""
    return load_one(db, MessageRow, "WHERE id = ?", (message_id,))


def save_delivery(db: Database, row: DeliveryRow) -> None:
    """Keep a delivery as it is now; its message must be there when the transaction ends."""
    save(db, row)


def load_deliveries(db: Database, message_id: str) -> list[DeliveryRow]:
    """All deliveries of a message, by channel."""
    return load(db, DeliveryRow, "WHERE message_id = ? ORDER BY channel_id", (message_id,))


def load_delivery(db: Database, message_id: str, channel_id: str) -> DeliveryRow | None:
    """The delivery of a message to one channel."""
    return load_one(db, DeliveryRow, "WHERE message_id = ? AND channel_id = ?", (message_id, channel_id))


class Claimed(NamedTuple):
    """A delivery as it was before it was claimed, and what a sender has to know to carry it out.

    `card` is the delivery of the card that the message answers, in the same channel.
    """

    delivery: DeliveryRow
    message: MessageRow
    channel: ChannelRow | None
    card: DeliveryRow | None


def claim_deliveries(
    db: Database,
    platform: str,
    now_ms: int,
    limit: int,
    lease_ms: int,
    blocked: Collection[str] = (),
    repeatable_for_ms: int = 0,
) -> list[Claimed]:
    """Take up to `limit` deliveries of a platform that are due, one a chat, and hold them for `lease_ms`.

    Due is what was never sent, or shows an older revision than wanted. First come low `priority`, then early `due_ms`.
    Chats in `blocked` are passed over; a chat is the id of a channel without its topic. A repeat counts from here on,
    so that a process killed over it leaves it counted.
    """
    chosen = _first_of_each_chat(db, platform, now_ms, limit, blocked)
    found = db.execute(_CHOSEN, (msgspec.json.encode(chosen).decode(),)).fetchall()
    claimed = []
    for values in found:
        delivery, message = _pair(values)
        attempted_ms = now_ms if delivery.attempted_ms is None else delivery.attempted_ms
        pending = delivery.state == "pending"
        held = delivery._replace(
            leased_until_ms=now_ms + lease_ms,
            attempted_ms=attempted_ms if pending else None,
            repeats=delivery.repeats + (pending and may_have_arrived(delivery, now_ms, repeatable_for_ms)),
        )
        save(db, held)
        channel = load_one(db, ChannelRow, "WHERE id = ?", (delivery.channel_id,))
        card = load_delivery(db, message.thread_of, delivery.channel_id) if message.thread_of else None
        claimed.append(Claimed(delivery, message, channel, card))
    return claimed


def _first_of_each_chat(db: Database, platform: str, now_ms: int, limit: int, blocked: Collection[str]) -> list[int]:
    """Row numbers; a chat is paced as a whole, with all its topics: "telegram:-100123/45" is in "telegram:-100123"."""
    chosen: dict[str, int] = {}
    with closing(db.execute(_WAITING, (platform, now_ms, now_ms))) as waiting:
        for row, channel in waiting:
            chat = channel.partition("/")[0]
            if chat not in blocked:
                chosen.setdefault(chat, row)
            if len(chosen) == limit:
                break
    return list(chosen.values())


def may_have_arrived(row: DeliveryRow, now_ms: int, repeatable_for_ms: int) -> bool:
    """Whether a resend could be seen as a second message, the platform dropping repeats for `repeatable_for_ms`."""
    return row.attempted_ms is not None and now_ms - row.attempted_ms >= repeatable_for_ms


def count_due(db: Database, platform: str, now_ms: int) -> int:
    """How many deliveries of a platform are due and held by nobody."""
    found = db.execute(f"SELECT count(*) FROM deliveries WHERE {_DUE}", (platform, now_ms, now_ms)).fetchone()  # noqa: S608 -- the condition above
    return int(found[0])


def oldest_due(db: Database, channel_id: str) -> int | None:
    """Since when the oldest post waits that a channel has not got yet, in UTC ms; None when nothing waits."""
    found = db.execute(
        "SELECT min(due_ms) FROM deliveries WHERE channel_id = ? AND state = 'pending'", (channel_id,)
    ).fetchone()
    return None if found[0] is None else int(found[0])


def last_delivery(db: Database, channel_id: str, states: Collection[DeliveryState]) -> DeliveryRow | None:
    """The newest delivery of a channel in one of some states."""
    marks = ", ".join("?" * len(states))
    return load_one(
        db,
        DeliveryRow,
        f"WHERE channel_id = ? AND state IN ({marks}) ORDER BY coalesce(sent_ms, due_ms) DESC",
        (channel_id, *states),
    )


def record_outcome(db: Database, row: DeliveryRow) -> None:
    """Keep what became of a claimed delivery, and let go of it.

    Only the outcome is written: what the channel should show may have changed while the delivery was on its way, and
    the delivery itself may be gone.
    """
    values = [getattr(row, field) for field in _OUTCOME]
    db.execute(_RECORD, (*values, row.message_id, row.channel_id))


def release_leases(db: Database, platform: str) -> None:
    """Free what a sender of an earlier run still held; for start-up, when no sender runs yet."""
    db.execute(
        "UPDATE deliveries SET leased_until_ms = NULL WHERE platform = ? AND leased_until_ms IS NOT NULL", (platform,)
    )


def load_sent(db: Database, channel_id: str, limit: int) -> list[SentRow]:
    """The last `limit` messages that a channel shows, oldest first."""
    found = db.execute(
        f"{_JOIN} WHERE state = 'sent' AND channel_id = ? ORDER BY sent_ms DESC, message_id DESC LIMIT ?",
        (channel_id, limit),
    ).fetchall()
    pairs = [_pair(values) for values in reversed(found)]
    return [SentRow(message, delivery) for delivery, message in pairs]


def count_posts(db: Database) -> list[tuple[int, str, str, int]]:
    """(day since 1970, channel, kind, number) of the posts that went out, oldest day first."""
    found = db.execute(
        "SELECT deliveries.sent_ms / 86400000, channel_id, kind, count(*)"
        " FROM deliveries JOIN messages ON messages.id = deliveries.message_id"
        " WHERE deliveries.sent_ms IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    ).fetchall()
    return [(int(day), str(channel), str(kind), int(count)) for day, channel, kind, count in found]


def _pair(values: tuple[object, ...]) -> tuple[DeliveryRow, MessageRow]:
    width = len(DeliveryRow._fields)
    return as_row(DeliveryRow, values[:width]), as_row(MessageRow, values[width:])
