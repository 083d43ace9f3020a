"""A flush as the database keeps it: the episode, what was said about it, and what was found at each step."""

from __future__ import annotations

import difflib
from typing import NamedTuple

import msgspec

from bot.alerts.outbox import CARD
from bot.errors import ConfigError
from bot.flush.episode import Episode
from bot.store.database import Database
from bot.store.deliveries import load_messages_of
from bot.store.episodes import load_episode, load_episode_ids
from bot.store.reports import load_reports
from bot.store.rows import MessageRow, ReportRow

NEAREST = 5
SHOWN_LENGTH = 64


class Kept(NamedTuple):
    """`messages` by step ("card", "4h", "reload"), `reports` in the order in which they were due."""

    episode: Episode
    messages: dict[str, MessageRow]
    reports: list[ReportRow]

    @property
    def card(self) -> MessageRow | None:
        """The card as it was last; None where no channel wanted it, or once it is kept no longer."""
        return self.messages.get(CARD)


def load_kept(db: Database, episode_id: str) -> Kept:
    """Everything about one flush, its id in capitals or not; raises `ConfigError` with the nearest where it is none."""
    row = load_episode(db, episode_id) or load_episode(db, episode_id.upper())
    if row is None:
        raise ConfigError(_unknown(episode_id, load_episode_ids(db)))
    episode = msgspec.json.decode(row.body, type=Episode)
    messages = {message.step: message for message in load_messages_of(db, row.id)}
    return Kept(episode, messages, load_reports(db, row.id))


def _unknown(asked: str, ids: list[str]) -> str:
    shown = asked if len(asked) <= SHOWN_LENGTH else asked[: SHOWN_LENGTH - 1] + "…"
    nearest = difflib.get_close_matches(asked.upper(), ids, NEAREST, cutoff=0.5) or ids[-NEAREST:]
    verb = "is" if len(nearest) == 1 else "are"
    told = f"the nearest {verb} {', '.join(nearest)}" if nearest else "there is none at all"
    return f"No flush {shown!r} is kept in this database; {told}."
