"""One open page: what it says is read, carried out and answered; what the room has for it is written."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from bot.chat.allowance import Allowance
from bot.chat.reception import TEXT_LIMIT
from bot.chat.web.backing import Backing
from bot.chat.web.frames import Complete, Completions, Control, FromPage, Opened, Played, Say, SetSpeed, parse_frame
from bot.chat.web.player import Player
from bot.chat.web.room import Listener, Room
from bot.chat.web.views import PlayerView, Posted, view_of_player
from bot.command import Caller
from bot.message import Message, Phrase, Span

COMMANDS, COMMANDS_SPAN_S = 20, 10.0
FRAMES, FRAMES_SPAN_S = 200, 10.0
CLOCK_S = 0.25
"""How often a page hears where the stream stands."""


class Conversation:
    """One socket, from its opening to its end."""

    def __init__(self, backing: Backing, room: Room, socket: web.WebSocketResponse, drop: Callable[[], object]) -> None:
        self._backing = backing
        self._room = room
        self._socket = socket
        self._listener = Listener(drop)
        self._commands = Allowance(COMMANDS, COMMANDS_SPAN_S)
        self._frames = Allowance(FRAMES, FRAMES_SPAN_S)

    async def hold(self) -> None:
        """Read and write until the page leaves or is dropped."""
        posts, answers = self._room.standing()
        opened = Opened(posts, answers, self._played(), list(self._room.wordings), self._backing.allow_admin)
        self._room.enter(self._listener)
        self._room.tell(opened, self._listener)
        writing = asyncio.create_task(self._write())
        try:
            await self._read()
        finally:
            self._room.leave(self._listener)
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _read(self) -> None:
        async for incoming in self._socket:
            if self._frames.take(time.monotonic()):
                await self._socket.close(code=WSCloseCode.POLICY_VIOLATION)
                return
            try:
                if incoming.type is not WSMsgType.TEXT:
                    raise msgspec.ValidationError("not a text frame")
                frame = parse_frame(incoming.data)
            except (msgspec.MsgspecError, UnicodeError):
                self._refuse(Phrase("error-unreadable"))
            else:
                await self._carry_out(frame)

    async def _carry_out(self, frame: FromPage) -> None:
        match frame:
            case Say():
                await self._say(frame)
            case Complete(text, ask, admin):
                lines = self._backing.reception.catalogue.complete(
                    text[:TEXT_LIMIT], admin=self._admin(switch=admin), coins=self._backing.coins()
                )
                self._room.tell(Completions(ask, lines), self._listener)
            case Control() | SetSpeed():
                await self._wish(frame)

    async def _wish(self, wish: Control | SetSpeed) -> None:
        player = self._backing.player
        if player.state().live or not isinstance(player, Player):
            self._refuse(Phrase("error-live-market"))
            return
        match wish:
            case Control("play"):
                player.play()
            case Control("pause"):
                player.pause()
            case Control("jump"):
                player.jump()
            case Control("restart"):
                await player.restart()
                self._room.clear()
            case SetSpeed(speed):
                player.set_speed(speed)

    async def _say(self, say: Say) -> None:
        wait_s = self._commands.take(time.monotonic())
        if wait_s:
            self._refuse(Phrase("error-too-fast", {"wait": Span(max(1000, round(wait_s * 1000)))}), say.text)
        elif say.language not in self._room.wordings:
            self._refuse(Phrase("error-unreadable"))
        else:
            caller = Caller("you", "web", say.language, admin=self._admin(switch=say.admin))
            self._reply(say.text, await self._backing.reception.answer(say.text, caller))

    def _admin(self, *, switch: bool) -> bool:
        return switch and self._backing.allow_admin

    def _refuse(self, reason: Phrase, asked: str | None = None) -> None:
        self._reply(asked, Message("refusal", reason, private=True))

    def _reply(self, asked: str | None, message: Message) -> None:
        now_ms = self._backing.player.state().now_ms
        posted = Posted(f"answer-{secrets.token_hex(8)}", 1, message, None, now_ms)
        self._room.reply(asked and asked[:TEXT_LIMIT], posted, self._listener)

    def _played(self) -> PlayerView:
        return view_of_player(self._backing.player.state(), self._room.wordings)

    async def _write(self) -> None:
        told = None
        clock_due_s = time.monotonic() + CLOCK_S
        try:
            while True:
                frame = await self._next_frame(clock_due_s - time.monotonic())
                if frame is not None:
                    await self._socket.send_str(frame.decode())
                if time.monotonic() >= clock_due_s:
                    clock_due_s = time.monotonic() + CLOCK_S
                    played = self._played()
                    if played != told:
                        told = played
                        await self._socket.send_str(msgspec.json.encode(Played(played)).decode())
        except ConnectionError:  # the page left; the reading half sees it too and ends the conversation
            return

    async def _next_frame(self, wait_s: float) -> bytes | None:
        try:
            async with asyncio.timeout(wait_s):
                return await self._listener.frames.get()
        except TimeoutError:
            return None
