"""Which channels hear alerts: chosen by their admins, lost when a platform says so, and found again.

Everything here runs inside a transaction that somebody else began.
"""

from __future__ import annotations

import msgspec

from bot.alerts.settings import DEFAULTS, encode_settings
from bot.message import Spot
from bot.store.channels import load_channel, load_channels, load_channels_of, move_channel, save_channel, set_state
from bot.store.database import Database
from bot.store.rows import ChannelRow


def subscribe(db: Database, spot: Spot, language: str, now_ms: int) -> bool:
    """Let a channel hear alerts; a new one starts with the defaults in `language`. Whether it did not before."""
    row = load_channel(db, spot.channel)
    before = row is not None and row.state == "on"
    if row is None:
        settings = encode_settings(msgspec.structs.replace(DEFAULTS, language=language))
        row = ChannelRow(spot.channel, platform_of(spot.channel), spot.name, settings, 1, now_ms, state_ms=now_ms)
    named = row._replace(name=spot.name, place=spot.place)
    save_channel(db, named)
    set_state(db, named, "on", "", now_ms)
    return not before


def unsubscribe(db: Database, channel_id: str, now_ms: int) -> bool:
    """Let a channel hear nothing any more; its settings stay. Returns whether it heard anything before."""
    row = load_channel(db, channel_id)
    if row is None or row.state == "off":
        return False
    set_state(db, row, "off", "", now_ms)
    return True


def suspend(db: Database, channel_id: str, reason: str, now_ms: int) -> None:
    """A channel cannot be reached: nothing is sent there until it comes back or its admins switch it on again."""
    row = load_channel(db, channel_id)
    if row is not None and row.state == "on":
        set_state(db, row, "suspended", reason, now_ms)


def resume(db: Database, channel_id: str, now_ms: int) -> None:
    """A suspended channel can be reached again."""
    row = load_channel(db, channel_id)
    if row is not None and row.state == "suspended":
        set_state(db, row, "on", "", now_ms)


def suspend_place(db: Database, place: str, reason: str, now_ms: int) -> None:
    """A whole server or chat is lost."""
    for row in load_channels_of(db, place):
        suspend(db, row.id, reason, now_ms)


def resume_place(db: Database, place: str, now_ms: int) -> None:
    """A server or chat is back; channels that lack a right there are found out at their next post."""
    for row in load_channels_of(db, place):
        resume(db, row.id, now_ms)


def move(db: Database, old: str, new: str) -> None:
    """A chat has a new id: all its channels go with it, topics included, also those never switched on."""
    for row in load_channels(db):
        chat, slash, topic = row.id.partition("/")
        if chat == old:
            move_channel(db, row.id, f"{new}{slash}{topic}", new)


def platform_of(channel_id: str) -> str:
    """The part of a channel's id before the first colon."""
    return channel_id.partition(":")[0]
