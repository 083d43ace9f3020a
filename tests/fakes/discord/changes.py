"""Changes of the world that Discord tells to the bot at once."""

from __future__ import annotations

from tests.fakes.discord import payloads
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.world import Channel, Guild, Overwrite, Role, World


class Changes:
    """Each method changes the world and dispatches the event that belongs to it."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    async def join(self, guild: Guild) -> None:
        """The bot was invited to a guild (built with `has_bot=False`), or again to one it had left."""
        guild.has_bot = True
        await self._gateway.dispatch("GUILD_CREATE", payloads.of_guild(guild, self._world), guild.id)

    async def leave(self, guild: Guild) -> None:
        """The bot was removed from a guild."""
        guild.has_bot = False
        await self._gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild.id)

    async def go_down(self, guild: Guild) -> None:
        """An outage made a guild unavailable; the bot stays a member."""
        guild.available = False
        await self._gateway.dispatch("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild.id)

    async def come_back(self, guild: Guild) -> None:
        """The outage of a guild is over."""
        guild.available = True
        told = payloads.of_guild(guild, self._world) | {"unavailable": False}
        await self._gateway.dispatch("GUILD_CREATE", told, guild.id)

    async def forbid(self, channel: Channel, permissions: Permission = Permission.VIEW_CHANNEL) -> None:
        """Deny permissions to the bot in a channel, View Channel unless others are named."""
        channel.overwrites.setdefault(self._world.bot.id, Overwrite()).deny |= permissions
        await self.tell_channel(channel)

    async def permit(self, channel: Channel) -> None:
        """Take back what was denied to the bot in a channel."""
        channel.overwrites.pop(self._world.bot.id, None)
        await self.tell_channel(channel)

    async def tell_channel(self, channel: Channel) -> None:
        """Tell what a test changed in a channel."""
        guild_id = channel.guild.id if channel.guild else None
        await self._gateway.dispatch("CHANNEL_UPDATE", payloads.of_channel(channel, self._world), guild_id)

    async def delete_channel(self, channel: Channel) -> None:
        """Delete a channel of a guild and its threads."""
        if channel.guild is None:
            raise ValueError("a conversation cannot be deleted")
        kept = {key: each for key, each in channel.guild.channels.items() if channel not in {each, each.parent}}
        channel.guild.channels = kept
        await self._gateway.dispatch("CHANNEL_DELETE", payloads.of_channel(channel, self._world), channel.guild.id)

    async def tell_role(self, guild: Guild, role: Role) -> None:
        """Tell what a test changed in a role."""
        told = {"guild_id": str(guild.id), "role": payloads.of_role(role, everyone=role.id == guild.id)}
        await self._gateway.dispatch("GUILD_ROLE_UPDATE", told, guild.id)

    async def tell_bot_member(self, guild: Guild) -> None:
        """Tell what a test changed in the bot's roles."""
        told = payloads.of_bot_member(guild, self._world) | {"guild_id": str(guild.id)}
        await self._gateway.dispatch("GUILD_MEMBER_UPDATE", told, guild.id)
