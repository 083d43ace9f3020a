"""`flushwatch run` as its operator starts it: both platforms on loopback, from the first command to the last line."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse

from tests.fakes.discord import Channel, DiscordFake, Permission
from tests.fakes.telegram import TOKEN as TELEGRAM_TOKEN
from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.chats import Chat

pytestmark = pytest.mark.wire

ROOT = Path(__file__).resolve().parents[1]
SMALL = ROOT / "tests" / "data" / "small.jsonl.gz"
DISCORD_TOKEN = "MTQ2MjIzMDAwNDUzMTIwMDAwMQ.GfaKeY.abcdefghijklmnopqrstuvwxyz0123456789AB"
LOOK_S = 0.02
DEADLINE_S = 90
STOP_S = 10.0


class Run(NamedTuple):
    """A running bot: its process, its page's socket, and where it writes."""

    process: asyncio.subprocess.Process
    page: ClientWebSocketResponse
    frames: asyncio.Queue[dict[str, Any]]
    folder: Path

    def written(self) -> str:
        """Everything on both of its streams."""
        return (self.folder / "out").read_text() + (self.folder / "err").read_text()

    async def next_post(self) -> str:
        """Play the recording to its next post, and tell its kind; then it stands nearly still again."""
        await self.page.send_json({"type": "control", "action": "jump"})
        async with asyncio.timeout(DEADLINE_S):
            while True:
                told = await self.frames.get()
                if told["type"] == "post" and told["post"]["revision"] == 1:
                    return str(told["post"]["kind"])


@asynccontextmanager
async def running(folder: Path, *, market: str = str(SMALL), **settings: str) -> AsyncIterator[Run]:
    """`flushwatch run` until SIGTERM, on the small recording, which stands nearly still, or on the live market with "".

    It stops within ten seconds, unless it is gone before.
    """
    own = {f"FLUSHWATCH_{name.upper()}": value for name, value in settings.items()}
    bare = {name: value for name, value in os.environ.items() if not name.startswith("FLUSHWATCH_")}
    port = _free_port()
    environment = bare | own | {"FLUSHWATCH_WEB_PORT": str(port), "FLUSHWATCH_LOG_LEVEL": "debug"}
    command = ["run", *(["--market", market] if market else []), "--database", str(folder / "run.db")]
    with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *command, cwd=ROOT, env=environment, stdout=out, stderr=err
        )
        try:
            async with ClientSession() as session, _page(session, port) as page, _read(page) as frames:
                yield Run(process, page, frames, folder)
            began_s = time.monotonic()
            if process.returncode is not None:
                return
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), DEADLINE_S) == 0
            assert time.monotonic() - began_s < STOP_S
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


@asynccontextmanager
async def _page(session: ClientSession, port: int) -> AsyncIterator[ClientWebSocketResponse]:
    address = f"http://127.0.0.1:{port}"
    async with asyncio.timeout(DEADLINE_S):
        while True:
            try:
                page = await session.ws_connect(f"{address}/live", origin=address)
                break
            except OSError:
                await asyncio.sleep(LOOK_S)  # another process is starting
    async with page:
        yield page


@asynccontextmanager
async def _read(page: ClientWebSocketResponse) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
    """What the page is told, read at once: a page that does not read answers no ping, and is closed."""
    frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def read() -> None:
        async for frame in page:
            frames.put_nowait(msgspec.json.decode(frame.data))

    reading = asyncio.create_task(read())
    try:
        yield frames
    finally:
        reading.cancel()
        await asyncio.wait({reading})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def until(happened: Callable[[], Any]) -> None:
    """Wait for something that another process brings about."""
    async with asyncio.timeout(DEADLINE_S):
        while not happened():  # noqa: ASYNC110 -- what happens does so in another process, which sets no event here
            await asyncio.sleep(LOOK_S)


@pytest.fixture
async def discord() -> AsyncIterator[DiscordFake]:
    """A Discord with nobody in it."""
    async with DiscordFake(token=DISCORD_TOKEN) as fake:
        yield fake


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramFake]:
    """A Telegram with nobody in it."""
    async with TelegramFake() as fake:
        yield fake


