"""A fake Discord on a local port: REST API v10, gateway, and people who use the bot."""

from __future__ import annotations

from tests.fakes.discord.command_lines import NotOfferedError
from tests.fakes.discord.interaction import Answer, Interaction, NotAnsweredError
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.server import DiscordFake
from tests.fakes.discord.world import Attachment, Channel, Guild, Kind, Message, Role, User

__all__ = [
    "Answer",
    "Attachment",
    "Channel",
    "DiscordFake",
    "Guild",
    "Interaction",
    "Kind",
    "Message",
    "NotAnsweredError",
    "NotOfferedError",
    "Permission",
    "Role",
    "User",
]
