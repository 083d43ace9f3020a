"""The HTTP side: one address for methods, one for files, on 127.0.0.1 and a free port.

Every answer closes its connection: a connection kept open would need timers, and tests run on a clock that jumps to
the next timer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import BodyPartReader, web

from tests.fakes.telegram import asking, menus, sending
from tests.fakes.telegram.call import ApiError, Call, Json
from tests.fakes.telegram.faults import Faults
from tests.fakes.telegram.sending import Method
from tests.fakes.telegram.updates import Updates
from tests.fakes.telegram.world import World, now_s

METHODS: dict[str, Method] = sending.METHODS | asking.METHODS | menus.METHODS
MOST_BODY_BYTES = 64 * 2**20


class Server:
    """Answers for one token; `calls` is the log of requests, `unknown_methods` what nobody here understands."""

    def __init__(self, token: str, world: World, updates: Updates, faults: Faults, ring: Callable[[], None]) -> None:
        self.calls: list[Call] = []
        self.unknown_methods: list[str] = []
        self.address = ""
        self._token = token
        self._world = world
        self._updates = updates
        self._faults = faults
        self._ring = ring
        self._closing = asyncio.Event()
        app = web.Application(client_max_size=MOST_BODY_BYTES)
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._call)
        app.router.add_get("/file/bot{token:[^/]+}/photos/{name}", self._file)
        self._runner = web.AppRunner(app, access_log=None, keepalive_timeout=0, shutdown_timeout=1)

    async def start(self) -> None:
        """Listen; `address` is then known."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Let go of everybody who waits, and close."""
        self._closing.set()
        self._updates.end_poll()
        await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        call = await _read(request)
        self.calls.append(call)
        try:
            if request.match_info["token"] != self._token:
                raise ApiError(401, "")
            body: Json = {"ok": True, "result": await self._result(call)}
            call.status = 200
        except ApiError as error:
            body, call.status, call.description = error.to_json(), error.status, error.description
        loses = call.status == 200 and self._faults.loses(call)
        hangs = call.status == 200 and self._faults.hangs(call)
        call.lost = loses or hangs
        self._ring()
        if hangs:
            await self._closing.wait()
        await asyncio.sleep(self._faults.delay_s.get(call.method, 0))
        garbled = self._faults.garbled(call) if call.status == 200 else None
        if garbled is not None:
            return _closed(web.Response(body=garbled))
        return _dropped(request) if call.lost else _closed(web.json_response(body, status=call.status))

    async def _result(self, call: Call) -> object:
        self._faults.check(call)
        match call.method:
            case "getUpdates":
                return await self._updates.poll(call)
            case "getWebhookInfo":
                pending = len(self._updates.pending)
                url = self._updates.webhook
                return {"url": url, "has_custom_certificate": False, "pending_update_count": pending}
            case "deleteWebhook":
                self._updates.webhook = ""
                if call.flag("drop_pending_updates"):
                    self._updates.pending.clear()
                return True
        if call.method not in METHODS:
            self.unknown_methods.append(call.method)
            raise ApiError(404, "method not found")
        return METHODS[call.method](self._world, call)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        photo = self._world.photos.get(request.match_info["name"].removesuffix(".png"))
        if photo is None or request.match_info["token"] != self._token:
            return _closed(web.Response(status=404))
        return _closed(web.Response(body=photo.data, content_type="image/png"))


async def _read(request: web.Request) -> Call:
    fields = dict(request.query)
    files: dict[str, bytes] = {}
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name:
                data = bytes(await part.read())
                if part.filename is None:
                    fields[part.name] = data.decode()
                else:
                    files[part.name] = data
    else:
        fields |= {name: str(value) for name, value in (await request.post()).items()}
    return Call(request.match_info["method"], fields, files, now_s())


def _closed(response: web.Response) -> web.Response:
    response.force_close()
    return response


def _dropped(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return _closed(web.Response())
