"""The REST half of the fake: what every request passes, and the routes that are about no channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from aiohttp import web

from tests.fakes.discord import command_rules, payloads
from tests.fakes.discord.bodies import json_answer, read_body
from tests.fakes.discord.clock import loop_s
from tests.fakes.discord.errors import ApiError, unauthorized
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.limits import Limits, is_invalid
from tests.fakes.discord.payloads import Cdn
from tests.fakes.discord.world import Guild, Json, World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOST = 0
"""Status in the log when the connection was cut instead of an answer."""


class Logged(NamedTuple):
    """One request: seconds on the loop's clock at its arrival, what was asked, and the status answered."""

    at_s: float
    method: str
    path: str
    status: int


class Rest:
    """Token, faults, limits and log for all requests under `base`, and a few plain resources."""

    def __init__(self, world: World, gateway: Gateway, limits: Limits, faults: Faults, cdn: Cdn, base: str) -> None:
        self.log: list[Logged] = []
        self.invalid_requests = 0
        """Answers that count towards a ban: 401, 403, 429 that is not of a shared resource."""
        self.unknown_routes: list[str] = []
        """Requests that nothing here answers; a test that ends with any of them proves less than it seems."""
        self._world = world
        self._gateway = gateway
        self._limits = limits
        self._faults = faults
        self._cdn = cdn
        self._base = base
        self.gateway_url = ""

    def routes(self) -> list[web.RouteDef]:
        """The routes of users, application, gateway, guilds and commands."""
        commands = self._base + "/applications/{application}{guild:(/guilds/[0-9]+)?}/commands"
        return [
            web.get(self._base + "/users/@me", self.get_me, allow_head=False),
            web.post(self._base + "/users/@me/channels", self.open_dm),
            web.get(self._base + "/oauth2/applications/@me", self.get_application, allow_head=False),
            web.get(self._base + "/applications/@me", self.get_application, allow_head=False),
            web.get(self._base + "/gateway", self.get_gateway, allow_head=False),
            web.get(self._base + "/gateway/bot", self.get_gateway, allow_head=False),
            web.get(self._base + "/guilds/{guild}", self.get_guild, allow_head=False),
            web.get(self._base + "/guilds/{guild}/channels", self.get_channels, allow_head=False),
            web.get(commands, self.get_commands, allow_head=False),
            web.put(commands, self.put_commands),
            web.get("/attachments/{channel}/{attachment}/{name}", self.get_file, allow_head=False),
        ]

    @web.middleware
    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request and write down what happened."""
        if not request.path.startswith(self._base):
            return await handler(request)
        at_s = loop_s()
        refusal: ApiError | None = None
        try:
            answer = self._faults.answer(request) or await self._answer(request, handler)
        except ApiError as error:
            refusal, answer = error, json_answer(error.body, error.status)
            answer.headers.update(error.headers)
        self.invalid_requests += is_invalid(answer.status, refusal)
        lost = request.transport is None or request.transport.is_closing()
        self.log.append(Logged(at_s, request.method, request.path[len(self._base) :], LOST if lost else answer.status))
        await self._faults.hold_back(request)
        return answer

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        parts = request.path[len(self._base) :].split("/")
        # Tokens of interactions are in the address, and their endpoints are exempt from the global limit.
        if parts[1] not in {"interactions", "webhooks"}:
            if request.headers.get("Authorization") != f"Bot {self._world.token}":
                raise unauthorized()
            self._limits.check_all()
        bucket = self._limits.buckets.get(request.match_info.route.name or "")
        if bucket is None:
            return await handler(request)
        headers = bucket.take(int(request.match_info["channel"]), self._world.clock.now_ms() / 1000)
        try:
            answer = await handler(request)
        except ApiError as error:
            error.headers = headers | error.headers
            raise
        answer.headers.update(headers)
        return answer

    async def unknown(self, request: web.Request) -> web.Response:
        """Answer what nothing else answers."""
        self.unknown_routes.append(f"{request.method} {request.path}")
        return json_answer({"message": "404: Not Found", "code": 0}, status=404)

    async def get_me(self, _: web.Request) -> web.Response:
        """The bot's user."""
        return json_answer(payloads.of_user(self._world.bot))

    async def open_dm(self, request: web.Request) -> web.Response:
        """Open a conversation with a person."""
        body, _ = await read_body(request)
        user = self._world.users.get(int(body["recipient_id"]))
        if user is None:
            raise ApiError(400, 50033)
        return json_answer(payloads.of_channel(self._world.dm(user), self._world))

    async def get_application(self, _: web.Request) -> web.Response:
        """The bot's application."""
        known = {"id": str(self._world.application_id), "name": "Flushwatch", "description": "", "icon": None}
        public = {"bot_public": True, "bot_require_code_grant": False, "verify_key": "00", "flags": 0}
        return json_answer(known | public | {"owner": payloads.of_user(self._world.owner)})

    async def get_gateway(self, _: web.Request) -> web.Response:
        """Where the gateway is, and how many sessions may still start."""
        left = {"total": 1000, "remaining": 1000 - self._gateway.identifies, "reset_after": 0, "max_concurrency": 1}
        return json_answer({"url": self.gateway_url, "shards": 1, "session_start_limit": left})

    async def get_guild(self, request: web.Request) -> web.Response:
        """A guild of the bot."""
        return json_answer(payloads.of_guild(self._guild(request), self._world))

    async def get_channels(self, request: web.Request) -> web.Response:
        """Channels of a guild, threads excepted."""
        channels = [channel for channel in self._guild(request).channels.values() if not channel.parent]
        return json_answer([payloads.of_channel(channel, self._world) for channel in channels])

    def _guild(self, request: web.Request) -> Guild:
        guild = self._world.guilds.get(int(request.match_info["guild"]))
        if guild is None or not guild.has_bot:
            raise ApiError(404, 10004)
        return guild

    async def get_commands(self, request: web.Request) -> web.Response:
        """Registered commands."""
        return json_answer(self._world.commands.get(_of_guild(request), []))

    async def put_commands(self, request: web.Request) -> web.Response:
        """Register commands in place of all before; an id stays with its name."""
        body, _ = await read_body(request)
        commands: list[Json] = list(body)  # type: ignore[arg-type]  # this one body is a list
        command_rules.check(commands)
        place = _of_guild(request)
        known = {command["name"]: command["id"] for command in self._world.commands.get(place, [])}
        self._world.commands[place] = [self._registered(command, place, known) for command in commands]
        return json_answer(self._world.commands[place])

    def _registered(self, command: Json, place: int | None, known: dict[str, str]) -> Json:
        new_id = str(self._world.clock.snowflake())
        ids = {"id": known.get(command["name"], new_id), "application_id": str(self._world.application_id)}
        of_guild = {"guild_id": str(place)} if place else {}
        return {"type": 1, "description": ""} | command | ids | {"version": new_id} | of_guild

    async def get_file(self, request: web.Request) -> web.Response:
        """A file, as long as its message exists and for a signed address only."""
        channel = self._world.find(int(request.match_info["channel"]))
        for message in channel.messages if channel and "hm" in request.query else []:
            for attachment in message.attachments:
                if str(attachment.id) == request.match_info["attachment"]:
                    return web.Response(body=attachment.content)
        return web.Response(status=404, text="This content is no longer available.")


def _of_guild(request: web.Request) -> int | None:
    named = request.match_info["guild"].rpartition("/")[2]
    return int(named) if named else None
