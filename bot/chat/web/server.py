"""The page's server on the loopback address: its files, its words, its charts and its socket."""

from __future__ import annotations

import asyncio
import html
import string
from importlib import resources

from aiohttp import WSCloseCode, hdrs, web

from bot.chat.pictures import picture_key
from bot.chat.web.backing import Backing
from bot.chat.web.conversation import Conversation
from bot.chat.web.guard import add_headers, only_our_page
from bot.chat.web.room import Room
from bot.chat.web.transport import WebTransport
from bot.chat.web.words import words_of_page
from bot.chat.wording import wordings
from bot.errors import ChartError

HOST = "127.0.0.1"
CLOSE_S = 1.0
FRAME_LIMIT = 8 * 1024
CONTENT_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "html": "text/html"}


class WebServer:
    """The page and everything behind it; `transport` is what the sender posts to."""

    def __init__(self, port: int, backing: Backing) -> None:
        self._port = port
        self._backing = backing
        self._wordings = wordings()
        self._room = Room(self._wordings)
        self._files = {entry.name: entry.read_bytes() for entry in (resources.files(__package__) / "static").iterdir()}
        self._sockets: set[web.WebSocketResponse] = set()
        self._runner = web.AppRunner(self._build(), access_log=None, shutdown_timeout=CLOSE_S)
        self.transport = WebTransport(self._room)

    async def start(self) -> None:
        """Load what stands in the channel and listen; raises `OSError` when the port is taken."""
        self._room.load(await self._backing.load_posts())
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()

    async def stop(self) -> None:
        """Close every socket and the port; takes `2 * CLOSE_S` at most."""
        await self._runner.cleanup()

    @property
    def address(self) -> str:
        """Where the page is, once started; with port 0 the system has chosen one."""
        return f"http://{HOST}:{self._runner.addresses[0][1]}/"

    def _build(self) -> web.Application:
        app = web.Application(middlewares=[only_our_page])
        app.on_response_prepare.append(add_headers)
        app.on_shutdown.append(self._close_sockets)
        app.router.add_get("/", self._page)
        app.router.add_get("/static/{name}", self._file)
        app.router.add_get("/words/{language}.json", self._words)
        app.router.add_get("/chart/{message}/{revision}/{language}/{theme:dark|light}.png", self._chart)
        app.router.add_get("/live", self._live)
        return app

    async def _page(self, request: web.Request) -> web.Response:
        wished = [part.strip()[:2].lower() for part in request.headers.get(hdrs.ACCEPT_LANGUAGE, "").split(",")]
        language = next((wish for wish in wished if wish in self._wordings), next(iter(self._wordings)))
        words = words_of_page(self._wordings[language])
        page = string.Template(self._files["index.html"].decode()).substitute(
            language=language,
            languages=" ".join(self._wordings),
            title=html.escape(words["web-title"]),
            description=html.escape(words["web-description"]),
            noscript=html.escape(words["web-noscript"]),
        )
        return web.Response(text=page, content_type="text/html", headers={hdrs.CACHE_CONTROL: "no-store"})

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._files:
            raise web.HTTPNotFound
        content_type = CONTENT_TYPES[name.rpartition(".")[2]]
        response = web.Response(body=self._files[name], content_type=content_type, charset="utf-8")
        response.headers[hdrs.CACHE_CONTROL] = "no-cache"
        return response

    async def _words(self, request: web.Request) -> web.Response:
        wording = self._wordings.get(request.match_info["language"])
        if wording is None:
            raise web.HTTPNotFound
        commands = [
            {"name": entry.name, "usage": entry.usage, "summary": wording.text(entry.summary), "admin": entry.admin}
            for entry in self._backing.reception.catalogue.commands.values()
        ]
        return web.json_response({"words": words_of_page(wording), "commands": commands})

    async def _chart(self, request: web.Request) -> web.Response:
        asked = request.match_info
        posted = self._room.find(asked["message"])
        if posted is None or asked["revision"] != str(posted.revision) or asked["language"] not in self._wordings:
            raise web.HTTPNotFound
        key = picture_key(posted.message, asked["language"], "light" if asked["theme"] == "light" else "dark")
        try:
            picture = await self._backing.pictures.picture(key, posted.message)
        except ChartError as error:
            raise web.HTTPServiceUnavailable from error
        response = web.Response(body=picture, content_type="image/png")
        response.etag = key.digest
        # The page adds the digest to the address, so what an address shows never changes.
        response.headers[hdrs.CACHE_CONTROL] = "private, max-age=31536000, immutable"
        return response

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=20, timeout=CLOSE_S, max_msg_size=FRAME_LIMIT, compress=False)
        await socket.prepare(request)
        transport = request.transport
        self._sockets.add(socket)
        try:
            if transport is not None:
                await Conversation(self._backing, self._room, socket, transport.abort).hold()
        finally:
            self._sockets.discard(socket)
        return socket

    async def _close_sockets(self, _: web.Application) -> None:
        closings = [asyncio.create_task(socket.close(code=WSCloseCode.GOING_AWAY)) for socket in self._sockets]
        if closings:
            await asyncio.wait(closings, timeout=CLOSE_S)
        self._room.drop_all()
