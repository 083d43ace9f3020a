"""Refusals of the fake, in the shape in which Discord answers them (topics/opcodes-and-status-codes)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.fakes.discord.world import Json

MESSAGES = {
    0: "401: Unauthorized",
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10008: "Unknown Message",
    10013: "Unknown User",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    40005: "Request entity too large",
    40060: "Interaction has already been acknowledged.",
    50001: "Missing Access",
    50005: "Cannot edit a message authored by another user",
    50006: "Cannot send an empty message",
    50007: "Cannot send messages to this user",
    50013: "Missing Permissions",
    50024: "Cannot execute action on this channel type",
    50027: "Invalid Webhook Token",
    50035: "Invalid Form Body",
    50083: "Thread is archived",
    50109: "The request body contains invalid JSON.",
    160002: "Cannot reply without permission to read message history",
    160004: "A thread has already been created for this message",
    160005: "This thread is locked",
    30046: "Maximum number of edits to messages older than 1 hour reached. Try again later",
}


class ApiError(Exception):
    """A request that is refused with a status, a code and, for rate limits, headers."""

    def __init__(
        self, status: int, code: int, more: Json | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status}/{code}")
        self.status = status
        self.body: Json = {"message": MESSAGES.get(code, "General error"), "code": code} | (more or {})
        self.headers = dict(headers or {})


def unauthorized() -> ApiError:
    """A wrong or missing token."""
    return ApiError(401, 0)


def invalid_form(faults: Iterable[tuple[str, str]]) -> ApiError:
    """A body that breaks limits: each fault is a dotted path into the body and a sentence."""
    errors: Json = {}
    for path, sentence in faults:
        level = errors
        for key in path.split("."):
            level = level.setdefault(key, {})
        level.setdefault("_errors", []).append({"code": "INVALID", "message": sentence})
    return ApiError(400, 50035, {"errors": errors})


def rate_limited(
    retry_after_s: float, *, scope: str, code: int | None = None, bucket: Mapping[str, str] | None = None
) -> ApiError:
    """A 429 in the published shape (topics/rate-limits, "Exceeding A Rate Limit"); `Via` is what an edge adds.

    A 429 without `Via` is how a ban by Cloudflare looks, see `faults.py`.
    """
    body: Json = {"message": "You are being rate limited.", "retry_after": retry_after_s, "global": scope == "global"}
    if code:
        body |= {"message": MESSAGES[code], "code": code}
    headers = {"Via": "1.1 google", "Retry-After": str(int(retry_after_s) + 1), "X-RateLimit-Scope": scope}
    if scope == "global":
        headers["X-RateLimit-Global"] = "true"
    refusal = ApiError(429, code or 0, headers=headers | dict(bucket or {}))
    refusal.body = body
    return refusal