def at(discord: DiscordFake, telegram: TelegramFake) -> dict[str, str]:
    """Settings that point the bot at both fakes."""
    return {
        "test_fakes": "yes",
        "discord_token": DISCORD_TOKEN,
        "discord_api": discord.api,
        "discord_gateway": discord.gateway,
        "telegram_token": TELEGRAM_TOKEN,
        "telegram_api": telegram.api,
    }


def told(channel: Channel, chat: Chat) -> tuple[int, int]:
    """How many messages the bot has written into a channel and a chat."""
    return len(channel.messages), sum(post.by_bot for post in chat.posts)


async def test_from_the_first_command_to_the_last_follow_up(
    discord: DiscordFake, telegram: TelegramFake, tmp_path: Path
) -> None:
    """Alerts are switched on by command on both, the flush is posted, edited and followed up, and nothing leaks."""
    server = discord.world.guild("Traders", channels=["alerts", "talk"])
    alerts, talk, ana = server.channel("alerts"), server.channel("talk"), discord.world.user("ana")
    ben = telegram.world.user("ben")
    private = telegram.world.private(ben)
    async with running(tmp_path, **at(discord, telegram)) as run:
        await until(lambda: discord.sockets.connected and telegram.updates.polling)
        manage = Permission.MANAGE_GUILD | Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES
        switched = await (await discord.slash(alerts, ana, "alerts on", {}, permissions=manage)).reply()
        telegram.say(private, ben, "/alerts on")
        await until(lambda: len(alerts.messages) == 1 and sum(p.by_bot for p in private.posts) == 2)
        kinds = []
        for _ in range(5):
            kinds.append(await run.next_post())
            await until(lambda: told(alerts, private) == (1 + len(kinds), 2 + len(kinds)))
        status = await (await discord.slash(talk, ana, "status", {})).reply()
    assert {"card", "followup"} <= set(kinds)
    assert "Alerts are on in #alerts" in str(switched.components)
    card = next(m for m in alerts.messages if "BTC long flush" in m.content)
    assert "simulated" in card.content
    assert card.edits
    followups = [m for m in alerts.messages if m.reference and str(m.reference["message_id"]) == str(card.id)]
    assert followups
    assert [message for message in talk.messages if message.embeds] == []
    [sent] = [post for post in private.posts if post.by_bot and "BTC long flush" in post.text and not post.reply_to]
    assert [post for post in private.posts if post.by_bot and post.reply_to == sent.id]
    leaked = run.written() + str(status.components) + (tmp_path / "run.db").read_bytes().decode("latin-1")
    for token in (DISCORD_TOKEN, TELEGRAM_TOKEN):
        assert token not in leaked
        assert token.partition(":")[2][:20] not in leaked if ":" in token else True
    assert "scope=bot+applications.commands&permissions=309237763072" in run.written()
    assert (discord.invalid_requests, discord.unknown_routes, telegram.unknown_methods) == (0, [], [])


async def test_a_platform_that_refuses_its_token_does_not_delay_the_other(
    discord: DiscordFake, telegram: TelegramFake, tmp_path: Path
) -> None:
    """With a refused token of Telegram, Discord answers as ever, and one sentence says what to do."""
    telegram.faults.revoked = True
    alerts, ana = discord.world.guild("Traders", channels=["alerts"]).channel("alerts"), discord.world.user("ana")
    async with running(tmp_path, **at(discord, telegram)) as run:
        await until(lambda: discord.sockets.connected)
        answer = await (await discord.slash(alerts, ana, "help", {})).reply()
        await until(lambda: "Telegram refuses the token" in " ".join(run.written().split()))
    assert "What you can ask" in str(answer.components)
    assert TELEGRAM_TOKEN not in run.written()


async def test_without_tokens_it_runs_on_the_page_alone(tmp_path: Path) -> None:
    """A platform without a token is not started, which is said in a line each."""
    async with running(tmp_path) as run:
        await until(lambda: "Flushwatch is at" in run.written())
    for name in ("Discord", "Telegram"):
        assert f"{name} is not started: FLUSHWATCH_{name.upper()}_TOKEN is not set." in run.written()
