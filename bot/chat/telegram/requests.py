"""The HTTP side of the library, with a refusal for flooding that can be read without the library's deprecated types."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from functools import cache
from http import HTTPStatus
from typing import Any, TypeAlias

import httpx
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

CONNECT_S, ANSWER_S, UPLOAD_S = 10.0, 20.0, 60.0
POOL_S = 10.0
CONNECTIONS = 64
USUAL_WAIT_S = 5.0
"""How long to wait where a refusal does not say."""


Answered: TypeAlias = Callable[[httpx.Response], Awaitable[None]]


@cache
def authorities() -> ssl.SSLContext:
    """Whose certificates are trusted, read once for all requests: that takes some 30 ms."""
    return httpx.create_ssl_context()


class FloodError(TelegramError):
    """Too many requests; `retry_after_s` is Telegram's own wish.

    Raised instead of `telegram.error.RetryAfter`, which warns at every use in 22.x that its type will change.
    """

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"too many requests, again in {retry_after_s:.0f} s")
        self.retry_after_s = retry_after_s


class Requests(HTTPXRequest):
    """Requests of one bot, with the time limits above; `answered` sees every answer as it came."""

    def __init__(
        self, connections: int = CONNECTIONS, answer_s: float = ANSWER_S, answered: Answered | None = None
    ) -> None:
        own = {"verify": authorities(), "event_hooks": {"response": [answered] if answered else []}}
        limits = (connections, answer_s, ANSWER_S, CONNECT_S, POOL_S)
        super().__init__(*limits, media_write_timeout=UPLOAD_S, httpx_kwargs=own)

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 -- handed on as they are
        """As the library's own; raises `FloodError`."""
        status, body = await super().do_request(*args, **kwargs)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodError(self._wish(body))
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the library's own, which takes any JSON; raises `TelegramError` for what is no answer of the Bot API."""
        body: object = HTTPXRequest.parse_json_payload(payload)
        if isinstance(body, dict) and ("result" in body or body.get("ok") is False):
            return body
        raise TelegramError("Invalid server response")

    def _wish(self, body: bytes) -> float:
        try:
            return float(self.parse_json_payload(body)["parameters"]["retry_after"])
        except (KeyError, TypeError, ValueError, TelegramError):
            return USUAL_WAIT_S
