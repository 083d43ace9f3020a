import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, ClientWSTimeout, WSCloseCode, WSMsgType

from bot.chat.web import room
from bot.chat.web.frames import Post
from bot.chat.web.server import WebServer
from bot.chat.web.transport import Posted
from bot.chat.web.views import view_of
from tests.chat.web.conftest import NOW_MS, Desk, LiveMarket, Start, TapePlayer, at_once, card, posted

pytestmark = [pytest.mark.wire, pytest.mark.asyncio(loop_scope="module")]


@asynccontextmanager
async def visit(server: WebServer) -> AsyncIterator[ClientWebSocketResponse]:
    """A page's socket."""
    address, origin = f"{server.address}live", server.address.rstrip("/")
    patience = ClientWSTimeout(ws_close=0.2)  # a page that hangs takes no leave
    async with ClientSession() as session, session.ws_connect(address, origin=origin, timeout=patience) as socket:
        yield socket


async def hear(socket: ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """The next frame of that type."""
    async with asyncio.timeout(5):
        while True:
            frame: dict[str, Any] = await socket.receive_json()
            if frame["type"] == kind:
                return frame


async def ask(socket: ClientWebSocketResponse, text: str, *, admin: bool = False) -> dict[str, Any]:
    """Say a command and give what was answered."""
    await socket.send_json({"type": "say", "text": text, "language": "en", "admin": admin})
    answer: dict[str, Any] = (await hear(socket, "answer"))["answer"]
    return answer


def headline(answer: dict[str, Any]) -> str:
    """What the reply says in English."""
    return str(answer["post"]["spoken"]["en"]["words"]["headline"])


async def test_channel_comes_first_and_in_every_language(server: WebServer) -> None:
    """A page that opens gets all posts at once, said in every language, and then each change."""
    await server.transport.send(posted("a", card("alpha")), at_once)
    async with visit(server) as socket:
        opened = await hear(socket, "opened")
        assert [post["id"] for post in opened["posts"]] == ["a"]
        assert "noted as alpha" in opened["posts"][0]["spoken"]["en"]["words"]["headline"]
        assert "anotado como alpha" in opened["posts"][0]["spoken"]["es"]["words"]["headline"]
        await server.transport.edit(
            msgspec.structs.replace(posted("a", card("beta"), 2), now_ms=NOW_MS + 5), "a", at_once
        )
        post = (await hear(socket, "post"))["post"]
        assert (post["id"], post["revision"], post["edited_ms"]) == ("a", 2, NOW_MS + 5)


async def test_public_reply_is_seen_by_all_and_private_by_one(server: WebServer) -> None:
    """The channel hears a public reply, also who comes later; a private one goes to the asker alone."""
    async with visit(server) as mine, visit(server) as other:
        assert (await ask(mine, "/status"))["private"]
        assert not (await ask(mine, "/funding ETH"))["private"]
        first_heard = await hear(other, "answer")
        assert first_heard["answer"]["asked"] == "/funding ETH"
    async with visit(server) as later:
        opened = await hear(later, "opened")
        assert [answer["asked"] for answer in opened["answers"]] == ["/funding ETH"]


@pytest.mark.parametrize("allow_admin", [True, False])
async def test_admin_switch_counts_only_where_it_is_allowed(start: Start, desk: Desk, *, allow_admin: bool) -> None:
    """The page's word for being an admin is taken only by a server that offers the switch."""
    server = await start(allow_admin=allow_admin)
    async with visit(server) as socket:
        assert (await hear(socket, "opened"))["allow_admin"] is allow_admin
        await ask(socket, "/alerts set", admin=True)
        await ask(socket, "/alerts set", admin=False)
    assert [caller.admin for _, caller in desk.callers] == ([True] if allow_admin else [])


@pytest.mark.parametrize(
    "frame",
    ["", "{", "[]", '{"type":"say"}', '{"type":"nothing"}', '{"type":"say","text":1,"language":"en"}',
     '{"type":"say","text":"/funding","language":"xx"}', '{"type":"speed","speed":-1}',
     '{"type":"control","action":"explode"}', '{"type":"control","action":"play","more":1}', b"\xff\xfe"],
)  # fmt: skip
async def test_malformed_frame_is_refused_and_the_talk_goes_on(server: WebServer, frame: str | bytes) -> None:
    """What cannot be read gets a reply, and the next command is answered on the same socket."""
    async with visit(server) as socket:
        await (socket.send_bytes(frame) if isinstance(frame, bytes) else socket.send_str(frame))
        refused = (await hear(socket, "answer"))["answer"]
        assert (refused["asked"], refused["post"]["kind"], refused["private"]) == (None, "refusal", True)
        assert headline(await ask(socket, "/funding")).endswith("funding of BTC.")


WISHES = (
    *({"type": "control", "action": a} for a in ("play", "pause", "jump", "restart")),
    {"type": "speed", "speed": 30},
)


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: str(wish.get("action", "speed")))
async def test_the_live_market_takes_no_wishes(start: Start, wish: dict[str, Any]) -> None:
    """A page that asks the live market to wait, hurry or begin again is told that it cannot, and nothing is emptied."""
    server = await start(player=LiveMarket())
    await server.transport.send(posted("a", card("alpha")), at_once)
    async with visit(server) as socket:
        player = (await hear(socket, "opened"))["player"]
        assert (player["state"]["live"], player["origin"]) == (True, {})
        await socket.send_json(wish)
        refused = (await hear(socket, "answer"))["answer"]
        assert (refused["post"]["kind"], refused["private"]) == ("refusal", True)
        assert headline(refused).startswith("This is the live market")
        assert headline(await ask(socket, "/funding")).endswith("funding of BTC.")
    async with visit(server) as socket:
        assert [post["id"] for post in (await hear(socket, "opened"))["posts"]] == ["a"]


