"""Rows to begin from, and a fresh database to put them into."""

from __future__ import annotations

from sqlite_utils import Database

from bot.store.deliveries import save_delivery, save_message
from bot.store.migrations import MIGRATIONS
from bot.store.rows import DeliveryRow, EpisodeRow, MessageRow

DAY_MS = 86_400_000
NOW_MS = 1_768_800_000_000

EPISODE = EpisodeRow("2026-01-19-BTC-1", "BTC", "long", 1, None, 58.5, "flush", "{}")
MESSAGE = MessageRow("m1", None, "card", "card", 1, '{"a":1}', None, 5, 5)
DELIVERY = DeliveryRow("m1", "web:1", "web", "pending", 1, 0, 1, False, 10, None, None, None, 0, None, None, None)


def fresh() -> Database:
    """An empty database of the newest shape."""
    database = Database(memory=True)
    MIGRATIONS.apply(database)
    return database


def put(db: Database, *deliveries: DeliveryRow) -> None:
    """Keep deliveries with their messages."""
    for row in deliveries:
        save_message(db, MESSAGE._replace(id=row.message_id))
        save_delivery(db, row)
