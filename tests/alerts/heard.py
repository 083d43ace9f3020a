"""A channel's real posts beside what a preview says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from bot.alerts.outbox import Letter, put_change, put_day
from bot.alerts.preview import Preview, preview
from bot.alerts.sender import Sender
from bot.alerts.settings import ChannelSettings, encode_settings
from bot.alerts.steps import DayPost, read_steps
from bot.chat.console import SilentTransport
from bot.clock import wall_ms
from bot.engine import Engine
from bot.flush.tracker import Change
from bot.message import Message, Phrase
from bot.replay import Pace, Source, play
from bot.store.channels import save_channel
from bot.store.database import Database, Store
from bot.store.deliveries import load_sent
from bot.store.episodes import load_decisions
from bot.store.rows import ChannelRow, StepRow
from bot.store.steps import load_steps, steps_since
from tests.store.filled import fresh

NEW = ("card", "derivatives_day")
Happened = Change | DayPost
Posts = list[tuple[str, int, str]]
"""Id of the flush or day, when its post went out, and the kind of it, newest first."""


class Run(NamedTuple):
    """What a run of the engine left: what happened, as changes and as they are kept, and posts by channel."""

    happened: list[Happened]
    steps: list[StepRow]
    posts: dict[str, Posts]
    since_ms: int | None
    """Since when changes are kept."""


async def run(source: Source, channels: Mapping[str, ChannelSettings]) -> Run:
    """Play a source into channels by their ids; posts are those that a sender sent, at the stream's time."""
    store = await Store.open(":memory:")
    happened: list[Happened] = []
    try:
        rows = [channel(id_, settings) for id_, settings in channels.items()]

        def listen(db: Database) -> None:
            for row in rows:
                save_channel(db, row)

        await store.run(listen)
        engine = Engine(store, source.key, source.origin)
        sender = Sender(store, SilentTransport(), wall_ms=wall_ms)

        async def deliver(now_ms: int) -> int:
            happened.extend(engine.found[0])
            return await sender.drain(now_ms)

        await play(source, engine, deliver, Pace(None))
        steps = await store.run(lambda db: load_steps(db, 0))
        posts = {id_: await store.run(lambda db, id_=id_: _sent(db, id_)) for id_ in channels}  # type: ignore[misc]  # mypy has no type for the default
        return Run(happened, steps, posts, await store.run(steps_since))
    finally:
        await store.close()


class Put(NamedTuple):
    """What the outbox made of changes for one channel: posts, and why each flush that has none has none."""

    posts: Posts
    silent: dict[str, str]
    steps: list[StepRow]
    db: Database


def put(happened: Iterable[Happened], settings: ChannelSettings) -> Put:
    """Let the outbox decide about changes for one channel."""
    db = fresh()
    save_channel(db, channel("test:1", settings))
    for one in happened:
        if isinstance(one, DayPost):
            put_day(db, Letter(one.id, None, "day", Message("derivatives_day", Phrase("day"))), one.at_ms, one.usd)
        else:
            put_change(db, one, lambda: Message("card", Phrase("card")))
    statement = "SELECT message_id, put_ms FROM deliveries ORDER BY put_ms DESC, message_id DESC"
    posts = [_post(str(id_), int(put_ms)) for id_, put_ms in db.execute(statement).fetchall()]
    silent = {row.episode_id: row.reason for row in load_decisions(db, channel_id="test:1") if not row.posted}
    return Put(posts, silent, load_steps(db, 0), db)


def channel(id_: str, settings: ChannelSettings) -> ChannelRow:
    """A channel that hears alerts."""
    return ChannelRow(id_, "none", id_, encode_settings(settings), 1, 0, state="on")


def told(steps: Iterable[StepRow], settings: ChannelSettings, since_ms: int = 0, until_ms: int = 2**62) -> Preview:
    """The preview of all that is kept, or of a stretch of it."""
    return preview(read_steps(steps), settings, since_ms, until_ms)


def posts_of(shown: Preview) -> Posts:
    """The posts of a preview."""
    kinds = {entry.id: "card" if entry.step else "derivatives_day" for entry in shown.posts}
    return [(entry.id, entry.posted_ms, kinds[entry.id]) for entry in shown.posts if entry.posted_ms is not None]


def changed(settings: ChannelSettings, **changes: object) -> ChannelSettings:
    """Settings with other values in some fields."""
    return msgspec.structs.replace(settings, **changes)


def _sent(db: Database, id_: str) -> Posts:
    rows = [row for row in load_sent(db, id_, 10_000) if row.message.kind in NEW]
    posts = [
        (row.message.episode_id or row.message.id, row.delivery.sent_ms or 0, str(row.message.kind)) for row in rows
    ]
    return sorted(posts, key=lambda post: (post[1], post[0]), reverse=True)


def _post(message_id: str, put_ms: int) -> tuple[str, int, str]:
    """A delivery as `Posts` has it."""
    id_ = message_id.removesuffix("/card")
    return id_, put_ms, "derivatives_day" if id_ == message_id else "card"
