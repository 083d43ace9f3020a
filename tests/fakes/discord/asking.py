"""People at the fake: they type commands, get completions, press buttons, choose from lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.fakes.discord import command_lines, payloads
from tests.fakes.discord.command_lines import NotOfferedError, Value
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interaction import Asked, Interaction
from tests.fakes.discord.message_rules import BUTTON, LINK_STYLE, walk
from tests.fakes.discord.payloads import Cdn
from tests.fakes.discord.permissions import Permission, in_channel
from tests.fakes.discord.world import Channel, Json, Message, Role, User, World

FILE_MOST_BYTES = 10 * 1024 * 1024


class Asking:
    """Everything a person can do to the bot.

    `permissions` are the asker's in that channel, those of @everyone when left out. A returned interaction has been
    sent to the bot; await `answered()` or `reply()` on it.
    """

    def __init__(self, world: World, gateway: Gateway, cdn: Cdn) -> None:
        self._world = world
        self._gateway = gateway
        self._cdn = cdn
        self.asked: dict[str, Interaction] = {}
        """Every interaction by its token."""

    async def slash(
        self,
        channel: Channel,
        user: User,
        line: str,
        options: Mapping[str, Value] | None = None,
        *,
        permissions: int | None = None,
        locale: str = "en-US",
        user_install: bool = False,
    ) -> Interaction:
        """Send a command, for instance "alerts set" with {"key": ...}.

        Raises:
            NotOfferedError: the command is unknown, hidden from this person here, or an option does not fit it.
        """
        typed = command_lines.parse(self._world, channel, line, options or {})
        rights = self._rights(channel, permissions)
        self._check_offered(channel, line, rights, user_install=user_install)
        data = typed.data | payloads.of_picked(typed.picked, self._world)
        asked = Interaction(self._world, Asked.COMMAND, channel, user)
        return await self._send(asked, data, rights, locale, user_install=user_install)

    async def autocomplete(
        self,
        channel: Channel,
        user: User,
        line: str,
        options: Mapping[str, Value],
        focused: str,
        *,
        permissions: int | None = None,
        locale: str = "en-US",
        user_install: bool = False,
    ) -> Interaction:
        """Ask for completions of the option `focused`, as after a pause in typing.

        Raises:
            NotOfferedError: as for `slash`, or the option has no completions.
        """
        typed = command_lines.parse(self._world, channel, line, options, focused)
        rights = self._rights(channel, permissions)
        self._check_offered(channel, line, rights, user_install=user_install)
        asked = Interaction(self._world, Asked.AUTOCOMPLETE, channel, user)
        return await self._send(asked, typed.data, rights, locale, user_install=user_install)

    async def click(
        self, message: Message, custom_id: str, user: User, *, permissions: int | None = None, locale: str = "en-US"
    ) -> Interaction:
        """Press a button.

        Raises:
            NotOfferedError: the message has no such button, or it is greyed out or a link.
        """
        button = _component(message, custom_id)
        if button["type"] != BUTTON or button["style"] == LINK_STYLE:
            raise NotOfferedError(f"{custom_id} cannot be pressed")
        return await self._use(message, button, {}, user, permissions, locale)

    async def select(
        self,
        message: Message,
        custom_id: str,
        values: Sequence[str | User | Channel | Role],
        user: User,
        *,
        permissions: int | None = None,
        locale: str = "en-US",
    ) -> Interaction:
        """Choose from a list: strings of a string select, things of the world of any other.

        Raises:
            NotOfferedError: the message has no such list, or it does not offer these or so many values.
        """
        chosen = _component(message, custom_id)
        offered = {option["value"] for option in chosen.get("options", [])}
        if offered and not offered.issuperset(values):
            raise NotOfferedError(f"{custom_id} offers {offered}")
        if not chosen.get("min_values", 1) <= len(values) <= chosen.get("max_values", 1):
            raise NotOfferedError(f"{custom_id} takes no {len(values)} values")
        things = [each for each in values if not isinstance(each, str)]
        written = [each if isinstance(each, str) else str(each.id) for each in values]
        more = {"values": written} | payloads.of_picked(things, self._world)
        return await self._use(message, chosen, more, user, permissions, locale)

    async def _use(
        self, message: Message, component: Json, more: Json, user: User, permissions: int | None, locale: str
    ) -> Interaction:
        asked = Interaction(self._world, Asked.COMPONENT, message.channel, user, message)
        data = {"custom_id": component["custom_id"], "component_type": component["type"], "id": component["id"]} | more
        return await self._send(asked, data, self._rights(message.channel, permissions), locale)

    def _rights(self, channel: Channel, permissions: int | None) -> Permission:
        return in_channel(channel, 0, []) if permissions is None else Permission(permissions)

    def _check_offered(self, channel: Channel, line: str, rights: Permission, *, user_install: bool) -> None:
        command = command_lines.find(self._world, channel.guild, line.split(maxsplit=1)[0])
        context = command_lines.context_of(self._world, channel)
        if channel.guild and not channel.guild.has_bot and not user_install:
            raise NotOfferedError(f"the bot is not a member of {channel.guild.name}")
        command_lines.check_offered(command, context, rights, user_install=user_install)

    async def _send(
        self, asked: Interaction, data: Json, rights: Permission, locale: str, *, user_install: bool = False
    ) -> Interaction:
        self.asked[asked.token] = asked
        channel = asked.channel
        guild_id = channel.guild.id if channel.guild else None
        owners = {"1": str(asked.user.id)} if user_install else {"0": str(guild_id or 0)}
        body = {
            "id": str(asked.id),
            "application_id": str(self._world.application_id),
            "type": int(asked.kind),
            "token": asked.token,
            "version": 1,
            "data": data,
            "locale": locale,
            "entitlements": [],
            "authorizing_integration_owners": owners,
            "context": command_lines.context_of(self._world, channel),
            "attachment_size_limit": FILE_MOST_BYTES,
        }
        if asked.message:
            body["message"] = payloads.of_message(asked.message, self._world, self._cdn)
        body |= payloads.of_interaction_place(channel, self._world) | payloads.of_asker(asked.user, rights, channel)
        await self._gateway.dispatch("INTERACTION_CREATE", body, guild_id)
        return asked


def _component(message: Message, custom_id: str) -> Json:
    for _, component in walk(message.components):
        if component.get("custom_id") == custom_id and not component.get("disabled"):
            return component
    raise NotOfferedError(f"the message has no {custom_id} that can be used")
