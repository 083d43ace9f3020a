"""Rows of the outbox: messages as data, and what each channel should show and shows of them."""

from __future__ import annotations

from collections.abc import Collection

from sqlite_utils import Database

from bot.store.rows import DeliveryRow, DeliveryState, MessageRow, SentRow
from bot.store.statements import as_row, columns, load, load_one, save

JOIN = f"SELECT {columns(DeliveryRow)}, {columns(MessageRow)} FROM deliveries JOIN messages ON messages.id = message_id"  # noqa: S608 -- names of our own columns only


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


def load_messages_of(db: Database, episode_id: str) -> list[MessageRow]:
    """What was said about an episode, oldest first."""
    return load(db, MessageRow, "WHERE episode_id = ? ORDER BY created_ms, id", (episode_id,))


def save_delivery(db: Database, row: DeliveryRow) -> None:
    """Keep a delivery as it is now; its message must be there when the transaction ends."""
    save(db, row)


def load_deliveries(db: Database, message_id: str) -> list[DeliveryRow]:
    """All deliveries of a message, by channel."""
    return load(db, DeliveryRow, "WHERE message_id = ? ORDER BY channel_id", (message_id,))


def load_delivery(db: Database, message_id: str, channel_id: str) -> DeliveryRow | None:
    """The delivery of a message to one channel."""
    return load_one(db, DeliveryRow, "WHERE message_id = ? AND channel_id = ?", (message_id, channel_id))


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


def load_sent(db: Database, channel_id: str, limit: int) -> list[SentRow]:
    """The last `limit` messages that a channel shows, oldest first."""
    found = db.execute(
        f"{JOIN} WHERE state = 'sent' AND channel_id = ? ORDER BY sent_ms DESC, message_id DESC LIMIT ?",
        (channel_id, limit),
    ).fetchall()
    pairs = [pair(values) for values in reversed(found)]
    return [SentRow(message, delivery) for delivery, message in pairs]


def count_posts(db: Database) -> list[tuple[int, str, str, int]]:
    """(day since 1970, channel, kind, number) of the posts that went out, oldest day first."""
    found = db.execute(
        "SELECT deliveries.sent_ms / 86400000, channel_id, kind, count(*)"
        " FROM deliveries JOIN messages ON messages.id = deliveries.message_id"
        " WHERE deliveries.sent_ms IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    ).fetchall()
    return [(int(day), str(channel), str(kind), int(count)) for day, channel, kind, count in found]


def load_post_times(db: Database, channel_id: str, since_ms: int) -> list[int]:
    """When posts that stand by themselves were put into the outbox for a channel after a moment, oldest first."""
    found = db.execute(
        "SELECT put_ms FROM deliveries JOIN messages ON messages.id = message_id WHERE channel_id = ? AND put_ms > ?"
        " AND kind IN ('card', 'derivatives_day') ORDER BY put_ms",
        (channel_id, since_ms),
    )
    return [int(put_ms) for (put_ms,) in found.fetchall()]


def pair(values: tuple[object, ...]) -> tuple[DeliveryRow, MessageRow]:
    """A row of `JOIN` as its two rows."""
    width = len(DeliveryRow._fields)
    return as_row(DeliveryRow, values[:width]), as_row(MessageRow, values[width:])
