"""Things of the world as Discord writes them on the wire (resources/*)."""

from __future__ import annotations

from tests.fakes.discord.clock import iso, made_ms
from tests.fakes.discord.permissions import in_channel
from tests.fakes.discord.world import Attachment, Channel, Guild, Json, Message, Overwrite, Role, User, World

JOINED = "2025-01-01T00:00:00+00:00"


def of_user(user: User) -> Json:
    """A user object."""
    names = {"username": user.name, "global_name": None if user.bot else user.name.title()}
    return {"id": str(user.id), **names, "discriminator": "0", "avatar": None, "bot": user.bot}


def of_role(role: Role, *, everyone: bool = False) -> Json:
    """A role object."""
    shown = {"color": 0, "hoist": False, "managed": False, "flags": 0, "position": 0 if everyone else 1}
    permissions = str(int(role.permissions))
    return {"id": str(role.id), "name": role.name, "permissions": permissions, "mentionable": role.mentionable, **shown}


def _of_overwrite(target_id: int, overwrite: Overwrite, guild: Guild) -> Json:
    kind = 0 if target_id in guild.roles else 1
    return {"id": str(target_id), "type": kind, "allow": str(int(overwrite.allow)), "deny": str(int(overwrite.deny))}


def of_channel(channel: Channel, world: World) -> Json:
    """A channel object: of a guild, of two people, or a thread."""
    base: Json = {"id": str(channel.id), "type": int(channel.kind), "last_message_id": None}
    if channel.recipient:
        return base | {"recipients": [of_user(channel.recipient)]}
    base |= {"name": channel.name, "guild_id": str(channel.guild.id) if channel.guild else None}
    if channel.parent:
        return base | _of_thread(channel, channel.parent, world)
    shown = {"position": 0, "topic": None, "nsfw": False, "parent_id": None, "rate_limit_per_user": 0}
    overwrites = [
        _of_overwrite(target, each, channel.guild) for target, each in channel.overwrites.items() if channel.guild
    ]
    return base | shown | {"permission_overwrites": overwrites}


def _of_thread(thread: Channel, parent: Channel, world: World) -> Json:
    kept = {"archived": thread.archived, "locked": thread.locked, "auto_archive_duration": thread.auto_archive_minutes}
    metadata = kept | {"archive_timestamp": iso(made_ms(thread.id)), "create_timestamp": iso(made_ms(thread.id))}
    counts = {"message_count": len(thread.messages), "member_count": 1}
    return {"parent_id": str(parent.id), "owner_id": str(world.bot.id), **counts, "thread_metadata": metadata}


def of_bot_member(guild: Guild, world: World) -> Json:
    """The bot as a member of a guild."""
    roles = [str(role) for role in guild.bot_roles]
    return {"user": of_user(world.bot), "roles": roles, "joined_at": JOINED, "deaf": False, "mute": False, "flags": 0}


def of_guild(guild: Guild, world: World) -> Json:
    """A guild object as in GUILD_CREATE, without the key `unavailable`."""
    places = [channel for channel in guild.channels.values() if not channel.parent]
    threads = [channel for channel in guild.channels.values() if channel.parent and not channel.archived]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner.id),
        "preferred_locale": guild.locale,
        "joined_at": JOINED,
        "member_count": 2,
        "large": False,
        "features": ["COMMUNITY"] if guild.locale != "en-US" else [],
        "system_channel_id": str(places[0].id) if places else None,
        "roles": [of_role(role, everyone=role.id == guild.id) for role in guild.roles.values()],
        "channels": [of_channel(channel, world) for channel in places],
        "threads": [of_channel(thread, world) for thread in threads],
        "members": [of_bot_member(guild, world)],
        "emojis": [],
        "stickers": [],
        "voice_states": [],
        "presences": [],
    }


