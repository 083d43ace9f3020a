"""A chat that takes down what it is given and fails as often as it is told to, and rows to send there."""

from __future__ import annotations

import asyncio

from bot.alerts.outbox import Transport
from bot.alerts.pacing import Pacing
from bot.alerts.sender import Sender
from bot.errors import FlushwatchError
from bot.message import Message, Phrase, Post, Turn, encode
from bot.store.database import Database, Store
from bot.store.deliveries import load_deliveries, save_delivery, save_message
from bot.store.rows import DeliveryRow, MessageRow

NOW_MS = 1_768_780_800_000


class Chat:
    """`failures` are raised in turn, by sends and edits alike; `took_s` is how long every answer takes."""

    platform = "test"

    def __init__(
        self, *failures: FlushwatchError | RuntimeError, repeatable_for_ms: int = 0, took_s: float = 0
    ) -> None:
        self.posts: list[Post] = []
        self.edits: list[tuple[str, int]] = []
        self.at_s: list[float] = []
        self.failures = list(failures)
        self.repeatable_for_ms = repeatable_for_ms
        self.took_s = took_s
        self.busiest = 0
        self._busy = 0

    async def send(self, post: Post, turn: Turn) -> str:
        await turn()
        await self._take()
        self.posts.append(post)
        return f"id of {post.message_id}"

    async def edit(self, post: Post, platform_id: str, turn: Turn) -> None:
        await turn()
        await self._take()
        self.edits.append((platform_id, post.revision))

    async def _take(self) -> None:
        self.at_s.append(asyncio.get_running_loop().time())
        self._busy += 1
        self.busiest = max(self.busiest, self._busy)
        try:
            if self.took_s:
                await asyncio.sleep(self.took_s)
            if self.failures:
                raise self.failures.pop(0)
        finally:
            self._busy -= 1

    @property
    def taken(self) -> list[str]:
        """Ids of the messages that arrived, in order."""
        return [post.message_id for post in self.posts]


def sender_of(store: Store, chat: Transport, pacing: Pacing | None = None) -> Sender:
    """A sender whose wall clock goes with the loop's."""
    return Sender(store, chat, pacing, wall_ms=lambda: NOW_MS + int(1000 * asyncio.get_running_loop().time()))


def card(key: str = "card-x") -> Message:
    """Any message."""
    return Message("card", Phrase(key))


def delivery(message_id: str, channel: str = "test:1", **changes: object) -> DeliveryRow:
    """A delivery that was never tried."""
    row = DeliveryRow(
        message_id=message_id,
        channel_id=channel,
        platform="test",
        state="pending",
        wanted_revision=1,
        sent_revision=0,
        priority=2,
        silent=False,
        due_ms=NOW_MS,
        expires_ms=None,
        platform_id=None,
        leased_until_ms=None,
        failures=0,
        last_error=None,
        sent_ms=None,
        edited_ms=None,
    )
    return row._replace(**changes)  # type: ignore[arg-type]  # tests name fields of the row


async def put(store: Store, *rows: DeliveryRow, thread_of: str | None = None) -> None:
    """Messages with their deliveries; several rows of one message are one message to several channels."""

    def work(db: Database) -> None:
        for row in rows:
            body = encode(card()).decode()
            save_message(db, MessageRow(row.message_id, None, "card", "card", 1, body, thread_of, NOW_MS, NOW_MS))
            save_delivery(db, row)

    await store.run(work)


async def row_of(store: Store, message_id: str, channel: str = "test:1") -> DeliveryRow:
    """The delivery of a message to a channel."""
    rows = await store.run(lambda db: load_deliveries(db, message_id))
    return next(row for row in rows if row.channel_id == channel)
