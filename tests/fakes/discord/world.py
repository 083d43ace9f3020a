"""What exists at the fake Discord, as data that tests build and read: guilds, channels, people, messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from tests.fakes.discord.clock import Clock
from tests.fakes.discord.permissions import NOTHING, OF_A_MEMBER, OF_THE_BOT, Permission, in_channel

Json = dict[str, Any]

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15


class Kind(IntEnum):
    """Types of channels (resources/channel, "Channel Types"), those that are used here."""

    TEXT = 0
    DM = 1
    ANNOUNCEMENT = 5
    PUBLIC_THREAD = 11


@dataclass(eq=False)
class User:
    """A person or a bot."""

    id: int
    name: str
    bot: bool = False
    accepts_dms: bool = True


@dataclass(eq=False)
class Role:
    """A role of a guild; @everyone has the guild's own id."""

    id: int
    name: str
    permissions: Permission
    mentionable: bool = False


@dataclass
class Overwrite:
    """What a channel allows or denies to one role or member, whatever their roles say."""

    allow: Permission = NOTHING
    deny: Permission = NOTHING


@dataclass(eq=False)
class Attachment:
    """A file of a message."""

    id: int
    filename: str
    content: bytes = field(repr=False)
    description: str | None = None


@dataclass(eq=False)
class Message:
    """A message as it stands; `edits` holds the bodies of its changes as sent, oldest first."""

    id: int
    channel: Channel = field(repr=False)
    author: User
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    nonce: str | None = None
    reference: Json | None = None
    allowed_mentions: Json | None = None
    edits: list[Json] = field(default_factory=list)
    edited_ms: int | None = None
    thread: Channel | None = None

    @property
    def ephemeral(self) -> bool:
        """Whether only the asker sees it."""
        return bool(self.flags & EPHEMERAL)


@dataclass(eq=False)
class Channel:
    """A place for messages: of a guild, of two people, or a thread; `id` of a thread is that of its message."""

    id: int
    name: str
    kind: Kind
    guild: Guild | None = field(default=None, repr=False)
    recipient: User | None = None
    parent: Channel | None = field(default=None, repr=False)
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list, repr=False)
    archived: bool = False
    locked: bool = False
    auto_archive_minutes: int = 1440


@dataclass(eq=False)
class Guild:
    """A server; `has_bot` is false where the bot was never invited or was removed."""

    id: int
    name: str
    locale: str
    owner: User
    roles: dict[int, Role] = field(default_factory=dict, repr=False)
    channels: dict[int, Channel] = field(default_factory=dict, repr=False)
    bot_roles: list[int] = field(default_factory=list)
    has_bot: bool = True
    available: bool = True

    @property
    def everyone(self) -> Role:
        """The role that all members have."""
        return self.roles[self.id]

    def channel(self, name: str) -> Channel:
        """The channel of that name."""
        return next(channel for channel in self.channels.values() if channel.name == name)


class World:
    """Everything that exists, with the bot and its application."""

    def __init__(self, clock: Clock, token: str) -> None:
        self.clock = clock
        self.token = token
        self.bot = User(clock.snowflake(age_ms=86_400_000), "flushwatch", bot=True)
        self.application_id = self.bot.id
        self.guilds: dict[int, Guild] = {}
        self.dms: dict[int, Channel] = {}
        self.users: dict[int, User] = {}
        self.owner = self.user("operator")
        self.commands: dict[int | None, list[Json]] = {}
        """Registered commands: body of the last PUT with ids, for each guild and, under None, for all."""

    def user(self, name: str, *, accepts_dms: bool = True) -> User:
        """Add a person."""
        made = User(self.clock.snowflake(), name, accepts_dms=accepts_dms)
        self.users[made.id] = made
        return made

    def guild(
        self,
        name: str,
        channels: Sequence[str] = ("general",),
        *,
        locale: str = "en-US",
        permissions: Permission = OF_THE_BOT,
        has_bot: bool = True,
    ) -> Guild:
        """Add a guild with text channels and, for the bot, a role with these permissions.

        No event is sent: build before the bot connects, or tell it by `fake.join`.
        """
        # Guilds of one test differ by whole milliseconds, so that they spread over shards.
        made = Guild(self.clock.snowflake(age_ms=3_600_000 + len(self.guilds)), name, locale, self.owner)
        made.roles[made.id] = Role(made.id, "@everyone", OF_A_MEMBER)
        made.has_bot = has_bot
        if has_bot:
            made.bot_roles.append(self.role(made, "Flushwatch", permissions).id)
        self.guilds[made.id] = made
        for channel in channels:
            self.channel(made, channel)
        return made

    def role(self, guild: Guild, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        """Add a role."""
        made = Role(self.clock.snowflake(), name, Permission(permissions), mentionable)
        guild.roles[made.id] = made
        return made

    def channel(self, guild: Guild, name: str, kind: Kind = Kind.TEXT) -> Channel:
        """Add a channel to a guild."""
        made = Channel(self.clock.snowflake(), name, kind, guild)
        guild.channels[made.id] = made
        return made

    def dm(self, user: User) -> Channel:
        """The conversation of the bot with a person, made when it does not exist yet."""
        for channel in self.dms.values():
            if channel.recipient is user:
                return channel
        made = Channel(self.clock.snowflake(), "", Kind.DM, recipient=user)
        self.dms[made.id] = made
        return made

    def channels(self) -> Iterator[Channel]:
        """Every place for messages."""
        yield from self.dms.values()
        for guild in self.guilds.values():
            yield from guild.channels.values()

    def find(self, channel_id: int) -> Channel | None:
        """The channel, thread or conversation of that id."""
        if channel_id in self.dms:
            return self.dms[channel_id]
        found = (guild.channels.get(channel_id) for guild in self.guilds.values())
        return next((channel for channel in found if channel), None)

    def bot_rights(self, channel: Channel) -> Permission:
        """What the bot may do in a channel; nothing where it is not a member."""
        if channel.guild is None:
            return in_channel(channel, self.bot.id, [])
        return in_channel(channel, self.bot.id, channel.guild.bot_roles) if channel.guild.has_bot else NOTHING