class Cdn:
    """Addresses of attachments: signed, and refreshed by Discord where they stand in an embed or a component.

    Source: reference, "Signed Attachment CDN URLs".
    """

    def __init__(self, base: str) -> None:
        self.base = base

    def url(self, channel_id: int, attachment: Attachment) -> str:
        """A signed address."""
        return f"{self.base}/attachments/{channel_id}/{attachment.id}/{attachment.filename}?ex=6f&is=6e&hm=5d"

    def refreshed(self, url: str, message: Message) -> str:
        """What Discord shows instead of an address of its own or of a file of the same message."""
        for attachment in message.attachments:
            if url == f"attachment://{attachment.filename}":
                return self.url(message.channel.id, attachment)
        own = url.startswith(f"{self.base}/attachments/") and "?" not in url
        return f"{url}?ex=6f&is=6e&hm=5d" if own else url

    def shown(self, value: object, message: Message) -> object:
        """A copy of an embed or component in which every address is the one Discord shows."""
        if isinstance(value, list):
            return [self.shown(item, message) for item in value]
        if not isinstance(value, dict):
            return value
        made = {key: self.shown(item, message) for key, item in value.items()}
        url = made.get("url")
        if isinstance(url, str):
            made["url"] = self.refreshed(url, message)
        return made


def of_message(message: Message, world: World, cdn: Cdn) -> Json:
    """A message object; a file that an embed shows is not among the attachments."""
    shown_in_embeds = str(message.embeds)
    attachments = [each for each in message.attachments if f"attachment://{each.filename}'" not in shown_in_embeds]
    made: Json = {
        "id": str(message.id),
        "type": 19 if message.reference else 0,
        "channel_id": str(message.channel.id),
        "author": of_user(message.author),
        "content": message.content,
        "timestamp": iso(made_ms(message.id)),
        "edited_timestamp": iso(message.edited_ms) if message.edited_ms else None,
        "embeds": [{"type": "rich"} | embed for embed in cdn.shown(message.embeds, message)],  # type: ignore[attr-defined]  # a list stays a list
        "components": cdn.shown(message.components, message),
        "attachments": [_of_attachment(each, message.channel.id, cdn) for each in attachments],
        "flags": message.flags,
        "tts": False,
        "pinned": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
    }
    optional = {"nonce": message.nonce, "message_reference": message.reference}
    made |= {key: value for key, value in optional.items() if value is not None}
    return made | ({"thread": of_channel(message.thread, world)} if message.thread else {})


def _of_attachment(attachment: Attachment, channel_id: int, cdn: Cdn) -> Json:
    url = cdn.url(channel_id, attachment)
    described = {"description": attachment.description} if attachment.description else {}
    size = len(attachment.content)
    return {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": size,
        "url": url,
        "proxy_url": url,
    } | described


def of_interaction_place(channel: Channel, world: World) -> Json:
    """Guild and channel as an interaction tells them, which is less than the gateway tells."""
    made: Json = {"channel_id": str(channel.id), "channel": of_channel(channel, world)}
    made["app_permissions"] = str(int(world.bot_rights(channel)))
    guild = channel.guild
    if guild is None:
        return made
    told = {"id": str(guild.id), "locale": guild.locale, "features": []}
    return made | {"guild_id": str(guild.id), "guild_locale": guild.locale, "guild": told}


def of_asker(user: User, permissions: int, channel: Channel) -> Json:
    """Who asked: a member with permissions in a guild, a user elsewhere."""
    if channel.guild is None:
        return {"user": of_user(user)}
    rest = {"roles": [], "joined_at": JOINED, "deaf": False, "mute": False, "flags": 0}
    return {"member": {"user": of_user(user), "permissions": str(permissions), **rest}}


def of_picked_channel(channel: Channel, world: World) -> Json:
    """A channel among the resolved values of an option or select: partial, with the asker's permissions."""
    rights = in_channel(channel, 0, [])
    return of_channel(channel, world) | {"permissions": str(int(rights))}


PICKED_KINDS: dict[type, str] = {User: "users", Channel: "channels", Role: "roles"}


def of_picked(things: list[User | Channel | Role], world: World) -> Json:
    """The part `resolved` of an interaction's data, what the snowflakes of its values stand for; absent without any."""
    made: Json = {}
    for thing in things:
        if isinstance(thing, User):
            told = of_user(thing)
        elif isinstance(thing, Channel):
            told = of_picked_channel(thing, world)
        else:
            told = of_role(thing)
        made.setdefault(PICKED_KINDS[type(thing)], {})[str(thing.id)] = told
    return {"resolved": made} if made else {}
