"""The whole fake behind one name: a server to point discord.py at, a world to build, switches, and people."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.discord.answering import Answering
from tests.fakes.discord.asking import Asking
from tests.fakes.discord.changes import Changes
from tests.fakes.discord.channels import Channels
from tests.fakes.discord.clock import Clock
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.limits import Limits
from tests.fakes.discord.payloads import Cdn
from tests.fakes.discord.rest import Logged, Rest
from tests.fakes.discord.world import World

BASE = "/api/v10"
START_MS = 1_768_779_600_000
"""18 January 2026, 23:40 UTC: any fixed day does."""


class DiscordFake:
    """A Discord of its own on 127.0.0.1, open inside `async with`.

    `api` belongs into `discord.http.Route.BASE` and `gateway` into `DiscordWebSocket.DEFAULT_GATEWAY`. Build `world`,
    turn the switches of `faults`, `limits`, `sockets` (the gateway) and `channels` (the nonce window) at any time.
    Make it inside a running loop: all time is that loop's.
    """

    def __init__(self, token: str = "fake.bot.token", start_ms: int = START_MS) -> None:
        self.clock = Clock(start_ms)
        self.world = World(self.clock, token)
        self.faults = Faults()
        self.limits = Limits()
        self.sockets = Gateway(self.world, lambda: self.gateway)
        self._cdn = Cdn("")
        self.rest = Rest(self.world, self.sockets, self.limits, self.faults, self._cdn, BASE)
        self.channels = Channels(self.world, self.sockets, self.limits, self.faults, self._cdn)
        self.asking = Asking(self.world, self.sockets, self._cdn)
        self._runner = web.AppRunner(self._application(), shutdown_timeout=1.0, access_log=None)
        self.api = ""
        self.gateway = ""
        # What a test does most, under short names.
        self.slash = self.asking.slash
        self.click = self.asking.click
        self.select = self.asking.select
        self.autocomplete = self.asking.autocomplete
        self.fail_next = self.faults.fail_next
        self.drop = self.sockets.drop
        changes = Changes(self.world, self.sockets)
        self.join, self.leave = changes.join, changes.leave
        self.go_down, self.come_back = changes.go_down, changes.come_back
        self.forbid, self.permit = changes.forbid, changes.permit
        self.delete_channel, self.tell_channel = changes.delete_channel, changes.tell_channel
        self.tell_role, self.tell_bot_member = changes.tell_role, changes.tell_bot_member

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self.rest.around], client_max_size=26 * 1024 * 1024)
        answering = Answering(self.world, self.asking, self._cdn)
        application.add_routes([*self.rest.routes(), *self.channels.routes(BASE), *answering.routes(BASE)])
        for path in ("/gateway", "/gateway/"):
            application.router.add_get(path, self.sockets.handle)
        application.router.add_route("*", "/{anything:.*}", self.rest.unknown)
        return application

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.api, self.gateway = f"http://{host}:{port}{BASE}", f"ws://{host}:{port}/gateway"
        self._cdn.base = f"http://{host}:{port}"
        self.rest.gateway_url = self.gateway
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for interaction in self.asking.asked.values():
            interaction.forget()
        await self.sockets.drop(1001)
        await self._runner.cleanup()

    @property
    def log(self) -> list[Logged]:
        """Every REST request, oldest first."""
        return self.rest.log

    @property
    def invalid_requests(self) -> int:
        """Answers that count towards a ban."""
        return self.rest.invalid_requests

    @property
    def unknown_routes(self) -> list[str]:
        """Requests that nothing here answers."""
        return self.rest.unknown_routes
