"""Rows about the channels that hear alerts, who changed their settings, and what their platforms remember."""

from __future__ import annotations

from sqlite_utils import Database

from bot.store.rows import ChannelRow, ChannelState, MarkRow, SettingsChangeRow
from bot.store.statements import load, load_one, save

_OF_A_CHANNEL = (("deliveries", "channel_id"), ("decisions", "channel_id"), ("settings_changes", "channel_id"))


def save_channel(db: Database, row: ChannelRow) -> None:
    """Keep a channel as it is now."""
    save(db, row)


def load_channel(db: Database, channel_id: str) -> ChannelRow | None:
    """One channel by its id."""
    return load_one(db, ChannelRow, "WHERE id = ?", (channel_id,))


def load_channels(db: Database) -> list[ChannelRow]:
    """Every channel, by id."""
    return load(db, ChannelRow, "ORDER BY id")


def load_channels_of(db: Database, place: str) -> list[ChannelRow]:
    """The channels of one server or chat, by id."""
    return load(db, ChannelRow, "WHERE place = ? ORDER BY id", (place,))


def load_places(db: Database, platform: str) -> list[str]:
    """Every place of a platform in which a channel is kept, by id; one that was never switched on has none."""
    statement = "SELECT DISTINCT place FROM channels WHERE platform = ? AND place <> '' ORDER BY place"
    found = db.execute(statement, (platform,))
    return [str(place) for (place,) in found.fetchall()]


def set_state(db: Database, row: ChannelRow, state: ChannelState, reason: str, now_ms: int) -> None:
    """Switch a channel; the time stays that of the first moment in a state."""
    if (row.state, row.reason) != (state, reason):
        save_channel(db, row._replace(state=state, reason=reason, state_ms=now_ms))


def move_channel(db: Database, old: str, new: str, place: str) -> None:
    """Give a channel another id, with everything kept about it; what the new id had before gives way."""
    for table, column in (("channels", "id"), *_OF_A_CHANNEL):
        db.execute(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {column} = ?", (new, old))  # noqa: S608 -- fixed names
    db.execute("UPDATE channels SET place = ? WHERE id = ?", (place, new))


def forget_channel(db: Database, channel_id: str) -> None:
    """Delete a channel and everything kept about it."""
    for table, column in (*_OF_A_CHANNEL, ("channels", "id")):
        db.execute(f"DELETE FROM {table} WHERE {column} = ?", (channel_id,))  # noqa: S608 -- fixed names


def save_settings_change(db: Database, row: SettingsChangeRow) -> None:
    """Add a line to the audit."""
    save(db, row)


def load_settings_changes(db: Database, channel_id: str, limit: int = 10) -> list[SettingsChangeRow]:
    """The newest changes of a channel, newest first."""
    return load(
        db, SettingsChangeRow, "WHERE channel_id = ? ORDER BY at_ms DESC, rowid DESC LIMIT ?", (channel_id, limit)
    )


def save_mark(db: Database, key: str, value: str) -> None:
    """Remember something for a platform."""
    save(db, MarkRow(key, value))


def load_mark(db: Database, key: str) -> str | None:
    """What was remembered under a name, None for nothing."""
    row = load_one(db, MarkRow, "WHERE key = ?", (key,))
    return row.value if row else None
