"""Deliveries that a sender takes in hand: which are due, who holds them, and what became of them.

What is due and what expires is told by the stream's clock (`now_ms`), how long something was in hand by the wall's
(`wall_ms`): a chat forgets by the wall, however fast or slow the stream is played.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from typing import NamedTuple

import msgspec
from sqlite_utils import Database

from bot.store.channels import load_mark
from bot.store.deliveries import JOIN, load_delivery, pair
from bot.store.rows import ChannelRow, DeliveryRow, MessageRow
from bot.store.statements import load_one, save
from bot.store.upkeep import SHOWING

LEASE_MS = 60_000
"""After this a delivery is free again whose outcome could not be kept; by the wall."""

_OPEN = "(state = 'pending' OR (state = 'sent' AND wanted_revision > sent_revision))"
_DUE = f"deliveries.platform = ? AND {_OPEN} AND due_ms <= ? AND (leased_until_ms IS NULL OR leased_until_ms <= ?)"
_IN_ORDER = "ORDER BY deliveries.priority, deliveries.due_ms, deliveries.message_id, deliveries.channel_id"
# Read from the index of open deliveries, and only until there are enough.
_WAITING = f"SELECT rowid, channel_id FROM deliveries WHERE {_DUE} {_IN_ORDER}"  # noqa: S608 -- fixed names
_CHOSEN = f"{JOIN} WHERE deliveries.rowid IN (SELECT value FROM json_each(?)) {_IN_ORDER}"  # noqa: S608 -- fixed names
_OUTCOME = (
    "state", "sent_revision", "priority", "platform_id", "failures", "last_error", "sent_ms", "edited_ms",
    "attempted_ms", "repeats",
)  # fmt: skip
_RECORD = (
    f"UPDATE deliveries SET {', '.join(f'{field} = ?' for field in _OUTCOME)}, leased_until_ms = NULL"  # noqa: S608 -- fixed names
    " WHERE message_id = ? AND channel_id = ?"
)


class Moment(NamedTuple):
    """Now, by the stream's clock and by the wall's, in UTC ms."""

    now_ms: int
    wall_ms: int


class Claimed(NamedTuple):
    """A delivery as it was before it was claimed, and what a sender has to know to carry it out.

    `card` is the delivery of the card that the message answers, in the same channel. `showing` names the run of the
    stream: after a new beginning the same ids stand for other posts.
    """

    delivery: DeliveryRow
    message: MessageRow
    channel: ChannelRow | None
    card: DeliveryRow | None
    showing: str = ""


class Claim(NamedTuple):
    """What was claimed, and the chats among the blocked ones for which something is due."""

    taken: list[Claimed]
    kept_waiting: frozenset[str]


def claim_deliveries(
    db: Database, platform: str, at: Moment, limit: int, blocked: Collection[str] = (), repeatable_for_ms: int = 0
) -> Claim:
    """Take up to `limit` deliveries of a platform that are due, one a chat, and hold them.

    Due is what was never sent, or shows an older revision than wanted. First come low `priority`, then early `due_ms`.
    Chats in `blocked` are passed over; a chat is the id of a channel without its topic. A repeat counts from here on,
    so that a process killed over it leaves it counted.
    """
    chosen, kept_waiting = _first_of_each_chat(db, platform, at, limit, blocked)
    if not chosen:
        return Claim([], kept_waiting)
    showing = load_mark(db, SHOWING) or ""
    found = db.execute(_CHOSEN, (msgspec.json.encode(chosen).decode(),)).fetchall()
    return Claim([_hold(db, *pair(values), at, repeatable_for_ms, showing) for values in found], kept_waiting)


def _first_of_each_chat(
    db: Database, platform: str, at: Moment, limit: int, blocked: Collection[str]
) -> tuple[list[int], frozenset[str]]:
    """Row numbers; a chat is paced as a whole, with all its topics: "telegram:-100123/45" is in "telegram:-100123"."""
    chosen: dict[str, int] = {}
    kept_waiting = set()
    with closing(db.execute(_WAITING, (platform, at.now_ms, at.wall_ms))) as waiting:
        for row, channel in waiting:
            if len(chosen) == limit:
                break
            chat = channel.partition("/")[0]
            if chat in blocked:
                kept_waiting.add(chat)
            else:
                chosen.setdefault(chat, row)
    return list(chosen.values()), frozenset(kept_waiting)


def _hold(
    db: Database, delivery: DeliveryRow, message: MessageRow, at: Moment, repeatable_for_ms: int, showing: str
) -> Claimed:
    pending = delivery.state == "pending"
    attempted_ms = at.wall_ms if delivery.attempted_ms is None else delivery.attempted_ms
    held = delivery._replace(
        leased_until_ms=at.wall_ms + LEASE_MS,
        attempted_ms=attempted_ms if pending else None,
        repeats=delivery.repeats + (pending and may_have_arrived(delivery, at.wall_ms, repeatable_for_ms)),
    )
    save(db, held)
    channel = load_one(db, ChannelRow, "WHERE id = ?", (delivery.channel_id,))
    card = load_delivery(db, message.thread_of, delivery.channel_id) if message.thread_of else None
    return Claimed(delivery, message, channel, card, showing)


def may_have_arrived(row: DeliveryRow, wall_ms: int, repeatable_for_ms: int) -> bool:
    """Whether a resend could be seen as a second message, the platform dropping repeats for `repeatable_for_ms`."""
    return row.attempted_ms is not None and wall_ms - row.attempted_ms >= repeatable_for_ms


def count_due(db: Database, platform: str, at: Moment) -> int:
    """How many deliveries of a platform are due and held by nobody."""
    found = db.execute(f"SELECT count(*) FROM deliveries WHERE {_DUE}", (platform, *at)).fetchone()  # noqa: S608 -- the condition above
    return int(found[0])


def record_outcome(db: Database, row: DeliveryRow) -> bool:
    """Keep what became of a claimed delivery, and let go of it; whether it was still there.

    Only the outcome is written: what the channel should show may have changed while the delivery was on its way.
    """
    values = [getattr(row, field) for field in _OUTCOME]
    return bool(db.execute(_RECORD, (*values, row.message_id, row.channel_id)).rowcount)


def release_leases(db: Database, platform: str) -> None:
    """Free what a sender of an earlier run still held; for start-up, when no sender runs yet."""
    db.execute(
        "UPDATE deliveries SET leased_until_ms = NULL WHERE platform = ? AND leased_until_ms IS NOT NULL", (platform,)
    )
