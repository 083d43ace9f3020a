"""What is to be said, as rows: one message, and one delivery for each channel that hears it.

Everything here runs inside a transaction that somebody else began. Rows depend on facts and settings alone, so the
same stream gives the same rows however often it was interrupted; when a row is sent is the sender's business.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, Protocol

import msgspec

from bot.aftermath.boxes import ARMED_FROM_MS
from bot.aftermath.checks import CHECKPOINTS
from bot.alerts.decide import LOOK_BACK_MS, Decision, Step, decide, decide_day, decide_followup, lasting, step_of
from bot.alerts.scoring import SCORE, base_of, plan_outcomes
from bot.alerts.settings import settings_of
from bot.alerts.standing import standing_of
from bot.alerts.steps import keep_day, keep_step
from bot.flush.episode import Episode
from bot.flush.tracker import Change
from bot.market.history import HOUR_MS
from bot.message import Message, Post, Turn, encode
from bot.store.channels import load_channels
from bot.store.database import Database
from bot.store.deliveries import (
    load_deliveries,
    load_message,
    load_post_times,
    save_delivery,
    save_message,
)
from bot.store.episodes import (
    load_decision,
    load_decisions,
    load_due_of,
    save_decision,
    save_due,
    save_episode,
)
from bot.store.rows import ChannelRow, DecisionRow, DeliveryRow, DueRow, EpisodeRow, MessageRow

CARD = "card"
LOOK = "look"
"""The hourly look at the boxes of a posted flush: one row of due work, which moves on by an hour."""
SILENT = (LOOK, SCORE)
"""Due work that says nothing by itself."""
CARD_EXPIRES_MS = 30 * 60_000
FOLLOWUP_EXPIRES_MS = 6 * 3_600_000
DAY_EXPIRES_MS = 6 * 3_600_000
PRIORITIES = {"extreme": 0, "severe": 1, "flush": 2}
FOLLOWUP_PRIORITY = 3
DAY_PRIORITY = 4
EDIT_PRIORITY = 10
MOST_TESTS = 100
"""Test posts of one channel at one moment; nobody needs more."""


class Transport(Protocol):
    """One chat platform, as the sender sees it. Both raise `DeliveryError` for what the chat did not take.

    Before each of its requests a transport waits for its `turn`.

    For less than `repeatable_for_ms` after a first attempt the platform drops a second copy of a post by itself.
    """

    platform: str
    repeatable_for_ms: int

    async def send(self, post: Post, turn: Turn) -> str:
        """Post a message and return the platform's own id of it."""

    async def edit(self, post: Post, platform_id: str, turn: Turn) -> None:
        """Replace a posted message in place."""


class Letter(NamedTuple):
    """A message with its id; `step` is "card", a checkpoint, "day", "digest" or "test"."""

    id: str
    episode_id: str | None
    step: str
    message: Message

    @property
    def thread_of(self) -> str | None:
        """The card that a follow-up answers; None for everything else."""
        return f"{self.episode_id}/{CARD}" if self.episode_id is not None and self.step != CARD else None


def of_episode(episode: Episode, step: str, message: Message) -> Letter:
    """The card of an episode, or the follow-up of one checkpoint."""
    return Letter(f"{episode.id}/{step}", episode.id, step, message)


def put_change(db: Database, change: Change, build: Callable[[], Message]) -> bool:
    """Save the episode, decide for every channel, and put its card into the outbox where one says so.

    Returns whether the card stands in any channel or is about to.

    `build` makes the card; it is called only when a channel shows it.
    """
    episode = change.episode
    episode.standing = standing_of(db, episode)
    episode.base = base_of(db, episode) if change.event != "watched" else None
    put_episode(db, episode)
    step = step_of(change)
    keep_step(db, step)
    if change.event == "watched":
        return False
    posting: list[tuple[ChannelRow, Decision]] = []
    shown = False
    for channel in _listening(db):
        before = load_decision(db, episode.id, channel.id)
        posted = before is not None and before.posted
        decision = _decide(db, channel, step, posted=posted)
        reason = lasting(before.reason if before else None, decision)
        save_decision(db, DecisionRow(episode.id, channel.id, reason, posted or decision.posts, change.now_ms))
        shown = shown or decision.edits
        if decision.posts:
            posting.append((channel, decision))
    if shown or posting:
        card = of_episode(episode, CARD, build())
        revision = _put_message(db, card, change.now_ms)
        for channel, decision in posting:
            row = _delivery(card.id, channel, revision, decision, change.now_ms)
            priority, expires_ms = PRIORITIES.get(episode.band, 2), change.now_ms + CARD_EXPIRES_MS
            save_delivery(db, row._replace(priority=priority, expires_ms=expires_ms))
        put_due(db, episode)
    return shown or bool(posting)


def put_edit(db: Database, card: Letter, now_ms: int) -> None:
    """Bring a card that stands somewhere up to date."""
    _put_message(db, card, now_ms)


def put_followup(db: Database, letter: Letter, now_ms: int) -> bool:
    """Put a follow-up into every channel in which the card stands; whether any takes it."""
    posted = {row.channel_id for row in load_decisions(db, episode_id=letter.episode_id) if row.posted}
    channels = [row for row in _reached(db) if row.id in posted]
    deciding = [(row, decide_followup(settings_of(row), now_ms)) for row in channels]
    return _put_new(db, letter, deciding, now_ms, FOLLOWUP_EXPIRES_MS)


