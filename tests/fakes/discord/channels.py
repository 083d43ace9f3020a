"""Routes of channels and their messages, with the permissions that Discord asks for."""

from __future__ import annotations

from aiohttp import web

from tests.fakes.discord import payloads
from tests.fakes.discord.bodies import json_answer, read_body
from tests.fakes.discord.clock import loop_s, made_ms
from tests.fakes.discord.errors import ApiError, invalid_form
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.limits import Limits
from tests.fakes.discord.messages import Files, rewrite, written
from tests.fakes.discord.payloads import Cdn
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.world import Channel, Json, Kind, Message, World

NAME_MOST = 100
ARCHIVE_MINUTES = {60, 1440, 4320, 10080}


class Channels:
    """Handlers of /channels/...; `nonce_window_s` is Discord's unpublished "past few minutes"."""

    def __init__(self, world: World, gateway: Gateway, limits: Limits, faults: Faults, cdn: Cdn) -> None:
        self.nonce_window_s = 120.0
        self._world = world
        self._gateway = gateway
        self._limits = limits
        self._faults = faults
        self._cdn = cdn
        self._nonces: dict[tuple[int, str], tuple[float, Message]] = {}

    def routes(self, base: str) -> list[web.RouteDef]:
        """The routes under a base path; names are those of the buckets in `limits.py`."""
        channel = base + "/channels/{channel}"
        message = channel + "/messages/{message}"
        return [
            web.get(channel, self.get_channel, allow_head=False),
            web.get(channel + "/messages", self.history, allow_head=False),
            web.post(channel + "/messages", self.send, name="message-create"),
            web.get(message, self.get, allow_head=False),
            web.patch(message, self.edit, name="message-edit"),
            web.delete(message, self.delete),
            web.post(message + "/threads", self.start_thread),
        ]

    async def get_channel(self, request: web.Request) -> web.Response:
        """Read a channel."""
        return json_answer(payloads.of_channel(self._channel(request), self._world))

    async def history(self, request: web.Request) -> web.Response:
        """Read the newest messages of a channel, newest first."""
        messages = self._channel(request, Permission.READ_MESSAGE_HISTORY).messages
        newest = messages[: -int(request.query.get("limit", 50)) - 1 : -1]
        return json_answer([payloads.of_message(each, self._world, self._cdn) for each in newest])

    async def get(self, request: web.Request) -> web.Response:
        """Read a message."""
        message = self._message(request, self._channel(request, Permission.READ_MESSAGE_HISTORY))
        return json_answer(payloads.of_message(message, self._world, self._cdn))

    async def send(self, request: web.Request) -> web.Response:
        """Send a message, or find the one that the same nonce made a moment ago."""
        channel = self._channel(request)
        body, files = await read_body(request)
        self._check_may_send(channel, body, files)
        message = self._sent_already(channel, body)
        if message is None:
            message = written(self._world, channel, self._world.bot, body, files)
            channel.messages.append(message)
            channel.archived = False
            if message.nonce:
                self._nonces[channel.id, message.nonce] = loop_s(), message
        if self._faults.loses() and request.transport:
            request.transport.abort()
        return json_answer(payloads.of_message(message, self._world, self._cdn))

    def _check_may_send(self, channel: Channel, body: Json, files: Files) -> None:
        """Refuse what the bot may not send here."""
        rights = self._world.bot_rights(channel)
        thread = channel.kind is Kind.PUBLIC_THREAD
        needed = Permission.SEND_MESSAGES_IN_THREADS if thread else Permission.SEND_MESSAGES
        if body.get("embeds"):
            needed |= Permission.EMBED_LINKS
        if files:
            needed |= Permission.ATTACH_FILES
        if needed & ~rights:
            raise ApiError(403, 50013)
        if channel.locked and not rights & Permission.MANAGE_THREADS:
            raise ApiError(403, 160005)
        if channel.recipient and not channel.recipient.accepts_dms:
            raise ApiError(403, 50007)
        self._check_reference(channel, body, rights)

    def _check_reference(self, channel: Channel, body: Json, rights: Permission) -> None:
        reference = body.get("message_reference")
        if not reference:
            return
        if not rights & Permission.READ_MESSAGE_HISTORY:
            raise ApiError(403, 160002)
        if any(str(message.id) == str(reference["message_id"]) for message in channel.messages):
            return
        if reference.get("fail_if_not_exists", True):
            raise invalid_form([("message_reference", "Unknown message")])
        del body["message_reference"]

    def _sent_already(self, channel: Channel, body: Json) -> Message | None:
        """The message that this nonce made; resources/message, "Create Message", enforce_nonce."""
        key = channel.id, str(body.get("nonce"))
        if not body.get("enforce_nonce") or key not in self._nonces:
            return None
        sent_s, message = self._nonces[key]
        if loop_s() - sent_s >= self.nonce_window_s:
            return None
        if message not in channel.messages:
            raise ApiError(404, 10008)  # it was deleted meanwhile
        return message

    async def edit(self, request: web.Request) -> web.Response:
        """Change an own message."""
        channel = self._channel(request)
        message = self._message(request, channel)
        if message.author is not self._world.bot:
            raise ApiError(403, 50005)
        if channel.archived:
            raise ApiError(400, 50083)
        if self._world.clock.now_ms() - made_ms(message.id) > self._limits.old_edit_age_ms:
            self._limits.check_old_edit(channel.id)
        body, files = await read_body(request)
        rewrite(self._world, message, body, files)
        return json_answer(payloads.of_message(message, self._world, self._cdn))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete an own message, or with Manage Messages any."""
        channel = self._channel(request)
        message = self._message(request, channel)
        if message.author is not self._world.bot and not self._world.bot_rights(channel) & Permission.MANAGE_MESSAGES:
            raise ApiError(403, 50013)
        channel.messages.remove(message)
        return web.Response(status=204)

    async def start_thread(self, request: web.Request) -> web.Response:
        """Make a thread from a message; it has the message's id."""
        channel = self._channel(request, Permission.CREATE_PUBLIC_THREADS)
        message = self._message(request, channel)
        if channel.guild is None or channel.parent:
            raise ApiError(400, 50024)
        if message.thread:
            raise ApiError(400, 160004)
        body, _ = await read_body(request)
        minutes = body.get("auto_archive_duration") or 1440
        if not 1 <= len(body["name"]) <= NAME_MOST or minutes not in ARCHIVE_MINUTES:
            raise invalid_form([("name", "Must be between 1 and 100 in length, with a known duration.")])
        thread = Channel(message.id, body["name"], Kind.PUBLIC_THREAD, channel.guild, parent=channel)
        thread.auto_archive_minutes = minutes
        channel.guild.channels[thread.id] = message.thread = thread
        told = payloads.of_channel(thread, self._world)
        await self._gateway.dispatch("THREAD_CREATE", told | {"newly_created": True}, channel.guild.id)
        return json_answer(told, status=201)

    def _channel(self, request: web.Request, needed: Permission = Permission.VIEW_CHANNEL) -> Channel:
        """The channel of the address, which the bot may see."""
        number = request.match_info["channel"]
        channel = self._world.find(int(number)) if number.isdecimal() else None
        if channel is None:
            raise ApiError(404, 10003)
        rights = self._world.bot_rights(channel)
        if not rights & Permission.VIEW_CHANNEL:
            raise ApiError(403, 50001)
        if needed & ~rights:
            raise ApiError(403, 50013)
        return channel

    def _message(self, request: web.Request, channel: Channel) -> Message:
        for message in channel.messages:
            if str(message.id) == request.match_info["message"] and not message.ephemeral:
                return message
        raise ApiError(404, 10008)
