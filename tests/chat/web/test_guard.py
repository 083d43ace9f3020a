import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from bot.chat.web.server import WebServer

pytestmark = [pytest.mark.wire, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("path", ["", "static/app.js", "words/en.json", "chart/a/1/en/dark.png", "nowhere"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1.evil.example", "localhost:1"])
async def test_foreign_host_is_misdirected(server: WebServer, path: str, host: str) -> None:
    """A name that is not ours gets nothing, whatever it asks for: DNS rebinding ends here."""
    async with ClientSession() as session, session.get(server.address + path, headers={"Host": host}) as response:
        assert response.status == 421


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"])
async def test_own_names_are_served(server: WebServer, name: str) -> None:
    """Every name of the loopback address with our port is ours."""
    port = server.address.rsplit(":", 1)[1].rstrip("/")
    headers = {"Host": f"{name}:{port}"}
    async with ClientSession() as session, session.get(server.address, headers=headers) as response:
        assert response.status == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", None])
async def test_socket_of_a_foreign_page_is_forbidden(server: WebServer, origin: str | None) -> None:
    """A socket opens only for a page that this server handed out."""
    headers = {} if origin is None else {"Origin": origin}
    async with ClientSession() as session:
        with pytest.raises(WSServerHandshakeError) as refusal:
            await session.ws_connect(f"{server.address}live", headers=headers)
    assert refusal.value.status == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
async def test_post_of_a_foreign_page_is_forbidden(server: WebServer, origin: str | None) -> None:
    """Anything but a plain read needs our origin, before it is even known whether there is such a page."""
    headers = {} if origin is None else {"Origin": origin}
    async with ClientSession() as session, session.post(server.address, headers=headers) as response:
        assert response.status == 403


async def test_foreign_origin_may_not_read(server: WebServer) -> None:
    """A read that names a foreign origin is forbidden too."""
    headers = {"Origin": "https://evil.example"}
    async with ClientSession() as session, session.get(server.address, headers=headers) as response:
        assert response.status == 403


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [("", None, 200), ("static/app.js", None, 200), ("nowhere", None, 404), ("", "evil.example", 421)],
)
async def test_every_response_forbids_what_the_page_does_not_need(
    server: WebServer, path: str, host: str | None, status: int
) -> None:
    """Policy, no sniffing and no framing stand on pages, files and refusals alike, with nothing inline allowed."""
    headers = {} if host is None else {"Host": host}
    async with ClientSession() as session, session.get(server.address + path, headers=headers) as response:
        assert response.status == status
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"


async def test_socket_upgrade_carries_the_policy(server: WebServer) -> None:
    """The upgrade of a socket is a response like any other."""
    async with ClientSession() as session:
        socket = await session.ws_connect(f"{server.address}live", headers={"Origin": server.address.rstrip("/")})
        assert "default-src 'none'" in socket._response.headers["Content-Security-Policy"]
        await socket.close()
