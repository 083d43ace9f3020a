"""Misfortunes by switch, all settable while the fake runs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiohttp import web


@dataclass
class Failure:
    """So many of the next requests of that kind get this status, and nothing of what they asked for happens."""

    status: int
    times: int
    method: str
    path: str


class Faults:
    """What goes wrong with requests."""

    def __init__(self) -> None:
        self.lose_every = 0
        """Every so many-th message sent to a channel is stored, and its answer lost with the connection; 0: none."""
        self.banned = False
        """Every request is answered as by Cloudflare during a ban: 429 in HTML and without `Via`."""
        self.answers_after_s = 0.0
        """How long answers are held back; what was asked for has happened by then."""
        self.slow_path = ""
        """Only answers to requests whose path contains this are held back."""
        self._failures: list[Failure] = []
        self._sent = 0

    def fail_next(self, status: int = 502, times: int = 1, *, method: str = "", path: str = "") -> None:
        """Answer the next requests whose method and path contain these with `status`; an empty text fits all."""
        self._failures.append(Failure(status, times, method, path))

    def answer(self, request: web.Request) -> web.Response | None:
        """The misfortune that meets this request before anything looks at it."""
        if self.banned:
            return web.Response(status=429, text="<html>error code: 1015</html>", content_type="text/html")
        for failure in self._failures:
            if failure.times and failure.method in request.method and failure.path in request.path:
                failure.times -= 1
                return web.Response(status=failure.status, text="<html>Bad gateway</html>", content_type="text/html")
        return None

    async def hold_back(self, request: web.Request) -> None:
        """Wait as long as the answer to this request is to be held back."""
        if self.slow_path in request.path:
            await asyncio.sleep(self.answers_after_s)

    def loses(self) -> bool:
        """Whether the answer to a message that was just stored is to be lost."""
        self._sent += 1
        return bool(self.lose_every) and self._sent % self.lose_every == 0
