"""Rows of the outbox: messages as data, and what each channel should show and shows of them."""

from __future__ import annotations

from collections.abc import Collection

from sqlite_utils import Database

from bot.store.rows import DeliveryRow, MessageRow, SentRow
from bot.store.statements import as_row, columns, load, load_one, save

_JOIN = (
    f"SELECT {columns(DeliveryRow)}, {columns(MessageRow)} FROM deliveries JOIN messages ON messages.id = message_id"  # noqa: S608 -- names of our own columns only
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


def claim_deliveries(
    db: Database, platforms: Collection[str], now_ms: int, limit: int, lease_ms: int
) -> list[tuple[DeliveryRow, MessageRow]]:
    """Take up to `limit` deliveries that are due, with their messages, and hold them for `lease_ms`.

    Due is what was never sent, or shows an older revision than wanted. First come low `priority`, then early `due_ms`.
    """
    marks = ", ".join("?" * len(platforms))
    found = db.execute(
        f"{_JOIN} WHERE (state = 'pending' OR (state = 'sent' AND wanted_revision > sent_revision))"
        f" AND platform IN ({marks}) AND due_ms <= ? AND (leased_until_ms IS NULL OR leased_until_ms <= ?)"
        " ORDER BY priority, due_ms, message_id, channel_id LIMIT ?",
        (*platforms, now_ms, now_ms, limit),
    ).fetchall()
    claimed = []
    for values in found:
        delivery, message = _pair(values)
        held = delivery._replace(leased_until_ms=now_ms + lease_ms)
        save(db, held)
        claimed.append((held, message))
    return claimed


def release_leases(db: Database) -> None:
    """Free what a sender of an earlier run still held; for start-up, when no sender runs yet."""
    db.execute("UPDATE deliveries SET leased_until_ms = NULL WHERE leased_until_ms IS NOT NULL")


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
