"""Permissions: the bits this project meets, and how roles and overwrites make a member's rights in a channel."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fakes.discord.world import Channel, Guild


class Permission(IntFlag):
    """Bits of Discord's permission table (topics/permissions)."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50


NOTHING = Permission(0)
EVERYTHING = Permission((1 << 53) - 1)
OF_A_MEMBER = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.USE_EXTERNAL_APPS
)
"""What @everyone may do in a new guild here: less than at Discord, so that the bot's own role matters."""
OF_THE_BOT = Permission(309_237_763_072)
"""View, send, embed, attach, history, threads: what the invitation link of a least-privileged bot asks for."""
NEEDS_SENDING = Permission.EMBED_LINKS | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE
"""Denied implicitly to whoever may not send (topics/permissions, "Implicit Permissions")."""


def in_guild(guild: Guild, roles: list[int]) -> Permission:
    """Rights of a member with these roles, before a channel's overwrites."""
    held = NOTHING
    for role_id in [guild.id, *roles]:
        held |= guild.roles[role_id].permissions
    return EVERYTHING if held & Permission.ADMINISTRATOR else held


def in_channel(channel: Channel, user_id: int, roles: list[int]) -> Permission:
    """Rights of a member in a channel; a thread has those of its parent, a direct message knows no denial."""
    place = channel.parent or channel
    if place.guild is None:
        return EVERYTHING
    held = in_guild(place.guild, roles)
    if held & Permission.ADMINISTRATOR:
        return held
    held = _overwritten(place, held, user_id, roles)
    if not held & Permission.VIEW_CHANNEL:
        return NOTHING
    return held if held & Permission.SEND_MESSAGES else held & ~NEEDS_SENDING


def _overwritten(channel: Channel, held: Permission, user_id: int, roles: list[int]) -> Permission:
    everyone = [channel.guild.id] if channel.guild else []
    for level in (everyone, roles, [user_id]):
        found = [channel.overwrites[target] for target in level if target in channel.overwrites]
        for overwrite in found:
            held &= ~overwrite.deny
        for overwrite in found:
            held |= overwrite.allow
    return held