async def test_bug_in_a_command_is_told_by_its_number_only(server: WebServer) -> None:
    """An unknown failure becomes an apology with an incident id; nothing of the failure itself is shown."""
    async with visit(server) as socket:
        answer = await ask(socket, "/break")
        assert "noted as" in headline(answer)
        assert "ZeroDivision" not in str(answer)
        assert answer["private"]


async def test_burst_of_commands_is_refused_politely(server: WebServer, desk: Desk) -> None:
    """The twenty-first command within ten seconds is not run and says how long to wait."""
    async with visit(server) as socket:
        answers = [await ask(socket, "/status") for _ in range(21)]
        assert [answer["post"]["kind"] for answer in answers] == ["answer"] * 20 + ["refusal"]
        assert "wait" in headline(answers[-1])
    assert len(desk.callers) == 20


async def test_flood_of_frames_ends_the_talk(server: WebServer) -> None:
    """A page that sends hundreds of frames in a moment is no page of ours."""
    async with visit(server) as socket:
        for ask_id in range(250):
            await socket.send_json({"type": "complete", "text": "/", "ask": ask_id})
        async with asyncio.timeout(5):
            while (await socket.receive()).type is not WSMsgType.CLOSE:
                pass
        assert socket.close_code == WSCloseCode.POLICY_VIOLATION


@pytest.mark.parametrize(("length", "kind"), [(500, "answer"), (501, "refusal")])
async def test_command_may_have_500_characters(server: WebServer, length: int, kind: str) -> None:
    """A command of 500 characters is run, one more is refused."""
    async with visit(server) as socket:
        text = "/funding " + "B" * (length - len("/funding "))
        assert (await ask(socket, text))["post"]["kind"] == kind


async def test_frame_beyond_the_limit_closes_the_socket(server: WebServer) -> None:
    """A frame larger than any command needs is not even read."""
    async with visit(server) as socket:
        await hear(socket, "opened")
        await socket.send_str("x" * 20_000)
        async with asyncio.timeout(5):
            while (await socket.receive()).type is not WSMsgType.CLOSE:
                pass
        assert socket.close_code == WSCloseCode.MESSAGE_TOO_BIG


