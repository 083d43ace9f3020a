"""Flushes that cannot be followed any more, because the program that followed them was another one."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from bot.alerts.outbox import CARD, of_episode, put_edit, put_episode
from bot.flush.episode import Episode
from bot.message import Message
from bot.store.database import Database
from bot.store.episodes import load_decisions, load_episodes, load_open_episodes

LOOKED_AT = 1000
"""So many flushes are looked back at for ids that are taken: far more than of two days."""


def close_lost(db: Database, at_ms: int, card: Callable[[Episode], Message]) -> list[str]:
    """End every open flush as not followed after `at_ms`, on its card too; returns the ids that are taken."""
    for row in load_open_episodes(db):
        episode = msgspec.json.decode(row.body, type=Episode)
        episode.state, episode.ended_ms, episode.end_reason = "ended", at_ms, "lost"
        put_episode(db, episode)
        if any(decision.posted for decision in load_decisions(db, episode_id=episode.id)):
            put_edit(db, of_episode(episode, CARD, card(episode)), at_ms)
    return [row.id for row in load_episodes(db, limit=LOOKED_AT)]
