import asyncio

import pytest
from aiohttp import ClientSession
from yarl import URL

from bot.chat.pictures import KEPT_PICTURES, PictureKey, Pictures, picture_key
from bot.chat.web.server import WebServer
from bot.chat.wording import Wording, wordings
from bot.errors import ChartError
from bot.message import ChartRequest, Phrase, Theme
from tests.chat.web.conftest import CHART, Start, at_once, card, posted

pytestmark = [pytest.mark.wire, pytest.mark.asyncio(loop_scope="module")]

MESSAGE = card("alpha", chart=CHART)


class Pencil:
    """Draws the language's name, as many times as it is asked, after failing `failures` times."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.drawn: list[str | None] = []

    async def draw(self, request: ChartRequest, wording: Wording, theme: Theme, note: str | None = None) -> bytes:
        await asyncio.sleep(0)
        self.drawn.append(note)
        if len(self.drawn) <= self.failures:
            raise ChartError("the pencil broke")
        return f"{wording.language} {theme}".encode()


def key(number: int = 0) -> PictureKey:
    """One of many pictures."""
    return PictureKey(f"{number}", "es", "light")


async def test_picture_is_drawn_once_for_all_who_ask() -> None:
    """Pages that ask at the same time and later share one drawing, which carries the mark of origin."""
    pencil = Pencil()
    pictures = Pictures(pencil, wordings())
    drawn = await asyncio.gather(*(pictures.picture(key(), MESSAGE) for _ in range(5)))
    assert [*drawn, await pictures.picture(key(), MESSAGE)] == [b"es light"] * 6
    assert pencil.drawn == ["simulado"]


async def test_failure_is_told_and_not_kept() -> None:
    """Everyone who waited for a failed drawing hears of it; the next request draws again."""
    pencil = Pencil(failures=1)
    pictures = Pictures(pencil, wordings())
    for outcome in await asyncio.gather(*(pictures.picture(key(), MESSAGE) for _ in range(3)), return_exceptions=True):
        assert isinstance(outcome, ChartError)
    assert await pictures.picture(key(), MESSAGE) == b"es light"


async def test_oldest_pictures_are_forgotten() -> None:
    """No more than the newest pictures stay in memory; one asked for again counts as new."""
    pencil = Pencil()
    pictures = Pictures(pencil, wordings())
    for number in range(KEPT_PICTURES):
        await pictures.picture(key(number), MESSAGE)
    await pictures.picture(key(0), MESSAGE)
    await pictures.picture(key(KEPT_PICTURES), MESSAGE)
    count = len(pencil.drawn)
    await pictures.picture(key(0), MESSAGE)
    assert len(pencil.drawn) == count
    await pictures.picture(key(1), MESSAGE)
    assert len(pencil.drawn) == count + 1


async def test_digest_tells_runs_apart() -> None:
    """The same chart of a replay and of a live market are two pictures, for the mark stands in them."""
    live = card("alpha", chart=CHART, origin=None)
    other = card("alpha", chart=CHART, origin=Phrase("origin-replay"))
    assert len({picture_key(message, "en", "dark") for message in (MESSAGE, live, other)}) == 3


async def test_chart_is_served_for_the_revision_shown(server: WebServer) -> None:
    """The chart of a post comes as PNG that may be kept for ever; of no other revision, language or theme."""
    await server.transport.send(posted("2026-01-19-BTC-1/card", MESSAGE, 4), at_once)
    async with ClientSession() as session:
        address = f"{server.address}chart/2026-01-19-BTC-1%2Fcard/4/es/light.png"
        async with session.get(URL(address, encoded=True)) as response:
            assert response.status == 200
            assert response.content_type == "image/png"
            assert (await response.read()).startswith(b"\x89PNG")
            assert "immutable" in response.headers["Cache-Control"]
            assert response.headers["ETag"]
        name = "2026-01-19-BTC-1%2Fcard"
        for path in (f"{name}/3/es/light", f"{name}/4/xx/light", f"{name}/4/es/blue", "other/4/es/light"):
            async with session.get(URL(f"{server.address}chart/{path}.png", encoded=True)) as response:
                assert response.status == 404


async def test_chart_that_fails_is_unavailable(start: Start) -> None:
    """Where no picture can be drawn the answer is 503, and so it is for a message without a chart."""
    server: WebServer = await start(pictures=Pictures(Pencil(failures=9), wordings()))
    for name, message in (("a", MESSAGE), ("b", card("beta"))):
        await server.transport.send(posted(name, message), at_once)
        address = f"{server.address}chart/{name}/1/en/dark.png"
        async with ClientSession() as session, session.get(address) as response:
            assert response.status == 503