async def test_completion_offers_coins_and_hides_admin_commands(server: WebServer) -> None:
    """Lines come from the catalogue, with the coins of the market, for what the visitor may do."""
    async with visit(server) as socket:
        await socket.send_json({"type": "complete", "text": "/funding ", "ask": 1})
        assert (await hear(socket, "completions"))["lines"] == ["/funding BTC", "/funding ETH", "/funding SOL"]
        await socket.send_json({"type": "complete", "text": "/a", "ask": 2})
        assert await hear(socket, "completions") == {"type": "completions", "ask": 2, "lines": []}
        await socket.send_json({"type": "complete", "text": "/a", "ask": 3, "admin": True})
        assert (await hear(socket, "completions"))["lines"] == ["/alerts set"]


async def test_player_obeys_and_every_page_hears_it(server: WebServer, player: TapePlayer) -> None:
    """Play, speed and jump reach the player; the other page learns where the stream stands."""
    async with visit(server) as mine, visit(server) as other:
        for frame in ({"type": "control", "action": "play"}, {"type": "speed", "speed": None},
                      {"type": "control", "action": "jump"}):  # fmt: skip
            await mine.send_json(frame)
        state: dict[str, Any] = {}
        while state.get("now_ms") != NOW_MS + 60_000:
            state = (await hear(other, "player"))["player"]["state"]
        assert (state["paused"], state["speed"]) == (False, None)
        assert not player.paused


async def test_restart_clears_every_page(server: WebServer, player: TapePlayer) -> None:
    """After a restart the channel is empty for those who are there and for those who come."""
    await server.transport.send(posted("a", card("alpha")), at_once)
    async with visit(server) as mine, visit(server) as other:
        await mine.send_json({"type": "control", "action": "restart"})
        await hear(other, "cleared")
        assert player.restarts == 1
    async with visit(server) as later:
        assert (await hear(later, "opened"))["posts"] == []


def large_frame(server: WebServer) -> Post:
    """A post of about 80 kB as the page is told of it."""
    message = card("x" * 60, rows=card("x" * 60).rows * 100)
    return Post(view_of(Posted("large", 1, message, None, NOW_MS), server._room.wordings))


async def test_slow_page_is_dropped_and_holds_up_nobody(server: WebServer) -> None:
    """A page that stops reading is dropped once its queue is full; meanwhile the other hears every frame."""
    frame, told, heard = large_frame(server), 0, 0
    async with visit(server) as slow, visit(server) as swift:
        await hear(slow, "opened")
        await hear(swift, "opened")
        slow._reader._protocol.pause_reading()  # as a frozen browser does
        while len(server._room._listeners) == 2 and told < 2_000:
            for listener in list(server._room._listeners):
                server._room.tell(frame, listener)
            told += 1
            heard += (await hear(swift, "post"))["post"]["id"] == "large"
        assert len(server._room._listeners) == 1
        assert heard == told > room.WAITING_FRAMES
        slow._reader._protocol.resume_reading()
        async with asyncio.timeout(5):
            async for _ in slow:  # what was on its way, and then the end
                pass
        assert slow.closed


async def test_stop_is_quick_with_pages_open(start: Start) -> None:
    """Stopping takes less than three seconds, also while pages that hang have not taken what was written to them."""
    server: WebServer = await start()
    async with visit(server) as one, visit(server) as other:
        await hear(one, "opened")
        await hear(other, "opened")
        frame = large_frame(server)
        for socket in (one, other):
            socket._reader._protocol.pause_reading()
        for _ in range(4_000):  # turns of the loop: enough for the writers to fill the wire and get stuck
            for listener in server._room._listeners:
                if not listener.frames.full():
                    server._room.tell(frame, listener)
            await asyncio.sleep(0)
        assert [listener.frames.full() for listener in server._room._listeners] == [True, True]
        began_s = time.monotonic()
        await server.stop()
        assert time.monotonic() - began_s < 3


async def test_posts_of_an_earlier_run_stand_there(start: Start, standing: list[Posted]) -> None:
    """What the database holds is shown after a restart of the program, with its edits and threads."""
    standing += [Posted("a", 3, card("alpha"), None, NOW_MS, NOW_MS + 9), Posted("b", 1, card("beta"), "a", NOW_MS + 1)]
    async with visit(await start()) as socket:
        posts = (await hear(socket, "opened"))["posts"]
    assert [(post["id"], post["revision"], post["thread_of"], post["edited_ms"]) for post in posts] == [
        ("a", 3, None, NOW_MS + 9),
        ("b", 1, "a", None),
    ]