def put_day(db: Database, letter: Letter, now_ms: int, usd: float | None = None) -> bool:
    """Put the post of a derivatives-led day into every channel that wants it; whether any does.

    `usd` is what was liquidated in it, kept beside the changes of flushes.
    """
    keep_day(db, letter.id, now_ms, usd)
    deciding = [(row, decide_day(settings_of(row), now_ms, _posts(db, row, now_ms))) for row in _reached(db)]
    return _put_new(db, letter, deciding, now_ms, DAY_EXPIRES_MS)


def put_digest(
    db: Database, letter: Letter, taking: list[tuple[ChannelRow, Decision]], now_ms: int, until_ms: int
) -> bool:
    """Put a digest into these channels, worth sending until a moment; it counts as no new post of an alert."""
    return _put_new(db, letter, taking, now_ms, until_ms - now_ms)


def put_test(db: Database, channel: ChannelRow, message: Message, now_ms: int) -> None:
    """Put a test post into one channel; a later one replaces nothing, also where the stream's clock stands still."""
    name = f"test/{channel.id}/{now_ms}"
    ids = (name, *(f"{name}/{number}" for number in range(2, MOST_TESTS)))
    letter = Letter(next((id_ for id_ in ids if load_message(db, id_) is None), name), None, "test", message)
    _put_new(db, letter, [(channel, Decision("first", posts=True))], now_ms, CARD_EXPIRES_MS)


def put_episode(db: Database, episode: Episode) -> None:
    """Save an episode as it is now."""
    body = msgspec.json.encode(episode).decode()
    row = EpisodeRow(
        episode.id,
        episode.coin,
        episode.side,
        episode.onset_ms,
        episode.ended_ms,
        episode.peak_score,
        episode.band,
        body,
    )
    save_episode(db, row)


def put_due(db: Database, episode: Episode) -> None:
    """Let the follow-ups of a posted episode be due, counted from its anchor; those not done move with it."""
    if episode.anchor_ms is None:
        return
    standing = {row.step: row for row in load_due_of(db, episode.id)}
    for step, offset_ms in {**CHECKPOINTS, LOOK: ARMED_FROM_MS}.items():
        row = standing.get(step)
        if row is None or (row.done_ms is None and _moved(row, episode.anchor_ms + offset_ms)):
            save_due(db, DueRow(episode.id, step, episode.anchor_ms + offset_ms, None, None))
    if SCORE not in standing:
        plan_outcomes(db, episode, episode.anchor_ms)


def _moved(row: DueRow, due_ms: int) -> bool:
    """Whether work is to be done at another moment; a look that was done before stays on its hours."""
    if row.step == LOOK:
        return row.due_ms < due_ms or (row.due_ms - due_ms) % HOUR_MS != 0
    return row.due_ms != due_ms


def _listening(db: Database) -> list[ChannelRow]:
    """Channels that want alerts, also those that cannot be reached now: they are told why they got nothing."""
    return [row for row in load_channels(db) if row.state != "off"]


def _reached(db: Database) -> list[ChannelRow]:
    return [row for row in load_channels(db) if row.state == "on"]


def _decide(db: Database, channel: ChannelRow, step: Step, *, posted: bool) -> Decision:
    if channel.state == "suspended":
        return Decision("suspended", edits=posted)
    return decide(step, settings_of(channel), posted=posted, posts=_posts(db, channel, step.at_ms))


def _posts(db: Database, channel: ChannelRow, now_ms: int) -> Callable[[], list[int]]:
    """Asked for only where another post is about to go out."""
    return partial(load_post_times, db, channel.id, now_ms - LOOK_BACK_MS)


def _put_new(
    db: Database, letter: Letter, deciding: list[tuple[ChannelRow, Decision]], now_ms: int, expires_ms: int
) -> bool:
    posting = [(channel, decision) for channel, decision in deciding if decision.posts]
    if not posting or load_message(db, letter.id) is not None:
        return False
    revision = _put_message(db, letter, now_ms)
    priority = FOLLOWUP_PRIORITY if letter.message.kind == "followup" else DAY_PRIORITY
    for channel, decision in posting:
        row = _delivery(letter.id, channel, revision, decision, now_ms)
        save_delivery(db, row._replace(priority=priority, expires_ms=now_ms + expires_ms))
    return True


def _put_message(db: Database, letter: Letter, now_ms: int) -> int:
    """Insert a message, or raise its revision if it says something new; returns the revision."""
    body = encode(letter.message).decode()
    before = load_message(db, letter.id)
    if before is None:
        kind, thread_of = letter.message.kind, letter.thread_of
        save_message(
            db, MessageRow(letter.id, letter.episode_id, kind, letter.step, 1, body, thread_of, now_ms, now_ms)
        )
        return 1
    if before.body == body:
        return before.revision
    revision = before.revision + 1
    save_message(db, before._replace(revision=revision, body=body, revised_ms=now_ms))
    for row in load_deliveries(db, letter.id):
        if row.state in ("pending", "sent"):
            edited = row._replace(wanted_revision=revision)
            save_delivery(db, edited._replace(priority=EDIT_PRIORITY, due_ms=now_ms) if row.state == "sent" else edited)
    return revision


def _delivery(message_id: str, channel: ChannelRow, revision: int, decision: Decision, now_ms: int) -> DeliveryRow:
    return DeliveryRow(
        message_id=message_id,
        channel_id=channel.id,
        platform=channel.platform,
        state="pending",
        wanted_revision=revision,
        sent_revision=0,
        priority=EDIT_PRIORITY,
        silent=decision.silent,
        due_ms=now_ms,
        expires_ms=None,
        platform_id=None,
        leased_until_ms=None,
        failures=0,
        last_error=None,
        sent_ms=None,
        edited_ms=None,
        put_ms=now_ms,
    )
