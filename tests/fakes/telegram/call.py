"""One request to the Bot API as the fake reads it, and the refusals it can meet.

Texts and codes of refusals are those of the public Bot API server (github tdlib/telegram-bot-api, Client.cpp) and of
TDLib, as bots see them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal: HTTP status, the description that goes with it, and `parameters` of the answer."""

    def __init__(self, status: int, reason: str, **parameters: int) -> None:
        phrase = HTTPStatus(status).phrase
        self.status = status
        self.description = f"{phrase}: {reason}" if reason else phrase
        self.parameters = parameters
        super().__init__(self.description)

    def to_json(self) -> Json:
        """The body of the answer."""
        body: Json = {"ok": False, "error_code": self.status, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(reason: str) -> ApiError:
    """Refusal 400."""
    return ApiError(400, reason)


def forbidden(reason: str) -> ApiError:
    """Refusal 403."""
    return ApiError(403, reason)


def too_many_requests(retry_after_s: int) -> ApiError:
    """Refusal 429; the wait is whole seconds."""
    return ApiError(429, f"retry after {retry_after_s}", retry_after=retry_after_s)


@dataclass
class Call:
    """A request and what became of it: `status` is 0 until it is answered; `lost` means the answer never left.

    `at_s` is the loop's time of arrival, `chat_id` the chat it was about as soon as that is known.
    """

    method: str
    fields: Mapping[str, str]
    files: Mapping[str, bytes]
    at_s: float
    chat_id: int | None = None
    status: int = 0
    description: str = ""
    lost: bool = False

    def text(self, name: str, default: str = "") -> str:
        """A field as it was sent."""
        return self.fields.get(name, default)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; anything else counts as absent, as with the real server."""
        try:
            return int(self.fields[name])
        except (KeyError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """Whether a switch was set."""
        return self.fields.get(name, "").lower() in {"true", "yes", "1"}

    def json(self, name: str, what: str) -> Any:
        """A field that holds JSON, None where it is absent; `what` names it in the refusal of a broken one."""
        if not self.fields.get(name):
            return None
        try:
            return json.loads(self.fields[name])
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None
