"""Rows about the places that hear alerts, and who changed their settings."""

from __future__ import annotations

from sqlite_utils import Database

from bot.store.rows import ChannelRow, SettingsChangeRow
from bot.store.statements import load, load_one, save


def save_channel(db: Database, row: ChannelRow) -> None:
    """Keep a channel as it is now."""
    save(db, row)


def load_channel(db: Database, channel_id: str) -> ChannelRow | None:
    """One channel by its id."""
    return load_one(db, ChannelRow, "WHERE id = ?", (channel_id,))


def load_channels(db: Database) -> list[ChannelRow]:
    """Every channel, by id."""
    return load(db, ChannelRow, "ORDER BY id")


def save_settings_change(db: Database, row: SettingsChangeRow) -> None:
    """Add a line to the audit."""
    save(db, row)


def load_settings_changes(db: Database, channel_id: str, limit: int = 10) -> list[SettingsChangeRow]:
    """The newest changes of a channel, newest first."""
    return load(
        db, SettingsChangeRow, "WHERE channel_id = ? ORDER BY at_ms DESC, rowid DESC LIMIT ?", (channel_id, limit)
    )
