"""The queue of updates and getUpdates: long polls, offsets, filters, and the conflict of two who poll."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.fakes.telegram.call import ApiError, Call, Json

# What comes only when asked for by name, says core.telegram.org/bots/api of getUpdates.
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL_S = 50  # of the public server
MOST = 100
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Updates:
    """Updates that the bot has not confirmed yet, oldest first; `polls` counts getUpdates, refused ones too."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self.pending: list[Json] = []
        self.allowed: frozenset[str] | None = None
        self.webhook = ""
        self.polls = 0
        self._ring = ring
        self._next_id = 700_001
        self._waiting: asyncio.Future[None] | None = None

    @property
    def polling(self) -> bool:
        """Whether a long poll waits right now."""
        return self._waiting is not None

    def push(self, kind: str, body: Json) -> None:
        """Tell the bot, unless it does not want this kind; later wishes change nothing for what happened before."""
        if kind not in NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed:
            self.push_raw({kind: body})

    def push_raw(self, update: Json) -> None:
        """Queue an update as it stands, also one that no client can read; its id is filled in if it has none."""
        self.pending.append({"update_id": self._next_id} | update)
        self._next_id += 1
        self.end_poll()

    def conflict(self) -> None:
        """Another process polls with the same token: whoever waits is sent away."""
        reason = "terminated by other getUpdates request; make sure that only one bot instance is running"
        self.end_poll(ApiError(409, reason))

    def end_poll(self, error: ApiError | None = None) -> None:
        """Let the waiting poll, if there is one, answer now."""
        waiting, self._waiting = self._waiting, None
        if waiting is None or waiting.done():
            return
        if error:
            waiting.set_exception(error)
        else:
            waiting.set_result(None)

    async def poll(self, call: Call) -> list[Json]:
        """Answer getUpdates; raises `ApiError` 409."""
        self.polls += 1
        if self.webhook:
            raise ApiError(409, WEBHOOK_ACTIVE)
        self.conflict()
        wanted: list[str] | None = call.json("allowed_updates", "allowed updates")
        if wanted is not None:
            self.allowed = frozenset(wanted) or None
        self._confirm(call.integer("offset"))
        timeout_s = min(call.integer("timeout"), LONGEST_POLL_S)
        if not self.pending and timeout_s > 0:
            await self._wait(timeout_s)
        return self.pending[: min(call.integer("limit", MOST), MOST)]

    async def _wait(self, timeout_s: int) -> None:
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        self._ring()
        try:
            async with asyncio.timeout(timeout_s):
                await waiting
        except TimeoutError:
            if self._waiting is waiting:
                self._waiting = None

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset > 0:
            self.pending = [update for update in self.pending if (update["update_id"] or offset) >= offset]
