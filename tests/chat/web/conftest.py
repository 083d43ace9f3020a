import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bot.catalogue import Catalogue
from bot.chat.charts import ChartWorker
from bot.chat.pictures import Pictures
from bot.chat.reception import Reception
from bot.chat.web.backing import Backing
from bot.chat.web.player import PlayerState
from bot.chat.web.server import WebServer
from bot.chat.web.transport import Posted
from bot.chat.wording import wordings
from bot.command import Caller, Coin, Parameter, command
from bot.message import Button, ChartRequest, Message, Name, Phrase, Post, Row

# One event loop a module: a browser takes seconds to start, and all that speaks to it has to live in its loop.
expect.set_options(timeout=20_000)

NOW_MS = 1_768_779_600_000  # 18 January 2026, 23:40 UTC


def said(text: str) -> Phrase:
    """A sentence that exists in every language ("… It is noted as {text}.", "… Quedó anotado como {text}.")."""
    return Phrase("error-internal", {"incident": Name(text)})


CHART = ChartRequest(
    title=said("chart"),
    alt=said("a fall in price"),
    times_ms=tuple(NOW_MS + minute * 60_000 for minute in range(30)),
    price=tuple(95_000.0 - 40 * minute for minute in range(30)),
)


def card(text: str, **changes: Any) -> Message:
    """A card whose headline names `text`."""
    rows = (Row(said("first row")), Row(said("rule"), "muted"), Row(said("gap"), "muted"))
    made = Message("card", said(text), rows, said(f"push {text}"), "flush", origin=Phrase("origin-simulated"))
    return Message(**{field: changes.get(field, getattr(made, field)) for field in made.__struct_fields__})


class TapePlayer:
    """A player whose clock moves only by `jump`, and which remembers what was asked of it."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS
        self.speed: float | None = 30.0
        self.paused = True
        self.restarts = 0

    def state(self) -> PlayerState:
        start_ms, end_ms = NOW_MS - 3_600_000, NOW_MS + 3_600_000
        name, origin = "article", Phrase("origin-simulated")
        return PlayerState(name, origin, self.now_ms, start_ms, end_ms, self.speed, self.paused, False, None)

    def play(self) -> None:
        self.paused = False

    def pause(self) -> None:
        self.paused = True

    def set_speed(self, speed: float | None) -> None:
        self.speed = speed

    def jump(self) -> None:
        self.now_ms += 60_000

    async def restart(self) -> None:
        self.now_ms = NOW_MS
        self.restarts += 1


class LiveMarket:
    """A market as it happens: it can be watched, and takes no wishes."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS

    def state(self) -> PlayerState:
        start_ms, next_ms = NOW_MS - 3_600_000, NOW_MS + 900_000
        return PlayerState("live", None, self.now_ms, start_ms, self.now_ms, 1.0, False, False, next_ms, live=True)


class Desk:
    """What the test commands look at: a note of who asked."""

    def __init__(self) -> None:
        self.callers: list[tuple[str, Caller]] = []

    def suggestions(self, parameter: Parameter, before: Mapping[str, str]) -> Iterable[str]:
        return ()


@command("funding")
async def funding(desk: Desk, caller: Caller, coin: Coin = "BTC") -> Message:
    """Answer in the channel."""
    desk.callers.append((f"funding {coin}", caller))
    return Message("answer", said(f"funding of {coin}"))


@command("status")
async def status(desk: Desk, caller: Caller) -> Message:
    """Answer the asker alone."""
    desk.callers.append(("status", caller))
    return Message("answer", said("all is well"), private=True)


@command("alerts set", admin=True)
async def alerts_set(desk: Desk, caller: Caller) -> Message:
    """Only for admins."""
    desk.callers.append(("alerts set", caller))
    return Message("answer", said("it is set"))


@command("break")
async def broken(desk: Desk, caller: Caller) -> Message:
    """Fail as only a bug can."""
    raise ZeroDivisionError


@pytest.fixture
def desk() -> Desk:
    """Who asked what, in this test."""
    return Desk()


@pytest.fixture
def player() -> TapePlayer:
    """A stream that stands still."""
    return TapePlayer()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def drawing() -> AsyncIterator[ChartWorker]:
    """The real chart worker, started when the first chart is asked for."""
    worker = ChartWorker()
    yield worker
    await worker.stop()


@pytest.fixture
def standing() -> list[Posted]:
    """What the database holds when the server starts; tests add to it."""
    return []


@pytest.fixture
def backing(desk: Desk, player: TapePlayer, drawing: ChartWorker, standing: list[Posted]) -> Backing:
    """Everything behind the page, real but for the stream."""

    async def load_posts() -> list[Posted]:
        return standing

    pictures = Pictures(drawing, wordings())
    reception = Reception(Catalogue([funding, status, alerts_set, broken], desk), pictures)
    return Backing(reception, player, pictures, lambda: ["BTC", "ETH", "SOL"], load_posts, allow_admin=True)


Start = Callable[..., Any]


@pytest_asyncio.fixture(loop_scope="module")
async def start(backing: Backing) -> AsyncIterator[Start]:
    """Start a server on a free port, with parts of the backing changed; stopped at the end of the test."""
    servers: list[WebServer] = []

    async def begin(**changes: Any) -> WebServer:
        server = WebServer(0, replace(backing, **changes))
        await server.start()
        servers.append(server)
        return server

    yield begin
    for server in servers:
        await server.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def server(start: Start, standing: list[Posted]) -> WebServer:
    """A server that shows `standing`."""
    made: WebServer = await start()
    return made


def button(label: str, line: str) -> Button:
    """A button that runs `line`."""
    return Button(said(label), line)


async def post(server: WebServer, name: str, *, thread_of: str | None = None, **changes: Any) -> None:
    """Send a card as the sender would."""
    await server.transport.send(posted(name, card(name, **changes), thread_of=thread_of), at_once)


async def at_once() -> None:
    """Nothing has to be waited for."""


def posted(
    name: str, message: Message, revision: int = 1, *, thread_of: str | None = None, at_ms: int = NOW_MS
) -> Post:
    """A message on its way to the page."""
    return Post("web", name, revision, message, "en", at_ms, thread_of=thread_of)


def place_of(name: str) -> str:
    """Where a post stands."""
    return f'[data-id="{name}"]'


async def say(page: Page, line: str) -> None:
    """Type a line and send it."""
    await page.fill("#text", line)
    await page.press("#text", "Escape")
    await page.press("#text", "Enter")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A real Chromium; its absence is a failure where CI promises one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Chromium not found")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser) -> BrowserContext:
    """A wide window of an English reader."""
    return await browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})


@pytest_asyncio.fixture(loop_scope="module")
async def page(context: BrowserContext, server: WebServer) -> AsyncIterator[Page]:
    """The page, open and connected; a script error or a breach of its content policy fails the test."""
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    await opened.goto(server.address)
    await opened.wait_for_selector("#connection", state="hidden")
    yield opened
    assert complaints == []
